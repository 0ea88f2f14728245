"""Who is turned away before a form is read: other sites, other formats, floods."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.datastructures import Headers


def from_own_site(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a form post comes from one of our own pages: this host or one of `origins`.

    `Sec-Fetch-Site` decides where the browser sends it. Older browsers send `Origin`; they
    write `null` there when a page asks for no referrer, and since no cookie could be misused,
    a person with an old telephone is let through.
    """
    origin = headers.get("Origin")
    if origin in origins or (origin and urlsplit(origin).netloc == headers.get("Host")):
        return True
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return origin in (None, "null")


class RateLimit:
    """Counts posts for each network in memory, under names that mean nothing outside.

    A network is a /24 (IPv4) or a /64 (IPv6). Its name is an HMAC with a key that this
    process made for itself, so neither a dump nor another process can tell the address.
    """

    def __init__(self, per_hour: int) -> None:
        self._limit = RateLimitItemPerHour(per_hour)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(32)

    def allows(self, address: str | None) -> bool:
        """Count one post; False if its network has sent too many in the last hour."""
        return self._limiter.hit(self._limit, self._bucket(address))

    def _bucket(self, address: str | None) -> str:
        network = network_of(address)
        return hmac.digest(self._key, network.encode(), "sha256").hex()


def network_of(address: str | None) -> str:
    """The /24 or /64 that an address is in; one bucket for all that is no address."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    prefix = 24 if ip.version == 4 else 64
    return str(ipaddress.ip_network((ip, prefix), strict=False))
