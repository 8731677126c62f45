"""Says to systemd how the process fares, when systemd asked for it (sd_notify)."""

from __future__ import annotations

import os
import socket


def notify(message: str) -> None:
    """Send one state, as ``READY=1``; does nothing where `NOTIFY_SOCKET` is not set."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect(name)
        channel.sendall(message.encode())
