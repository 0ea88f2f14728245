"""Networks and their buckets."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from support import free_port, skip_or_fail

from contact_service.guard import MOST_NETWORKS, MovingHour, RateLimit, network_of

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


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


def test_bucket_name_hides_the_network_and_changes_daily() -> None:
    """Only who has the secret can tell a network's name, and only for one day."""
    limit, other = RateLimit(1, "memory://", "a" * 32), RateLimit(1, "memory://", "b" * 32)
    name = limit.bucket("192.0.2.7", NOW)
    assert name == limit.bucket("192.0.2.8", NOW)
    assert name != limit.bucket("192.0.3.7", NOW)
    assert name != limit.bucket("192.0.2.7", NOW + timedelta(days=1))
    assert name != other.bucket("192.0.2.7", NOW)


def test_hosts_count_together_in_redis() -> None:
    """Two hosts with one store: what the first let through counts for the second."""
    with redis_server() as store:
        first, second = (RateLimit(1, store, "a" * 32) for _ in range(2))
        assert first.allows("192.0.2.7", NOW)
        assert not second.allows("192.0.2.7", NOW)


def test_broken_store_lets_people_through() -> None:
    """When the store cannot be reached, nobody is refused because of it."""
    limit = RateLimit(1, f"redis://127.0.0.1:{free_port()}", "a" * 32)
    assert limit.allows("192.0.2.7", NOW)
    assert limit.allows("192.0.2.7", NOW)


def test_an_hour_moves() -> None:
    """Each place becomes free an hour after it was taken, and a refusal takes none."""
    hour = MovingHour(2)
    minutes = [0, 30, 31, 59, 60, 61, 90]
    answers = [hour.hit("a", NOW + timedelta(minutes=minute)) for minute in minutes]
    assert answers == [True, True, False, False, True, False, True]
    assert hour.hit("b", NOW + timedelta(minutes=90))


def test_counter_keeps_few_networks() -> None:
    """A flood from everywhere cannot fill the memory; quiet networks are forgotten in an hour."""
    hour = MovingHour(1)
    for number in range(MOST_NETWORKS + 10):
        hour.hit(str(number), NOW)
    assert len(hour) == MOST_NETWORKS
    assert not hour.hit(str(MOST_NETWORKS), NOW)
    hour.hit("later", NOW + timedelta(hours=1))
    assert len(hour) == 1


@contextmanager
def redis_server() -> Iterator[str]:
    """A real Redis on loopback that keeps nothing on the disk."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        skip_or_fail("no redis-server here (make test installs it where it may)")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
