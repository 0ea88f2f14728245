"""After the engine: every link checked, what no page uses removed, the finished site swapped in."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

from site_build.errors import BuildError
from site_build.headers import refused, uses_of, uses_of_scripts
from site_build.rooted import rooted

_LINKING = {"href", "src", "action", "poster", "srcset", "data", "data-index", "formaction"}


@dataclass(frozen=True)
class ParsedPage:
    """What one built page offers, what it points at and what it needs of a browser.

    `repeated` are ids that more than one element has; `uses` are directives of the
    Content-Security-Policy, `refused` what no policy of ours allows.
    """

    url: str
    ids: frozenset[str]
    targets: tuple[str, ...]
    loaded: frozenset[str] = frozenset()
    repeated: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()


def finish(folder: Path, root: str, service_path: str) -> frozenset[str]:
    """Check a built site and remove its unused assets; returns what its pages need of a browser.

    `root` is the path on which the folder will stand; links below `service_path` belong to
    the service and are not looked for here. Raises BuildError with every bad link, every id
    that is not alone and everything that the Content-Security-Policy would not let through.
    """
    pages = [_parse(path, _url(path, folder, root)) for path in sorted(folder.rglob("*.html"))]
    links = bad_links(pages, _files(folder, root), service_path)
    problems = [*links, *_repeated(pages), *_refused(pages)]
    if problems:
        raise BuildError("\n".join(problems))
    _remove_unused(folder, root, pages)
    scripts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.js"))
    return frozenset(uses_of_scripts(scripts)).union(*(page.uses for page in pages))


def _repeated(pages: Iterable[ParsedPage]) -> Iterator[str]:
    """An id comes of a heading's words too, so „Main“ could take the place of the main part."""
    for page in pages:
        for name in page.repeated:
            yield (
                f"{page.url}: id „{name}“ стои на повече от едно място. Ако е от заглавие, "
                "дайте му друго: ## Заглавие {#drugo-ime}"
            )


def _refused(pages: Iterable[ParsedPage]) -> Iterator[str]:
    for page in pages:
        for what in page.refused:
            yield f"{page.url}: „{what}“ в страницата е забранено. Сложете го във файл на темата."


def bad_links(
    pages: Iterable[ParsedPage], files: frozenset[str], service_path: str
) -> Iterator[str]:
    """A sentence for each link that leads nowhere."""
    pages = list(pages)
    ids = {page.url: page.ids for page in pages}
    for page in pages:
        for target in page.targets:
            parts = urlsplit(target)
            if target in page.loaded and (parts.scheme or parts.netloc):
                yield f"{page.url}: „{target}“ се иска от друг сайт"
                continue
            if parts.scheme in ("http", "https", "tel", "mailto"):
                continue
            path = _resolved(page.url, unquote(parts.path))
            if path.startswith(service_path + "/"):
                continue
            if path not in files:
                yield f"{page.url}: връзката „{target}“ не води доникъде"
            elif parts.fragment and path in ids and unquote(parts.fragment) not in ids[path]:
                yield f"{page.url}: връзката „{target}“ сочи място, което го няма на страницата"


def _resolved(base: str, path: str) -> str:
    if not path:
        return base
    joined = path if path.startswith("/") else base.rpartition("/")[0] + "/" + path
    steps: list[str] = []
    for step in joined.split("/"):
        if step == "..":
            steps = steps[:-1] or [""]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _parse(path: Path, url: str) -> ParsedPage:
    """Read a page, after its relative links were made paths from the root."""
    written = path.read_text(encoding="utf-8")
    text = rooted(written, url)
    if text != written:
        path.write_text(text, encoding="utf-8")
    tree = html.document_fromstring(text)
    ids: Counter[str] = Counter()
    targets, loaded = [], set()
    uses: set[str] = set()
    forbidden: list[str] = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        uses.update(uses_of(element))
        forbidden += refused(element)
        for name, value in element.attrib.items():
            if name == "id":
                ids[str(value)] += 1
            elif name in _LINKING and element.get("rel") not in ("canonical", "alternate"):
                targets.append(str(value))
                if element.tag != "a":
                    loaded.add(str(value))
    return ParsedPage(
        url,
        frozenset(ids),
        tuple(targets),
        frozenset(loaded),
        tuple(name for name, times in ids.items() if times > 1),
        frozenset(uses),
        tuple(forbidden),
    )


def _url(path: Path, folder: Path, root: str) -> str:
    return root + path.relative_to(folder).as_posix().removesuffix("index.html")


def _files(folder: Path, root: str) -> frozenset[str]:
    return frozenset(_url(path, folder, root) for path in folder.rglob("*") if path.is_file())


def _remove_unused(folder: Path, root: str, pages: Iterable[ParsedPage]) -> None:
    """Drop the scripts and styles of the theme that no page asks for, and empty folders."""
    wanted = {_resolved(page.url, urlsplit(t).path) for page in pages for t in page.targets}
    for path in folder.rglob("assets/**/*"):
        if path.is_file() and _url(path, folder, root) not in wanted:
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def publish(built: Path, site: Path) -> None:
    """Put a finished build in the place of the old one; hidden files of `site` stay."""
    site.mkdir(exist_ok=True)
    old = built.with_name(built.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir()
    for path in site.iterdir():
        if not path.name.startswith("."):
            path.rename(old / path.name)
    for path in built.iterdir():
        path.rename(site / path.name)
    shutil.rmtree(old)
    shutil.rmtree(built)
