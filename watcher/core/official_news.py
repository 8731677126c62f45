"""An event of the official list as an alert: history that is told to nobody, and found by whoever looks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.french import day
from watcher.core.links import official
from watcher.core.official_events import Event, Happening
from watcher.core.official_list import says_something
from watcher.core.ports import Reader
from watcher.core.text import fold
from watcher.core.verdict import Certainty, Fact, Notice, Reason, Route, Verdict

SOURCE = "liste-officielle"
"""Where the alerts come from: no page that is watched."""
CHANNEL, FILING = "demarche_numerique", "filing_channel"
MAY_BE = frozenset({FILING, "rdv_modality", "naturalisation", "special_scheme"})
"""What a procedure can be about: its title alone says nothing of hours, papers or outages."""

_LIST = "la liste officielle de démarche numérique"
_TITLES = {
    Happening.APPEARED: "Nouvelle dans la liste officielle : {title}",
    Happening.LEFT: "Sortie de la liste officielle : {title}",
    Happening.REPLACED: "Remplacée dans la liste officielle : {title}",
    Happening.RENAMED: "Renommée dans la liste officielle : {title}",
    Happening.ALSO: "Sous un second titre dans la liste officielle : {title}",
}
_SAID = {
    Happening.APPEARED: "{when}, la démarche « {title} » est apparue dans {list}.",
    Happening.LEFT: "{when}, la démarche « {title} » a quitté {list}, qui ne dit ni pourquoi, ni où s'adresser.",
    Happening.REPLACED: "{when}, la démarche « {other} » a quitté {list}, et une démarche au titre proche y est"
    " apparue : « {title} ».",
    Happening.RENAMED: "{when}, la démarche « {other} » a changé de titre dans {list} : « {title} ».",
    Happening.ALSO: "{when}, la démarche « {other} » a reçu une seconde ligne dans {list} : « {title} ».",
}


def event_id(event: Event) -> str:
    """The same for ever: of a coming the first version with it, of a departure the last one."""
    end = event.by if event.kind is Happening.APPEARED else event.since
    titles = event.kind in {Happening.RENAMED, Happening.ALSO}
    what = (fold(event.other), fold(event.title)) if titles else (end.isoformat(), event.heir)
    parts = ("official list", event.prefecture, event.ident, event.kind, *what)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def alert_of(event: Event, reader: Reader) -> Alert:
    said = _sentence(event)
    at = datetime.combine(event.by, time(), UTC)  # of a version, the day is all that is known
    verdict = _verdict(event, said, reader)
    return Alert(
        id=event_id(event),
        source=SOURCE,
        prefecture=event.prefecture,
        kind=ChangeKind.ADDED if event.kind is Happening.APPEARED else ChangeKind.EDITED,
        state=AlertState.VERIFIED if verdict.route is Route.PUBLISH else AlertState.UNVERIFIED,
        title=_TITLES[event.kind].format(title=event.title),
        address=event.address,
        summary=said,
        published=None,
        detected_at=at,
        updated_at=at,
        verdict=verdict,
        historical=True,
    )


def motifs_of(title: str, prefecture: str, reader: Reader) -> Sequence[str]:
    """The grounds that a title names, read as those of a procedure that opens."""
    return _opened(title, "", prefecture, reader).motifs


def _sentence(event: Event) -> str:
    said = _SAID[event.kind].format(
        title=event.title, other=event.other, list=_LIST, when=_between(event.since, event.by).capitalize()
    )
    if event.kind is Happening.APPEARED and event.other and event.other_since and event.other_by:
        left = _between(event.other_since, event.other_by)
        said += f" Son titre est proche de celui de « {event.other} », qui avait quitté la liste {left}."
    return said


def _between(since: date, by: date) -> str:
    return f"entre le {day(since)} et le {day(by)}"


def _opened(title: str, address: str, prefecture: str, reader: Reader) -> Verdict:
    """A title as it would be read on the day when its procedure opens."""
    words = title if says_something(title) and " " in title else title.replace("-", " ")
    link = official(address, title) if address else None
    notice = Notice(
        title=words,
        body=f"La démarche « {words} » est désormais ouverte sur démarche numérique.",
        prefecture=prefecture,
        links=(link,) if link else (),
        foreigners_page=True,
    )
    return reader.read(notice)


def _verdict(event: Event, said: str, reader: Reader) -> Verdict:
    """What the title names, and the channel on the side of the change on which the procedure stands."""
    read = _opened(event.title, event.address, event.prefecture, reader)
    left = event.kind is Happening.LEFT
    stays = event.kind in {Happening.REPLACED, Happening.RENAMED, Happening.ALSO}
    before, after = CHANNEL if left or stays else None, None if left else CHANNEL
    first = read.facts[0] if read.facts else Fact(said)
    fact = replace(
        first,
        sentence=said,
        motifs=read.motifs,
        links=() if left else (event.address,),
        effective_from=None,
        effective_to=None,
        certainty=Certainty.REPORTED,
        channel_before=before,
        channel_after=after,
    )
    unsaid = event.kind in {Happening.LEFT, Happening.REPLACED}  # nobody said what holds now
    return replace(
        read,
        categories=tuple(name for name in read.categories if name in MAY_BE) or (FILING,),
        is_change=True,
        route=Route.REVIEW if unsaid else read.route,
        facts=(fact,),
        effective_from=None,
        effective_to=None,
        reasons=(Reason("official list", event.title), *_named(read.reasons, event.title)),
        channel_before=before,
        channel_after=after,
    )


def _named(reasons: Sequence[Reason], title: str) -> tuple[Reason, ...]:
    """Those that rest on words of the title: the rest of what was read is our own."""
    words = fold(title)
    return tuple(one for one in reasons if one.words and fold(one.words) in words)
