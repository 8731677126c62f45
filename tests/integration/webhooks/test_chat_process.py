"""Apprise works in a process of its own; what it is given, what it says, and what it is not given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from notifiers import chat
from notifiers.chat_process import Outcome, main
from tests.fakes.alerts import StillClock
from tests.fakes.outgoing import desk
from tests.fakes.receiver import Got, Receiver, always
from tests.integration.fetching.scripted import Script, answer, endless
from watcher.core.chats import ChatError
from watcher.core.outbox import Attempt, Fate
from watcher.core.subscriptions import Way

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise's own

TELEGRAM = "tgram://123456789:AABBccddeeffgghhiijjkkllmmnnooppqqr/12345"


def asked(receiver: Receiver, reply: Callable[[Got], Script]) -> Outcome:
    pytest.importorskip("apprise")
    receiver.reply = reply
    return main(json.dumps({"address": f"gotify://127.0.0.1:{receiver.port}/token", "text": "Été <b>"}))


def test_a_text_arrives_as_it_is(receiver: Receiver) -> None:
    assert asked(receiver, always(answer(b"{}"))) is Outcome.TAKEN
    assert receiver.got[0].told["message"] == "Été <b>"


def test_what_is_not_taken_is_known(receiver: Receiver) -> None:
    assert asked(receiver, always(answer(b"", status="403 No"))) is Outcome.NOT_TAKEN


def test_a_question_sends_nothing(receiver: Receiver) -> None:
    pytest.importorskip("apprise")
    address = f"gotify://127.0.0.1:{receiver.port}/token"

    assert main(json.dumps({"address": address})) is Outcome.TAKEN
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "address", ["tgram://nonsense", "gotifys://host/t?verify=no", "nothing", "slack://a"]
)
def test_what_cannot_be_an_address_is_known(address: str) -> None:
    pytest.importorskip("apprise")
    assert main(json.dumps({"address": address, "text": "a"})) is Outcome.NO_SUCH_ADDRESS


def test_without_apprise_nothing_else_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    assert main(json.dumps({"address": TELEGRAM, "text": "a"})) is Outcome.NO_APPRISE


_PEAK = """
import resource, subprocess, sys
command = [sys.executable, "-I", "-m", "notifiers.chat_process"]
done = subprocess.run(command, stdin=sys.stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_server_that_answers_without_end_fills_no_memory(receiver: Receiver) -> None:
    """Apprise reads it all; the process that does is as large as it may be, and no larger."""
    pytest.importorskip("apprise")
    receiver.reply = always(endless(b"HTTP/1.1 200 OK\r\n\r\n", bytes(65536), times=50_000))
    question = {"address": f"gotify://127.0.0.1:{receiver.port}/token", "text": "a"}
    # In between stands a small process: the peak of a child begins with that of its parent, which here is large.
    done = subprocess.run(
        [sys.executable, "-I", "-c", _PEAK],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    status, peak = map(int, done.stdout.split())

    assert status not in {*Outcome}
    assert peak < 450_000  # KB


def test_a_maintainer_learns_of_a_slip_of_the_pen_before_anything_is_kept() -> None:
    pytest.importorskip("apprise")
    chat.check(TELEGRAM)
    with pytest.raises(ChatError, match="faute de frappe"):
        chat.check("tgram://nonsense")


def test_a_process_that_dies_is_no_failure_of_ours(
    tmp_path: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    letters = desk(tmp_path)

    with chat.ChatSender(letters.vault, clock).open() as send:
        attempt = send(letters.claimed(Way.CHAT, TELEGRAM), b"text")

    assert attempt == Attempt(Fate.RETRY, "no answer in time, or none at all")
