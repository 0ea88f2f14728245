"""Where pages stand and where forms are sent: what the build and the service must agree on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from pydantic import HttpUrl

from site_model.availability import forms_of
from site_model.content import Content
from site_model.facts.shared import Site
from site_model.types import SOURCE_LANGUAGE

ANSWERS: Final = "otgovori"
"""Where a centre answers, below the service's path."""
READING: Final = "otgovor"
"""Where answers are read: a page of each centre, and the service's address for it."""

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
    "answer": READING,
}
"""The pages that a centre has beside its forms, each with its place below the centre."""

COMMON_PAGES: Final = {
    "help": "pomosht",
    "safety": "bezopasnost",
    "directory": "tsentrove",
    "search": "tarsene",
    "data": "danni",
    "about_site": "za-saita",
}
"""The pages that belong to no centre, each with its place below the language's root."""

EDITOR: Final = "/edit"
"""Where the editor stands on a server whose operator has turned it on."""
EDITOR_LINKS: Final = "/editor-link"
"""Where it asks the service, on this machine alone, to send a link to a centre."""
EDITOR_BIND: Final = "127.0.0.1:8012"  # as in deploy/caddy/editor.caddy and editor.nginx.conf
EDITOR_HEALTH: Final = "/health"
"""Where it says on this machine whether it works."""

COMMON_SLUGS: Final = frozenset((*COMMON_PAGES.values(), "assets", "send", EDITOR[1:]))
"""First steps of addresses that belong to no centre."""

SLUGS: Final = CENTRE_SLUGS | COMMON_PAGES
"""The place of every page by what it is, for templates."""

MAIN_PAGES: Final = ("home", "after_writing", "answer")
"""What a centre has in every language, beside its forms; the rest is there in full ones."""


def site_root(site: Site, language: str) -> str:
    """The path on which the pages of a language stand: "/" for Bulgarian, "/en/" for English."""
    root = (site.url.path or "/").rstrip("/") + "/"
    return root if language == SOURCE_LANGUAGE else f"{root}{language}/"


def site_url(site: Site, language: str) -> str:
    """The whole address on which the pages of a language stand, with a slash at the end."""
    return origin(site) + site_root(site, language)


def origin(site: Site) -> str:
    """Scheme, host and port, as browsers send them in `Origin` (RFC 6454)."""
    return origin_of(site.url)


def service_origin(site: Site) -> str:
    """The origin of a service that stands elsewhere than the site; else nothing."""
    return origin_of(site.service_origin)


def service_address(site: Site) -> str:
    """What its addresses begin with: a path, or a whole address if it stands elsewhere."""
    return service_origin(site) + site.service_path


def origin_of(url: HttpUrl | None) -> str:
    """Scheme, host and port of an address; nothing for none."""
    if url is None:
        return ""
    usual = {"http": 80, "https": 443}[url.scheme]
    port = "" if url.port in (None, usual) else f":{url.port}"
    return f"{url.scheme}://{url.host}{port}"


def centre_root(content: Content, language: str, centre: str) -> str:
    """The path on which the pages of a centre stand: "/en/harmanli/", or "/en/" if it is alone."""
    return site_root(content.site, language) + content.centre_path(centre)


def centre_url(content: Content, language: str, centre: str) -> str:
    """The whole address on which the pages of a centre stand."""
    return origin(content.site) + centre_root(content, language, centre)


def service_slug(slug: str) -> str:
    """The place of a service's page below its centre."""
    return f"{CENTRE_SLUGS['services']}/{slug}"


def form_action(site: Site, language: str, centre: str, form: str) -> str:
    """Where a form is sent: a path of the service, on the site's own origin or on its own."""
    return f"{service_address(site)}/{language}/{centre}/{form}"


def answer_link(site: Site, code: str) -> str:
    """The whole address at which somebody who has read a letter answers it."""
    return f"{service_origin(site) or origin(site)}{site.service_path}/{ANSWERS}/{code}"


def reading_action(site: Site, language: str, centre: str) -> str:
    """Where the code of a receipt is sent, to read the centre's answers."""
    return f"{service_address(site)}/{language}/{centre}/{READING}"


def built_reading(content: Content, language: str, centre: str) -> PurePosixPath:
    """The built page on which a code is typed, below the site's folder."""
    return built_form(content, language, centre, READING)


def built_form(content: Content, language: str, centre: str, slug: str) -> PurePosixPath:
    """The built page of a form, below the site's folder."""
    start = PurePosixPath() if language == SOURCE_LANGUAGE else PurePosixPath(language)
    return start / content.centre_path(centre) / slug / "index.html"


def sheet_file(content: Content, centre: str, slug: str) -> str:
    """Where the sheet of paper of a page lies, below the language's root."""
    name = "karta" if slug == CENTRE_SLUGS["institutions"] else PurePosixPath(slug).name
    folder = f"{content.centre_path(centre)}{slug}/" if slug else content.centre_path(centre)
    return f"{folder}{name or 'listovka'}-{centre}.pdf"


def card_file(content: Content, centre: str) -> str:
    """Where the card of a centre lies."""
    return f"{content.centre_path(centre)}{centre}.vcf"


def calendar_file(content: Content, centre: str) -> str:
    """Where the calendar of a centre lies, if its programmes have dates."""
    return f"{content.centre_path(centre)}{CENTRE_SLUGS['programmes']}-{centre}.ics"


def editor_link(site: Site, token: str) -> str:
    """The whole address at which a token lets somebody into the editor; short, as for mails."""
    return f"{service_origin(site) or origin(site)}{EDITOR}/vhod/{token}"


def addresses(content: Content) -> dict[str, str]:
    """Where all that people hold an address of may stand: pages of a centre, and files.

    By language, centre, and what it is: names that last, whatever a page is called and wherever
    it stands. Some files are not there: few pages have a sheet of paper.
    """
    found: dict[str, str] = {}
    for language in content.site.languages:
        root = "" if language.code == SOURCE_LANGUAGE else f"{language.code}/"
        full = language.scope == "full"
        for centre in content.centres.values():
            home = root + content.centre_path(centre.id)
            pages = {id: CENTRE_SLUGS[id] for id in (CENTRE_SLUGS if full else MAIN_PAGES)}
            pages |= {form.id: form.slug for form in forms_of(content, centre.id)}
            if full:
                pages |= {f"service {one.id}": service_slug(one.slug) for one in centre.services}
            for id, slug in pages.items():
                key = f"{language.code} {centre.id} {id}"
                found[key] = f"{home}{slug}/" if slug else home
                found[f"{key} pdf"] = root + sheet_file(content, centre.id, slug)
    for id in content.centres:
        found[f"{SOURCE_LANGUAGE} {id} file vcf"] = card_file(content, id)
        found[f"{SOURCE_LANGUAGE} {id} file ics"] = calendar_file(content, id)
    return found
