"""PDFs are read in a process of their own, whatever they are made of."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.hostile_pdfs import HOSTILE, active, deflate_bomb, elsewhere, endless_text, signs
from tests.fakes.pdfs import locked, mixed, pdf, scanned
from watcher.core.items import DocumentState
from watcher.pdf import COMMAND, read_pdf

LINE = "La demande de titre de séjour se dépose en ligne."


def test_a_text_is_read_page_after_page() -> None:
    read = read_pdf(pdf([LINE, "L’été, « 12 € »."], ["Deuxième page."]))

    assert read.text == f"{LINE}\nL’été, « 12 € ».\nDeuxième page."
    assert (read.state, read.pages, read.scanned, read.beyond) == (DocumentState.TEXT, 2, 0, 0)


def test_it_is_read_where_modules_were_never_compiled(tmp_path: Path) -> None:
    command = [COMMAND[0], "-X", f"pycache_prefix={tmp_path}", *COMMAND[1:]]

    ended = subprocess.run(command, input=pdf([LINE]), capture_output=True, check=True, timeout=60, env={})

    assert json.loads(ended.stdout)["state"] == "text"
    assert not list(tmp_path.iterdir())


def test_pages_that_are_pictures_are_told_apart() -> None:
    assert read_pdf(scanned(3)).state is DocumentState.SCANNED
    assert (read_pdf(mixed([LINE])).text, read_pdf(mixed([LINE])).scanned) == (LINE, 1)


def test_a_password_is_respected_and_a_mere_protection_read() -> None:
    assert read_pdf(locked([LINE], password="secret")).state is DocumentState.ENCRYPTED
    assert read_pdf(locked([LINE], password="")).text == LINE


def test_letters_that_mean_nothing_are_no_text_and_another_language_is() -> None:
    sentence = "This notice is for British nationals who live in the département of the Cantal. "
    shifted = "".join(chr(ord(char) + 1) if char.isalpha() else char for char in sentence)

    assert read_pdf(pdf([sentence] * 10)).state is DocumentState.TEXT
    assert read_pdf(pdf([shifted] * 10)).state is DocumentState.SCANNED


def test_only_the_first_pages_of_a_long_one_are_read() -> None:
    read = read_pdf(pdf(*[[f"Page numéro {number} de la liste des pièces."] for number in range(70)]))

    assert (read.pages, read.beyond) == (70, 10)


@pytest.mark.parametrize("make", [one for one in HOSTILE if one is not endless_text])
def test_a_hostile_file_is_a_value_and_nothing_else(make: Callable[[], bytes]) -> None:
    assert read_pdf(make()).state in DocumentState


def test_one_that_goes_on_and_on_is_stopped() -> None:
    assert read_pdf(endless_text(), patience=1.0).state is DocumentState.TOO_SLOW


def test_what_unpacks_without_end_is_too_large() -> None:
    assert read_pdf(deflate_bomb()).state is DocumentState.TOO_LARGE


def test_signs_that_hide_or_turn_words_are_left_out() -> None:
    text = read_pdf(signs()).text

    assert "de titre de" in text
    assert not any(char in text for char in "\u202e\u2066\x00\ud800")


def test_scripts_and_other_files_are_not_followed() -> None:
    assert read_pdf(active()).text == LINE.replace("é", "e")
    assert "root:" not in read_pdf(elsewhere()).text


def test_threads_may_ask_at_once_and_the_library_stays_outside() -> None:
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(read_pdf, [pdf([f"{LINE} Numéro {n}."]) for n in range(4)]))

    assert [one.text for one in read] == [f"{LINE} Numéro {n}." for n in range(4)]
    assert "watcher.pdf_process" not in sys.modules
