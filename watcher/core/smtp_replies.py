"""What a mail server's answer means for the message, its recipient, and everybody else's.

RFC 5321 §4.2 gives the codes, RFC 3463 the enhanced ones (``5.1.1``). A code alone often does not say whose
fault it is; where that is open, nobody loses a subscription.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from watcher.core.outbox import Fate

ENOUGH = 3  # refusals in a row that may not be about their recipients


class Stage(StrEnum):
    """Where in the conversation an answer was due."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `code` 0 when there was none that could be understood, then `text` says what there was."""

    code: int
    text: str = ""

    @property
    def enhanced(self) -> str:
        """``5.1.1``, or "": only one that agrees with the code counts."""
        found = _ENHANCED.match(self.text)
        return found[0] if found and self.text[0] == str(self.code)[0] else ""

    def told(self, stage: Stage) -> str:
        """``RCPT 550 5.1.1``: nothing of the server's own words, which repeat addresses."""
        said = " ".join(filter(None, (str(self.code), self.enhanced))) if self.code else self.text
        return f"{stage} {said}"


_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])", re.ASCII)
_SESSION = frozenset({Stage.GREETING, Stage.EHLO, Stage.STARTTLS, Stage.AUTH})
_OURS = frozenset({530, 534, 535, 538, 500, 501, 502, 503, 504, 521, 555})  # login and grammar
_TOO_LARGE = frozenset({"5.2.3", "5.3.4"})


def expected(stage: Stage, code: int) -> bool:
    """Whether the conversation goes on."""
    return 300 <= code < 400 if stage is Stage.DATA else 200 <= code < 300


def fate(stage: Stage, code: int, enhanced: str = "", text: str = "") -> Fate:
    """What one answer means, by itself. Code 0: none, or none that could be understood.

    `enhanced` is looked for in `text` when it is "". What is neither progress nor a refusal is nonsense:
    before the end of the message nothing was sent, after it nobody knows.
    """
    enhanced = enhanced or Reply(code, text).enhanced
    if stage in _SESSION:
        return Fate.ACCEPTED if expected(stage, code) else Fate.STOPPED
    if expected(stage, code):
        return Fate.ACCEPTED
    if 400 <= code < 500:
        return Fate.RETRY
    if not 500 <= code < 600:
        return Fate.AMBIGUOUS if stage is Stage.DOT else Fate.RETRY
    return _refused(stage, code, enhanced)


def _refused(stage: Stage, code: int, enhanced: str) -> Fate:
    if names_recipient(enhanced):
        return Fate.BOUNCED if stage is not Stage.MAIL else Fate.STOPPED
    if enhanced in _TOO_LARGE or enhanced.startswith("5.6."):
        return Fate.REFUSED
    if stage is Stage.MAIL or code in _OURS or enhanced.startswith("5.7."):
        return Fate.STOPPED
    if stage is Stage.RCPT:
        return Fate.BOUNCED
    # Before the message is there, only the server itself can be what is wrong.
    return Fate.STOPPED if stage is Stage.DATA else Fate.REFUSED


def names_recipient(enhanced: str) -> bool:
    """Whether an answer is about the address (5.1.x) or its mailbox (5.2.x) beyond doubt."""
    return enhanced.startswith(("5.1.", "5.2.")) and enhanced not in _TOO_LARGE | {"5.1.7", "5.1.8"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last answers say about a server that refuses again."""

    accepted: bool = False  # it took a message since it was last connected to
    doubtful: int = 0  # refusals in a row that may have been about anything

    def connected(self) -> Standing:
        return replace(self, accepted=False)


def weigh(stage: Stage, reply: Reply, standing: Standing) -> tuple[Fate, Standing]:
    """`fate`, in the light of what the server said before.

    A server that refuses everybody is not believed about anybody: the third in a row stops the sender. One
    that has just taken another's message means this recipient when it speaks of policy: that one waits.
    """
    found = fate(stage, reply.code, reply.enhanced, reply.text)
    if found is Fate.ACCEPTED and stage is Stage.DOT:
        return found, Standing(accepted=True)
    if stage not in {Stage.RCPT, Stage.DOT} or reply.code in _OURS:
        return found, standing
    if names_recipient(reply.enhanced):
        return found, replace(standing, doubtful=0)
    if found not in {Fate.BOUNCED, Fate.STOPPED}:
        return found, standing
    again = replace(standing, doubtful=standing.doubtful + 1)
    if again.doubtful >= ENOUGH:
        return Fate.STOPPED, again
    if found is Fate.STOPPED and standing.accepted:
        return Fate.RETRY, again
    return found, again
