"""Where pages stand and where forms are sent: what the build and the service must agree on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content, Site

CENTRE_SLUGS: Final = {
    "home": "",
    "services": "uslugi",
    "programmes": "programi",
    "who": "na-kogo-pomagame",
    "support": "kak-da-poluchite-podkrepa",
    "questions": "vaprosi-i-otgovori",
    "children": "za-detsa",
    "institutions": "za-uchilishta-i-institutsii",
    "contacts": "kontakti",
    "about": "ekip-i-istoriya",
    "after_writing": "kakvo-stava-kogato-pishete",
    "easy_read": "lesno-za-chetene",
    "feedback": "pohvali-i-oplakvaniya",
    "privacy": "lichni-danni",
    "accessibility": "dostapnost",
}
"""The pages that every centre has beside its forms, each with its place below the centre."""


def site_root(site: Site, language: str) -> str:
    """The path on which the pages of a language stand: "/" for Bulgarian, "/en/" for English."""
    root = (site.url.path or "/").rstrip("/") + "/"
    return root if language == SOURCE_LANGUAGE else f"{root}{language}/"


def site_url(site: Site, language: str) -> str:
    """The whole address on which the pages of a language stand, with a slash at the end."""
    return origin(site) + site_root(site, language)


def origin(site: Site) -> str:
    """Scheme, host and port, as browsers send them in `Origin` (RFC 6454)."""
    usual = {"http": 80, "https": 443}[site.url.scheme]
    port = "" if site.url.port in (None, usual) else f":{site.url.port}"
    return f"{site.url.scheme}://{site.url.host}{port}"


def centre_root(content: Content, language: str, centre: str) -> str:
    """The path on which the pages of a centre stand: "/en/harmanli/", or "/en/" if it is alone."""
    return site_root(content.site, language) + content.centre_path(centre)


def centre_url(content: Content, language: str, centre: str) -> str:
    """The whole address on which the pages of a centre stand."""
    return origin(content.site) + centre_root(content, language, centre)


def form_action(site: Site, language: str, centre: str, form: str) -> str:
    """Where a form is sent: a path of the service on the same origin."""
    return f"{site.service_path}/{language}/{centre}/{form}"


def built_form(content: Content, language: str, centre: str, slug: str) -> PurePosixPath:
    """The built page of a form, below the site's folder."""
    start = PurePosixPath() if language == SOURCE_LANGUAGE else PurePosixPath(language)
    return start / content.centre_path(centre) / slug / "index.html"
