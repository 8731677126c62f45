"""`vigie extract` and `vigie classify`: pages and texts in, JSON out."""

from __future__ import annotations

import io
import json
import sys

import pytest

from tests.fakes.command_line import Ran, Vigie
from tests.fakes.web import article_page, cards, guide_page, list_page

ADDRESS = "https://www.cantal.gouv.fr/Actualites"


class TestExtract:
    def extract(self, vigie: Vigie, html: str, *options: str) -> Ran:
        return vigie("extract", vigie.file("page.html", html), "--url", ADDRESS, *options)

    def test_a_list_has_the_keys_of_the_contract(self, vigie: Vigie) -> None:
        ran = self.extract(vigie, list_page(cards(20), following=f"{ADDRESS}/(offset)/10"), "--json")
        (row,) = ran.rows

        assert (ran.status, list(row)) == (0, ["outcome", "layout", "items", "links", "next_page"])
        assert (row["outcome"], row["layout"]) == ("ok", "dsfr")
        assert row["next_page"] == f"{ADDRESS}/(offset)/10"
        assert len(row["items"]) == 10
        assert row["items"][0] == {
            "key": f"{ADDRESS}/Article-20",
            "url": f"{ADDRESS}/Article-20",
            "title": "Nouvelle 20",
            "published": "2025-08-30",
            "updated": None,
            "summary": "",
        }

    def test_a_content_page_has_its_official_links(self, vigie: Vigie) -> None:
        html = guide_page(
            (
                "Rendez-vous",
                ['Prenez <a href="https://www.cantal.gouv.fr/booking/create/4963">rendez-vous</a>.'],
            )
        )
        (row,) = self.extract(vigie, html, "--layout", "content", "--json").rows

        assert row["layout"] == "content"
        assert [item["summary"] for item in row["items"]] == ["Prenez rendez-vous."]
        assert row["links"] == [
            {
                "kind": "booking",
                "id": "booking:www.cantal.gouv.fr/4963",
                "url": "https://www.cantal.gouv.fr/booking/create/4963",
                "label": "rendez-vous",
            }
        ]

    def test_a_page_that_is_none_says_why(self, vigie: Vigie) -> None:
        ran = self.extract(vigie, list_page(cards(20))[:3000], "--json")
        (row,) = ran.rows

        assert (ran.status, row["outcome"], row["items"], row["layout"]) == (0, "truncated", [], None)
        assert row["reason"]

    def test_for_people_each_item_is_shown(self, vigie: Vigie) -> None:
        ran = self.extract(vigie, list_page(cards(20)))

        assert ran.out.startswith("ok\nmise en page : dsfr")
        assert "- 2025-08-30 Nouvelle 20\n" in ran.out

    def test_a_missing_file_is_one_line(self, vigie: Vigie) -> None:
        ran = vigie("extract", str(vigie.folder / "none.html"), "--url", ADDRESS)

        assert ran.status == 2
        assert "none.html : lecture impossible" in ran.error

    def test_no_more_is_taken_in_than_of_a_page_that_is_fetched(self, vigie: Vigie) -> None:
        ran = vigie("extract", "/dev/zero", "--url", ADDRESS)
        assert (ran.status, ran.error) == (
            2,
            "vigie : /dev/zero : plus de 10 Mo, aucun relevé n'en lirait autant",
        )

    @pytest.mark.parametrize("html", [list_page(cards(20)), "<html>"], ids=["good page", "bad page"])
    def test_an_unknown_layout_is_one_line_that_names_the_known_ones(self, vigie: Vigie, html: str) -> None:
        ran = self.extract(vigie, html, "--layout", "nope")

        assert ran.status == 2
        assert ran.error.startswith("vigie : mise en page inconnue : nope (booking, content, dsfr")

    def test_selectors_cannot_be_guessed(self, vigie: Vigie) -> None:
        assert "sources.yaml" in self.extract(vigie, "<html>", "--layout", "selectors").error

    def test_an_article_page_is_no_list(self, vigie: Vigie) -> None:
        html = article_page("Le guichet du séjour ferme", "Il rouvrira lundi. " * 30)
        (row,) = vigie("extract", vigie.file("a.html", html), "--url", f"{ADDRESS}/A", "--json").rows

        assert row["layout"] == "content"


class TestClassify:
    KEYS = (
        "id categories is_change effective_from effective_to motifs channel_before channel_after facts "
        "confidence route reasons"
    )
    ANNOUNCEMENT = json.dumps(
        {
            "id": "a",
            "title": "Prise de rendez-vous",
            "body": "À compter du 1er octobre 2025, les rendez-vous pour une demande de titre de séjour se "
            "prennent en ligne.",
            "prefecture": "15",
            "published": "2025-09-10",
        }
    )

    def test_each_line_in_is_a_line_out_with_the_keys_of_the_contract(self, vigie: Vigie) -> None:
        other = json.dumps({"id": 7, "title": "Fête du fromage", "body": "", "published": "2025"})
        ran = vigie("classify", "--jsonl", vigie.file("in.jsonl", f"{self.ANNOUNCEMENT}\n\n{other}\n"))
        first, second = ran.rows

        assert (ran.status, ran.err) == (0, "")
        assert " ".join(first) == self.KEYS
        assert (first["id"], first["categories"][0], first["route"]) == ("a", "rdv_modality", "publish")
        assert first["effective_from"] == "2025-10-01"
        assert (second["id"], second["categories"], second["route"]) == ("7", ["unrelated"], "mute")

    def test_a_line_without_end_is_refused(self, vigie: Vigie) -> None:
        ran = vigie("classify", "--jsonl", "/dev/zero")
        assert (ran.status, ran.error) == (2, "vigie : /dev/zero:1 : plus de 10 Mio sans fin de ligne")

    def test_half_a_character_is_replaced_and_a_whole_one_kept(self, vigie: Vigie) -> None:
        line = r'{"id": "\ud800a\ud83d\ude00", "title": "Rendez-vous \udfff en ligne"}'
        (row,) = vigie("classify", "--jsonl", vigie.file("in.jsonl", f"{line}\n")).rows
        assert row["id"] == "?a😀"

    def test_it_reads_what_is_piped_in(self, vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(self.ANNOUNCEMENT.encode())))

        assert [row["id"] for row in vigie("classify").rows] == ["a"]

    @pytest.mark.parametrize(
        ("line", "complaint"),
        [
            ("not json", "ce n'est pas du JSON"),
            ("[1]", "un objet JSON est attendu"),
            ('{"title": 3}', "title : un texte est attendu"),
            ('{"published": "hier"}', "published : date illisible « hier »"),
            ('{"published": "2025-02-30"}', "published : date illisible"),
        ],
    )
    def test_a_bad_line_is_named_and_the_others_are_read(
        self, vigie: Vigie, line: str, complaint: str
    ) -> None:
        file = vigie.file("in.jsonl", f"{line}\n{self.ANNOUNCEMENT}\n")
        ran = vigie("classify", "--jsonl", file)

        assert (ran.status, len(ran.rows)) == (1, 1)
        assert ran.error.startswith(f"vigie : {file}:1 : {complaint}")

    def test_a_missing_file_is_one_line(self, vigie: Vigie) -> None:
        assert vigie("classify", "--jsonl", "/none.jsonl").error.startswith("vigie : /none.jsonl : lecture")
