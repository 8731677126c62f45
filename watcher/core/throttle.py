"""How often one party may ask. Pure but for one bounded memory; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in a window that begins with the first of them."""

    requests: int = 120
    window: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a party used of its quota."""

    since: datetime
    requests: int

    def counts(self, quota: Quota, now: datetime) -> bool:
        """Whether its window is still open; not when the clock was set back before it."""
        return self.since <= now < self.since + quota.window


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided about one request, and what its party has then spent."""

    allowed: bool
    remaining: int  # requests left in the window
    reset: int  # whole seconds until the next window, rounded up
    spent: Spent


def rule(spent: Spent | None, quota: Quota, now: datetime) -> Ruling:
    """A refused request costs nothing: who keeps asking is let in again when the window ends."""
    if spent is None or not spent.counts(quota, now):
        spent = Spent(now, 0)
    allowed = spent.requests < quota.requests
    after = Spent(spent.since, spent.requests + allowed)
    left = spent.since + quota.window - now
    return Ruling(allowed, quota.requests - after.requests, ceil(left.total_seconds()), after)


@dataclass(slots=True)
class Visits:
    """Who asked within the window, never more than `most` of them. Not for several threads.

    When more come, the ones that came first are forgotten, which only forgives them.
    """

    quota: Quota = field(default_factory=Quota)
    most: int = 10_000
    _spent: dict[bytes, Spent] = field(default_factory=dict)  # in the order of `since`

    def rule(self, party: bytes, now: datetime) -> Ruling:
        self._forget(now)
        ruling = rule(self._spent.get(party), self.quota, now)
        if party not in self._spent and len(self._spent) >= self.most:
            del self._spent[next(iter(self._spent))]
        self._spent[party] = ruling.spent
        return ruling

    def __len__(self) -> int:
        return len(self._spent)

    def _forget(self, now: datetime) -> None:
        while self._spent:
            first = next(iter(self._spent))
            if self._spent[first].counts(self.quota, now):
                return
            del self._spent[first]


def party(host: str, v4: int = 32, v6: int = 64) -> str:
    """Whose address it is: an IPv4 address is somebody, of IPv6 a whole /64 is, unless wider networks count."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return _network(address, 128 - v6)
        address = address.ipv4_mapped
    return str(address) if v4 == 32 else _network(address, 32 - v4)


def veiled(whose: str, key: bytes) -> bytes:
    """A party as it may be remembered: known again by whoever has the key, which no other process has."""
    return blake2b(whose.encode("utf-8", "replace"), key=key, digest_size=16).digest()


def _network(address: IPv4Address | IPv6Address, bits: int) -> str:
    """The network in which the last `bits` tell hosts apart."""
    first = type(address)(int(address) >> bits << bits)
    return f"{first}/{address.max_prefixlen - bits}"
