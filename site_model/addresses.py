"""Where pages stand and where forms are sent: what the build and the service must agree on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from pydantic import HttpUrl

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
    return _origin(site.url)


def service_origin(site: Site) -> str:
    """The origin of a service that stands elsewhere than the site; else nothing."""
    return _origin(site.service_origin) if site.service_origin else ""


def service_address(site: Site) -> str:
    """What its addresses begin with: a path, or a whole address if it stands elsewhere."""
    return service_origin(site) + site.service_path


def _origin(url: HttpUrl) -> str:
    usual = {"http": 80, "https": 443}[url.scheme]
    port = "" if url.port in (None, usual) else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}"


def centre_root(content: Content, language: str, centre: str) -> str:
    """The path on which the pages of a centre stand: "/en/harmanli/", or "/en/" if it is alone."""
    return site_root(content.site, language) + content.centre_path(centre)


def centre_url(content: Content, language: str, centre: str) -> str:
    """The whole address on which the pages of a centre stand."""
    return origin(content.site) + centre_root(content, language, centre)


def form_action(site: Site, language: str, centre: str, form: str) -> str:
    """Where a form is sent: a path of the service, on the site's own origin or on its own."""
    return f"{service_address(site)}/{language}/{centre}/{form}"


def built_form(content: Content, language: str, centre: str, slug: str) -> PurePosixPath:
    """The built page of a form, below the site's folder."""
    start = PurePosixPath() if language == SOURCE_LANGUAGE else PurePosixPath(language)
    return start / content.centre_path(centre) / slug / "index.html"
