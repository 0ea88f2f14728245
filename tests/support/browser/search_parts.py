"""Runs queries through the real search page, all in one visit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page

QUERIES = Path(__file__).with_name("search_queries.yml")
UNSEEN = Path(__file__).with_name("search_unseen.yml")


@dataclass(frozen=True)
class Query:
    """What is typed, of what kind it is, and a pattern of the pages that answer it."""

    kind: str
    typed: str
    right: re.Pattern[str]


def queries(file: Path = QUERIES) -> list[Query]:
    """All queries of a data file."""
    kinds = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Query(kind, str(typed), _pattern(pages))
        for kind, groups in kinds.items()
        for pages, all_typed in groups.items()
        for typed in all_typed
    ]


def _pattern(pages: str) -> re.Pattern[str]:
    """`*/uslugi/** | pomosht/` as a pattern of whole addresses, with or without an anchor."""
    parts = (re.escape(page.strip()).replace(r"\*\*", "[a-z/-]*") for page in pages.split("|"))
    parts = (part.replace(r"\*", "[a-z]+") for part in parts)
    return re.compile(rf"/(?:{'|'.join(parts)})(#.*)?")


def open_search(page: Page, address: str, centre: str = "") -> None:
    """Open the search page as the header's link does, type, and wait for its index."""
    page.goto("about:blank")
    with page.expect_response(re.compile(r"/assets/search-\w+\.\w+\.json")):
        page.goto(f"{address}/tarsene/{'#' + centre if centre else ''}")
        page.get_by_role("searchbox").fill("дете")
    page.locator("#found a").first.wait_for()


def found(page: Page, typed: list[str]) -> list[dict[str, Any]]:
    """For each query the addresses found in order, the titles of its boxes and its tel: links."""
    result: list[dict[str, Any]] = page.evaluate(
        """all => { const field = document.getElementById('search-field');
             const get = (query, from) =>
               [...document.querySelectorAll('#found ' + query)].map(from);
             return all.map(typed => { field.value = typed;
               field.dispatchEvent(new Event('input'));
               return {pages: get('.found > li > a', a => a.getAttribute('href')),
                 boxes: get('h2', h => h.textContent),
                 calls: get('a[href^="tel:"]', a => a.textContent)}; }); }""",
        typed,
    )
    return result
