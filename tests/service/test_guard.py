"""Networks and their buckets."""

from __future__ import annotations

import pytest

from contact_service.guard import RateLimit, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.200", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_network(address: str | None, network: str) -> None:
    """A /24 for IPv4 (also when mapped into IPv6), a /64 for IPv6."""
    assert network_of(address) == network


def test_bucket_name_hides_the_network() -> None:
    """The name changes with the key of each process and holds no part of the address."""
    first, second = RateLimit(1), RateLimit(1)
    assert first._bucket("192.0.2.7") == first._bucket("192.0.2.8")
    assert first._bucket("192.0.2.7") != second._bucket("192.0.2.7")
    assert "192" not in first._bucket("192.0.2.7")[:4]
