"""Hands one text to Apprise, in a process of its own: ``python -m notifiers.chat_process``.

Apprise reads answers of any length for as long as they last, and writes addresses into its log; here it can be
stopped, has a bounded memory, and nobody to log to. Standard input is JSON, ``{"address", "text"}``, or without
a text only the question whether there can be such an address; the answer is the exit status.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from enum import IntEnum

MEMORY = 400 << 20  # bytes of address space: six times what it needs; several of them may be at work


class Outcome(IntEnum):
    TAKEN = 0
    NOT_TAKEN = 10
    NO_SUCH_ADDRESS = 11
    NO_APPRISE = 12


def main(given: str) -> Outcome:
    asked = json.loads(given)
    try:
        from apprise import Apprise, NotifyFormat
    except ModuleNotFoundError:
        return Outcome.NO_APPRISE
    chat = Apprise.instantiate(asked["address"])
    if chat is None or not chat.verify_certificate:
        return Outcome.NO_SUCH_ADDRESS
    if "text" not in asked:
        return Outcome.TAKEN
    taken = chat.notify(body=asked["text"], body_format=NotifyFormat.TEXT)
    return Outcome.TAKEN if taken else Outcome.NOT_TAKEN


if __name__ == "__main__":
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.exit(main(sys.stdin.read()))
