"""What a notice says of the alert that it corrects: what was wrong, and what holds now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from watcher.core import summary
from watcher.core.alerts import Alert, AlertState
from watcher.core.labels import Vocabulary
from watcher.core.language import Language, Phrases, spelt
from watcher.core.printable import one_line
from watcher.core.verdict import Verdict


class Standing(StrEnum):
    """How an alert stands to others about the same change; the names are those of phrases."""

    CORRECTION = "correction"  # it says otherwise what another one said
    RETRACTION = "retraction"  # what another one said is not to be relied on
    RESTORED = "restored"  # what had been retracted holds again
    OVERTAKEN = "overtaken"  # another one says it otherwise
    RETRACTED = "retracted"  # another one says not to rely on it


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was told wrongly; "" where nothing was said of it."""

    label: str
    before: str
    after: str


def standing(alert: Alert) -> Standing | None:
    """`None` for an alert that nothing was corrected about."""
    if alert.state is AlertState.RETRACTED:
        return Standing.RETRACTION if alert.corrects else Standing.RETRACTED
    if alert.state is AlertState.CORRECTED:
        return Standing.OVERTAKEN
    if not alert.corrects:
        return None
    return Standing.RESTORED if alert.former == alert.verdict else Standing.CORRECTION


def told(alert: Alert, vocabulary: Vocabulary, code: str = "fr") -> tuple[str, ...]:
    """What readers must hear before anything else: a sentence, then a line for each difference.

    Plain text, of a language of the vocabulary; () for an alert that nothing was corrected about.
    """
    found, language = standing(alert), vocabulary.languages[code]
    if found is None:
        return ()
    lead = language.say(f"told_{found}")
    if found is not Standing.CORRECTION or alert.former is None:
        return (lead,)
    lines = [_line(one, language) for one in differences(alert.former, alert.verdict, vocabulary, code)]
    return (lead, *(lines or [language.say("told_details")]))


def marked(alert: Alert, said: str, language: Language) -> str:
    """``rectificatif – rendez-vous en ligne``"""
    found = standing(alert)
    return language.say(f"mark_{found}", told=said) if found else said


def differences(
    before: Verdict, after: Verdict, vocabulary: Vocabulary, code: str = "fr"
) -> tuple[Difference, ...]:
    """In the order in which readers need them."""
    language = vocabulary.languages[code]
    sides = [dict(_values(verdict, vocabulary, language)) for verdict in (before, after)]
    return tuple(
        Difference(language.say(f"of_{name}"), sides[0][name], sides[1][name])
        for name in sides[0]
        if sides[0][name] != sides[1][name]
    )


def _values(verdict: Verdict, vocabulary: Vocabulary, language: Language) -> Iterator[tuple[str, str]]:
    code = language.code
    yield "effect", summary.period(verdict.effective_from, verdict.effective_to, language)
    yield "channel_before", _channel(verdict.channel_before, vocabulary, code)
    yield "channel_after", _channel(verdict.channel_after, vocabulary, code)
    yield "subject", ", ".join(vocabulary.category(name, code) for name in verdict.categories)
    yield "motifs", ", ".join(vocabulary.motif(name, code) for name in sorted(verdict.motifs))
    yield "operation", _names(verdict, "operation", language.operations)
    yield "regime", _names(verdict, "regime", language.regimes)
    yield "territory", _names(verdict, "territory", {})
    yield "nature", language.say("nature_change" if verdict.is_change else "nature_state")


def _channel(name: str | None, vocabulary: Vocabulary, code: str) -> str:
    return vocabulary.channel(name, code) if name else ""


def _names(verdict: Verdict, field: str, labels: Phrases) -> str:
    found = dict.fromkeys(value for fact in verdict.facts if (value := getattr(fact, field)))
    return ", ".join(labels.get(value) or spelt(value) for value in found)


def _line(one: Difference, language: Language) -> str:
    if not one.before:
        told = language.say("told_added", label=one.label, after=one.after)
    elif not one.after:
        told = language.say("told_dropped", label=one.label, before=one.before)
    else:
        told = language.say("told_changed", label=one.label, before=one.before, after=one.after)
    return one_line(told, 600)
