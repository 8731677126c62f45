"""Every way to write an address that no stranger may make us connect to."""

from __future__ import annotations

import socket
from collections.abc import Sequence

NAMES = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "127.0.0.1.": ["127.0.0.1"],
    "inside.example.fr": ["10.20.30.40"],
    "metadata.example.fr": ["169.254.169.254"],
    "mixed.example.fr": ["77.159.252.140", "192.168.0.1"],
    "both.example.fr": ["2a01:cb00::1", "::1"],
}
SPELLINGS = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("127.255.255.254", "0", "0.0.0.0", "0x0", "LocalHost", "0.1.2.3", "10.0.0.1", "10.1", "012.0.0.1"),
    *("172.16.0.1", "172.31.255.255", "192.168.1.1", "3232235777", "169.254.169.254", "0xa9fea9fe"),
    *("2852039166", "100.64.0.1", "100.127.255.254", "100.100.100.200", "192.0.0.1", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]"),
    *("[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::1]"),
    *("[2002:7f00:1::]", "[2002:808:808::]", "[2001::1]", "[2001:db8::1]", "[3fff::1]", "[fe80::1]"),
    *("[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[5f00::1]"),
    *(
        "127。0。0。1",
        "１２７.0.0.1",
        "127.0.0.1%00",
        "127%2e0.0.1",
        "①②⑦.0.0.1",
        "[::1%25lo]",
        "a@127.0.0.1",
    ),
    *NAMES,
]


def resolve(host: str, port: int) -> Sequence[str]:
    """Every numeric spelling that the C library knows, and a few names; asks nobody."""
    if host in NAMES:
        return NAMES[host]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(address[0]) for *_, address in found]
