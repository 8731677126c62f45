"""The plan of one poll: everything that will be written, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core import decide
from watcher.core.acceptance import dated_since, remembered
from watcher.core.catalogue import Source
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.decide import Assessment, Reading, Settled
from watcher.core.documents import Watched, came_with, lost, merely_renamed, rewritten
from watcher.core.guard import Doubt
from watcher.core.items import Article, Item, Snapshot
from watcher.core.next_baseline import next_snapshot
from watcher.core.outlook import learnt, next_look
from watcher.core.page import FailureKind, FetchFailure, Outcome, Page, Validators
from watcher.core.ports import Reader
from watcher.core.schedule import next_poll
from watcher.core.state import Missing, PollPlan, Problem, ProblemKind, SourceState
from watcher.core.telling import Told, alert_of, judged, standing_on, tell
from watcher.core.tempo import Tempo
from watcher.core.verdict import Verdict

PROBLEM_AFTER = 2  # failures in a row; one alone is weather

_PROBLEMS = {
    Outcome.BLOCKED: ProblemKind.BLOCKED,
    Outcome.REFUSED: ProblemKind.BLOCKED,
    Outcome.UNREACHABLE: ProblemKind.UNREACHABLE,
    Outcome.GONE: ProblemKind.GONE,
    Outcome.DISALLOWED: ProblemKind.DISALLOWED,
    Outcome.MOVED: ProblemKind.MOVED,
}
_FOR_A_HUMAN = {ProblemKind.GONE, ProblemKind.MOVED, ProblemKind.UNREADABLE, ProblemKind.DISALLOWED}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was read after an assessment: the items' own pages."""

    read: Mapping[str, Article] = field(default_factory=dict)  # as they are now, by item key
    stored: Mapping[str, Article] = field(default_factory=dict)  # as they were last time
    unread: frozenset[str] = frozenset()  # keys whose page failed and may answer later
    whereabouts: Mapping[str, str | None] = field(default_factory=dict)  # where vanished items lead
    files: Watched = field(default_factory=Watched)  # that the page itself offers
    received: Mapping[str, Page] = field(default_factory=dict)  # files as they came, by key


def quiet(
    source: Source,
    state: SourceState,
    outcome: Outcome,
    now: datetime,
    random: float,
    tempo: Tempo | None = None,
) -> PollPlan:
    """Nothing to compare: the server or a quick look says that the page is the same. Without a `tempo` a source is
    read in its interval.
    """
    rhythm = learnt(tempo, state.rhythm, state.last_read_at, now, 0)
    usual = next_look(tempo, rhythm, source.every, now) if tempo else None
    return PollPlan(
        source=source.id,
        outcome=outcome,
        baseline=state.snapshot,
        state=replace(
            state,
            outcome=outcome,
            last_poll_at=now,
            last_read_at=now,
            last_full_at=state.last_full_at if outcome is Outcome.NOT_MODIFIED else now,
            failures=0,
            rhythm=rhythm,
            next_poll_at=next_poll(now, source.every, outcome, 0, random, usual=usual),
        ),
        closes=(source.id,) if state.failures or state.outcome is Outcome.MOVED else (),
    )


def failed(
    source: Source,
    state: SourceState,
    outcome: Outcome,
    reason: str,
    now: datetime,
    random: float,
    *,
    retry_after: timedelta | None = None,
    platform_down: bool = False,
    doubt: Doubt | None = None,
) -> PollPlan:
    """No believable page: the baseline stays; a trouble of the whole platform is not held against a source."""
    failures = state.failures + (0 if platform_down else 1)
    return PollPlan(
        source=source.id,
        outcome=outcome,
        baseline=state.snapshot,
        state=replace(
            state,
            outcome=outcome,
            last_poll_at=now,
            failures=failures,
            suspicion=decide.suspicion(state, doubt, now) if doubt else state.suspicion,
            validators=Validators(),
            next_poll_at=next_poll(
                now, source.every, outcome, max(failures, 1), random, retry_after=retry_after
            ),
        ),
        opens=_problems(source, outcome, reason, failures, now),
    )


def failure_outcome(failure: FetchFailure) -> Outcome:
    """A fetch failure → how the reading ended."""
    return {
        FailureKind.ROBOTS: Outcome.DISALLOWED,
        FailureKind.TRUNCATED: Outcome.TRUNCATED,
        FailureKind.TOO_LARGE: Outcome.REFUSED,
        FailureKind.BOMB: Outcome.REFUSED,
        FailureKind.FORBIDDEN_ADDRESS: Outcome.REFUSED,
        FailureKind.BAD_ADDRESS: Outcome.REFUSED,
        FailureKind.REDIRECT_REFUSED: Outcome.REFUSED,
        FailureKind.REDIRECT_LOOP: Outcome.REFUSED,
    }.get(failure.kind, Outcome.UNREACHABLE)


def doubted(reading: Reading, doubt: Doubt, random: float) -> PollPlan:
    """A reading that is not believed: nothing moves, a second look will tell."""
    outcome = Outcome.EMPTY if not reading.items else Outcome.IMPLAUSIBLE
    return failed(reading.source, reading.state, outcome, doubt.reason, reading.now, random, doubt=doubt)


def conclude(
    reading: Reading,
    assessment: Assessment,
    answers: Answers,
    reader: Reader,
    random: float,
    tempo: Tempo | None = None,
) -> PollPlan:
    """An assessed reading and what was read for it → everything to be written."""
    waiting, left_out = _unread(reading, assessment, answers)
    settled = decide.settle_vanished(reading, assessment.to_check, answers.whereabouts)
    told = _told(assessment, answers, settled, left_out)
    state = _state(reading, (*settled.missing, *assessment.held), waiting, random, told, tempo, answers.files)
    accepted = remembered(reading.state, assessment.accepted, reading.now, back=assessment.back)
    state = replace(state, accepted=accepted)
    unread = [i for i in _known(reading) if i.key in left_out]
    snapshot = next_snapshot(reading, (*assessment.kept, *settled.kept, *unread), left_out)
    same = reading.baseline is not None and _content(snapshot) == _content(reading.baseline)
    understood = _understood(reading, told, answers, reader)
    changes = tuple(text.change for text, _ in understood)
    alerts = (alert_of(reading.source, text, verdict) for text, verdict in understood)
    return PollPlan(
        source=reading.source.id,
        outcome=Outcome.MOVED if reading.moved else Outcome.OK,
        baseline=reading.state.snapshot,
        state=state if same else replace(state, snapshot=snapshot.number),
        page=None if same and not changes else reading.page,
        snapshot=None if same else snapshot,
        changes=changes,
        notices={text.change.id: text.notice for text, _ in understood},
        verdicts={text.change.id: verdict for text, verdict in understood},
        articles=answers.read,
        documents={c.id: came_with(c.item, answers.read, answers.received) for c in changes},
        alerts=tuple(alert for alert in alerts if alert),
        opens=(*_moved(reading), *lost(reading.source.id, answers.files.troubles, reading.now)),
        closes=(reading.source.id,),  # but for what it opens: what has moved was read all the same
    )


def _told(
    assessment: Assessment, answers: Answers, settled: Settled, left_out: frozenset[str]
) -> list[Difference]:
    """What readers may hear of: changes whose words are known, rewritten articles, what is withdrawn."""
    renamed = {d.item.key: d for d in settled.renamed}
    unsaid = left_out | {key for key in assessment.unsure if not _dated(assessment, answers, key)}
    known = [renamed.get(d.item.key, d) for d in assessment.told if d.item.key not in unsaid]
    known = [d for d in known if not merely_renamed(d, answers.read, answers.stored)]
    edited = (*_rewritten(assessment, answers), *answers.files.replaced)
    return [*known, *edited, *(d for d in settled.ended if d.kind.told)]


def _dated(assessment: Assessment, answers: Answers, key: str) -> bool:
    article = answers.read.get(key)
    return article is not None and dated_since(article, assessment.since)


def _understood(
    reading: Reading, told: Sequence[Difference], answers: Answers, reader: Reader
) -> list[tuple[Told, Verdict]]:
    baseline = f"{reading.state.snapshot}:{decide.content_digest(_known(reading))}"
    known = (reading.now, answers.read, answers.stored)
    found = (tell(reading.source, baseline, difference, *known) for difference in told)
    texts = [standing_on(reading.extraction.heading, text) for text in found]
    return [(text, judged(text.change, reader.read(text.notice), text.notice)) for text in texts]


def _known(reading: Reading) -> tuple[Item, ...]:
    return reading.baseline.items if reading.baseline else ()


def _content(snapshot: Snapshot) -> tuple[object, ...]:
    """What makes a snapshot worth writing anew."""
    came_back = {item.key for item in snapshot.items} & {version.key for version in snapshot.past}
    return (
        *(snapshot.items, snapshot.site, snapshot.template, snapshot.layout, snapshot.version),
        *(snapshot.more, snapshot.address, came_back),
    )


def _state(
    reading: Reading,
    missing: Sequence[Missing],
    unread: Sequence[Missing],
    random: float,
    told: Sequence[Difference],
    tempo: Tempo | None,
    files: Watched,
) -> SourceState:
    now, source, before = reading.now, reading.source, reading.state
    rhythm = learnt(tempo, before.rhythm, before.last_read_at, now, len(told))
    usual = next_look(tempo, rhythm, source.every, now) if tempo else None
    # Neither a quick look nor a 304 of its first page tells anything of a list that grows at its end.
    whole = not reading.rising
    outcome = Outcome.MOVED if reading.moved else Outcome.OK
    return replace(
        reading.state,
        outcome=outcome,
        last_poll_at=now,
        last_read_at=now,
        last_full_at=now,
        last_changed_at=now if told else before.last_changed_at,
        failures=0,
        validators=reading.page.validators if whole else Validators(),
        digest=reading.digest if whole else "",
        glimpse=reading.glimpse if whole else "",
        suspicion=None,
        missing=tuple(missing),
        unread=tuple(unread),
        rhythm=rhythm,
        next_poll_at=next_poll(
            *(now, source.every, outcome, 0, random),
            pending=bool(missing or unread or files.waiting),
            usual=usual,
        ),
        documents_at=files.next_at,
    )


def _unread(
    reading: Reading, assessment: Assessment, answers: Answers
) -> tuple[tuple[Missing, ...], frozenset[str]]:
    """New and edited items whose page failed: they stay unknown to the baseline, to be met again."""
    waits = [
        decide.unread_yet(reading.state, item.key, reading.now)
        for item in assessment.to_read
        if item.key in answers.unread and item.key not in assessment.unsure
    ]
    waiting = tuple(wait for wait in waits if wait)
    return waiting, frozenset(wait.key for wait in waiting)


def _rewritten(assessment: Assessment, answers: Answers) -> list[Difference]:
    """Items whose card only changed its date, but whose own page says something else than last time."""
    edited = []
    for item in assessment.comparison.touched:
        now, then = answers.read.get(item.key), answers.stored.get(item.key)
        if now and then and rewritten(then, now):
            edited.append(Difference(ChangeKind.EDITED, item, item))
    return edited


def _problems(
    source: Source, outcome: Outcome, reason: str, failures: int, now: datetime
) -> tuple[Problem, ...]:
    kind = _PROBLEMS.get(outcome, ProblemKind.UNREADABLE)
    if failures < PROBLEM_AFTER:
        return ()
    return (Problem(source.id, kind, now, reason, needs_human=kind in _FOR_A_HUMAN),)


def _moved(reading: Reading) -> tuple[Problem, ...]:
    if not reading.moved:
        return ()
    reason = f"{reading.source.url} renvoie désormais vers {reading.page.final_address}"
    return _problems(reading.source, Outcome.MOVED, reason, PROBLEM_AFTER, reading.now)
