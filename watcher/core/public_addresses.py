"""Which literal addresses are of the public Internet, and so may be connected to at a stranger's word."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

# `is_global` of the standard library forgets some of these, and which ones depends on its version.
_REFUSED = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        *("168.63.129.16/32", "fd00:ec2::254/128"),  # where clouds tell a machine its secrets
    )
]
_PRIVATE = [
    ip_network(block)
    for block in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
# Whatever is not in here (mapped, translated, link- and site-local, multicast …) is no public host.
_PUBLIC_V6 = ip_network("2000::/3")


def permitted(address: str, *, allow_private: bool) -> bool:
    """Whether a literal address may be connected to: public ones, and private ones when allowed."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if _among(ip, _REFUSED):
        return False
    if _among(ip, _PRIVATE):
        return allow_private
    return ip.is_global and (ip.version == 4 or ip in _PUBLIC_V6)


def _among(ip: IPv4Address | IPv6Address, blocks: Iterable[Any]) -> bool:
    return any(ip in block for block in blocks)
