"""What the built pages need of a browser, and the headers for web servers that allow just that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lxml.etree import _Element

from site_model.web_headers import page_headers

# A site that can only be read over HTTPS says so itself; each form of the file carries the hint.
_HSTS = "max-age=63072000"
_HSTS_HINT = (
    "Switch on once HTTPS works and its certificate renews itself; browsers keep it 2 years"
)
TELLING = {"script", "style", "img", "source", "link", "form"}
"""Elements of which the policy has to know."""
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


def refused(element: _Element) -> Iterator[str]:
    """What an element is that the policy forbids: scripts and styles inside the page."""
    if element.tag == "style":
        yield "<style>"
    inside = element.tag == "script" and "src" not in element.attrib
    if inside and element.get("type") not in _DATA_BLOCKS:
        yield "<script>"


def refused_attribute(name: str) -> bool:
    """Whether the policy forbids an attribute: a style or a script in the page."""
    return name == "style" or name.startswith("on")


def write_header_files(folder: Path, uses: Iterable[str], service: str) -> None:
    """Write the headers as web servers and hosts want them, each in its own form.

    `service` is the origin of a service that stands elsewhere, or nothing.
    """
    headers = page_headers(uses, service)
    folder.mkdir(parents=True, exist_ok=True)
    files = {"site.caddy": _caddy, "site.nginx.conf": _nginx, "_headers": _headers_file}
    for name, form in files.items():
        (folder / name).write_text(form(headers), encoding="utf-8")


def _caddy(headers: Mapping[str, str]) -> str:
    lines = [f'\t{name} "{value}"' for name, value in headers.items()]
    return "\n".join(
        [
            "# For Caddy: `import` this where the site's files are served.",
            "header {",
            *lines,
            f"\t# {_HSTS_HINT}:",
            f'\t# Strict-Transport-Security "{_HSTS}"',
            "}",
            "file_server {",
            "\tprecompressed br gzip",
            "}",
            "",
        ]
    )


def _nginx(headers: Mapping[str, str]) -> str:
    lines = [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    return "\n".join(
        [
            "# For nginx: `include` this in the `location` that serves the site's files. One",
            "# with an add_header of its own takes over none from outside.",
            *lines,
            f"# {_HSTS_HINT}:",
            f'# add_header Strict-Transport-Security "{_HSTS}" always;',
            "gzip_static on;",
            "# Where the module for it is installed:",
            "# brotli_static on;",
            "",
        ]
    )


def _headers_file(headers: Mapping[str, str]) -> str:
    lines = [f"  {name}: {value}" for name, value in headers.items()]
    return "\n".join(
        [
            "# For hosts that read `_headers`: put this file beside the site's index.html.",
            "/*",
            *lines,
            f"  # {_HSTS_HINT}:",
            f"  # Strict-Transport-Security: {_HSTS}",
            "",
        ]
    )
