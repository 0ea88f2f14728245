"""A Markdown page as a value: its file and its place on the site, its head, its links."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from site_build.errors import BuildError
from site_model.loading.yaml_lines import NotYamlError, parse_yaml


@dataclass(frozen=True)
class Page:
    """A Markdown file: where it lies under the language's folder, the values at its head, and
    its Markdown.
    """

    file: PurePosixPath
    meta: Mapping[str, Any]
    body: str

    @property
    def path(self) -> str:
        """Where the page stands below the language's root: "harmanli/", "" for the front page."""
        return path_of(self.file.as_posix())

    @property
    def text(self) -> str:
        """The whole file."""
        # JSON strings are YAML, and are written a hundred times as fast.
        head = (
            f"{name}: {json.dumps(self.meta[name], ensure_ascii=False)}\n" for name in self.meta
        )
        front = f"---\n{''.join(head)}---\n" if self.meta else ""
        return f"{front}\n{self.body}\n"  # what follows an empty line is never front matter


def path_of(file: str) -> str:
    """Where the page of a Markdown file stands: "harmanli/" for "harmanli/index.md"."""
    path = f"{file.removesuffix('.md')}/"
    return path.removesuffix("index/") if path in ("index/",) or path.endswith("/index/") else path


def file_of(path: str) -> str:
    """The built file of a page; `path` is as a browser asks for it."""
    return f"{path}index.html" if path == "" or path.endswith("/") else path


def path_of_file(file: str) -> str:
    """The path that a browser asks for to get a built file."""
    inside, _, name = file.rpartition("/")
    return (inside and f"{inside}/") if name == "index.html" else file


def refuse_shared_places(files: Iterable[PurePosixPath]) -> None:
    """Raise BuildError where two files would become the page of one address."""
    seen: dict[PurePosixPath, PurePosixPath] = {}
    for file in files:
        place = file.parent if file.name == "index.md" else file.with_suffix("")
        if place in seen:
            raise BuildError(
                f"„{place}/“ е адрес на две страници: {seen[place]} и {file}. "
                "Дайте на едната друго име (slug, а за център – id)."
            )
        seen[place] = file


_MARKDOWN_LINK = re.compile(r"\]\((?P<file>[\w./-]+\.md)(?P<place>#[\w-]+)?\)")


def with_site_links(page: Page, root: str, files: Container[str] = ()) -> Page:
    """A page whose Markdown links to other files than `files` are links within the site.

    An engine knows one language at a time; `language_links` leads such links to Bulgarian pages.
    """

    def link(found: re.Match[str]) -> str:
        file = posixpath.normpath(posixpath.join(str(page.file.parent), found["file"]))
        if file in files:
            return found[0]
        return f"]({root}{path_of(file)}{found['place'] or ''})"

    return replace(page, body=_MARKDOWN_LINK.sub(link, page.body))


_HEAD = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n(.*)|\Z)", re.DOTALL)


def hand_written_page(file: str, text: str) -> Page:
    """A page that was written by hand; values at its head are YAML. Raises BuildError."""
    if not text.lstrip().startswith("---"):
        return Page(PurePosixPath(file), {}, text)
    found = _HEAD.match(text.lstrip())
    if not found:
        raise BuildError(
            f"{file}: началото на страницата между двата реда --- не е затворено. "
            "Напишете --- на отделен ред след последната му стойност."
        )
    try:
        meta = parse_yaml(found[1]).data
    except NotYamlError as error:
        before = text[: len(text) - len(text.lstrip())].count("\n")
        raise BuildError(f"{file}, ред {before + error.line + 1}: {error}") from None
    if not isinstance(meta, dict):
        raise BuildError(f"{file}: в началото между двата реда --- се пише „име: стойност“.")
    return Page(PurePosixPath(file), meta, found[2] or "")


@dataclass(frozen=True)
class PrintedPaper:
    """A finished sheet: what a link to it has to say, and its bytes."""

    file: str
    pages: int
    pdf: bytes

    @property
    def kilobytes(self) -> int:
        """Rounded up, in units of 1,024 bytes."""
        return -(-len(self.pdf) // 1024)
