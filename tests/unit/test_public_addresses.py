"""Which literal addresses may be connected to at a stranger's word."""

from __future__ import annotations

import pytest

from watcher.core.public_addresses import permitted


@pytest.mark.parametrize("address", ["9.9.9.9", "185.24.184.1", "2620:fe::9", "2a01:cb00::1"])
def test_an_address_of_the_public_internet_is_permitted_to_everybody(address: str) -> None:
    assert permitted(address, allow_private=False)
    assert permitted(address, allow_private=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "172.31.255.1", "192.168.1.1", "::1", "fd12::1"]
)
def test_an_address_of_ones_own_network_is_permitted_where_that_is_allowed(address: str) -> None:
    assert not permitted(address, allow_private=False)
    assert permitted(address, allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "0.0.0.0",
            "100.64.0.1",
            "169.254.169.254",
            "168.63.129.16",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
        ),
        *("224.0.0.1", "255.255.255.255", "::", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
        *("fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "4000::1"),
        *("", "localhost", "127.1", "2130706433", "0x7f.1", "1.2.3.4 "),
    ],
)
def test_whatever_else_there_is_is_permitted_to_nobody(address: str) -> None:
    assert not permitted(address, allow_private=False)
    assert not permitted(address, allow_private=True)
