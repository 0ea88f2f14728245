"""What the built pages need of a browser, as the policy of their headers wants it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element

TELLING = {"script", "style", "img", "source", "link", "form", "meta"}
"""Elements of which the policy has to know, or that act like a header."""
_DATA_BLOCKS = {"application/ld+json", "application/json"}


def uses_of(element: _Element) -> Iterator[str]:
    """Which directives of the policy an element needs."""
    if element.tag == "script" and "src" in element.attrib:
        yield "script-src"
    elif element.tag in ("img", "source") or "icon" in element.get("rel", ""):
        yield "img-src"
    elif element.tag == "link" and element.get("rel") == "stylesheet":
        yield "style-src"
    elif element.tag == "form":
        yield "form-action"


def uses_of_scripts(scripts: Iterable[str]) -> Iterator[str]:
    """The same for the text of the scripts: what they ask for later."""
    if any("fetch(" in script for script in scripts):
        yield "connect-src"


def why_forbidden(element: _Element) -> Iterator[str]:
    """What an element is that the policy forbids: scripts and styles inside the page."""
    if element.tag == "style":
        yield "<style>"
    if element.tag == "meta" and "http-equiv" in element.attrib:
        yield "<meta http-equiv>"
    inside = element.tag == "script" and "src" not in element.attrib
    if inside and element.get("type") not in _DATA_BLOCKS:
        yield "<script>"


def refused_attribute(name: str) -> bool:
    """Whether the policy forbids an attribute: a style or a script in the page."""
    return name == "style" or name.startswith("on")
