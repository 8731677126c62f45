"""The rules together: the closest one that holds answers, and says why the others did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter

from watcher.core.filing import (
    EVERY_GROUND,
    LOCAL,
    NATIONAL,
    ON_ANEF,
    OUTSIDE_ANEF,
    Answer,
    Held,
    Known,
    Look,
    Rule,
    Slot,
    Why,
    begins,
    held,
    ordered,
    spoken_for,
)

_HELD = {Held.NOT_YET: Why.NOT_YET, Held.OVER: Why.OVER, Held.UNSURE: Why.UNSURE}


class RuleBook:
    """Rules, as they are and as they were believed to be; `known_at` makes it a book of that moment.

    Threads may share it: it never changes.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_place: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        self._believed: dict[tuple[str, str], list[Rule]] = {}
        self._parts: dict[str, set[str]] = defaultdict(set)
        for rule in self.rules:
            self._by_place[rule.territory, rule.motif].append(rule)
            if rule.territory != rule.prefecture:
                self._parts[rule.prefecture].add(rule.territory)

    def __len__(self) -> int:
        return len(self.rules)

    def believed(self, as_known_at: datetime | None = None) -> list[Rule]:
        """The rules that we believe, or believed at a moment; in the order of `ordered`."""
        return ordered([rule for rule in self.rules if rule.believed_at(as_known_at)])

    def history(self, rule: str) -> list[Rule]:
        """Every version of the rule of this id, oldest first."""
        return sorted((r for r in self.rules if r.id == rule), key=attrgetter("known_from"))

    def of_slot(self, slot: Slot, as_known_at: datetime | None = None) -> list[Rule]:
        """The rules of exactly this slot, past and to come, the first to begin first."""
        at = self._at(slot.territory, slot.motif, as_known_at)
        return sorted((rule for rule in at if rule.slot == slot), key=begins)

    def in_force(self, slot: Slot, on: date) -> Rule | None:
        """The rule of exactly this slot that holds on a day; of several the last to begin."""
        found = [rule for rule in self.of_slot(slot) if held(rule, on) is Held.YES]
        return found[-1] if found else None

    def answers(
        self,
        chain: Sequence[str],
        motif: str,
        operation: str = "",
        regime: str = "",
        *,
        on: date,
        as_known_at: datetime | None = None,
    ) -> Answer:
        """Where to file on a day. `chain`: territories, closest first, as `filing.chain` makes them.

        The closest territory with a rule that holds wins; there, the rule that names the most of what was
        asked. A rule that may or may not hold on that day makes the answer unsure rather than another.
        """
        search = _Search(motif, operation, regime, on)
        for part in sorted(self._parts.get(chain[0], ()) if chain[0] else ()):
            search.look_inside(part, *self._read(part, motif, as_known_at))
        for territory in chain:
            search.look(territory, *self._read(territory, motif, as_known_at))
        return search.answer()

    def _read(self, territory: str, motif: str, moment: datetime | None) -> tuple[list[Rule], Sequence[Rule]]:
        """The rules of a territory that may speak for a motif, and those that tell whether it is on ANEF."""
        rules = [rule for name in spoken_for(motif) for rule in self._at(territory, name, moment)]
        return rules, () if territory == NATIONAL else self._at(NATIONAL, motif, moment)

    def _at(self, territory: str, motif: str, moment: datetime | None) -> list[Rule]:
        key = (territory, motif)
        if moment is not None:
            return [rule for rule in self._by_place.get(key, ()) if rule.believed_at(moment)]
        if key not in self._believed:
            self._believed[key] = [rule for rule in self._by_place.get(key, ()) if rule.believed]
        return self._believed[key]


class _Search:
    """One question on its way from the closest territory outwards."""

    def __init__(self, motif: str, operation: str, regime: str, on: date) -> None:
        self._asked = (motif, operation, regime)
        self._on = on
        self._looked: list[Look] = []
        self._past: list[Rule] = []
        self._rivals: list[Rule] = []
        self._variants: list[Rule] = []
        self._taken: Rule | None = None
        self._settled = False

    def look_inside(self, part: str, rules: Sequence[Rule], national: Sequence[Rule]) -> None:
        """Rules for a part of what was asked about: they answer nothing, and are told."""
        for rule in sorted(rules, key=self._rank):
            why = self._outside(rule, national) or Why.OTHER_PLACE
            if why is Why.OTHER_PLACE and held(rule, self._on) is Held.YES:
                self._vary(rule)
            self._looked.append(Look(part, rule, why))

    def look(self, territory: str, rules: Sequence[Rule], national: Sequence[Rule]) -> None:
        """Weigh the rules of one territory; those for the whole country tell what is on ANEF."""
        if not rules:
            self._looked.append(Look(territory, None, Why.NOTHING))
        ranked = sorted(rules, key=begins, reverse=True)
        ranked.sort(key=lambda rule: (self._rank(rule), held(rule, self._on) is not Held.YES))
        for rule in ranked:
            self._looked.append(Look(territory, rule, self._weigh(rule, national)))

    def answer(self) -> Answer:
        previous = sorted(self._past, key=begins, reverse=True)
        rest = (tuple(self._looked), tuple(previous), tuple(self._rivals), tuple(self._variants))
        if self._taken:
            known = Known.LOCAL if self._taken.channel == LOCAL else Known.CHANNEL
            return Answer(known, self._taken, *rest)
        return Answer(Known.UNSURE if self._settled else Known.UNKNOWN, None, *rest)

    def _weigh(self, rule: Rule, national: Sequence[Rule]) -> Why:
        _, operation, regime = self._asked
        narrower = Why.OTHER_OPERATION if rule.operation not in {"", operation} else None
        if rule.regime not in {"", regime}:
            narrower = narrower or Why.OTHER_REGIME
        if (narrower is None or self._would_vary(rule)) and (why := self._outside(rule, national)):
            return why
        state = held(rule, self._on)
        if narrower:
            if state is Held.YES and not self._settled:
                self._vary(rule)
            return narrower
        if state is Held.OVER and not (self._settled and self._farther(rule)):
            self._past.append(rule)
        if state is Held.YES or (state is Held.UNSURE and not self._settled):
            return self._settle(rule, state)
        return _HELD[state]

    def _vary(self, rule: Rule) -> None:
        """Tell of a narrower rule, unless a closer or finer one is told for the same."""
        closer = [
            told
            for told in self._variants
            if (told.operation, told.regime) == (rule.operation, rule.regime)
            and (told.territory == rule.territory or "-" not in told.territory)
        ]
        if self._would_vary(rule) and not closer:
            self._variants.append(rule)

    def _settle(self, rule: Rule, state: Held) -> Why:
        if self._settled:
            if self._taken and self._contradicts(rule, self._taken):
                self._rivals.append(rule)
            return Why.LESS_CLOSE
        self._settled = True
        if state is Held.UNSURE:
            return Why.UNSURE
        self._taken = rule
        return Why.TAKEN

    def _contradicts(self, rule: Rule, taken: Rule) -> bool:
        """Another channel for the same slot, or ANEF for the whole country; a passing exception is none."""
        if rule.channel == taken.channel:
            return False
        if rule.slot == taken.slot:
            return not (taken.valid_to and begins(taken) > begins(rule))
        return rule.territory == NATIONAL != taken.territory and rule.channel in ON_ANEF

    def _outside(self, rule: Rule, national: Sequence[Rule]) -> Why | None:
        """Why a rule for grounds outside ANEF does not speak for this one, if it does not."""
        if rule.motif != OUTSIDE_ANEF or self._asked[0] == OUTSIDE_ANEF:
            return None
        _, operation, regime = self._asked
        operations, regimes = {"", operation or rule.operation}, {"", regime or rule.regime}
        asked = [r for r in national if r.operation in operations and r.regime in regimes]
        states = sorted((self._rank(r), _ORDER[held(r, self._on)], r.channel) for r in asked)
        if not states or states[0][1] != _ORDER[Held.YES]:
            return Why.ANEF_UNKNOWN
        return None if states[0][2] == LOCAL else Why.ON_ANEF

    def _would_vary(self, rule: Rule) -> bool:
        """Narrower only in what was left open, not something else than what was asked."""
        _, operation, regime = self._asked
        return not (rule.operation and operation and rule.operation != operation) and not (
            rule.regime and regime and rule.regime != regime
        )

    def _farther(self, rule: Rule) -> bool:
        return self._taken is not None and rule.territory != self._taken.territory

    def _rank(self, rule: Rule) -> tuple[int, bool, bool]:
        motifs = {self._asked[0]: 0, OUTSIDE_ANEF: 1, EVERY_GROUND: 2}
        return motifs.get(rule.motif, 3), not rule.operation, not rule.regime


_ORDER = {Held.YES: 0, Held.UNSURE: 1, Held.OVER: 2, Held.NOT_YET: 3}
