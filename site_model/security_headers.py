"""The response headers that keep pages to themselves: one list for the site and the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# What pages may use, each from their own origin only. No page may hold a script or a style.
USES: Final = ("script-src", "style-src", "img-src", "connect-src", "form-action")

COMMON: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def content_policy(uses: Iterable[str] = USES, service: str = "") -> str:
    """The Content-Security-Policy of pages that use these of USES and nothing else.

    Forms may go to the origin `service` as well, where there is one.
    """
    allowed = dict.fromkeys(USES, "'self'") | {"form-action": f"'self' {service}".strip()}
    used = [f"{use} {allowed[use]}" for use in USES if use in set(uses)]
    return "; ".join(["default-src 'none'", *used, "base-uri 'none'", "frame-ancestors 'none'"])


def page_headers(uses: Iterable[str] = USES, service: str = "") -> dict[str, str]:
    """All headers of a page, in the order of their names."""
    return {"Content-Security-Policy": content_policy(uses, service), **COMMON}
