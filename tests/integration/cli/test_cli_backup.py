"""`vigie backup`, `vigie restore`, and what sending waits for."""

from __future__ import annotations

import os
from pathlib import Path

from tests.fakes.command_line import Vigie


def test_a_copy_is_put_back_and_sends_when_it_is_told_to(vigie: Vigie, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    vigie("sources", "list")

    saved = vigie("backup", copy)
    assert (saved.status, saved.err) == (0, "")
    assert "324 sources" in saved.out
    assert "vigie.key" in saved.out

    assert vigie("restore", copy).status == 2, "a database is there"
    restored = vigie("restore", copy, "--replace")
    assert (restored.status, restored.err) == (0, "")
    assert "est gardée" in restored.out
    assert "vigie deliver --resume" in restored.out

    held = vigie("deliver")
    assert held.status == 1
    assert "rien ne part avant « vigie deliver --resume »" in held.err
    (telling,) = [row for row in vigie("doctor", "--json").rows if row["check"] == "envois"]
    assert not telling["ok"]
    assert "base restaurée" in telling["detail"]

    assert "envois repris" in vigie("deliver", "--resume").out
    assert vigie("deliver").status == 0


def test_sending_is_suspended_and_resumed(vigie: Vigie) -> None:
    assert vigie("deliver", "--suspend").status == 0
    assert vigie("deliver").status == 1
    assert vigie("deliver", "--resume").status == 0
    assert "rien n'était suspendu" in vigie("deliver", "--resume").out


def test_why_there_is_no_copy_is_said_in_one_line(vigie: Vigie, tmp_path: Path) -> None:
    assert "n'existe pas encore" in vigie("backup", str(tmp_path / "x.db")).error
    assert "pg_dump" in vigie("backup", "x.db", "--database", "postgresql://h/b").error
    vigie("sources", "list")
    assert "n'est pas inscriptible" in vigie("backup", str(tmp_path / "nowhere" / "x.db")).error
    assert vigie("restore", str(tmp_path / "nowhere.db")).status == 2


def test_a_copy_takes_the_place_of_no_device(vigie: Vigie, tmp_path: Path) -> None:
    device = tmp_path / "device"
    os.mkfifo(device)
    vigie("sources", "list")
    assert "ce n'est pas un fichier ordinaire" in vigie("backup", str(device)).error
    assert device.is_fifo()
