"""Who is turned away before a form is read: other sites."""

from __future__ import annotations

from collections.abc import Collection

from werkzeug.datastructures import Headers


def from_own_site(headers: Headers, origins: Collection[str]) -> bool:
    """Whether a form post comes from one of our own pages: this host or one of `origins`.

    `Sec-Fetch-Site` decides where the browser sends it: it knows that http and https of one
    host are two. Older browsers send `Origin`; they write `null` there when a page asks for no
    referrer, and since no cookie could be misused, a person with an old telephone is let
    through.
    """
    origin = headers.get("Origin")
    if origin in origins:
        return True
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # RFC 6454, section 7: scheme, ://, host and port, nothing more.
    return origin in (None, "null") or origin.partition("://")[2] == headers.get("Host")
