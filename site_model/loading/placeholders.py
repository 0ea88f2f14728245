"""Pure: what stands in a copied folder as an example and is to be replaced by the truth.

One list for all: addresses that are kept for examples (RFC 2606, RFC 6761) or that our guides
write, words that hold a place, and the name of the demo's key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from pydantic import BaseModel, HttpUrl, RootModel, TypeAdapter, ValidationError

from site_model.content import Content
from site_model.facts.shared import Site

DEMO_KEY = "Opora demo"
"""Whose key the demo makes at every start; nobody keeps its secret half."""

_EXAMPLE_HOST = re.compile(
    r"(?<![\w.-])(?:(?:[\w-]+\.)+(?:example|invalid|test)|(?:[\w-]+\.)*(?:example\.(?:com|net|org)"
    r"|primer\.bg|пример\.(?:бг|bg)))(?![\w-]|\.\w)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"[\W_]*(?:пример(?:ен текст|но)?|образец|попълнете|(?:тук )?напишете|todo|tbd|lorem ipsum.*|"
    r"[xх?]{2,})?[\W_]*",
    re.IGNORECASE | re.DOTALL,
)


def example_in(text: str) -> str | None:
    """The first address in a text that is only an example; None where there is none."""
    found = _EXAMPLE_HOST.search(text)
    return found[0] if found else None


def placeholder(text: str) -> str | None:
    """What in a text holds the place of something true; None where nothing does."""
    if text and _FILLER.fullmatch(text):
        return text
    return example_in(text)


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a model's values, with the names of the fields that lead there.

    Secrets are no texts to this: they stay closed.
    """
    match value:
        case str():
            yield place, value
        case HttpUrl():
            yield place, str(value)
        case RootModel():
            yield from texts_of(value.root, place)
        case BaseModel():
            yield from texts_of(dict(value), place)
        case Mapping():
            for name, inner in value.items():
                yield from texts_of(inner, f"{place}.{name}" if place else str(name))
        case list() | tuple():
            for number, inner in enumerate(value, 1):
                yield from texts_of(inner, f"{place}[{number}]")


def leads_nowhere(url: HttpUrl) -> bool:
    """Whether an address is an example, or one that only this machine or house knows."""
    host = (url.host or "").strip("[]")
    if (
        host == "localhost"
        or host.endswith((".localhost", ".local"))
        or not re.search("[.:]", host)
    ):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return example_in(host) is not None


def address_sentence(site: Site) -> str:
    """What is wrong with an address that leads nowhere, and the fix."""
    return (
        f"content/site.yml, url: {site.url} е само пример. Напишете адреса, на който ще бъде "
        "сайтът: с този формулярите може да отказват писма, а QR кодовете водят наникъде."
    )


def left_in(content: Content) -> list[str]:
    """A sentence for each placeholder in the site's settings and in the facts of its centres."""
    found = [address_sentence(content.site)] if leads_nowhere(content.site.url) else []
    if content.site.url.scheme != "https" and not found:
        found.append(
            f"content/site.yml, url: {content.site.url} не е с https://. Без него всеки по пътя "
            "чете какво гледат и пишат хората. Напишете адреса с https://."
        )
    places = {"content/site.yml": content.site} | {
        f"content/centres/{id}.yml": centre for id, centre in content.centres.items()
    }
    for file, model in places.items():
        for field, text in texts_of(model):
            if (what := placeholder(text)) and field != "url":
                found.append(f"{file}, {field}: „{what}“ е само пример. Напишете истинското.")
    return found


def own_address(told: str) -> str:
    """The address of a site as a person types it, whole; raises ValueError for an example."""
    whole = told if "://" in told else f"https://{told}"
    try:
        url = TypeAdapter(HttpUrl).validate_python(whole.rstrip("/") + "/")
    except ValidationError:
        url = None
    if url is None or "." not in (url.host or "") or url.query or url.fragment:
        raise ValueError(f"„{told}“ не е адрес на сайт, например https://tsop-byala.bg/")
    if leads_nowhere(url):
        raise ValueError(f"„{told}“ е само пример или адрес вътре в мрежата ви")
    return str(url)


def with_address(settings: str, address: str) -> str:
    """The text of site.yml with another address; everything else stays as it is."""
    return re.sub(r"^url:.*$", lambda _: f"url: {address}", settings, count=1, flags=re.MULTILINE)
