"""Configuration, installation and usage: every mistake is one line that names it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.command_line import CANTAL_STEP, Vigie
from watcher.cli import main
from watcher.replica import Replica


class TestConfiguration:
    def test_the_shipped_files_can_be_used(self, vigie: Vigie) -> None:
        ran = vigie("config", "check")

        assert (ran.status, ran.err) == (0, "")
        assert "préfectures" in ran.out

    def test_every_mistake_is_named_with_file_line_and_key(self, vigie: Vigie) -> None:
        broken = vigie.file(
            "broken.yaml",
            'platforms:\n  ide: {gap: 7s}\nprefectures:\n  "15":\n    name: Cantal\n'
            "    home: https://www.cantal.gouv.fr\n    pagez: []\n  69:\n    name: Rhône\n",
        )
        ran = vigie("config", "check", "--sources", broken)

        assert ran.status == 2
        assert "broken.yaml" in ran.err
        assert "pagez" in ran.err
        assert ":7" in ran.err
        assert all(line.startswith("vigie : ") for line in ran.err.splitlines())

    def test_the_rules_are_checked_too(self, vigie: Vigie) -> None:
        ran = vigie("config", "check", "--rules", vigie.file("rules.yaml", "motifs: 3\n"))

        assert ran.status == 2
        assert "rules.yaml" in ran.err

    def test_a_stanza_that_cannot_be_used_is_named_and_the_rest_is_polled(
        self, cantal: Vigie, replica: Replica
    ) -> None:
        text = replica.sources_yaml(gap="1ms").replace("layout: content", "layout: nope", 1)
        broken = cantal.file("broken.yaml", text)
        ran = cantal("poll", "--all", "--json", "--sources", broken)

        assert (ran.status, [row["source"] for row in ran.rows]) == (1, ["15-actualites"])
        assert "broken.yaml" in ran.err
        assert "laissé de côté" in ran.err

    @pytest.mark.parametrize("text", ["", "- a\n", "a: [", "\x00", "prefectures: {}\n"])
    def test_a_file_that_is_no_configuration_is_an_error_of_usage(self, vigie: Vigie, text: str) -> None:
        ran = vigie("poll", "--all", "--sources", vigie.file("broken.yaml", text))

        assert ran.status == 2
        assert "broken.yaml" in ran.err
        assert "Traceback" not in ran.err

    def test_a_missing_one_is_one_line(self, vigie: Vigie) -> None:
        assert "/none.yaml" in vigie("poll", "--all", "--sources", "/none.yaml").error

    def test_the_schema_is_printed(self, vigie: Vigie) -> None:
        schema = json.loads(vigie("config", "schema").out)

        assert set(schema["properties"]) == {"platforms", "defaults", "prefectures"}


class TestDoctor:
    def test_a_sound_installation_passes_every_check(self, told: Vigie, replica: Replica) -> None:
        ran = told("doctor", "--json", "--now", replica.time(CANTAL_STEP).isoformat())

        assert ran.status == 0
        assert all(set(row) == {"check", "ok", "detail"} and row["ok"] for row in ran.rows)
        assert {"silences", "essai de bout en bout", "signe de vie au dehors"} <= {
            row["check"] for row in ran.rows
        }

    def test_pages_that_nobody_reads_any_more_are_said(self, told: Vigie, replica: Replica) -> None:
        ran = told("doctor", "--now", (replica.time(CANTAL_STEP) + timedelta(days=1)).isoformat())

        assert ran.status == 1
        assert "ÉCHEC  silences : 15-actualites (Lecture en retard : la page devait être lue à" in ran.out

    def test_a_page_that_a_slip_leaves_out_is_said(self, told: Vigie, replica: Replica) -> None:
        file = told.folder / "sources.yaml"
        file.write_text(
            file.read_text(encoding="utf-8").replace("kind: news", "kind: nwes"), encoding="utf-8"
        )

        ran = told("doctor", "--now", replica.time(CANTAL_STEP).isoformat())

        assert ran.status == 1
        assert "sources.yaml (Pages qui ne sont plus suivies : 1 page lue jusqu'ici n'est plus" in ran.out
        assert "15-actualites" in ran.out

    def test_what_is_wrong_is_named_and_gives_status_1(self, cantal: Vigie) -> None:
        ran = cantal("doctor", "--sources", "/none.yaml")

        assert ran.status == 1
        assert "ÉCHEC  sources : /none.yaml" in ran.out
        assert "ÉCHEC  relevés : voir « sources »" in ran.out
        assert ran.out.count("/none.yaml") == 1


class TestGlobalOptions:
    @pytest.mark.parametrize("path", ["file/vigie.db", "."], ids=["below a file", "a folder"])
    def test_a_database_that_cannot_be_written_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
    ) -> None:
        (tmp_path / "file").write_text("")
        status = main(["poll", "--all", "--database", f"sqlite:///{tmp_path}/{path}"])

        assert status == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "--database" in line or "chemin" in line

    def test_a_file_that_is_no_database_is_one_line(self, vigie: Vigie) -> None:
        file = vigie.file(
            "vigie.db", "I am a text, and long enough to be read as a header of something.\n" * 20
        )

        assert file in vigie("alerts").error

    @pytest.mark.parametrize("url", ["mysql://x/y", "vigie.db", "sqlite://"])
    def test_an_address_that_is_no_database_is_one_line(
        self, capsys: pytest.CaptureFixture[str], url: str
    ) -> None:
        assert main(["alerts", "--database", url]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1

    def test_a_bad_time_is_one_line(self, vigie: Vigie) -> None:
        ran = vigie("poll", "--all", "--now", "demain")

        assert ran.status == 2
        assert ran.error.startswith("vigie : --now : « demain » n'est pas une date")

    def test_they_are_taken_before_and_after_the_command(self, cantal: Vigie, replica: Replica) -> None:
        now = replica.time(0).isoformat()

        assert cantal("--now", now, "poll", "15-sejour").status == 0
        assert cantal("sources", "list", "--json").rows[1]["last_read_at"].startswith(now[:13])

    def test_the_one_after_the_command_counts(self, cantal: Vigie) -> None:
        assert cantal("sources", "list", "--sources", "/none.yaml").status == 2

    def test_variables_count_where_no_flag_is_given(
        self, cantal: Vigie, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("VIGIE_DATABASE", cantal.database)
        monkeypatch.setenv("VIGIE_SOURCES", str(cantal.folder / "sources.yaml"))

        assert main(["sources", "list"]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 2

    @pytest.mark.parametrize(
        "arguments",
        [[], ["frobnicate"], ["poll", "--all", "--due"], ["extract"], ["feed", "all", "--format", "x"]],
    )
    def test_wrong_usage_is_one_line(self, vigie: Vigie, arguments: list[str]) -> None:
        ran = vigie(*arguments)

        assert ran.status == 2
        assert ran.error.startswith("vigie")
        assert "--help" in ran.error

    @pytest.mark.parametrize("command", ["", "poll", "serve", "demo", "extract", "sources"])
    def test_every_command_explains_itself(self, capsys: pytest.CaptureFixture[str], command: str) -> None:
        with pytest.raises(SystemExit) as end:
            main([*command.split(), "--help"])

        assert end.value.code == 0
        assert "usage: vigie" in capsys.readouterr().out
