"""When a file is asked for again, when two say the same, and what is told of one that says nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.documents import (
    TRIES,
    is_pdf,
    look_at,
    readable,
    remarks,
    replaced,
    rewritten,
    same_text,
    too_large,
)
from watcher.core.items import Article, Attachment, Document, DocumentState

NOW = datetime(2026, 9, 8, 8, 0, tzinfo=UTC)
SITE = "https://www.cantal.gouv.fr"
TRACED = f"{SITE}/contenu/telechargement/1/2/file/notice.pdf"
FILE = Attachment("Notice", "notice.pdf", TRACED, "PDF - 0,12 Mb - 14/08/2025")
KNOWN = Document(
    "Notice", "notice.pdf", TRACED, FILE.detail, DocumentState.TEXT, "Texte.", digest="a", read_at=NOW
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestAskedForAgain:
    def test_one_that_was_never_read_is_asked_for_now(self) -> None:
        assert look_at(None, FILE, NOW) == NOW

    @pytest.mark.parametrize(
        "file",
        [
            replace(FILE, address=TRACED.replace("1/2", "3/4")),
            replace(FILE, detail="PDF - 0,13 Mb - 08/09/2026"),
        ],
        ids=["another address", "another day or size"],
    )
    def test_another_upload_is_asked_for_now(self, file: Attachment) -> None:
        assert look_at(KNOWN, file, NOW) == NOW

    def test_the_same_upload_is_asked_for_once_a_week(self) -> None:
        assert look_at(KNOWN, FILE, NOW) == NOW + 7 * DAY

    def test_one_that_nothing_tells_apart_is_asked_for_more_often(self) -> None:
        plain = Attachment("Notice", "notice.pdf", f"{SITE}/sites/default/files/notice.pdf")
        known = replace(KNOWN, address=plain.address, detail="")

        assert look_at(known, plain, NOW) == NOW + 6 * HOUR
        assert look_at(replace(known, etag='"1"'), plain, NOW) == NOW

    def test_one_that_fails_is_asked_for_soon_and_then_once_a_day(self) -> None:
        failed = replace(KNOWN, failures=1, failed_at=NOW)

        assert look_at(failed, FILE, NOW) < NOW + HOUR
        assert look_at(replace(failed, failures=TRIES), FILE, NOW) == NOW + DAY


@pytest.mark.parametrize(
    ("name", "detail", "expected"),
    [
        ("notice.pdf", "", True),
        ("NOTICE.PDF", "", True),
        ("notice n°3 été.pdf", "", True),
        ("notice", "", True),
        ("notice", "PDF - 0,12 Mb", True),
        ("notice.docx", "", False),
        ("notice", "DOCX - 12 Ko", False),
        ("tarifs.xlsx", "XLSX - 12 Ko", False),
    ],
)
def test_pdfs_are_told_by_their_names_or_details(name: str, detail: str, *, expected: bool) -> None:
    assert (
        is_pdf(Attachment("Notice", name, f"{SITE}/contenu/telechargement/1/2/file/{name}", detail))
        is expected
    )


def test_each_file_of_the_site_is_read_once_and_none_of_another() -> None:
    again = replace(FILE, address=TRACED.replace("1/2", "3/4"))
    there = replace(FILE, name="b.pdf", address="https://www.service-public.fr/b.pdf")

    assert readable([FILE, again, there], SITE) == (FILE,)


@pytest.mark.parametrize(
    ("detail", "expected"),
    [("PDF - 4,96 Mb - 14/08/2026", False), ("PDF - 12,3 Mo", True), ("PDF - 900 Ko", False), ("", False)],
)
def test_a_file_is_too_large_where_the_page_says_so(detail: str, *, expected: bool) -> None:
    assert too_large(replace(FILE, detail=detail)) is expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Le guichet ferme.", "Le  guichet\nferme ."),
        ("L'usager", "L’usager"),
        ("Le guichet ferme.\nMis à jour le 12/03/2025", "Le guichet ferme.\nMis à jour le 1er avril 2026"),
        ("Le guichet ferme.\nVersion du 12/03/2025", "Le guichet ferme."),
        (
            "Préfecture du Cantal – mise à jour : 12/03/2025",
            "Préfecture du Cantal – mise à jour : 14/04/2026",
        ),
    ],
)
def test_days_of_edition_and_typography_say_nothing(before: str, after: str) -> None:
    assert same_text(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Le guichet ferme le 12 mars.", "Le guichet ferme le 13 mars."),
        ("a" * 20_000 + "b", "a" * 20_000 + "c"),
        ("Mis à jour le 12/03/2025 : le guichet ferme", "Mis à jour le 12/03/2025 : le guichet ouvre"),
        ("À partir du 12/03/2025", "À partir du 13/03/2025"),
    ],
)
def test_words_and_days_of_effect_do(before: str, after: str) -> None:
    assert not same_text(before, after)


def test_a_document_that_could_not_be_had_replaces_nothing() -> None:
    missing = replace(KNOWN, state=DocumentState.MISSING, text="", digest="")

    assert not replaced(KNOWN, missing)
    assert not replaced(missing, KNOWN)
    assert not replaced(None, KNOWN)
    assert replaced(KNOWN, replace(KNOWN, state=DocumentState.SCANNED, text="", digest="b"))


@pytest.mark.parametrize("state", [DocumentState.TOO_LARGE, DocumentState.NO_PDF])
def test_one_that_becomes_unreadable_or_readable_is_another(state: DocumentState) -> None:
    unread = replace(KNOWN, state=state, text="", digest="")

    assert replaced(KNOWN, unread)
    assert replaced(unread, KNOWN)
    assert not replaced(unread, replace(unread, detail="PDF - 60 Mo"))


class TestArticles:
    ARTICLE = Article("Titre", "Voir la notice.", attachments=(FILE,), documents=(KNOWN,))

    def test_a_document_that_says_something_else_rewrites_its_article(self) -> None:
        now = replace(self.ARTICLE, documents=(replace(KNOWN, text="Autre.", digest="b"),))

        assert rewritten(self.ARTICLE, now)

    def test_one_that_was_not_read_before_rewrites_nothing(self) -> None:
        then = replace(self.ARTICLE, documents=())

        assert not rewritten(then, self.ARTICLE)

    def test_one_that_was_not_there_before_rewrites_it(self) -> None:
        then = replace(self.ARTICLE, documents=(), attachments=())

        assert rewritten(then, self.ARTICLE)


def test_every_state_but_a_whole_text_is_told_with_its_link() -> None:
    for state in DocumentState:
        told = remarks([replace(KNOWN, state=state)])

        assert [TRACED in remark for remark in told] == ([] if state is DocumentState.TEXT else [True])


def test_a_text_that_may_be_out_of_date_is_told_to_be_so() -> None:
    assert "le nouveau n'a pas pu être obtenu" in remarks([replace(KNOWN, failures=1)])[0]


def test_pages_without_text_and_pages_that_were_left_are_told() -> None:
    mixed, long = replace(KNOWN, pages=5, scanned=2), replace(KNOWN, pages=80, beyond=20)

    assert "2 page(s) sur 5 numérisée(s)" in remarks([mixed])[0]
    assert "20 page(s) sur 80 n'ont pas été lues" in remarks([long])[0]
