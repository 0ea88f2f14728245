"""Who is turned away before a form is read: other sites, other formats, floods."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from limits import RateLimitItemPerHour
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.datastructures import Headers

from contact_service.keys import derive
from contact_service.logs import get_logger


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


log = get_logger("opora.guard")


class RateLimit:
    """Counts accepted posts for each network under names that mean nothing outside.

    A network is a /24 (IPv4) or a /64 (IPv6). Its name is an HMAC with a key of the day, so
    neither a dump nor the shared store (Redis or Valkey, for several hosts) tells an address.
    """

    def __init__(self, per_hour: int, storage: str, secret: str) -> None:
        self._limit = RateLimitItemPerHour(per_hour)
        self._limiter = MovingWindowRateLimiter(storage_from_string(storage))
        self._key = derive(secret, "rate limit")

    def allows(self, address: str | None, now: datetime) -> bool:
        """Count one post; False if its network has sent too many in the last hour."""
        try:
            return self._limiter.hit(self._limit, self.bucket(address, now))
        except Exception as error:  # each kind of store has errors of its own
            # A broken counter must not stand between a person and help.
            log.error("rate limit store not reachable", reason=type(error).__name__)
            return True

    def bucket(self, address: str | None, now: datetime) -> str:
        """The name of a network on a day."""
        of_the_day = hmac.digest(self._key, now.date().isoformat().encode(), "sha256")
        return hmac.digest(of_the_day, network_of(address).encode(), "sha256").hex()


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
