"""Mails as files of a folder, for development and demonstrations: whoever may read it reads the addresses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from notifiers.letterhead import AddressError, Identity, Letterhead, Links
from watcher.core.outbox import Attempt, Claimed, Fate
from watcher.core.ports_outgoing import Send, SenderDown
from watcher.core.subscriptions import Way


class FolderSender:
    """See `Sender`: one ``.eml`` for each message, however often it is sent; whole, or not there."""

    way = Way.MAIL

    def __init__(self, folder: Path, identity: Identity, links: Links) -> None:
        self._folder = folder
        self._letterhead = Letterhead(identity, links)

    @contextmanager
    def open(self) -> Iterator[Send]:
        """Makes the folder where there is none. Raises `SenderDown`."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SenderDown(f"folder {error.strerror}") from error
        yield self._keep

    def _keep(self, claimed: Claimed, content: bytes) -> Attempt:
        try:
            letter = self._letterhead.letter(claimed, content)
        except AddressError:
            return Attempt(Fate.REFUSED, "address")
        name = self._letterhead.message_id(claimed.message.id)[1:].partition("@")[0]
        try:
            self._write(f"{claimed.message.created_at:%Y%m%dT%H%M%SZ}-{name}.eml", letter.data)
        except OSError as error:
            return Attempt(Fate.STOPPED, f"folder {error.strerror}")
        return Attempt(Fate.ACCEPTED, "folder")

    def _write(self, name: str, data: bytes) -> None:
        beside = self._folder / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / name)
