"""What readers see of rules and answers instead of ids, French first."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.core.filing import LOCAL, NATIONAL, Known, Look, Rule, Why
from watcher.core.filing_proposals import ProposalReason
from watcher.core.labels import Label, Vocabulary

LOCAL_CHANNEL = Label("hors ANEF, selon la préfecture", "outside ANEF, decided by each préfecture")
NATIONWIDE = Label("France entière", "the whole of France")

WHY: Mapping[Why, Label] = {
    Why.TAKEN: Label("c'est la réponse", "this is the answer"),
    Why.NOTHING: Label("aucune règle connue", "no rule known"),
    Why.NOT_YET: Label("pas encore en vigueur ce jour-là", "not yet in force on that day"),
    Why.OVER: Label("n'est plus en vigueur ce jour-là", "no longer in force on that day"),
    Why.UNSURE: Label(
        "peut-être en vigueur ce jour-là : la date exacte n'est pas connue",
        "perhaps in force on that day: the exact date is not known",
    ),
    Why.OTHER_OPERATION: Label("pour une autre démarche", "for another kind of application"),
    Why.OTHER_REGIME: Label("pour d'autres nationalités", "for other nationalities"),
    Why.OTHER_PLACE: Label("pour une partie du département", "for a part of the département"),
    Why.ON_ANEF: Label(
        "pour les motifs hors ANEF, et celui-ci est sur l'ANEF",
        "for grounds outside ANEF, and this one is on ANEF",
    ),
    Why.ANEF_UNKNOWN: Label(
        "pour les motifs hors ANEF, et on ne sait pas si celui-ci est sur l'ANEF",
        "for grounds outside ANEF, and whether this one is on ANEF is not known",
    ),
    Why.LESS_CLOSE: Label(
        "une règle plus proche ou plus précise a répondu", "a closer or finer rule answered"
    ),
}

KNOWN: Mapping[Known, Label] = {
    Known.CHANNEL: Label("connu", "known"),
    Known.LOCAL: Label(
        "hors ANEF ; la modalité de cette préfecture n'est pas connue",
        "outside ANEF; how this préfecture does it is not known",
    ),
    Known.UNSURE: Label("incertain ce jour-là", "not sure on that day"),
    Known.UNKNOWN: Label("inconnu", "unknown"),
}

REASONS: Mapping[ProposalReason, Label] = {
    ProposalReason.NEW: Label("nouvelle règle", "new rule"),
    ProposalReason.CHANNEL: Label("changement de canal", "another channel"),
    ProposalReason.DETAILS: Label("date ou adresse précisée", "date or address told"),
    ProposalReason.CONFIRMED: Label("confirmation", "confirmed"),
}


def channel(name: str, vocabulary: Vocabulary, code: str = "fr") -> str:
    """``Rendez-vous en ligne``; the words for `LOCAL`, which no vocabulary has."""
    return LOCAL_CHANNEL.told(code) if name == LOCAL else vocabulary.channel(name, code)


def place(territory: str, vocabulary: Vocabulary, code: str = "fr") -> str:
    """``Cantal (15)``, ``Val-de-Marne (94), nogent sur marne``, ``France entière``"""
    if territory == NATIONAL:
        return NATIONWIDE.told(code)
    prefecture, _, part = territory.partition("-")
    whole = vocabulary.place(prefecture)
    return f"{whole}, {part.replace('-', ' ')}" if part else whole


def looked(look: Look, vocabulary: Vocabulary, code: str = "fr") -> str:
    """One step of how an answer was found, in one line."""
    where, why = place(look.territory, vocabulary, code), WHY[look.why].told(code)
    return f"{where} : {summary(look.rule, vocabulary, code)} — {why}" if look.rule else f"{where} : {why}"


def summary(rule: Rule, vocabulary: Vocabulary, code: str = "fr") -> str:
    """``Salarié : Rendez-vous en ligne``"""
    return f"{vocabulary.motif(rule.motif, code)} : {channel(rule.channel, vocabulary, code)}"
