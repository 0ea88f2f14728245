"""Which networks an address is in."""

from __future__ import annotations

import pytest

from contact_service.web.networks import networks_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.200", "192.0.2.0/24"),
        ("192.0.2.7:5678", "192.0.2.0/24"),
        (" 192.0.2.7 ", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.0/24"),
        ("", "unknown"),
        (None, "unknown"),
        ("unix:", "unknown"),
        ("[", "unknown"),
        ("192.0.2.7:x:y", "unknown"),
        ("_hidden", "unknown"),
        ("999.0.2.7", "unknown"),
    ],
)
def test_network(address: str | None, network: str) -> None:
    """A /24 for IPv4, also when mapped into IPv6 or written with a port; else one for all."""
    assert networks_of(address) == (network,)


@pytest.mark.parametrize(
    "address",
    [
        "2001:db8:1:2:3:4:5:6",
        "[2001:db8:1:2:3:4:5:6]",
        "[2001:db8:1:2::1]:443",
        '"[2001:db8:1:2::1]:443"',
        "2001:db8:1:2::1%eth0",
        "2001:DB8:1:2::1",
    ],
)
def test_networks_of_ipv6(address: str) -> None:
    """A household may have a /64, a /56 or a /48; port, brackets and zone change nothing."""
    assert networks_of(address) == ("2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48")
