"""What every page carries around its text: values for the theme's header, menu and footer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from site_build.pages.page_plan import Plan, PlannedPage
from site_build.project import PACKAGE
from site_model.facts.shared import Site
from site_model.types import SOURCE_LANGUAGE, Words
from site_model.urls import SLUGS, origin, site_root, site_url


def theme_values(plan: Plan, assets_mark: str) -> dict[str, Any]:
    """Plain values for the theme, so that every engine can render it.

    `assets_mark` changes with the style sheet and the scripts, so that a browser never keeps
    old ones.
    """
    edition, content = plan.edition, plan.edition.content
    return {
        "language": edition.language,
        "direction": edition.spoken.direction,
        "read_by_native": edition.spoken.read_by_native,
        "languages": _switch(content.site),
        "root": edition.root,
        "slugs": SLUGS,
        "assets": site_root(content.site, SOURCE_LANGUAGE) + "assets/",
        "assets_mark": assets_mark,
        "origin": origin(content.site),
        "service_elsewhere": content.site.service_origin is not None,
        "exit_url": str(content.site.exit_url),
        "words": _theme_words(edition.gettext),
        "help": [
            {"number": line.number, "dialled": line.dialled, "name": edition.translate(line.name)}
            for line in content.first_lines
        ],
        "pages": _on_every_page(plan.shared),
        "alone": content.alone.id if content.alone else None,
        "centres": {
            centre.id: {
                "name": edition.translate(centre.name.text),
                "summary": edition.translate(centre.summary.text),
                "short_name": edition.translate(centre.short_name),
                "root": edition.centre_root(centre.id),
                "phone": centre.phone.number if centre.phone else None,
                "dialled": centre.phone.dialled if centre.phone else None,
                # What is not offered in a language would put Bulgarian on all its pages.
                "pages": _on_every_page(plan.own_pages(centre.id)),
            }
            for centre in content.centres.values()
        },
    }


def _on_every_page(pages: Iterable[PlannedPage]) -> list[dict[str, Any]]:
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
        "children": _("Деца, за разговор:"),
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
        "older": _(
            "Част от превода тук е на по-стар текст. Така пише сега на български; "
            "ако не го разбирате, попитайте центъра."
        ),
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
