"""Who holds leases: processes, by a name that no other before or after them has."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

_ENDED = {"Z", "X", "x"}  # killed, and its parent has not looked yet


def owner() -> str:
    """This process: ``machine/number/start``."""
    return f"{_here()}/{os.getpid()}/{_started(os.getpid())}"


def is_dead(owner: str) -> bool:
    """Whether an owner, or what it is a part of, ran on this machine and runs no more."""
    machine, pid, started, *_ = (*owner.split("/"), "", "")
    if machine != _here() or not pid.isdecimal():
        return False
    return _started(int(pid)) != started


@cache
def _here() -> str:
    """This machine, and where it has containers, this one: processes of another are numbered on their own, and
    may have been given the same name.
    """
    name = socket.gethostname()
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return name
    return f"{name}.{''.join(filter(str.isdecimal, space))}"


def _started(pid: int) -> str:
    """When a process was started, in the kernel's ticks; "" when there is none, or one that only waits to be buried."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in _ENDED else rest[18]
