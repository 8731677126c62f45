"""`vigie replay`: what other rules would have told, without telling it."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.fakes.command_line import Vigie
from watcher.cli import parser

RULES = Path(__file__).parents[3] / "rules.yaml"
NEWS = "15-actualites"


def doubting(vigie: Vigie) -> str:
    """Rules under which no change of appointments is sure enough to be published."""
    head, category, tail = RULES.read_text(encoding="utf-8").partition("  - id: rdv_modality\n")
    assert category
    return vigie.file("rules.yaml", head + category + tail.replace("threshold: 0.75", "threshold: 1.0", 1))


def forgetting(vigie: Vigie) -> str:
    """Rules that know no word of residence permits, of grounds or of channels."""
    whole = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    known = [{**category, "strong": [], "weak": []} for category in whole["categories"]]
    forgotten: dict[str, object] = {section: [] for section in whole if isinstance(whole[section], list)}
    rules = {
        **forgotten,
        "version": 1,
        "subject": {"spellings": ["abracadabra"]},
        "categories": known,
    }
    return vigie.file("forgetting.yaml", yaml.safe_dump(rules, allow_unicode=True))


def test_todays_rules_change_nothing(told: Vigie) -> None:
    ran = told("replay", "--json")

    assert (ran.status, ran.out) == (0, "")
    assert ran.error.endswith("apparaîtraient : 0, qui disparaîtraient : 0, qui changeraient : 0")
    assert not ran.error.startswith("textes relus : 0")


def test_a_higher_threshold_sends_a_published_alert_to_review(told: Vigie) -> None:
    ran = told("replay", "--json", "--rules", doubting(told))
    published = [row["id"] for row in told("alerts", "--json").rows if row["route"] == "publish"]

    assert ran.status == 0
    assert sorted(row["id"] for row in ran.rows) == sorted(published) != []
    assert {row["effect"] for row in ran.rows} == {"changes"}
    assert ran.rows[0]["fields"] == ["route"]
    assert (ran.rows[0]["before"]["route"], ran.rows[0]["after"]["route"]) == ("publish", "review")
    assert (ran.rows[0]["prefecture"], ran.rows[0]["source"]) == ("15", "15-actualites")


def test_news_whose_subject_the_rules_no_longer_know_would_go_to_review(told: Vigie) -> None:
    ran = told("replay", "--json", "--rules", forgetting(told))
    (row,) = [row for row in ran.rows if row["source"] == NEWS]

    assert (row["effect"], row["before"]["route"], row["after"]["route"]) == ("changes", "publish", "review")
    assert row["before"]["motifs"] == ["hors_anef"]
    assert row["after"]["motifs"] == []


def test_a_replay_alerts_nobody_and_changes_no_alert(told: Vigie) -> None:
    before = told("alerts", "--json").out, told("feed", "all").out

    told("replay", "--rules", doubting(told))

    assert (told("alerts", "--json").out, told("feed", "all").out) == before


def test_people_are_shown_what_differs(told: Vigie) -> None:
    ran = told("replay", "--rules", doubting(told))

    assert "change : 15-actualites · " in ran.out
    assert "    suite : publish → review" in ran.out


def test_a_replay_since_a_day_reads_only_what_came_later(told: Vigie) -> None:
    assert told("replay", "--since", "2025-09-11").error.startswith("textes relus : 0 ;")
    assert told("replay", "--since", "hier").status == 2


def test_replay_and_evaluate_have_a_french_help() -> None:
    shown = parser().format_help()

    assert "relit les textes passés" in shown
    assert "mesure la lecture" in shown
