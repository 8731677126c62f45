"""What a feed carries, before it has a format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from tests.fakes.alerts import BASE, SEEN, SENTENCE, VOCABULARY, alert, verdict
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.feed import EMPTY_SINCE, Entry, Feed, FeedQuery, FeedQueryError, Subject, build
from watcher.core.verdict import PartialDate


def feed(*alerts: Alert, query: str = "all", verified_only: bool = False, base: str = BASE) -> Feed:
    return build(FeedQuery.parse(query), alerts, VOCABULARY, base, verified_only=verified_only)


def entry(told: Alert) -> Entry:
    return feed(told).entries[0]


def words(html: str) -> str:
    """The text of a content, its elements left out."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(html)
    return " ".join("".join(found).split())


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("all", FeedQuery()),
        ("prefecture:69", FeedQuery(Subject.PREFECTURE, "69")),
        (" prefecture:2a ", FeedQuery(Subject.PREFECTURE, "2A")),
        ("category:rdv_modality", FeedQuery(Subject.CATEGORY, "rdv_modality")),
        ("motif:salarie", FeedQuery(Subject.MOTIF, "salarie")),
    ],
)
def test_a_feed_is_asked_for_by_subject_and_value(text: str, query: FeedQuery) -> None:
    assert FeedQuery.parse(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prefecture",
        "prefecture:",
        ":69",
        "all:",
        "all:69",
        "ville:lyon",
        "69",
        "PREFECTURE:69",
        "x" * 10_000,
    ],
)
def test_an_unknown_form_is_refused_in_one_french_line(text: str) -> None:
    with pytest.raises(FeedQueryError, match=r"\AFlux inconnu.*Formes admises.*\Z") as refused:
        FeedQuery.parse(text)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("query", ["prefecture:999", "category:weather", "motif:none"])
def test_a_value_that_nobody_knows_is_refused(query: str) -> None:
    with pytest.raises(FeedQueryError, match="ne correspond à rien de suivi"):
        feed(query=query)


def test_ids_are_the_ones_that_readers_already_have() -> None:
    """Golden: if this fails, every entry of every reader would be unread again."""
    built = feed(alert(7), query="prefecture:15")
    assert built.id == "tag:vigie-prefectures.invalid,2025:feed/prefecture/15"
    assert [one.id for one in built.entries] == [
        "tag:vigie-prefectures.invalid,2025:alert/000000000000000000000007"
    ]
    assert feed(verified_only=True).id == "tag:vigie-prefectures.invalid,2025:feed/all/verified"


def test_ids_survive_another_site_address_and_a_corrected_text() -> None:
    told = alert()
    moved = feed(told, base="http://localhost:8000/vigie/")
    corrected = replace(told, title="Autre titre", state=AlertState.CORRECTED, address="https://x.fr/")
    assert moved.entries[0].id == feed(told).entries[0].id == feed(corrected).entries[0].id
    assert moved.id == feed(told).id


def test_a_title_begins_with_the_departement() -> None:
    assert entry(alert()).title == (
        "Cantal (15) – Prise de rendez-vous en ligne pour les motifs absents de l'ANEF"
    )


@pytest.mark.parametrize(
    ("state", "kind", "start"),
    [
        (AlertState.UNVERIFIED, ChangeKind.ADDED, "Cantal (15) – [non vérifié] Fermeture"),
        (AlertState.CORRECTED, ChangeKind.ADDED, "Cantal (15) – Rectifié depuis : Fermeture"),
        (AlertState.RETRACTED, ChangeKind.ADDED, "Cantal (15) – Retiré : Fermeture"),
        (AlertState.UNVERIFIED, ChangeKind.EDITED, "Cantal (15) – [non vérifié] Modifié : Fermeture"),
        (AlertState.VERIFIED, ChangeKind.WITHDRAWN, "Cantal (15) – Supprimé du site : Fermeture"),
    ],
)
def test_a_title_says_how_far_to_trust_it(state: AlertState, kind: ChangeKind, start: str) -> None:
    assert entry(alert(title="Fermeture", state=state, kind=kind)).title == start


def test_the_content_says_what_when_where_and_who_says_so() -> None:
    told = words(entry(alert(verdict=verdict(channel_before="courrier"))).content.decode())
    for expected in (
        "Cantal (15) – Nouvelle publication",
        "Date d'effet : à compter du 1er octobre 2025",
        "Sujet : Prise de rendez-vous et Dépôt du dossier",
        "Motifs : Motif absent de l'ANEF",
        "Dépôt, avant : Courrier",
        "Dépôt, après : Rendez-vous en ligne",
        f"« {SENTENCE} »",
        "La page officielle sur www.cantal.gouv.fr",
        "Site non officiel",
        "Source : préfecture – Cantal (15), page datée du 10 septembre 2025",
        "Licence Ouverte",
    ):
        assert expected in told


def test_an_entry_opens_with_the_alert_in_one_line() -> None:
    line = "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF"
    told = entry(alert())

    assert told.content.decode().startswith(f"<p>{line}</p>")
    assert told.summary.startswith(f"{line}. À compter du")


def test_an_effective_date_is_there_for_machines_too() -> None:
    told = entry(alert())
    assert '<time datetime="2025-10-01">1er octobre 2025</time>' in told.content.decode()
    assert (told.effective_from, told.effective_to) == ("2025-10-01", None)


def test_an_edit_shows_both_sides_in_words_and_in_elements() -> None:
    told = alert(kind=ChangeKind.EDITED, before="Fermé le lundi.", summary="Fermé le mardi.")
    assert "<p>Avant : Fermé le <del>lundi.</del></p>" in entry(told).content.decode()
    assert "<p>Après : Fermé le <ins>mardi.</ins></p>" in entry(told).content.decode()


def test_a_withdrawal_shows_what_is_gone() -> None:
    told = alert(kind=ChangeKind.WITHDRAWN, summary="Permanence le mercredi.")
    assert "<p>Supprimé : <del>Permanence le mercredi.</del></p>" in entry(told).content.decode()


def test_texts_of_a_page_never_become_elements() -> None:
    evil = "<script>alert(1)</script>\"'&<img src=x onerror=y>"
    told = entry(alert(title=evil, summary=evil, before=evil, verdict=verdict(motifs=(evil,))))
    assert "<script" not in told.content.decode()
    assert "<img" not in told.content.decode()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.fr", "https://a@b/", ""]
)
def test_an_address_that_is_no_web_page_is_replaced_by_our_own(address: str) -> None:
    told = entry(alert(address=address))
    assert told.address == told.page == f"{BASE}/alerts/{0:024x}"
    assert "La page officielle" not in told.content.decode()


def test_terms_name_departement_categories_and_motifs_under_fixed_schemes() -> None:
    assert [(t.scheme.rpartition(":")[2], t.name, t.label) for t in entry(alert()).terms] == [
        ("departement", "15", "Cantal (15)"),
        ("category", "rdv_modality", "Prise de rendez-vous"),
        ("category", "filing_channel", "Dépôt du dossier"),
        ("motif", "hors_anef", "Motif absent de l'ANEF"),
    ]


def test_an_entry_is_published_when_its_page_says() -> None:
    assert entry(alert()).published.isoformat() == "2025-09-10T00:00:00+02:00"
    overseas = entry(alert(prefecture="974", published=date(2025, 9, 9)))
    assert overseas.published.isoformat() == "2025-09-09T00:00:00+04:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"published": None},
        {"published": date(2025, 9, 12)},
        {"published": date(1, 1, 1)},
        {"kind": ChangeKind.EDITED, "published": date(2024, 1, 1)},
    ],
)
def test_an_entry_is_never_published_after_we_saw_it_nor_long_before_an_edit(
    changes: dict[str, object],
) -> None:
    assert entry(alert(**changes)).published == SEEN


def test_a_feed_is_as_fresh_as_its_freshest_entry() -> None:
    later = SEEN + timedelta(days=2)
    corrected = alert(1, updated_at=later, state=AlertState.CORRECTED)
    assert feed(alert(0), corrected, alert(2)).updated == later
    assert feed(alert(0), corrected, alert(2)).entries[0].updated == later


def test_an_empty_feed_has_a_date_that_never_moves() -> None:
    assert feed(query="prefecture:69").updated == EMPTY_SINCE == datetime(2025, 1, 1, tzinfo=UTC)


def test_the_order_in_which_alerts_come_does_not_matter() -> None:
    alerts = [alert(number) for number in range(5)]
    assert feed(*alerts) == feed(*reversed(alerts)) == feed(*alerts, *alerts)


def test_a_hundred_entries_stay_however_old() -> None:
    alerts = [alert(n, updated_at=SEEN + timedelta(days=n)) for n in range(120)]
    assert len(feed(*alerts).entries) == 100


def test_thirty_days_stay_however_many() -> None:
    """A reader that pulls weekly misses none, even in a storm."""
    alerts = [alert(n, updated_at=SEEN + timedelta(hours=4 * n)) for n in range(400)]
    assert len(feed(*alerts).entries) == 30 * 6 + 1


def test_a_feed_carries_its_subject_only() -> None:
    here, there = (
        alert(0),
        alert(1, prefecture="69", verdict=verdict(categories=("fee",), motifs=("salarie",))),
    )
    for query in ("prefecture:69", "category:fee", "motif:salarie"):
        assert [one.id[-1] for one in feed(here, there, query=query).entries] == ["1"]
    assert len(feed(here, there).entries) == 2


def test_the_verified_stream_tells_what_people_stand_for_and_what_they_took_back() -> None:
    """Whoever reads it need not hear that something was taken back of which they had not heard."""
    alerts = [
        alert(2 * number + was, state=state, was_verified=was)
        for number, state in enumerate(AlertState)
        for was in (False, True)
        if not was or state in {AlertState.CORRECTED, AlertState.RETRACTED}
    ]
    told = feed(*alerts, verified_only=True).entries
    assert {int(one.id[-1]) for one in told} == {2, 5, 7}
    assert {one.state for one in told} == {AlertState.VERIFIED, AlertState.CORRECTED, AlertState.RETRACTED}


def test_a_prefecture_and_a_motif_without_a_name_are_called_by_their_id() -> None:
    told = entry(
        alert(prefecture="99", verdict=verdict(motifs=("new_motif",), effective_from=PartialDate("2026")))
    )
    assert told.title.startswith("99 – ")
    assert "Motifs : new motif" in words(told.content.decode())


def test_an_alert_that_says_little_is_told_without_empty_parts() -> None:
    silent = verdict(
        categories=(), motifs=(), facts=(), channel_after=None, effective_from=None, effective_to=None
    )
    told = entry(alert(title="", summary="", published=None, verdict=silent))
    assert (told.title, told.summary) == ("Cantal (15) – Sans titre", "Cantal (15) : nouvelle annonce")
    for part in ("<ul>", "<blockquote>", "<del>", "<ins>", "<time", "page datée", "<p></p>"):
        assert part not in told.content.decode()
    assert [term.name for term in told.terms] == ["15"]


def test_a_place_to_file_that_ends_is_told_alone() -> None:
    told = entry(alert(verdict=verdict(channel_before="courrier", channel_after=None)))
    assert "Dépôt, avant : <del>Courrier</del>" in told.content.decode()
    assert "Dépôt, après" not in told.content.decode()
