"""Sites, mail servers and receivers of web-hooks that harm whoever speaks with them."""

from __future__ import annotations

from prove.peers import encrypted, hooks, mail, pace, pages
from prove.report import Chapter

HOW = (
    "Servers on loopback that wait, drip, slice, reset, lie about lengths, encodings and certificates, never end, or "
    "unpack to far more than they send, met by the program's own fetcher, sender and worker with real polls and a "
    "real database; time of days is played."
)


def prove(*, long: bool, seed: int) -> Chapter:
    """The short form has the shapes of the long one, and less patience: deadlines of about a second."""
    limits = pages.LONG if long else pages.SHORT
    found = [
        *pages.figures(long=long),
        *pages.heavy_figures(long=long),
        *encrypted.figures(limits),
        *pace.figures(long=long, seed=seed),
        *mail.figures(long=long),
        *hooks.figures(long=long),
    ]
    return Chapter("Servers that harm", HOW, tuple(found))
