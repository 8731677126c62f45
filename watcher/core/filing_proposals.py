"""What an alert suggests about the rules. Nothing is applied here, nor by itself anywhere."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.filing import Evidence, Held, Rule, Slot, begins, chain, held, span
from watcher.core.filing_book import RuleBook
from watcher.core.printable import one_line
from watcher.core.verdict import Certainty, Fact, PartialDate, Route
from watcher.core.weblinks import web_link

SENTENCE, ADDRESS = 600, 1000
EVIDENCE = 20  # pieces that a rule keeps, the newest first
MOST = 60  # proposals of one alert
_NEVER = datetime.min.replace(tzinfo=UTC)
CATEGORIES = frozenset(
    ["anef_integration", "rdv_modality", "filing_channel", "special_scheme", "naturalisation"]
)
"""What an announcement must be about to suggest a rule: a breakdown or a closure is no new way to file."""


class ProposalReason(StrEnum):
    """What accepting would do."""

    NEW = "new"  # nothing was known of this slot
    CHANNEL = "channel"  # another channel than before
    DETAILS = "details"  # the same channel, another day or address
    CONFIRMED = "confirmed"  # the same, read once more


@dataclass(frozen=True, slots=True)
class Proposal:
    """One rule that an alert suggests. `before` is the rule that ends where `after` begins, or that `after`
    confirms; `conflicts` are rules that neither ends and that say otherwise for some of the same days.
    """

    id: str
    alert: str
    prefecture: str
    before: Rule | None
    after: Rule
    reason: ProposalReason
    conflicts: tuple[Rule, ...]
    made_at: datetime
    known_at: datetime | None = (
        None  # of the newest rule of the slot when it was made; `None`: there was none
    )


def proposal(alert: Alert, book: RuleBook, today: date) -> tuple[Proposal, ...]:
    """What the facts of an alert suggest, each slot once, in the order of the text.

    The same alert and rules give the same proposals with the same ids. Facts that name no channel or nobody
    whom they are for suggest nothing.
    """
    if alert.state is AlertState.RETRACTED or alert.kind is ChangeKind.WITHDRAWN:
        return ()
    if alert.verdict.route is Route.MUTE or not CATEGORIES & set(alert.verdict.categories):
        return ()
    found: dict[Slot, Proposal] = {}
    for fact in alert.verdict.facts:
        for slot in _slots(alert, fact):
            made = _proposed(alert, fact, slot, book, today)
            if len(found) < MOST:
                found.setdefault(made.after.slot, made)
    return tuple(found.values())


def site(code: str, name: str) -> str:
    """The id of a part of a département: ``94-nogent-sur-marne``; the code alone when nothing is left."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", folded.replace("'", "")).strip("-")[:60].strip("-")
    return f"{code}-{words}" if words else code


def _slots(alert: Alert, fact: Fact) -> Iterator[Slot]:
    if not fact.channel_after or fact.certainty is Certainty.REPORTED:
        return
    territory = site(alert.prefecture, fact.territory) if fact.territory else alert.prefecture
    for motif in dict.fromkeys(fact.motifs or alert.verdict.motifs):
        yield Slot(territory, motif, fact.operation or "", fact.regime or "")


def _proposed(alert: Alert, fact: Fact, slot: Slot, book: RuleBook, today: date) -> Proposal:
    start = _sound(fact.effective_from) or _sound(alert.verdict.effective_from)
    on = span(start)[1] if start and len(start) < 10 else span(start)[0] if start else today
    before = _confirmed(slot, fact, book, on) or book.in_force(slot, on)
    bare = _rule(alert, fact, slot, start)
    said_so = alert.reviewed and alert.corrects is not None
    after = _joined(before, bare, exact=said_so) if before and _same(before.channel, bare.channel) else bare
    reason = _reason(before, after)
    key = "\0".join((alert.id, *slot, after.channel, after.valid_from or "", after.valid_to or ""))
    return Proposal(
        id=hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16],
        alert=alert.id,
        prefecture=alert.prefecture,
        before=before,
        after=after,
        reason=reason,
        conflicts=tuple(conflicts(after, before, book)),
        made_at=alert.detected_at,
        known_at=max((rule.known_from for rule in book.of_slot(after.slot)), default=None),
    )


def _confirmed(slot: Slot, fact: Fact, book: RuleBook, on: date) -> Rule | None:
    """The rule that already says so, be it for a wider slot."""
    if fact.effective_to or book.of_slot(slot):
        return None
    answer = book.answers(chain(slot.territory), slot.motif, slot.operation, slot.regime, on=on)
    said = answer.rule and _same(answer.rule.channel, fact.channel_after) and not answer.conflicts
    return answer.rule if said else None


def _same(known: str, told: str | None) -> bool:
    """A text that says « démarche numérique » says nothing else than a rule that knows which part of it."""
    return known == told or known.startswith(f"{told}_")


def _rule(alert: Alert, fact: Fact, slot: Slot, start: PartialDate | None) -> Rule:
    seen = alert.published or alert.detected_at.astimezone(UTC).date()
    address = next(filter(None, map(_href, fact.links)), "")
    return Rule(
        id="-".join(filter(None, (*slot, start or alert.id[:8]))),
        motif=slot.motif,
        operation=slot.operation,
        territory=slot.territory,
        regime=slot.regime,
        channel=fact.channel_after or "",
        address=address,
        valid_from=start,
        valid_to=_after(fact.effective_to),
        evidence=(Evidence(alert.id, _href(alert.address), one_line(fact.sentence, SENTENCE)),),
        checked_on=alert.detected_at.astimezone(UTC).date(),
        checked_by="",
        known_from=alert.detected_at,
        seen_on=None if start else seen,
    )


def _href(address: str) -> str:
    """The address as a link of a bearable length, or ""."""
    link = web_link(address)
    return link.href if link and len(link.href) <= ADDRESS else ""


def _joined(before: Rule, found: Rule, *, exact: bool) -> Rule:
    """`before` with what was read once more; a later start than the known one is a reminder of it, unless
    it is `exact`: a person corrected it.

    What one préfecture says of a wider rule confirms it, and changes neither its days nor its address.
    """
    again = replace(
        before,
        evidence=tuple(dict.fromkeys((*found.evidence, *before.evidence)))[:EVIDENCE],
        checked_on=max(found.checked_on, before.checked_on),
        known_from=found.known_from,
    )
    if before.slot != found.slot:
        return again
    start = (found.valid_from if exact else None) or before.valid_from
    if not start and found.valid_from and (not before.seen_on or begins(found) <= before.seen_on):
        start = found.valid_from
    return replace(
        again,
        address=found.address or before.address,
        valid_from=start,
        valid_to=found.valid_to or before.valid_to,
        seen_on=before.seen_on if not start else None,
    )


def _reason(before: Rule | None, after: Rule) -> ProposalReason:
    if before is None:
        return ProposalReason.NEW
    if before.channel != after.channel:
        return ProposalReason.CHANNEL
    told = [(r.address, r.valid_from, r.valid_to) for r in (before, after)]
    return ProposalReason.CONFIRMED if told[0] == told[1] else ProposalReason.DETAILS


def conflicts(after: Rule, before: Rule | None, book: RuleBook) -> Iterator[Rule]:
    """Rules of the same slot, `before` aside, that say otherwise for days when `after` may hold."""
    aside = {after.id, before.id if before else ""}
    for rule in book.of_slot(after.slot):
        if rule.id in aside or rule.channel == after.channel:
            continue
        is_over = held(rule, _start(after)) is Held.OVER
        comes_after = held(after, begins(rule)) is Held.OVER
        if not (is_over or comes_after):
            yield rule


def _start(rule: Rule) -> date:
    return begins(rule) if rule.valid_from else rule.seen_on or date.min


def settled(proposal: Proposal, by: str, at: datetime) -> tuple[Rule, ...]:
    """The rules as they read once a proposal is accepted: `after`, and `before` with its end.

    A rule that holds only for a time ends nothing: the one before it goes on when it is over.
    """
    after = replace(proposal.after, checked_by=by, known_from=at, known_to=None)
    before = proposal.before
    if before is None or before.id == after.id or before.slot != after.slot or after.valid_to:
        return (after,)
    start = _start(after)
    if held(before, start) is Held.OVER or begins(before) >= start:
        return (after,)
    end = after.valid_from or PartialDate(start.isoformat())
    return replace(before, valid_to=end, known_from=at, known_to=None), after


def _sound(value: PartialDate | None) -> PartialDate | None:
    """A date that the calendar has; a text may tell the 31st of June."""
    try:
        return value if value and span(value) else None
    except ValueError:
        return None


def _after(value: PartialDate | None) -> PartialDate | None:
    """A last day as the first day on which it is over; a month or a year stays what it is."""
    sound = _sound(value)
    if sound is None or len(sound) < 10:
        return sound
    return PartialDate(span(sound)[1].isoformat())


def newer(proposal: Proposal, current: Iterable[Rule]) -> Rule | None:
    """The rule that somebody changed since the proposal was made, so that it no longer says what would change.

    A rule that says the same as then has not changed, whatever it rests on by now, nor has one that says
    already what the proposal would make of it: to accept it is to confirm that.
    """
    before, known_at = proposal.before, proposal.known_at
    wanted = {rule.id: says(rule) for rule in settled(proposal, "", proposal.made_at)}
    for rule in current:
        if rule.id in wanted and says(rule) == wanted[rule.id]:
            continue
        if before is not None and rule.id == before.id:
            if says(rule) != says(before):
                return rule
        elif rule.slot == proposal.after.slot and (known_at is None or rule.known_from > known_at):
            return rule
    return None


def says(rule: Rule) -> Rule:
    """What a rule tells, without what that rests on and since when it was believed."""
    return replace(rule, evidence=(), checked_on=date.min, checked_by="", known_from=_NEVER, known_to=None)
