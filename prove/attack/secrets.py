"""Addresses, keys and links of our people: whether anything that we keep or log holds one of them.

A small life is lived with a mail server that says people's names back to us in every refusal; in the long form a
month of news follows, told to a thousand readers.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from prove.crash.life import (
    ACTS,
    ANNE,
    BOB,
    CARL,
    DORA,
    START,
    Stage,
    TickingClock,
    live,
    one_process,
    prepare,
)
from prove.crash.outside import Outside
from prove.report import Figure
from tests.fakes.web import Card
from watcher import logs
from watcher.cli import main as vigie
from watcher.core.mail_address import mailbox_of
from watcher.core.ports_outgoing import Purpose
from watcher.vault import open_vault

_PEOPLE = (ANNE, BOB, CARL, DORA)
_ALL = b"canari-"  # in everybody's address, those of all readers too
_SENT = 6  # times a day: a server that refuses most of them is left alone for an hour each time


@dataclass
class Spiteful(Outside):
    """Refuses every other letter, and says whose and what it was."""

    _number: int = 0

    def _take(self, line: socket.socket) -> None:
        to, said = "", ""
        with line.makefile("rb") as stream:
            line.sendall(b"220 ready\r\n")
            while command := stream.readline():
                verb = command[:4].upper()
                if verb == b"RCPT":
                    to = command.partition(b"<")[2].partition(b">")[0].decode()
                    self._number += 1
                    code = ("550 5.1.1", "450 4.2.0", "250 2.1.5", "550 5.7.1")[self._number % 4]
                    line.sendall(f"{code} <{to}> {said} is nobody here\r\n".encode()[:400])
                    continue
                if verb == b"MAIL":
                    said = command.decode().strip()
                if verb == b"DATA":
                    line.sendall(b"354 go on\r\n")
                    self._keep(to, stream)
                replies = {b"EHLO": b"250-here\r\n250 8BITMIME\r\n", b"QUIT": b"221 bye\r\n"}
                line.sendall(replies.get(verb, b"250 2.0.0 yes\r\n"))


def attack(*, long: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, Spiteful().running() as outside:
        folder, log = Path(name), Path(name) / "said.log"
        stage, database = Stage(folder, outside), f"sqlite:///{name}/vigie.db"
        with _said_into(log):
            logs.configure()
            prepare(stage, database, [f"reader{number}" for number in range(1000 if long else 20)])
            live(
                stage,
                database,
                range(len(ACTS)),
                lambda act: setattr(outside, "answer", stage.site(act).page),
            )
            _more_days(stage, database, 30 if long else 1)
            saved = vigie(["backup", str(folder / "copy.db"), "--database", database])
        secrets = _secrets(folder, outside)
        files = [path for path in folder.iterdir() if path.name not in {"vigie.key", "sources.yaml"}]
        held = {path.name: [secret for secret in secrets if secret in path.read_bytes()] for path in files}
        lines = log.read_bytes().splitlines()
    letters = f"{len(outside.copies)} letters to {len({copy.to for copy in outside.copies})} people"
    hits = sum(map(len, held.values()))
    first = next((f"{name}: {found[0]!r}" for name, found in held.items() if found), "")
    return [
        Figure(f"{len(secrets)} canaries of {letters} in {', '.join(sorted(held))}",
               f"{hits} {first}".strip(), "0", kept=not hits and not saved),
        Figure("lines that the program logged meanwhile", str(len(lines)), "some", kept=bool(lines)),
    ]  # fmt: skip


def _more_days(stage: Stage, database: str, number: int) -> None:
    """Each morning something new is told to everybody."""
    shown, clock = list(stage.site(len(ACTS)).shown), TickingClock(START + ACTS[-1].after)
    with one_process(stage, database, clock) as living:
        for day in range(number):
            morning = clock.reach(START + timedelta(days=day + 2))
            title = f"Titres de séjour : prise de rendez-vous en ligne obligatoire, {day + 1}e liste"
            shown.insert(0, Card(title, morning.date(), path=f"D{day}"))
            stage.outside.answer = replace(stage.site(len(ACTS)), shown=shown[:10]).page
            for _ in range(_SENT):
                living.watch()
                clock.reach(clock.now() + timedelta(hours=2))


@contextmanager
def _said_into(log: Path) -> Iterator[None]:
    """Whatever this process says on its standard outputs, also from below Python."""
    sys.stdout.flush()
    kept = [os.dup(1), os.dup(2)]
    with log.open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, handle in zip((1, 2), kept, strict=True):
                os.dup2(handle, number)
                os.close(handle)


def _secrets(folder: Path, outside: Outside) -> set[bytes]:
    """Names before and after the @, the key, and the signatures of all links that were sent or could be."""
    found = {
        part for address in _PEOPLE for part in (address, mailbox_of(address), address.partition("@")[2])
    }
    key = (folder / "vigie.key").read_text(encoding="ascii").split()[1]
    vault = open_vault(folder / "vigie.key")
    tokens = [vault.token(purpose, name) for purpose in Purpose for name in ("anne", "bob", "carl", "dora")]
    for copy in outside.copies:
        tokens += re.findall(
            r"/(?:confirm|unsubscribe|manage|never)/([0-9a-z.]+)", copy.body.decode("utf-8", "replace")
        )
    found |= {token.rpartition(".")[2] for token in tokens} | {key}
    return {secret.encode() for secret in found} | {bytes.fromhex(key), _ALL}
