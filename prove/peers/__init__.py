"""Sites, mail servers and receivers of web-hooks that harm whoever speaks with them."""

from __future__ import annotations

from prove.gauge import once_more
from prove.peers import away, encrypted, hooks, mail, pace, pages
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
        *once_more(lambda: pages.figures(long=long)),
        *once_more(lambda: pages.heavy_figures(long=long)),
        *once_more(lambda: encrypted.figures(limits)),
        *pace.figures(long=long, seed=seed),
        *once_more(lambda: mail.figures(long=long)),
        *once_more(lambda: away.figures(long=long)),
        *once_more(lambda: hooks.figures(long=long)),
    ]
    return Chapter("Servers that harm", HOW, tuple(found))
