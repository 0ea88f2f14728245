"""Which networks an address belongs to."""

from __future__ import annotations

import ipaddress

# A household or a school is a /24 (IPv4) or a /64; anyone who has many /64 has a /56 or a /48.
IPV4_PREFIXES, IPV6_PREFIXES = (24,), (64, 56, 48)


def networks_of(address: str | None) -> tuple[str, ...]:
    """The networks that an address is in, the narrowest first.

    One bucket for all that is no address. Proxies write a port or a zone beside some.
    """
    try:
        ip = ipaddress.ip_address(_bare(address or ""))
    except ValueError:
        return ("unknown",)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    prefixes = IPV4_PREFIXES if ip.version == 4 else IPV6_PREFIXES
    return tuple(str(ipaddress.ip_network((int(ip), prefix), strict=False)) for prefix in prefixes)


def _bare(address: str) -> str:
    """Without quotes, brackets, port and zone: `"[2001:db8::1%eth0]:443"`, `192.0.2.7:5678`."""
    address = address.strip().strip('"')
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    return address.partition("%")[0]
