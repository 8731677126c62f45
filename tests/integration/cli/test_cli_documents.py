"""Announcements that stand in a PDF alone, from a site on loopback to the evidence of an alert."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.fakes.command_line import Ran, Vigie
from tests.fakes.document_site import DocumentSite, document_site
from tests.fakes.pdfs import pdf, scanned

DAYS = ["2025-09-08T08:00:00+00:00", "2025-09-09T08:00:00+00:00", "2025-09-09T08:13:00+00:00"]
OLD = [
    ("Fermeture du pont", "/Actualites/Pont", "01/09/2025"),
    ("Journées du patrimoine", "/Actualites/J", "28/08/2025"),
]
FIRST = "/contenu/telechargement/100/200/file/Avis n°3 étrangers.pdf"
SECOND = "/contenu/telechargement/300/400/file/Avis n°3 étrangers.pdf"
COUNTER = [
    "À compter du 1er octobre 2025, les demandes de titre de séjour « salarié » se dé-",
    "posent au guichet de la préfecture, sur rendez-",
    "vous.",
]
ONLINE = [
    "À compter du 1er novembre 2025, les demandes de titre de séjour « salarié » se dé-",
    "posent en ligne, sur le site de l'ANEF.",
]


@pytest.fixture
def site() -> Iterator[DocumentSite]:
    with document_site() as running:
        running.list_news(*OLD)
        running.offer(FIRST, pdf(COUNTER))
        running.guide(("Avis aux usagers", FIRST, "PDF - 0,12 Mb - 14/08/2025"))
        yield running


@pytest.fixture
def watch(vigie: Vigie, site: DocumentSite, capsys: pytest.CaptureFixture[str]) -> Vigie:
    """What the site showed on the first day is known."""
    (vigie.folder / "sources.yaml").write_text(site.sources(), encoding="utf-8")
    watch = Vigie(vigie.folder, capsys, vigie.folder / "sources.yaml")
    assert poll(watch, 0).status == 0
    return watch


def poll(watch: Vigie, day: int) -> Ran:
    return watch("poll", "--all", "--json", "--now", DAYS[day])


def alerts(watch: Vigie) -> list[dict[str, Any]]:
    return watch("alerts", "--json").rows


def test_the_date_motif_and_channel_of_a_card_are_read_in_its_document(
    watch: Vigie, site: DocumentSite
) -> None:
    site.offer("/contenu/telechargement/7/8/file/note.pdf", pdf(ONLINE))
    site.list_news(
        ("Avis aux usagers étrangers", "/contenu/telechargement/7/8/file/note.pdf", "09/09/2025"), *OLD
    )

    assert poll(watch, 1).status == 0

    (alert,) = alerts(watch)
    assert alert["effective_from"] == "2025-11-01"
    assert alert["channel_after"] == "anef"
    assert alert["motifs"] == ["salarie"]
    assert "se déposent en ligne" in alert["summary"]


def test_a_replaced_file_is_told_before_and_after_and_kept_as_evidence(
    watch: Vigie, site: DocumentSite
) -> None:
    received = pdf(ONLINE, made="2026")
    site.offer(SECOND, received)
    site.guide(("Avis aux usagers", SECOND, "PDF - 0,13 Mb - 09/09/2025"))

    assert poll(watch, 1).status == 0

    (alert,) = alerts(watch)
    assert (alert["kind"], alert["effective_from"], alert["channel_after"]) == (
        "edited",
        "2025-11-01",
        "anef",
    )
    assert "au guichet de la préfecture, sur rendez-vous." in alert["before"]
    out = watch.folder / "evidence.zip"
    assert watch("evidence", alert["id"], "--out", str(out)).status == 0
    with zipfile.ZipFile(out) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert files["data/documents/1-Avis_n_3_trangers.pdf"] == received
    assert "data/documents/1-Avis_n_3_trangers.pdf" in files["manifest-sha256.txt"].decode()
    records = [
        record.content_stream().read() for record in ArchiveIterator(BytesIO(files["data/pages.warc"]))
    ]
    assert records[-1] == received
    assert "au guichet" in json.loads(files["data/changement.json"])["text_read_before"]


def test_a_file_that_is_only_sent_again_is_no_news_and_is_asked_for_once(
    watch: Vigie, site: DocumentSite
) -> None:
    site.offer(SECOND, pdf(COUNTER, made="2026"))
    site.guide(("Avis aux usagers", SECOND, "PDF - 0,13 Mb - 09/09/2025"))

    polled = [poll(watch, day).status for day in (1, 2)]

    assert (polled, alerts(watch)) == ([0, 0], [])
    assert site.asked.count(SECOND) == 1


def test_a_scanned_file_says_so_and_waits_for_a_reviewer(watch: Vigie, site: DocumentSite) -> None:
    site.offer(SECOND, scanned(2))
    site.guide(("Avis aux usagers", SECOND, "PDF - 0,13 Mb - 09/09/2025"))

    poll(watch, 1)

    (alert,) = alerts(watch)
    assert alert["state"] == "unverified"
    assert "document numérisé : son texte n'a pas pu être lu" in alert["summary"]


def test_a_file_that_the_site_refuses_is_no_news_until_it_comes(watch: Vigie, site: DocumentSite) -> None:
    site.refuse(SECOND)
    site.guide(("Avis aux usagers", SECOND, "PDF - 0,13 Mb - 09/09/2025"))
    poll(watch, 1)
    assert alerts(watch) == []
    site.offer(SECOND, pdf(ONLINE))

    poll(watch, 2)

    assert [alert["effective_from"] for alert in alerts(watch)] == ["2025-11-01"]
