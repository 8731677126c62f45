"""PDFs that pages offer: what they say is read, a replaced one is an edit, a known one is not asked for again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.fakes.hostile_pdfs import active, bomb_in_a_bomb, deflate_bomb, noise, tree_in_itself
from tests.fakes.pdfs import locked, pdf, scanned
from tests.fakes.watch import SEJOUR, Watch, changes, said, told
from tests.fakes.web import GUIDE, HOST, LIST, Reply, article_page, card, cards, framed, list_page
from watcher.core.alerts import AlertState
from watcher.core.page import FailureKind, Outcome, Validators

SOON, DAY = timedelta(minutes=13), timedelta(days=1)
COUNTER = "La demande de titre de séjour se dépose au guichet de la préfecture d'Aurillac."
ONLINE = "La demande de titre de séjour se dépose désormais en ligne, sur le site de l'ANEF."
BUSY = Reply(
    b"<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>",
    503,
)


def upload(number: int, name: str = "notice.pdf") -> str:
    return f"{HOST}/contenu/telechargement/{number}/{number + 1}/file/{name}"


FIRST, SECOND = upload(100), upload(300)


def offer(watch: Watch, address: str, body: bytes | None, **reply: object) -> None:
    if body is not None:
        watch.web.replies[address] = Reply(body, kind="application/pdf", **reply)  # type: ignore[arg-type]


def link(address: str, label: str = "Notice du séjour", detail: str = "PDF - 0,12 Mb - 14/08/2025") -> str:
    shown = f' <span class="fr-link__detail">{detail}</span>' if detail else ""
    return f'<li><a class="fr-link--download" href="{address}">Télécharger {label}{shown}</a></li>'


def guide(*links: str, text: str = "Les pièces à fournir sont dans la notice.") -> str:
    return framed("Étrangers en France", f"<h2>Vos démarches</h2><p>{text}</p><ul>{''.join(links)}</ul>")


def file_card(address: str, title: str = "Avis aux usagers étrangers", day: str = "01/09/2025") -> str:
    return (
        '<div class="fr-card fr-card--horizontal"><div class="fr-card__body"><div class="fr-card__content">'
        f'<h2 class="fr-card__title"><a class="fr-card__link menu-item-link" target="_blank" href="{address}" '
        f'title="format pdf - 1,10 Mb - {day}">{title}</a></h2></div></div></div>'
    )


def news(*files: str) -> str:
    return list_page(cards(20)).replace("<h1>Actualités</h1>", "<h1>Actualités</h1>" + "".join(files))


class TestContentPages:
    @pytest.fixture
    def read(self, watch: Watch) -> Watch:
        offer(watch, FIRST, pdf([COUNTER]))
        watch.web.show(GUIDE, guide(link(FIRST)))
        watch.poll(SEJOUR)
        return watch

    def show(self, watch: Watch, *links: str, **texts: str) -> None:
        watch.web.show(GUIDE, guide(*links, **texts))

    def test_a_first_reading_announces_nothing_and_knows_the_document(self, read: Watch) -> None:
        assert not read.store.history(SEJOUR.id)
        assert read.web.asked == [GUIDE, FIRST]

    def test_a_document_that_is_known_is_not_asked_for_again(self, read: Watch) -> None:
        self.show(read, link(FIRST), text="Les pièces à fournir sont dans la notice du séjour.")
        read.later(source=SEJOUR)

        assert read.web.asked.count(FIRST) == 1

    def test_a_replaced_file_is_an_edit_told_before_and_after(self, read: Watch) -> None:
        offer(read, SECOND, pdf([ONLINE]))
        self.show(read, link(SECOND, detail="PDF - 0,13 Mb - 08/09/2025"))

        polled = read.later(source=SEJOUR)

        assert told(polled) == [("edited", "Notice du séjour")]
        assert (said(polled), said(polled, "before")) == ([ONLINE], [COUNTER])
        (alert,) = read.alerts()
        assert (alert.summary, alert.before) == (ONLINE, COUNTER)
        assert told(read.later(source=SEJOUR)) == []

    @pytest.mark.parametrize(
        ("body", "day"),
        [
            (pdf([COUNTER], made="2026"), "08/09/2025"),
            (pdf([COUNTER]), "09/09/2025"),
            (pdf([COUNTER, "Mis à jour le 8 septembre 2025"]), "08/09/2025"),
            (
                pdf(["La demande de titre de séjour se dépose au guichet", "de la préfecture d’Aurillac."]),
                "08/09/2025",
            ),
        ],
        ids=["other bytes", "another day", "another edition", "other lines"],
    )
    def test_a_file_that_is_sent_again_with_the_same_text_is_none(
        self, read: Watch, body: bytes, day: str
    ) -> None:
        offer(read, SECOND, body)
        self.show(read, link(SECOND, detail=f"PDF - 0,13 Mb - {day}"))

        assert told(read.later(source=SEJOUR)) == []
        assert read.later(source=SEJOUR).outcome is Outcome.UNCHANGED

    def test_another_name_for_the_same_text_is_none(self, read: Watch) -> None:
        renamed = upload(300, "notice-2026.pdf")
        offer(read, renamed, pdf([COUNTER]))
        self.show(read, link(renamed))

        assert told(read.later(source=SEJOUR)) == []

    def test_another_name_for_another_text_is_told_with_both(self, read: Watch) -> None:
        renamed = upload(300, "notice-2026.pdf")
        offer(read, renamed, pdf([ONLINE]))
        self.show(read, link(renamed))

        read.later(source=SEJOUR)

        (alert,) = read.alerts()
        assert ONLINE in alert.summary
        assert COUNTER in alert.before

    def test_the_text_of_a_new_document_is_part_of_what_is_new(self, read: Watch) -> None:
        offer(read, SECOND, pdf([ONLINE]))
        self.show(read, link(FIRST), link(SECOND, "Flash info"))

        polled = read.later(source=SEJOUR)

        assert [ONLINE in text for text in said(polled)] == [True]
        assert read.alerts()[0].summary.endswith(ONLINE)

    def test_a_file_replaced_under_its_own_address_is_found_where_the_server_tells(
        self, watch: Watch
    ) -> None:
        address = f"{HOST}/sites/default/files/notice.pdf"
        offer(watch, address, pdf([COUNTER]), validators=Validators('"1"'))
        self.show(watch, link(address, detail=""))
        watch.poll(SEJOUR)
        watch.later(source=SEJOUR)
        offer(watch, address, pdf([ONLINE]), validators=Validators('"2"'))

        assert told(watch.later(source=SEJOUR)) == [("edited", "Notice du séjour")]

    def test_a_document_that_is_replaced_back_and_forth_is_told_each_time(self, watch: Watch) -> None:
        address = f"{HOST}/sites/default/files/notice.pdf"
        self.show(watch, link(address, detail=""))
        for number, text in enumerate([COUNTER, ONLINE, COUNTER, ONLINE]):
            offer(watch, address, pdf([text]), validators=Validators(f'"{number}"'))
            watch.later(source=SEJOUR)

        assert [alert.summary for alert in watch.alerts()] == [ONLINE, COUNTER, ONLINE]

    def test_a_scanned_file_in_its_place_goes_to_review_and_says_so(self, read: Watch) -> None:
        offer(read, SECOND, scanned())
        self.show(read, link(SECOND, detail="PDF - 0,13 Mb - 08/09/2025"))

        read.later(source=SEJOUR)

        (alert,) = read.alerts()
        assert alert.state is AlertState.UNVERIFIED
        assert "document numérisé : son texte n'a pas pu être lu" in alert.summary
        assert SECOND in alert.summary
        assert alert.before == COUNTER

    def test_many_documents_are_read_a_few_at_a_time(self, watch: Watch) -> None:
        files = [upload(1000 + 10 * n, f"{n}.pdf") for n in range(20)]
        for number, address in enumerate(files):
            offer(watch, address, pdf([f"{COUNTER} Numéro {number}."]))
        self.show(watch, *(link(address, f"Notice {n}") for n, address in enumerate(files)))
        counts = [watch.poll(SEJOUR).requests, *(watch.later(SOON, SEJOUR).requests for _ in range(3))]

        assert counts == [9, 9, 5, 1]
        assert not watch.alerts()

    def test_what_was_too_large_or_no_pdf_and_what_takes_its_place_is_told(self, read: Watch) -> None:
        self.show(read, link(SECOND, detail="PDF - 48,2 Mb - 08/09/2025"))
        read.later(source=SEJOUR)
        third = upload(500)
        offer(read, third, pdf([ONLINE]))
        self.show(read, link(third, detail="PDF - 0,12 Mb - 09/09/2025"))
        read.later(source=SEJOUR)

        large, small = read.alerts()
        assert ("trop volumineux" in large.summary, large.before) == (True, COUNTER)
        assert small.summary == ONLINE
        assert SECOND not in read.web.asked

    def test_two_files_of_one_name_are_not_taken_for_each_other(self, watch: Watch) -> None:
        offer(watch, FIRST, pdf([COUNTER]))
        offer(watch, SECOND, pdf([ONLINE]))
        self.show(watch, link(FIRST), link(SECOND))
        watch.poll(SEJOUR)
        self.show(watch, link(SECOND), link(FIRST))

        assert told(watch.later(source=SEJOUR)) == []

    def test_files_of_other_sites_are_not_asked_for(self, watch: Watch) -> None:
        self.show(
            watch, link("https://www.service-public.fr/notice.pdf"), link(f"{HOST}/notice.docx", detail="")
        )
        watch.poll(SEJOUR)

        assert watch.web.asked == [GUIDE]


class TestDocumentsThatDoNotCome:
    @pytest.fixture
    def read(self, watch: Watch) -> Watch:
        offer(watch, FIRST, pdf([COUNTER]))
        watch.web.show(GUIDE, guide(link(FIRST)))
        watch.poll(SEJOUR)
        return watch

    @pytest.mark.parametrize(
        "answer",
        [
            BUSY,
            FailureKind.RESET,
            Reply(article_page("Vérification", "Un instant.").encode()),
            Reply(pdf([ONLINE])[:-200], kind="application/pdf"),
            Reply(b"", kind="application/pdf"),
            Reply(b"<h1>404</h1>", 404),
        ],
        ids=["503", "reset", "a page", "cut", "nothing", "404"],
    )
    def test_what_comes_instead_is_no_news(self, read: Watch, answer: Reply | FailureKind) -> None:
        read.web.replies[SECOND] = answer
        read.web.show(GUIDE, guide(link(SECOND, detail="PDF - 0,13 Mb - 08/09/2025")))

        assert told(read.later(source=SEJOUR)) == []
        offer(read, SECOND, pdf([ONLINE]))
        assert told(read.later(SOON, SEJOUR)) == [("edited", "Notice du séjour")]
        assert read.alerts()[0].before == COUNTER

    def test_one_that_never_comes_is_a_problem_of_its_page_until_it_comes(self, read: Watch) -> None:
        read.web.replies[SECOND] = BUSY
        read.web.show(GUIDE, guide(link(SECOND, detail="PDF - 0,13 Mb - 08/09/2025")))
        for _ in range(4):
            read.later(source=SEJOUR)

        assert read.problems() == [(SEJOUR.id, "document")]
        assert read.web.asked.count(SECOND) == 3
        offer(read, SECOND, pdf([COUNTER]))
        read.later(DAY, SEJOUR)
        assert (read.problems(), read.alerts()) == ([], [])

    def test_the_news_of_the_page_waits_once_and_then_goes_out_without_it(self, read: Watch) -> None:
        read.web.replies[SECOND] = BUSY
        read.web.show(GUIDE, guide(link(FIRST), link(SECOND, "Flash info du séjour")))

        first, second = read.later(source=SEJOUR), read.later(SOON, SEJOUR)

        assert (first.outcome, told(first)) == (Outcome.IMPLAUSIBLE, [])
        assert told(second) == [("edited", "Vos démarches")]
        (alert,) = read.alerts()
        assert alert.state is AlertState.UNVERIFIED
        assert "le document n'a pas pu être obtenu" in alert.summary

    def test_what_is_told_without_a_new_upload_says_that_it_is_the_text_of_before(self, read: Watch) -> None:
        read.web.replies[SECOND] = BUSY
        inside = f'<h2>Vos démarches</h2><p>Nouveau : <a href="{SECOND}">Notice du séjour</a></p>'
        page = framed("Étrangers en France", inside)
        read.web.show(GUIDE, page)
        read.later(source=SEJOUR)
        read.later(SOON, SEJOUR)

        (alert,) = read.alerts()
        assert alert.state is AlertState.UNVERIFIED
        assert "le texte est celui d'avant" in alert.summary

    def test_one_that_is_refused_does_not_keep_the_others_away_for_ever(self, watch: Watch) -> None:
        files = [upload(1000 + 10 * n, f"{n}.pdf") for n in range(3)]
        watch.web.replies[files[0]] = BUSY
        for address in files[1:]:
            offer(watch, address, pdf([COUNTER]))
        watch.web.show(GUIDE, guide(*(link(address, f"Notice {n}") for n, address in enumerate(files))))
        watch.poll(SEJOUR)
        watch.later(SOON, SEJOUR)

        assert [watch.web.asked.count(address) for address in files] == [2, 1, 1]

    def test_after_one_that_is_refused_no_other_is_asked_for(self, watch: Watch) -> None:
        files = [upload(1000 + 10 * n, f"{n}.pdf") for n in range(3)]
        watch.web.replies |= dict.fromkeys(files, BUSY)
        watch.web.show(GUIDE, guide(*(link(address, f"Notice {n}") for n, address in enumerate(files))))

        assert watch.poll(SEJOUR).requests == 2


class TestNews:
    def test_a_card_that_leads_to_a_file_says_what_the_file_says(self, watch: Watch) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        offer(watch, FIRST, pdf([ONLINE]))
        watch.web.show(LIST, news(file_card(FIRST)))

        polled = watch.later()

        assert said(polled) == [ONLINE]
        (alert,) = watch.alerts()
        assert (alert.title, alert.summary) == ("Avis aux usagers étrangers", ONLINE)
        assert alert.published == date(2025, 9, 1)

    def test_an_article_is_read_with_the_document_it_links(self, watch: Watch) -> None:
        watch.show(cards(20))
        watch.poll()
        newcomer = card(21, "Titres de séjour")
        offer(watch, FIRST, pdf([ONLINE]))
        page = framed("Titres de séjour", f"<p>Voir le document joint.</p><ul>{link(FIRST)}</ul>")
        watch.web.show(newcomer.address, page)
        watch.show([newcomer, *cards(20)])

        (text,) = said(watch.later())

        assert text.startswith("Voir le document joint.")
        assert text.endswith(ONLINE)

    def test_a_replaced_file_of_a_card_is_an_edit(self, watch: Watch) -> None:
        offer(watch, FIRST, pdf([COUNTER]))
        watch.web.show(LIST, news(file_card(FIRST)))
        watch.poll()
        offer(watch, SECOND, pdf([ONLINE]))
        watch.web.show(LIST, news(file_card(SECOND, day="08/09/2025")))

        polled = watch.later()

        assert told(polled) == [("edited", "Avis aux usagers étrangers")]
        (alert,) = watch.alerts()
        assert (alert.summary, alert.before) == (ONLINE, COUNTER)

    def test_a_card_of_which_the_file_was_only_sent_again_is_none(self, watch: Watch) -> None:
        offer(watch, FIRST, pdf([COUNTER]))
        watch.web.show(LIST, news(file_card(FIRST)))
        watch.poll()
        offer(watch, SECOND, pdf([COUNTER], made="2026"))
        watch.web.show(LIST, news(file_card(SECOND, day="08/09/2025")))

        assert told(watch.later()) == []

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (scanned(2), "document numérisé"),
            (locked([ONLINE], password="secret"), "protégé par un mot de passe"),
            (b"%PDF-1.7\n" + bytes(500) + b"%%EOF", "document abîmé"),
            (b"PK\x03\x04" + bytes(500), "n'est pas un PDF"),
        ],
        ids=["scanned", "locked", "damaged", "an archive"],
    )
    def test_one_that_cannot_be_read_is_told_and_left_to_a_reviewer(
        self, watch: Watch, body: bytes, words: str
    ) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        offer(watch, FIRST, body)
        watch.web.show(LIST, news(file_card(FIRST)))

        watch.later()

        (alert,) = watch.alerts()
        assert alert.state is AlertState.UNVERIFIED
        assert words in alert.summary
        assert FIRST in alert.summary

    def test_a_newcomer_waits_for_its_document_and_not_for_ever(self, watch: Watch) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        watch.web.replies[FIRST] = BUSY
        watch.web.show(LIST, news(file_card(FIRST)))

        found = [told(watch.later(SOON)) for _ in range(4)]

        assert found == [[], [], [("added", "Avis aux usagers étrangers")], []]
        assert "le document n'a pas pu être obtenu" in watch.alerts()[0].summary

    def test_the_files_of_a_list_are_learnt_one_after_the_other(self, watch: Watch) -> None:
        files = [upload(1000 + 10 * n, f"{n}.pdf") for n in range(10)]
        for address in files:
            offer(watch, address, pdf([COUNTER]))
        watch.web.show(LIST, news(*(file_card(address, f"Avis {n}") for n, address in enumerate(files))))

        counts = [watch.poll().requests, *(watch.later(SOON).requests for _ in range(2))]

        assert counts == [9, 3, 1]

    def test_one_that_comes_at_the_second_try_is_read(self, watch: Watch) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        watch.web.replies[FIRST] = BUSY
        watch.web.show(LIST, news(file_card(FIRST)))
        watch.later()
        offer(watch, FIRST, pdf([ONLINE]))

        assert said(watch.later(SOON)) == [ONLINE]

    def test_one_that_the_page_says_to_be_large_is_not_asked_for(self, watch: Watch) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        watch.web.show(LIST, news(file_card(FIRST).replace("1,10 Mb", "48,3 Mb")))
        polled = watch.later()

        assert len(changes(polled)) == 1
        assert FIRST not in watch.web.asked
        assert "trop volumineux" in watch.alerts()[0].summary


class TestHostileFiles:
    @pytest.mark.parametrize("make", [deflate_bomb, bomb_in_a_bomb, tree_in_itself, active, noise])
    def test_a_hostile_file_costs_its_own_text_and_nothing_else(
        self, watch: Watch, make: Callable[[], bytes]
    ) -> None:
        offer(watch, FIRST, make())
        offer(watch, SECOND, pdf([COUNTER]))
        watch.web.show(GUIDE, guide(link(FIRST, "Piège"), link(SECOND)))
        first = watch.poll(SEJOUR)
        third = upload(500)
        offer(watch, third, pdf([ONLINE]))
        watch.web.show(GUIDE, guide(link(FIRST, "Piège"), link(third, detail="PDF - 0,2 Mb - 09/09/2025")))

        second = watch.later(source=SEJOUR)

        assert (first.outcome, first.surprise, second.surprise) == (Outcome.OK, None, None)
        assert told(second) == [("edited", "Notice du séjour")]

    def test_signs_in_names_are_left_out(self, watch: Watch) -> None:
        watch.web.show(LIST, news())
        watch.poll()
        address = f"{HOST}/contenu/telechargement/7/8/file/%E2%80%AEfdp.sirivA%00%0A.pdf"
        offer(watch, address, scanned())
        watch.web.show(LIST, news(file_card(address, title="Avis \u202eaux usagers\u2066 étrangers")))
        watch.later()

        (alert,) = watch.alerts()
        assert "numérisé" in alert.summary
        assert not any(char in f"{alert.title}{alert.summary}" for char in "\u202e\u2066\x00")
