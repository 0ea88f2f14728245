"""security.txt: whom to write to about a fault of the site's security (RFC 9116)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from site_build.output.own_files import keep_own
from site_model.facts.shared import Site
from site_model.urls import origin

PLACE: Final = ".well-known/security.txt"
VALID_DAYS: Final = 180
"""From the day of the build. RFC 9116, 2.5.5, wants less than a year; anyone who builds every week
never sees it end, and nobody is told of a contact that has long been gone.
"""
_OURS: Final = "# Made by every build from security_contact in content/site.yml\n"


def security_txt(site: Site, today: date) -> str | None:
    """The text for a build of `today`; None where the site names no contact."""
    if site.security_contact is None:
        return None
    return (
        f"{_OURS}"
        f"Contact: mailto:{quote(site.security_contact, safe='@')}\n"
        f"Expires: {today + timedelta(days=VALID_DAYS)}T00:00:00Z\n"
        "Preferred-Languages: bg, en\n"
        f"Canonical: {origin(site)}/{PLACE}\n"
    )


def put_security_txt(folder: Path, site: Site, today: date) -> None:
    """Put the file into the finished site, or take ours away where no contact is named any more.

    What else lies in .well-known (for certificates, or a security.txt by hand) stays.
    """
    keep_own(folder / PLACE, security_txt(site, today), _OURS)
