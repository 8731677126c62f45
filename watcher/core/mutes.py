"""Words that make a title noise: which texts they hide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Mute, MuteWish
from watcher.core.full_text import terms

LETTERS, WORD = 8, 3  # of one word alone; of each of several

UNRELATED = "unrelated"


def words(wish: MuteWish) -> tuple[str, ...]:
    """The words of a wish as titles are compared with them; () when there are too few to mean anything."""
    found = terms(wish.words)
    telling = [word for word in found if len(word) >= WORD]
    return found if len(telling) > 1 or any(len(word) >= LETTERS for word in telling) else ()


def hides(mute: Mute | MuteWish, title: str, prefecture: str | None) -> bool:
    """Whether a text of this title is noise: it has all the words, whole, in any order."""
    if mute.prefecture and mute.prefecture != prefecture:
        return False
    wanted = terms(mute.words)
    return bool(wanted) and set(terms(title)).issuperset(wanted)


def hidden_by(mutes: Sequence[Mute], title: str, prefecture: str | None) -> Mute | None:
    """The first mute in force that hides a text."""
    return next((m for m in mutes if m.ended_at is None and hides(m, title, prefecture)), None)


def truths(wish: MuteWish, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Those of them that a mute would have hidden although a person vouched for them."""
    return tuple(
        alert
        for alert in alerts
        if alert.reviewed
        and alert.state is AlertState.VERIFIED
        and alert.verdict.categories[:1] != (UNRELATED,)
        and hides(wish, alert.title, alert.prefecture)
    )
