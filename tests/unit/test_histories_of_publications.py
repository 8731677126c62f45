"""Histories that somebody brings are read as they come, and what is wrong with one is said in a line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from bench.freshness import answer, arguments
from bench.freshness.history import read


def file(folder: Path, *lines: bytes) -> Path:
    place = folder / "histoire.jsonl"
    place.write_bytes(b"\n".join(lines))
    return place


def line(published: object, source: str = "01") -> bytes:
    return json.dumps({"source": source, "published": published}).encode()


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T09:00:00",
        "2026-03-02 10:00:00.000+01:00",
        "2026-03-02T09:00:00Z",
        1772442000,
        1772442000.0,
    ],
)
def test_the_same_moment_is_read_however_it_is_written(tmp_path: Path, written: object) -> None:
    marked, usual = file(tmp_path, b"\xef\xbb\xbf" + line(written), b"", line(None, "02")), 1772442000 / 3600

    one, silent = read(marked).sources
    assert one == pytest.approx((usual,))
    assert silent == ()


def test_lines_may_come_in_any_order(tmp_path: Path) -> None:
    mixed = file(tmp_path, line("2026-03-09T09:00:00Z"), line("2026-03-02T09:00:00Z"))

    (times,) = read(mixed).sources
    assert times[1] - times[0] == pytest.approx(7 * 24)


@pytest.mark.parametrize(
    "wrong", [b"pas du json", b"[1, 2]", b"\xff\xfe", b'{"source": "01"}', line("hier"), line(1e30)]
)
def test_a_wrong_line_is_named_with_what_it_ought_to_be(tmp_path: Path, wrong: bytes) -> None:
    with pytest.raises(ValueError, match=r'ligne 2 : il faut, par ligne, \{"source"'):
        read(file(tmp_path, line("2026-03-02T09:00:00Z"), wrong))


def test_ages_between_two_publications_are_a_slip_of_the_pen(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plus de 1100 jours"):
        read(file(tmp_path, line("2026-03-02T09:00:00Z"), line("2206-03-02T09:00:00Z")))


@pytest.mark.parametrize(
    "given",
    [["--per-day", "nan"], ["--per-day", "0"], ["--per-day", "24", "--gap", "-1"], [], ["--per-day", "24"]],
)
def test_what_cannot_be_played_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    parser = ArgumentParser()
    arguments(parser)
    with pytest.raises(SystemExit) as end:
        answer(parser.parse_args(["--history", str(tmp_path / "absente.jsonl"), *given]))

    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("bench : ")
    assert said.count("\n") == 1
