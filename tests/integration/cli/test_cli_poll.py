"""`vigie poll` and `vigie sources`: what is printed, and what the exit status says."""

from __future__ import annotations

import json

from tests.fakes.command_line import CANTAL_STEP, Vigie, poll
from watcher.replica import Replica


class TestPoll:
    def test_a_line_for_each_source_has_the_keys_of_the_contract(
        self, cantal: Vigie, replica: Replica
    ) -> None:
        ran = poll(cantal, replica, 0)

        assert (ran.status, ran.err) == (0, "")
        assert [row["source"] for row in ran.rows] == ["15-actualites", "15-sejour"]
        for row in ran.rows:
            assert list(row) == ["source", "outcome", "changes", "requests", "bytes", "ms"]
            assert (row["outcome"], row["changes"]) == ("ok", [])
            assert row["bytes"] > 60_000

    def test_a_change_has_the_keys_of_the_contract(self, cantal: Vigie, replica: Replica) -> None:
        poll(cantal, replica, 0)
        rows = poll(cantal, replica, CANTAL_STEP).rows
        changes = [change for row in rows for change in row["changes"]]
        expected = [e for e in replica.expected(CANTAL_STEP) if e.source.startswith("15")]

        assert len(changes) == len(expected) > 0
        for change in changes:
            assert list(change) == ["id", "kind", "title", "url", "published", "categories", "route"]
            assert change["categories"][0] == "rdv_modality"
            assert change["route"] == "publish"

    def test_run_twice_nothing_changes(self, told: Vigie, replica: Replica) -> None:
        again = poll(told, replica, CANTAL_STEP).rows

        assert [(row["outcome"], row["changes"]) for row in again] == [("unchanged", [])] * 2

    def test_some_sources_may_be_named(self, cantal: Vigie, replica: Replica) -> None:
        assert [r["source"] for r in poll(cantal, replica, 0, "15-sejour", "15-sejour").rows] == ["15-sejour"]

    def test_those_that_are_due(self, cantal: Vigie, replica: Replica) -> None:
        first = poll(cantal, replica, 0, "--due")
        second = poll(cantal, replica, 0, "--due")

        assert len(first.rows) == 2
        assert (second.status, second.out, second.error) == (0, "", "rien à relever maintenant")

    def test_for_people_a_line_says_what_was_found(self, told: Vigie, replica: Replica) -> None:
        ran = told("poll", "15-sejour", "--now", replica.time(CANTAL_STEP).isoformat())

        assert (ran.status, ran.out) == (0, "15-sejour : unchanged\n")

    def test_what_could_not_be_read_is_named_and_gives_status_1(
        self, cantal: Vigie, replica: Replica
    ) -> None:
        replica.outage(["15"], "maintenance")
        try:
            ran = poll(cantal, replica, 0)
        finally:
            replica.heal()

        assert ran.status == 1
        assert [row["outcome"] for row in ran.rows] == ["maintenance"] * 2
        assert all(row["reason"] for row in ran.rows)

    def test_an_unknown_source_is_named_with_the_nearest_one(self, cantal: Vigie) -> None:
        ran = cantal("poll", "15-actualite")

        assert (ran.status, ran.out) == (2, "")
        assert ran.error == "vigie : source inconnue : 15-actualite (voulez-vous dire 15-actualites ?)"

    def test_a_source_like_no_other_is_looked_for_in_the_list(self, cantal: Vigie) -> None:
        assert cantal("poll", "zzz").error == "vigie : source inconnue : zzz (voir « vigie sources list »)"

    def test_without_any_source_it_asks_for_one(self, cantal: Vigie) -> None:
        ran = cantal("poll")

        assert ran.status == 2
        assert "--all" in ran.error


class TestSources:
    def test_the_list_tells_what_is_known_of_each(self, told: Vigie) -> None:
        rows = told("sources", "list", "--json").rows

        assert [(row["id"], row["kind"]) for row in rows] == [
            ("15-actualites", "news"),
            ("15-sejour", "page"),
        ]
        assert all(row["last_read_at"] and row["outcome"] for row in rows)

    def test_for_people_a_source_that_was_never_read_says_so(self, cantal: Vigie) -> None:
        ran = cantal("sources", "list")

        assert ran.status == 0
        assert ran.out.count("jamais lue") == 2

    def test_a_page_can_be_recorded_with_what_is_read_in_it(self, cantal: Vigie) -> None:
        ran = cantal("sources", "record", "15-actualites", "--into", str(cantal.folder / "pages"))
        folder = cantal.folder / "pages" / "15-actualites"

        assert ran.status == 0
        assert json.loads((folder / "expected.json").read_text())["items"]
        assert (folder / "page.html").stat().st_size > 60_000
        assert json.loads((folder / "about.json").read_text())["layout"] == "dsfr"

    def test_one_that_cannot_be_reached_is_named(self, cantal: Vigie, replica: Replica) -> None:
        replica.outage(["15"], "reset")
        try:
            ran = cantal("sources", "record", "15-actualites", "--into", str(cantal.folder / "pages"))
        finally:
            replica.heal()

        assert ran.status == 1
        assert ran.out.startswith("15-actualites : ")

    def test_an_unknown_one_is_one_line(self, cantal: Vigie) -> None:
        assert cantal("sources", "record", "nope").error.startswith("vigie : source inconnue : nope")
