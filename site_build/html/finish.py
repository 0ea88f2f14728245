"""After the engine: each page set right for its readers, and every link of it checked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import unquote, urlsplit

from lxml.etree import HTMLParser, _Element, fromstring

from site_build.html.links import LanguageLinks
from site_build.html.policy import TELLING, refused_attribute, uses_of, why_forbidden
from site_build.html.root_links import root_links
from site_build.html.untranslated import resolve
from site_model.i18n.languages import SiteLanguage
from site_model.i18n.typography import as_read

_LINKING = {
    *("href", "src", "action", "poster", "srcset", "data", "data-index", "formaction"),
    *("xlink:href", "imagesrcset", "background", "ping", "manifest", "cite", "longdesc"),
}
# As lxml.html reads pages, without its class for every element, which takes as long again.
_PARSER = HTMLParser()
_FOREIGN = re.compile(r"//|[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True)
class FinishedPage:
    """A page as it is served: `url` is its path on the site, `tree` what a browser makes of its
    HTML, and `untranslated` what it shows in Bulgarian for want of a translation.
    """

    url: str
    html: str
    tree: _Element
    untranslated: frozenset[str]


def finish_page(
    text: str,
    url: str,
    language_links: LanguageLinks,
    language: SiteLanguage,
    older: Mapping[str, str],
) -> FinishedPage:
    """A page of the engine with its links, languages and numbers set right; `older` are
    translations of an earlier text, each with the Bulgarian text of now.
    """
    page = resolve(language_links.set_links(text), older)
    read = root_links(as_read(page.html, language), url)
    return FinishedPage(url, read, fromstring(read, _PARSER), page.texts)


Link = tuple[str, str]
"""The path that a link leads to, and its place on that page ("" for the whole page)."""


@dataclass(frozen=True)
class Findings:
    """What was found in some pages: their ids, and the links that lead out of them.

    `links` names, for each, the pages that have it and how it is written there. `uses` are
    directives of the Content-Security-Policy, `faults` sentences after the page they are on.
    """

    ids: Mapping[str, frozenset[str]]
    links: Mapping[Link, tuple[tuple[str, str], ...]]
    uses: frozenset[str]
    faults: tuple[tuple[str, str], ...]


def look_at(pages: Iterable[FinishedPage], service: str) -> Findings:
    """Look at finished pages; links between them are checked, the others are kept for later.

    What lies below `service`, its path or whole address, belongs to the service and is not
    looked for.
    """
    links: dict[Link, list[tuple[str, str]]] = defaultdict(list)
    ids: dict[str, frozenset[str]] = {}
    uses: set[str] = set()
    faults: list[tuple[str, str]] = []
    for page in pages:
        url = page.url
        found = _Page(url, page.tree, service)
        ids[url] = frozenset(found.ids)
        uses |= found.uses
        faults += ((url, sentence) for sentence in found.faults())
        for target in found.targets:
            link = _link("" if target.startswith("/") else url, target, service)
            if link:
                links[link].append((url, target))
    inside = {link: where for link, where in links.items() if link[0] in ids}
    faults += _bad(inside, frozenset(ids), ids)
    outside = {link: tuple(where) for link, where in links.items() if link not in inside}
    return Findings(ids, outside, frozenset(uses), tuple(faults))


def faults_of(findings: Iterable[Findings], files: frozenset[str]) -> list[str]:
    """A sentence for each thing that is wrong: bad links, ids that are not alone, and what the
    Content-Security-Policy would not let through. `files` are the paths of all there is.
    """
    findings = tuple(findings)
    ids = {url: found for each in findings for url, found in each.ids.items()}
    faults = [fault for each in findings for fault in each.faults]
    for each in findings:
        faults += _bad(each.links, files, ids)
    return [f"{url}: {sentence}" for url, sentence in sorted(faults, key=lambda fault: fault[0])]


def _bad(
    links: Mapping[Link, Iterable[tuple[str, str]]],
    files: frozenset[str],
    ids: Mapping[str, frozenset[str]],
) -> Iterator[tuple[str, str]]:
    """The links that lead nowhere, each after its page."""
    for (path, place), where in links.items():
        if path not in files:
            sentence = "връзката „{}“ не води доникъде"
        elif place and path in ids and place not in ids[path]:
            sentence = "връзката „{}“ сочи място, което го няма на страницата"
        else:
            continue
        yield from ((url, sentence.format(target)) for url, target in where)


@lru_cache(maxsize=20_000)  # most links of a site are those of its menus
def _link(url: str, target: str, service: str) -> Link | None:
    parts = urlsplit(target)
    if parts.scheme in ("http", "https", "tel", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return target, ""
    path = resolved_path(url, unquote(parts.path))
    return None if path.startswith(f"{service}/") else (path, unquote(parts.fragment))


def resolved_path(base: str, path: str) -> str:
    """Where a path leads from the page at `base`."""
    if not path:
        return base
    joined = path if path.startswith("/") else base.rpartition("/")[0] + "/" + path
    if "/." not in joined:
        return joined
    steps: list[str] = []
    for step in joined.split("/"):
        if step == "..":
            steps = steps[:-1] or [""]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


class _Page:
    """What a parsed page offers, what it points at and what it needs of a browser."""

    def __init__(self, url: str, tree: _Element, service: str) -> None:
        self.url = url
        self.ids: Counter[str] = Counter()
        self.targets: dict[str, None] = {}
        self.uses: set[str] = set()
        self._foreign: dict[str, None] = {}
        self._refused: list[str] = []
        for element in tree.iter("*"):
            tag = element.tag
            if tag in TELLING:
                self.uses.update(uses_of(element))
                self._refused += why_forbidden(element)
            for name, value in cast(list[tuple[str, str]], element.items()):
                if name == "id":
                    self.ids[value] += 1
                elif name in _LINKING:
                    if tag == "a" and name == "href":
                        self.targets[value] = None
                    elif tag == "form" and value.startswith(f"{service}/"):
                        continue
                    elif tag != "link" or element.get("rel") not in ("canonical", "alternate"):
                        foreign = _FOREIGN.match(value)
                        (self._foreign if foreign else self.targets)[value] = None
                elif refused_attribute(name):
                    self._refused.append(f"{name}=")

    def faults(self) -> Iterator[str]:
        for target in self._foreign:
            yield f"„{target}“ се иска от друг сайт"
        for name, times in self.ids.items():
            # An id comes of a heading's words too: „Main“ could take the place of the main part.
            if times > 1:
                yield (
                    f"id „{name}“ е на повече от едно място. Ако е от заглавие, "
                    "дайте му друго: ## Заглавие {#drugo-ime}"
                )
        for what in self._refused:
            yield f"„{what}“ в страницата е забранено. Сложете го във файл на темата."
