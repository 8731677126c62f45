"""`vigie move`: everything in another database, and one of the two that sends."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.command_line import Vigie


def test_everything_moves_and_the_old_one_falls_silent(vigie: Vigie, tmp_path: Path) -> None:
    new = f"sqlite:///{tmp_path / 'elsewhere' / 'new.db'}"
    vigie("sources", "list")

    moved = vigie("move", new)

    assert (moved.status, moved.err) == (0, "")
    (sources,) = [line.split() for line in moved.out.splitlines() if line.startswith("sources ")]
    assert int(sources[1]) > 100
    assert f"VIGIE_KEY_FILE={tmp_path / 'vigie.key'}" in moved.out
    assert "base déplacée" in vigie("deliver").err
    assert vigie("deliver", "--database", new).status == 0
    assert "n'est pas vide" in vigie("move", new).error


def test_why_nothing_moves_is_said_in_one_line(vigie: Vigie, tmp_path: Path) -> None:
    assert "n'existe pas" in vigie("move", f"sqlite:///{tmp_path / 'new.db'}").error
    assert "adresse d'une base" in vigie("move", "new.db").error
    vigie("sources", "list")
    away = vigie("move", "postgresql://a:secret@127.0.0.1:1/b")
    assert away.status == 2
    assert "le serveur" in away.error
    assert "secret" not in away.error
