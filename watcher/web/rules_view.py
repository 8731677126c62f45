"""Answers to "where do I file?" as pages show them: every choice made, so that templates only lay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from watcher.core import wording
from watcher.core.filing import NATIONAL, ON_ANEF, Answer, Known, Look, Rule, Why
from watcher.core.filing_labels import WHY
from watcher.core.french import Words
from watcher.core.labels import Vocabulary
from watcher.core.language import spelt
from watcher.core.printable import one_line, printable
from watcher.core.speech import Speech
from watcher.core.verdict import PartialDate
from watcher.core.weblinks import WebLink, web_link
from watcher.web.tongues import Tongue

UNKNOWN, UNSURE = "unknown", "unsure"  # what answers are called that name no channel
STALE = 180  # days after the last check from which readers are warned
ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr/"
_TONES = {
    "anef": "anef", "anef_natali": "anef", "local": "local", UNKNOWN: UNKNOWN, UNSURE: UNKNOWN,
    "demarche_numerique": "form", "demarche_numerique_rdv": "form", "teleservice_autre": "form",
    "rdv_en_ligne": "rdv", "telephone": "rdv", "guichet_sur_rdv": "rdv",
    "courrier": "post", "email": "post",
    "guichet_sans_rdv": "desk", "specialised_site": "desk", "ferme": "closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form about filing offers beside the préfectures: ids and names."""

    grounds: tuple[tuple[str, str], ...]
    operations: tuple[tuple[str, str], ...]
    regimes: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary, code: str) -> Asking:
        language = vocabulary.languages["fr"]
        return cls(
            tuple((name, vocabulary.motif(name, code)) for name in vocabulary.grounds),
            tuple((name, vocabulary.operation(name, code)) for name in language.operations),
            tuple((name, vocabulary.regime(name, code)) for name in language.regimes),
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence."""

    sentence: str
    link: WebLink | None
    alert: str  # address of our page, or ""


@dataclass(frozen=True, slots=True)
class RuleView:
    says: str
    tone: str  # names a CSS class
    place: str  # "" for the whole country
    case: str  # for whom alone it is: an operation, a nationality; "" for everybody
    when: tuple[Words, ...]
    seen_on: date | None  # a day on which it was already so, when nobody knows since when
    link: WebLink | None
    address: str
    sources: tuple[Source, ...]
    checked_on: date
    stale: int  # days since the last check when these are too many, else 0
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One place that was looked at, and what came of it."""

    place: str
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    says: str
    tone: str
    known: Known
    rule: RuleView | None
    unsure: tuple[RuleView, ...]  # rules that may or may not hold today
    next: tuple[RuleView, ...]
    previous: tuple[RuleView, ...]
    conflicts: tuple[RuleView, ...]
    variants: tuple[RuleView, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Puts rules into the words of one language, on one day."""

    vocabulary: Vocabulary
    tongue: Tongue
    today: date

    def answer(self, answer: Answer) -> AnswerView:
        name = told(answer)
        return AnswerView(
            says=says(name, self.vocabulary, self.tongue.speech),
            tone=tone(name),
            known=answer.known,
            rule=self.rule(answer.rule) if answer.rule else None,
            unsure=self._those(answer, Why.UNSURE),
            next=self._those(answer, Why.NOT_YET),
            previous=self.rules(answer.previous),
            conflicts=self.rules(answer.conflicts),
            variants=self.rules(answer.variants),
            steps=tuple(self._step(look) for look in answer.looked),
        )

    def rules(self, rules: Iterable[Rule]) -> tuple[RuleView, ...]:
        return tuple(map(self.rule, rules))

    def rule(self, rule: Rule) -> RuleView:
        code = self.tongue.code
        checked = (self.today - rule.checked_on).days
        return RuleView(
            says=says(rule.channel, self.vocabulary, self.tongue.speech),
            tone=tone(rule.channel),
            place=self.place(rule.territory),
            case=self.case(rule.operation, rule.regime),
            when=self.when(rule.valid_from, last_day(rule.valid_to)),
            seen_on=rule.seen_on if not rule.valid_from else None,
            link=web_link(rule.address or (ANEF if rule.channel in ON_ANEF else "")),
            address=one_line(rule.address, wording.TITLE),
            sources=self._sources(rule),
            checked_on=rule.checked_on,
            stale=checked if checked > STALE else 0,
            note=printable(rule.note_en if code == "en" and rule.note_en else rule.note_fr, wording.TEXT),
        )

    def when(self, start: PartialDate | None, end: PartialDate | None) -> tuple[Words, ...]:
        return self.tongue.speech.manners.period(start, end)

    def case(self, operation: str, regime: str) -> str:
        """``Première demande, Ressortissants algériens``; "" for the general case."""
        code = self.tongue.code
        told = (
            self.vocabulary.operation(operation, code) if operation else "",
            self.vocabulary.regime(regime, code) if regime else "",
        )
        return ", ".join(filter(None, told))

    def place(self, territory: str) -> str:
        """``Rhône (69)``; for a part of it the part's name too; "" for the whole country."""
        if territory == NATIONAL:
            return ""
        code, _, part = territory.partition("-")
        place = self.vocabulary.place(code)
        return f"{place}, {spelt(part.replace('-', ' ')).title()}" if part else place

    def _sources(self, rule: Rule) -> tuple[Source, ...]:
        return tuple(
            Source(
                one_line(one.sentence, wording.SENTENCE),
                web_link(one.address) if one.address else None,
                f"{self.tongue.root}/alerts/{quote(one.alert, safe='')}" if one.alert else "",
            )
            for one in rule.evidence
        )

    def _those(self, answer: Answer, why: Why) -> tuple[RuleView, ...]:
        return self.rules(look.rule for look in answer.looked if look.rule and look.why is why)

    def _step(self, look: Look) -> Step:
        place = self.place(look.territory) or self.tongue.speech.say("rules.answer.whole")
        shown = says(look.rule.channel, self.vocabulary, self.tongue.speech) if look.rule else ""
        return Step(place, shown, WHY[look.why].told(self.tongue.code))


def last_day(end: PartialDate | None) -> PartialDate | None:
    """Rules end before their `valid_to`: people are told the last day on which one holds."""
    if end is None or len(end) < len("2025-09-01"):
        return end
    return PartialDate((date.fromisoformat(end) - timedelta(days=1)).isoformat())


def told(answer: Answer) -> str:
    """What an answer is called: its channel, `unsure` or `unknown`."""
    return answer.rule.channel if answer.rule else UNSURE if answer.known is Known.UNSURE else UNKNOWN


def says(channel: str, vocabulary: Vocabulary, speech: Speech) -> str:
    """``À déposer sur l'ANEF``; the channel's own label where we have no sentence."""
    key = f"rules.says.{channel}"
    return speech.say(key) if key in speech.phrases else vocabulary.channel(channel, speech.code)


def tone(channel: str) -> str:
    return _TONES.get(channel, "form")


def rules_href(root: str, prefecture: str = "", motif: str = "", **more: str) -> str:
    """The address of an answer, or of all answers of one préfecture or of one motif."""
    if prefecture and motif:
        path, asked = f"/{quote(prefecture, safe='')}/{quote(motif, safe='')}", more
    else:
        path, asked = "", {"prefecture": prefecture, "motif": motif, **more}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{root}/rules{path}{'?' * bool(query)}{query}"
