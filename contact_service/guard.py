"""Who is turned away before a form is read: other sites, other formats, floods."""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from datetime import datetime

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
    # RFC 6454, section 7: scheme, ://, host and port, nothing more.
    if origin in origins or (origin and origin.partition("://")[2] == headers.get("Host")):
        return True
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return origin in (None, "null")


log = get_logger("opora.guard")

HOUR = 3600.0
MOST_NETWORKS = 20_000  # a few megabytes


class RateLimit:
    """Counts accepted posts for each network under names that mean nothing outside.

    A network is a /24 (IPv4) or a /64 (IPv6). Its name is an HMAC with a key of the day, so
    neither a dump nor the shared store (Redis or Valkey, for several hosts) tells an address.
    """

    def __init__(self, per_hour: int, storage: str, secret: str) -> None:
        here = storage.startswith("memory:")
        self._hit = MovingHour(per_hour).hit if here else _shared(per_hour, storage)
        self._key = derive(secret, "rate limit")

    def allows(self, address: str | None, now: datetime) -> bool:
        """Count one post; False if its network has sent too many in the last hour."""
        try:
            return self._hit(self.bucket(address, now), now)
        except Exception as error:  # each kind of store has errors of its own
            # A broken counter must not stand between a person and help.
            log.error("rate limit store not reachable", reason=type(error).__name__)
            return True

    def bucket(self, address: str | None, now: datetime) -> str:
        """The name of a network on a day."""
        of_the_day = hmac.digest(self._key, now.date().isoformat().encode(), "sha256")
        return hmac.digest(of_the_day, network_of(address).encode(), "sha256").hex()


class MovingHour:
    """Counts in this process alone, at most `per_hour` in any hour for each name.

    Whoever was quiet longest is forgotten after an hour, or when MOST_NETWORKS are known.
    """

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._times: OrderedDict[str, deque[float]] = OrderedDict()  # the last to send stands last

    def __len__(self) -> int:
        return len(self._times)

    def hit(self, name: str, now: datetime) -> bool:
        """Count one; False, and not counted, if there were `per_hour` in the hour before."""
        moment = now.timestamp()
        self._forget(moment)
        times = self._times.setdefault(name, deque(maxlen=self._per_hour))
        if len(times) == self._per_hour and moment - times[0] < HOUR:
            return False
        times.append(moment)  # a full row lets its oldest go
        self._times.move_to_end(name)
        return True

    def _forget(self, moment: float) -> None:
        while self._times:
            quietest = next(iter(self._times.values()))
            if len(self._times) < MOST_NETWORKS and moment - quietest[-1] < HOUR:
                return
            self._times.popitem(last=False)


def _shared(per_hour: int, storage: str) -> Callable[[str, datetime], bool]:
    """Counts in Redis or Valkey for all hosts together."""
    from limits import RateLimitItemPerHour  # only where there are several hosts
    from limits.storage import storage_from_string
    from limits.strategies import MovingWindowRateLimiter

    limit = RateLimitItemPerHour(per_hour)
    limiter = MovingWindowRateLimiter(storage_from_string(storage))
    return lambda name, _now: limiter.hit(limit, name)


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
