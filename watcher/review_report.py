"""How the queue, cases and decisions are printed: lines for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.core import wording
from watcher.core.alert_data import alert_data
from watcher.core.alerts import Alert
from watcher.core.cases import Case, Entry
from watcher.core.decisions import Action, Decision, Refusal, Refused
from watcher.core.filing_labels import REASONS
from watcher.core.french import PARIS, day
from watcher.core.labels import STATES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.severity import Severity
from watcher.core.verdict import Fact
from watcher.rules_report import proposal_lines, rule_json

ACTIONS: Mapping[Action, str] = {
    Action.VERIFY: "vérifiée",
    Action.CORRECT: "corrigée",
    Action.RETRACT: "retirée",
    Action.MUTE: "retirée comme bruit",
    Action.ASK: "deuxième avis demandé",
    Action.ACCEPT: "propositions traitées",
    Action.REFUSE: "propositions refusées",
    Action.UNDO: "décision annulée",
    Action.LOOK: "relevé demandé",
    Action.REVERT: "version d'avant reprise",
    Action.USER: "accès changé",
}
_SEVERITIES = {Severity.IMPORTANT: "important", Severity.NOTICE: "à noter", Severity.INFO: "information"}
_REFUSALS: Mapping[Refusal, str] = {
    Refusal.UNKNOWN: "rien de ce numéro (voir « vigie review list » et « vigie review history »)",
    Refusal.OVERTAKEN: "quelqu'un d'autre vient d'en décider : à regarder de nouveau",
    Refusal.SETTLED: "c'est déjà décidé : on peut seulement y revenir (« vigie review undo »)",
    Refusal.OWN: "qui a demandé un deuxième avis ne le donne pas",
    Refusal.NOT_ALLOWED: "cela n'est pas permis",
    Refusal.EMPTY: "cela ne changerait rien",
    Refusal.WRONG: "cette valeur n'existe pas",
    Refusal.HIDES_TRUTH: "cela aurait caché une alerte que quelqu'un a vérifiée",
    Refusal.RULE_CHANGED: "une règle a changé depuis cette proposition : rien n'a été fait",
    Refusal.UNDONE: "cette décision est déjà annulée, ou d'autres reposent sur elle",
}


def refusal(refused: Refused) -> str:
    """Why nothing was done, in one line."""
    detail = one_line(refused.detail, 120)
    return _REFUSALS[refused.why] + (f" ({detail})" if detail else "")


def entry_json(entry: Entry) -> dict[str, Any]:
    alert = entry.alert
    return {
        "id": alert.id,
        "prefecture": alert.prefecture,
        "title": wording.title(alert),
        "severity": entry.severity,
        "state": alert.state,
        "detected_at": alert.detected_at.isoformat(),
        "also": [{"id": one.id, "prefecture": one.prefecture} for one in entry.also],
        "proposals": entry.proposals,
        "asked_by": entry.asked.by if entry.asked else None,
    }


def entry_lines(entry: Entry, words: Vocabulary) -> Iterator[str]:
    alert = entry.alert
    yield f"{alert.id}  {_SEVERITIES[entry.severity]}  {wording.line(alert, words)}"
    told = [_detected(alert)]
    if entry.also:
        told.append(f"le même texte ailleurs : {', '.join(one.prefecture for one in entry.also)}")
    if entry.proposals:
        told.append(f"{entry.proposals} proposition(s)")
    if entry.asked:
        told.append(f"{one_line(entry.asked.by, 60)} demande un deuxième avis")
    yield f"    {' · '.join(told)}"


def _detected(alert: Alert) -> str:
    return f"détectée le {day(alert.detected_at.astimezone(PARIS).date())}"


def case_json(case: Case, words: Vocabulary, base_url: str) -> dict[str, Any]:
    return {
        "alert": alert_data(case.alert, words, base_url),
        "also": [{"id": one.id, "prefecture": one.prefecture, "state": one.state} for one in case.also],
        "version": case.version,
        "text": {"title": case.notice.title, "body": case.notice.body} if case.notice else None,
        "reasons": [{"rule": r.rule, "words": r.words} for r in case.alert.verdict.reasons],
        "decisions": [decision_json(one) for one in case.decisions],
        "proposals": [
            {
                "id": one.proposal.id,
                "alert": one.proposal.alert,
                "state": one.state,
                "reason": one.proposal.reason,
                "before": rule_json(one.proposal.before) if one.proposal.before else None,
                "after": rule_json(one.proposal.after),
                "conflicts": [rule.id for rule in one.proposal.conflicts],
            }
            for one in case.proposals
        ],
    }


def case_lines(case: Case, words: Vocabulary) -> Iterator[str]:
    alert = case.alert
    yield f"{alert.id}  {wording.line(alert, words)}"
    yield f"  {STATES[alert.state].french}, {_detected(alert)} : {one_line(alert.address)}"
    yield f"  titre : {wording.title(alert)}"
    yield from _text_lines(case)
    yield from _verdict_lines(alert, words)
    for one in case.also:
        yield f"  le même texte : {one.id} {words.place(one.prefecture)} ({STATES[one.state].french})"
    for recorded in case.proposals:
        yield from (
            f"  {text}" for text in proposal_lines(recorded, words, REASONS[recorded.proposal.reason].french)
        )
    for decision in case.decisions:
        yield from (f"  {text}" for text in decision_lines(decision))


def _text_lines(case: Case) -> Iterator[str]:
    """What was there and is no more, and what is there now."""
    for sign, text in (("-", case.alert.before), ("+", case.alert.summary)):
        yield from (f"    {sign} {one_line(part, 300)}" for part in text.splitlines())


def _verdict_lines(alert: Alert, words: Vocabulary) -> Iterator[str]:
    verdict = alert.verdict
    subjects = ", ".join(words.category(name) for name in verdict.categories)
    yield f"  sujets : {subjects} ({'changement' if verdict.is_change else 'rappel'}, {verdict.confidence:.0%})"
    found = ", ".join(f"{one_line(r.rule, 60)} « {one_line(r.words, 80)} »" for r in verdict.reasons)
    if found:
        yield f"  parce que : {found}"
    for number, fact in enumerate(verdict.facts):
        yield f"  fait {number} : {_fact(fact, words)}"


def _fact(fact: Fact, words: Vocabulary) -> str:
    channels = [words.channel(name) for name in (fact.channel_before, fact.channel_after) if name]
    told = (
        " → ".join(channels),
        ", ".join(words.motif(name) for name in fact.motifs),
        " – ".join(filter(None, (fact.effective_from, fact.effective_to))),
        f"« {one_line(fact.sentence, 300)} »",
    )
    return " · ".join(filter(None, told))


def decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "number": decision.number,
        "action": decision.action,
        "by": decision.by,
        "at": decision.at.isoformat(),
        "alert": decision.alert or None,
        "title": wording.title(decision.before) if decision.before else None,
        "subject": decision.subject or None,
        "note": decision.note,
        "notice": decision.notice or None,
        "accepted": list(decision.accepted),
        "refused": list(decision.refused),
        "mute": decision.mute or None,
        "undoes": decision.undoes,
    }


def decision_lines(decision: Decision) -> Iterator[str]:
    what = ACTIONS[decision.action]
    if decision.undoes is not None:
        what = f"{what} (n° {decision.undoes})"
    about = decision.alert or one_line(decision.subject, 80)
    when = decision.at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")
    yield f"{decision.number}  {when}  {one_line(decision.by, 60)} : {what}  {about}"
    if decision.before:
        yield f"    {wording.title(decision.before)}"
    if decision.note:
        yield f"    « {one_line(decision.note, 300)} »"
