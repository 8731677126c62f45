"""`vigie alerts` and `vigie feed`: what was told."""

from __future__ import annotations

import json

import feedparser
import pytest

from tests.fakes.command_line import Vigie


class TestAlertsAndFeeds:
    def test_alerts_are_listed_with_all_that_was_understood(self, told: Vigie) -> None:
        ran = told("alerts", "--json")
        days = [row["detected_at"] for row in ran.rows]

        assert ran.status == 0
        assert days == sorted(days, reverse=True)
        assert "2025-10-01" in [row["effective_from"] for row in ran.rows]
        assert list(ran.rows[0])[:8] == [
            "id",
            "prefecture",
            "source",
            "kind",
            "state",
            "title",
            "url",
            "published",
        ]

    def test_they_can_be_filtered(self, told: Vigie) -> None:
        def count(*options: str) -> int:
            return len(told("alerts", "--json", *options).rows)

        everything = count()
        assert count("--prefecture", "15") == count("--category", "rdv_modality") == everything > 0
        assert count("--since", "2025-09-10") == everything
        assert (
            count("--since", "2025-09-11") == count("--category", "fee") == count("--prefecture", "69") == 0
        )

    def test_for_people_none_is_said(self, told: Vigie) -> None:
        assert told("alerts", "--category", "fee").error == "aucune alerte"
        assert "rdv_modality, effet 2025-10-01" in told("alerts").out.replace("filing_channel, ", "")

    def test_each_is_told_in_one_line_of_two_languages(self, told: Vigie) -> None:
        french, english = (
            {row[f"summary_{code}"] for row in told("alerts", "--json").rows} for code in ("fr", "en")
        )
        line = "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF"

        assert line in french
        assert "Cantal (15): from 1 October 2025, online appointments for grounds not on ANEF" in english
        assert line in told("alerts").out

    def test_a_bad_day_is_one_line(self, told: Vigie) -> None:
        ran = told("alerts", "--since", "hier")

        assert ran.status == 2
        assert ran.error.startswith("vigie : --since : « hier »")

    @pytest.mark.parametrize("format_", ["atom", "rss"])
    @pytest.mark.parametrize("query", ["all", "prefecture:15", "category:rdv_modality"])
    def test_a_feed_shows_the_announcement_and_its_category(
        self, told: Vigie, query: str, format_: str
    ) -> None:
        ran = told("feed", query, "--format", format_)
        entries = feedparser.parse(ran.out.encode()).entries

        assert ran.status == 0
        assert len(entries) == len(told("alerts", "--json").rows)
        assert "rdv_modality" in {tag.term for entry in entries for tag in entry.tags}
        assert any("1er octobre 2025" in str(entry) for entry in entries)

    def test_a_json_feed_is_json(self, told: Vigie) -> None:
        assert json.loads(told("feed", "all", "--format", "json").out)["items"]

    def test_an_empty_feed_is_a_whole_document(self, cantal: Vigie) -> None:
        ran = cantal("feed", "prefecture:15", "--stream", "verified")

        assert (ran.status, feedparser.parse(ran.out.encode()).entries) == (0, [])
        assert feedparser.parse(ran.out.encode()).feed.title

    @pytest.mark.parametrize("query", ["nope", "prefecture:999", "category:nope", "prefecture:"])
    def test_an_unknown_feed_is_one_line(self, cantal: Vigie, query: str) -> None:
        ran = cantal("feed", query)

        assert (ran.status, ran.out) == (2, "")
        assert ran.error.startswith("vigie : Flux inconnu : ")
