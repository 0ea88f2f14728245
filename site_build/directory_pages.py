"""Pure: the directory as plain pages, for whoever has no filters: no script runs, or a search
engine or a shared link leads there.

Few centres stand on one page, under all that they can be found by. Where there are more, each
municipality, each target group and each kind of service has a page, and the first page leads to
them; so their number is bounded by these, however many centres there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten

from site_build.centre_pages import Words
from site_build.directory import UNSAID, Choice, Directory
from site_model.languages import START

STEP = "tsentrove"
"""The first step to the pages of the directory."""

MOST_OF_TITLE = 70
"""So many letters of a title are shown (html-validate, `long-title`)."""

FEW = 4
"""Up to so many centres stand on one page: a page each would mostly name the same one."""


@dataclass(frozen=True)
class DirectoryPage:
    """A page of the directory: the first one, or that of a choice of the filter `name`.

    `unsaid` is what a choice is called that no centre has put into words.
    """

    file: str
    title: str
    name: str = ""
    choice: Choice | None = None
    unsaid: str = ""

    @property
    def path(self) -> str:
        return f"{STEP}/" if not self.choice else f"{self.file.removesuffix('.md')}/"


def directory_pages(found: Directory, language: str, _: Words) -> Iterator[DirectoryPage]:
    """The pages of the directory of several centres, the first one before the others."""
    title = _("Намерете център")
    yield DirectoryPage(f"{STEP}/index.md", title)
    if len(found.values) <= FEW:
        return
    unsaid = {
        "municipality": _("Без посочена община"),
        "group": _("Без посочено на кого помагат"),
        "kind": _("Без посочен вид услуга"),
    }
    for name, choices in found.choices.items():
        for choice in choices:
            words = choice.text.to(language) if choice.text else unsaid[name]
            file = f"{STEP}/{choice_slug(name, choice.value)}.md"
            yield DirectoryPage(file, _titled(words, title), name, choice, unsaid[name])


def _titled(words: str, title: str) -> str:
    """The title of a page: „Карлово – Намерете център“, with long words cut."""
    if START not in words:
        words = shorten(words, MOST_OF_TITLE - len(f" – {title}"), placeholder=" …")
    return f"{words} – {title}"


def choice_slug(name: str, value: str) -> str:
    """The step to the page of a choice.

    That of a group does not tell which one: an address is seen by whoever keeps the log of the
    server or of a network, and „violence“ is nobody else's business.
    """
    if name == "group":
        return f"za-kogo-{hashlib.sha256(value.encode()).hexdigest()[:6]}"
    step = {"municipality": "obshtina", "kind": "usluga"}[name]
    return f"{step}-{'bez' if value == UNSAID else value.replace('_', '-')}"
