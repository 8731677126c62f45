"""What messages say: rendered once for all who get the same, and frozen before the first is sent."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from threading import Lock

from watcher.core.outbox import Claimed, DigestRun, Message
from watcher.core.ports_outgoing import OutboxStore, Renderer

KEPT = 32  # contents at hand: neighbours in the queue say the same


@dataclass(frozen=True, slots=True)
class Unsayable:
    """Messages that could not be rendered."""

    claimed: tuple[Claimed, ...]
    error: Exception


class Contents:
    """The contents of one way out. Threads may share it."""

    def __init__(self, outbox: OutboxStore, render: Renderer, runs: Callable[[str], DigestRun]) -> None:
        self._outbox, self._render, self._runs = outbox, render, runs
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def freeze(self, claimed: Sequence[Claimed]) -> tuple[list[Claimed], list[Unsayable]]:
        """The same messages, in the same order, each with its content; and those that have none to get.

        Whoever was rendered before keeps what was said then.
        """
        fresh: dict[tuple[object, ...], list[Claimed]] = {}
        for one in claimed:
            if one.message.content is None:
                fresh.setdefault(_wording(one), []).append(one)
        frozen: dict[str, str] = {}
        failed: list[Unsayable] = []
        for alike in fresh.values():
            try:
                body = self._rendered(alike[0])
            except Exception as error:  # ours, whatever it is: the other messages go out
                failed.append(Unsayable(tuple(alike), error))
                continue
            frozen |= dict.fromkeys((one.message.id for one in alike), self._freeze(body, alike))
        return [
            _with(one, frozen) for one in claimed if one.message.content or one.message.id in frozen
        ], failed

    def of(self, content: str) -> bytes | None:
        """The bytes that were frozen under this id."""
        with self._lock:
            if content in self._kept:
                self._kept.move_to_end(content)
                return self._kept[content]
        body = self._outbox.content(content)
        if body is not None:
            self._keep(content, body)
        return body

    def _rendered(self, one: Claimed) -> bytes:
        ids = one.message.alerts
        told = self._outbox.told(ids)
        run = self._runs(one.message.run) if one.message.run else None
        return self._render(one, [told[id_] for id_ in ids], run)

    def _freeze(self, body: bytes, alike: Sequence[Claimed]) -> str:
        content = hashlib.sha256(body).hexdigest()
        self._outbox.keep_content(content, body, [one.message.id for one in alike])
        self._keep(content, body)
        return content

    def _keep(self, content: str, body: bytes) -> None:
        with self._lock:
            self._kept[content] = body
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def _wording(one: Claimed) -> tuple[object, ...]:
    """Messages for which this is equal say the same."""
    message, choices = one.message, one.subscription.choices
    return message.kind, message.alerts, message.run, choices.language, choices.neutral, choices.zone


_FIELDS = tuple(field.name for field in fields(Message))
_CONTENT = _FIELDS.index("content")
_values = attrgetter(*_FIELDS)


def _with(one: Claimed, frozen: dict[str, str]) -> Claimed:
    if one.message.content is not None:
        return one
    # As `replace` does, in a fifth of the time.
    values = _values(one.message)
    message = Message(*(*values[:_CONTENT], frozen[one.message.id], *values[_CONTENT + 1 :]))
    return Claimed(message, one.subscription, one.answers)
