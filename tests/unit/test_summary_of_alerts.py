"""An alert in one line, in French and in English."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import alert, verdict
from watcher import locale, rules
from watcher.core.changes import ChangeKind
from watcher.core.labels import CATEGORIES
from watcher.core.language import inside
from watcher.core.summary import LINE, period, summary
from watcher.core.verdict import Certainty, Fact, PartialDate

WORDS = rules.load(Path(__file__).parents[2] / "rules.yaml")
FRENCH = locale.load("fr", {m.id: m.fr for m in WORDS.motifs}, {c.id: c.fr for c in WORDS.channels})
ENGLISH = locale.load("en", {m.id: m.en for m in WORDS.motifs}, {c.id: c.en for c in WORDS.channels})
DAY, MONTH, YEAR = PartialDate("2025-10-01"), PartialDate("2025-10"), PartialDate("2025")


def told(title: str = "Le titre", kind: ChangeKind = ChangeKind.ADDED, **said: Any) -> tuple[str, str]:
    """The lines of an alert of the Cantal, without its name; nothing is said but what is given."""
    silent = {"motifs": (), "channel_after": None, "effective_from": None, "facts": (Fact("…"),)}
    one = alert(title=title, kind=kind, verdict=verdict(**{**silent, **said}))
    french, english = (summary(one, "Cantal (15)", language) for language in (FRENCH, ENGLISH))
    assert french.startswith("Cantal (15) : ")
    assert english.startswith("Cantal (15): ")
    return french.removeprefix("Cantal (15) : "), english.removeprefix("Cantal (15): ")


def test_an_alert_is_one_line_of_what_when_and_for_whom() -> None:
    assert summary(alert(), "Cantal (15)", FRENCH) == (
        "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF"
    )
    assert summary(alert(), "Cantal (15)", ENGLISH) == (
        "Cantal (15): from 1 October 2025, online appointments for grounds not on ANEF"
    )


@pytest.mark.parametrize(
    ("category", "channel", "french", "english"),
    [
        ("anef_integration", "anef", "dépôt sur l'ANEF", "filing on ANEF"),
        ("filing_channel", "courrier", "dépôt par courrier", "filing by post"),
        ("filing_channel", "email", "dépôt par courriel", "filing by e-mail"),
        (
            "filing_channel",
            "guichet_sur_rdv",
            "dépôt au guichet sur rendez-vous",
            "filing at the desk by appointment",
        ),
        ("rdv_modality", "email", "rendez-vous par courriel", "appointments by e-mail"),
        ("rdv_modality", "guichet_sans_rdv", "accueil sans rendez-vous", "reception without appointment"),
        ("rdv_modality", "ferme", "prise de rendez-vous fermée", "appointment booking closed"),
        (
            "rdv_modality",
            "demarche_numerique",
            "demande de rendez-vous sur Démarche numérique",
            "appointment requests on Démarche numérique",
        ),
        (
            "special_scheme",
            "teleservice_autre",
            "dispositif particulier, dépôt sur un autre téléservice",
            "special scheme, filing on another online service",
        ),
        ("naturalisation", "anef", "naturalisation, dépôt sur l'ANEF", "naturalisation, filing on ANEF"),
        ("filing_channel", "pigeon_voyageur", "dépôt : pigeon voyageur", "filing: pigeon voyageur"),
    ],
)
def test_the_channel_says_what_to_do(category: str, channel: str, french: str, english: str) -> None:
    assert told("", categories=(category,), channel_after=channel) == (french, english)


@pytest.mark.parametrize(
    ("motifs", "french", "english"),
    [
        (("salarie",), "pour le motif salarié", "for the ground: employee"),
        (
            ("etudiant", "salarie"),
            "pour les motifs étudiant et salarié",
            "for the grounds: student and employee",
        ),
        (
            ("salarie", "etudiant", "citoyen_ue"),
            "pour les motifs salarié, étudiant et citoyen de l'UE",
            "for the grounds: employee, student and EU citizen",
        ),
        (
            ("salarie", "etudiant", "talent", "visiteur"),
            "pour les motifs salarié, étudiant et 2 autres",
            "for the grounds: employee, student and 2 others",
        ),
        (("tous",), "pour toutes les demandes de titre de séjour", "for all residence permit applications"),
        (
            ("tous", "duplicata"),
            "pour toutes les demandes de titre de séjour",
            "for all residence permit applications",
        ),
        (
            ("aes", "hors_anef"),
            "pour les motifs admission exceptionnelle au séjour et hors ANEF",
            "for the grounds: exceptional admission and those not on ANEF",
        ),
        (("dresseur_d_ours",), "pour le motif dresseur d ours", "for the ground: dresseur d ours"),
    ],
)
def test_grounds_are_named_and_beyond_three_counted(
    motifs: tuple[str, ...], french: str, english: str
) -> None:
    lines = told(categories=("filing_channel",), channel_after="courrier", motifs=motifs)

    assert lines == (f"dépôt par courrier {french}", f"filing by post {english}")


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        (DAY, None, "à compter du 1er octobre 2025", "from 1 October 2025"),
        ("2024-03-29", None, "à compter du 29 mars 2024", "from 29 March 2024"),
        (MONTH, None, "en octobre 2025", "in October 2025"),
        (YEAR, None, "en 2025", "in 2025"),
        (None, "2021-09-30", "jusqu'au 30 septembre 2021", "until 30 September 2021"),
        (None, "2025-08", "jusqu'en août 2025", "until August 2025"),
        ("2025-04-16", "2025-04-16", "le 16 avril 2025", "on 16 April 2025"),
        ("2025-08-01", "2025-08-22", "du 1er au 22 août 2025", "from 1 to 22 August 2025"),
        (
            "2025-08-25",
            "2025-09-01",
            "du 25 août au 1er septembre 2025",
            "from 25 August to 1 September 2025",
        ),
        (
            "2025-12-26",
            "2026-01-02",
            "du 26 décembre 2025 au 2 janvier 2026",
            "from 26 December 2025 to 2 January 2026",
        ),
        (MONTH, "2026-03-03", "en octobre 2025, jusqu'au 3 mars 2026", "in October 2025, until 3 March 2026"),
        (
            "bientôt ?!",
            "bientôt ??",
            "à compter du bientôt ?!, jusqu'au bientôt ??",
            "from bientôt ?!, until bientôt ??",
        ),
        (None, None, "", ""),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(
    start: PartialDate | None, end: PartialDate | None, french: str, english: str
) -> None:
    assert (period(start, end, FRENCH), period(start, end, ENGLISH)) == (french, english)


def test_a_replaced_channel_is_told_with_the_one_before() -> None:
    assert told(categories=("filing_channel",), channel_before="courrier", channel_after="anef") == (
        "dépôt sur l'ANEF (auparavant : courrier)",
        "filing on ANEF (previously: post)",
    )


def test_a_closure_is_told_with_its_days_and_its_title() -> None:
    lines = told(
        "Fermeture estivale",
        categories=("opening_hours_or_closure",),
        channel_after="ferme",
        effective_from=PartialDate("2025-08-04"),
        effective_to=PartialDate("2025-08-22"),
        facts=(Fact("…", territory="Millau", effective_from=PartialDate("2025-08-04")),),
    )

    assert lines == (
        "du 4 au 22 août 2025, fermeture (secteur de Millau) – « Fermeture estivale »",
        "from 4 to 22 August 2025, closure (Millau area) – “Fermeture estivale”",
    )


def test_a_closure_without_end_is_not_told_as_one_that_lasts() -> None:
    french, english = told(
        "Grève", categories=("opening_hours_or_closure",), channel_after="ferme", effective_from=DAY
    )

    assert (french, english) == (
        "le 1er octobre 2025, fermeture – « Grève »",
        "on 1 October 2025, closure – “Grève”",
    )


def test_a_reopening_is_told() -> None:
    french, english = told(
        "Le guichet rouvre",
        categories=("opening_hours_or_closure",),
        channel_before="ferme",
        channel_after="guichet_sur_rdv",
    )

    assert french.startswith("réouverture – ")
    assert english.startswith("reopening – ")


@pytest.mark.parametrize(
    ("category", "french", "english"),
    [
        ("fee", "taxes et timbres – « Hausse »", "fees – “Hausse”"),
        ("outage", "panne ou interruption – « Hausse »", "outage – “Hausse”"),
        ("documents_required", "pièces à fournir – « Hausse »", "documents required – “Hausse”"),
        ("processing_time", "délais de traitement – « Hausse »", "processing times – “Hausse”"),
        ("fraud_warning", "mise en garde contre les fraudes – « Hausse »", "fraud warning – “Hausse”"),
        ("no_such_category", "nouvelle annonce – « Hausse »", "new announcement – “Hausse”"),
    ],
)
def test_what_the_facts_do_not_tell_is_left_to_the_title(category: str, french: str, english: str) -> None:
    assert told("Hausse", categories=(category,)) == (french, english)


def test_an_alert_of_which_nothing_is_known_still_has_a_line() -> None:
    assert told("", categories=()) == ("nouvelle annonce", "new announcement")


def test_edited_and_withdrawn_announcements_are_told_as_such() -> None:
    said: dict[str, Any] = {
        "categories": ("anef_integration",),
        "channel_after": "anef",
        "effective_from": DAY,
    }

    assert told(kind=ChangeKind.EDITED, **said) == (
        "texte modifié – à compter du 1er octobre 2025, dépôt sur l'ANEF",
        "text edited – from 1 October 2025, filing on ANEF",
    )
    assert told(kind=ChangeKind.WITHDRAWN, **said) == (
        "supprimé du site – dépôt sur l'ANEF (à compter du 1er octobre 2025)",
        "removed from the site – filing on ANEF (from 1 October 2025)",
    )


@pytest.mark.parametrize(
    ("certainty", "french", "english"),
    [
        (Certainty.REMINDER, "rappel – ", "reminder – "),
        (Certainty.REPORTED, "rapporté – ", "reported – "),
        (Certainty.PLANNED, "prévu – ", "planned – "),
        (Certainty.ANNOUNCED, "information – ", "information – "),
    ],
)
def test_what_is_no_change_or_not_certain_is_marked(certainty: Certainty, french: str, english: str) -> None:
    facts = (Fact("…", certainty=certainty),)
    lines = told("", categories=("filing_channel",), channel_after="courrier", facts=facts, is_change=False)

    assert lines == (f"{french}dépôt par courrier", f"{english}filing by post")


def test_an_operation_limits_the_line_only_when_every_fact_of_its_channel_has_it() -> None:
    renewal = Fact("…", operation="renouvellement", channel_after="anef")
    lost = Fact("…", operation="duplicata", channel_after="courrier")
    first = Fact("…", operation="premiere_demande", channel_after="anef")
    said: dict[str, Any] = {"categories": ("anef_integration",), "channel_after": "anef"}

    assert told(facts=(renewal, lost), **said) == (
        "dépôt sur l'ANEF (renouvellement)",
        "filing on ANEF (renewal)",
    )
    assert told("", facts=(renewal, first), **said) == ("dépôt sur l'ANEF", "filing on ANEF")


def test_a_channel_of_which_nothing_more_is_known_is_told_with_the_title() -> None:
    assert told("Du nouveau", categories=("rdv_modality",), channel_after="rdv_en_ligne") == (
        "rendez-vous en ligne – « Du nouveau »",
        "online appointments – “Du nouveau”",
    )


def test_new_opening_hours_last() -> None:
    french, _ = told("Horaires", categories=("opening_hours_or_closure",), effective_from=DAY)

    assert french == "à compter du 1er octobre 2025, horaires et accueil – « Horaires »"


def test_a_nationality_limits_the_line() -> None:
    facts = (Fact("…", regime="algerien", channel_after="courrier"),)

    assert told(categories=("filing_channel",), channel_after="courrier", facts=facts) == (
        "dépôt par courrier (ressortissants algériens)",
        "filing by post (Algerian nationals)",
    )


@given(st.text(), st.text(max_size=12), st.text(max_size=12), st.text(max_size=12), st.text(max_size=30))
def test_any_text_gives_one_short_printable_line(
    title: str, id_: str, start: str, end: str, name: str
) -> None:
    said = verdict(
        categories=(id_,),
        motifs=(id_, "salarie"),
        channel_before=id_,
        channel_after=id_,
        effective_from=PartialDate(start),
        effective_to=PartialDate(end),
        facts=(Fact(title, operation=id_, regime=id_, territory=name),),
    )
    for language in (FRENCH, ENGLISH):
        line = summary(alert(title=title, verdict=said), name, language)

        assert 0 < len(line) <= LINE
        assert line.isprintable() or "\u200d" in line or any(c.isspace() for c in line)
        assert "\n" not in line


def test_braces_of_a_text_are_only_characters() -> None:
    assert (
        told("{place} {0.__class__}", categories=("fee",))[0]
        == "taxes et timbres – « {place} {0.__class__} »"
    )


def test_every_language_says_everything_with_the_same_places() -> None:
    assert {"en", "fr"} <= set(locale.codes())
    for code in locale.codes():
        language = locale.load(code, {}, {})
        assert len(language.months) == 12
        assert set(language.subjects) == set(CATEGORIES)
        for table in ("phrases", "filing", "booking", "general", "operations", "regimes"):
            assert set(getattr(language, table)) == set(getattr(FRENCH, table)), (code, table)
        for key, phrase in language.phrases.items():
            assert _places(phrase) == _places(FRENCH.phrases[key]), (code, key)


def test_catalogues_name_only_what_the_rules_know() -> None:
    motifs, channels = {m.id for m in WORDS.motifs}, {c.id for c in WORDS.channels}
    reported = {c.id for c in WORDS.channels if c.part_of is None}
    for code in locale.codes():
        language = locale.load(code, {}, {})
        assert set(language.motifs) | set(language.general) <= motifs
        assert set(language.channels) <= channels
        assert set(language.filing) == set(language.booking) == reported
        assert set(language.operations) == {o.id for o in WORDS.operations}
        assert set(language.regimes) == {r.id for r in WORDS.regimes}


@pytest.mark.parametrize(
    ("label", "name"),
    [("Salarié", "salarié"), ("ANEF", "ANEF"), ("E-mail", "E-mail"), ("Étranger", "étranger")],
)
def test_a_label_loses_its_capital_inside_a_sentence_unless_it_is_an_acronym(label: str, name: str) -> None:
    assert inside(label) == name


def _places(phrase: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", phrase))
