"""What every page carries around its text: values for the theme's header, menu and footer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from site_build.centre_pages import CentrePage, Words, centre_pages, own_form_pages
from site_build.project import PACKAGE
from site_model.addresses import centre_root, origin, site_root, site_url
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content, Site
from site_model.languages import with_language
from site_model.offered import offered

# Where somebody may have to leave in a hurry (and 404, which the service's refusals wear).
EXIT_PAGES = (
    "help",
    "support",
    "children",
    "contact",
    "referral",
    "contacts",
    "after_writing",
    "feedback",
    "safety",
    "search",
    "directory",
)


def theme_values(source: Content, language: str, assets_mark: str, _: Words) -> dict[str, Any]:
    """Plain values for the theme, so that every engine can render it.

    `assets_mark` changes with the style sheet and the scripts, so that a browser never keeps
    old ones.
    """
    content = with_language(source, language)
    root = site_root(content.site, language)
    spoken = content.site.language(language)
    return {
        "language": language,
        "direction": spoken.direction,
        "read_by_native": spoken.read_by_native,
        "languages": _switch(content.site),
        "root": root,
        "assets": site_root(content.site, SOURCE_LANGUAGE) + "assets/",
        "assets_mark": assets_mark,
        "origin": origin(content.site),
        "service_elsewhere": content.site.service_origin is not None,
        "exit_url": str(content.site.exit_url),
        "exit_pages": [*EXIT_PAGES, *(form.id for form in content.forms.values() if form.own)],
        "words": _theme_words(_),
        "help": [
            {"number": line.number, "dialled": line.dialled, "name": line.name.to(language)}
            for line in (content.help_lines["emergency"], content.help_lines["child_line"])
        ],
        "pages": _on_every_page(centre_pages(content, language, _)),
        "alone": content.alone.id if content.alone else None,
        "centres": {
            centre.id: {
                "name": centre.name.text.to(language),
                "summary": centre.summary.text.to(language),
                "short_name": centre.short_name.to(language),
                "root": centre_root(content, language, centre.id),
                "phone": centre.phone.number if centre.phone else None,
                "dialled": centre.phone.dialled if centre.phone else None,
                "pages": _on_every_page(
                    page
                    for page in own_form_pages(centre, content, language)
                    # What is not offered in a language would put Bulgarian on all its pages.
                    if offered(source.forms[page.id], source.centres[centre.id], source, language)
                ),
            }
            for centre in content.centres.values()
        },
    }


def _on_every_page(pages: Iterable[CentrePage]) -> list[dict[str, Any]]:
    """What stands in the menu or in the footer of a centre's pages."""
    return [
        {"id": page.id, "path": page.path, "title": page.title, "in_menu": page.in_menu}
        for page in pages
        if not page.section
    ]


def _switch(site: Site) -> list[dict[str, str]]:
    """The languages, each with its own name, and where its pages stand."""
    return [
        {
            "code": language.code,
            "name": language.own_name,
            "root": site_root(site, language.code),
            "url": site_url(site, language.code),
        }
        for language in site.languages
    ]


def _theme_words(_: Words) -> dict[str, str]:
    return {
        "skip": _("Към съдържанието"),
        "danger": _("При опасност:"),
        "children": _("За деца:"),
        "help_now": _("Помощ сега"),
        "description": _(
            "Центровете за обществена подкрепа помагат на деца, родители и близки. "
            "Изберете своя център."
        ),
        "menu": _("Меню"),
        "exit": _("Бързо излизане"),
        "exit_twice": _("Натиснете Shift още 2 пъти, за да излезете от сайта."),
        "exit_once": _("Натиснете Shift още веднъж, за да излезете от сайта."),
        "exit_expired": _("Времето изтече. За да излезете, натиснете Shift 3 пъти."),
        "exit_leaving": _("Излизате от сайта"),
        "safe": _("Безопасно разглеждане"),
        "safe_long": _("Как да разгледате сайта безопасно"),
        "search": _("Търсене"),
        "languages": _("Езици"),
        "not_read": _("Този превод още не е прегледан от човек, за когото езикът е роден."),
        "partly": _("Част от тази страница още не е преведена. Тази част е на български."),
        "phone": _("Телефон"),
        "no_phone": _("Центърът още не е посочил телефон"),
        "all_centres": _("Всички центрове"),
        "about_site": _("За този сайт"),
        "data": _("Данни за повторно използване"),
        "address": _("Адрес на страницата:"),
        "not_found": _("Няма такава страница"),
        "not_found_why": _("Адресът може да е сгрешен или страницата да е преместена."),
        "to_front": _("Към началната страница"),
        "footer": _("Опора: сайт на центрове за обществена подкрепа"),
    }


def assets_mark(site: Site) -> str:
    """What changes with the style sheet and the scripts, so that no browser keeps old ones."""
    assets = sorted((PACKAGE / "theme" / "assets").iterdir())
    what = [str(site.url).encode(), *(path.read_bytes() for path in assets)]
    return hashlib.sha256(b"".join(what)).hexdigest()[:8]
