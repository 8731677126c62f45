"""What the program says on its error stream: one JSON object a line, whoever of its parts says it."""

from __future__ import annotations

import json
import subprocess
import sys

HOSTILE = 'a\nERROR:root:b\x85c\u2028d"\x1b[2J'
MANY = """
import logging
from threading import Thread

import structlog

from watcher.logs import configure

configure()


def ours() -> None:
    for number in range(200):
        structlog.get_logger("vigie").info("polled", number=number)


def theirs() -> None:
    for number in range(200):
        logging.getLogger("a library").warning("said %s", HOSTILE)


threads = [Thread(target=one) for one in (ours, theirs) * 4]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("a library").exception("stumbled")
logging.getLogger("a library").warning("%d of what", "no number")
logging.getLogger("a library").info("chat")
"""


def test_libraries_and_threads_say_one_json_object_a_line() -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"HOSTILE = {HOSTILE!r}\n{MANY}"], capture_output=True, check=True
    ).stderr.decode()

    lines = [json.loads(line) for line in said.splitlines()]
    assert len(lines) == 4 * 200 * 2 + 2
    assert {line["event"] for line in lines if line.get("logger")} >= {f"said {HOSTILE}", "stumbled"}
    assert {line["level"] for line in lines} == {"info", "warning", "error"}
    assert any("ZeroDivisionError" in line.get("exception", "") for line in lines)
