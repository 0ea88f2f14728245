"""Headers and old addresses for web servers and hosts, each in its own form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from site_build.atomic_writing import write_whole
from site_model.security_headers import page_headers

# A site that can only be read over HTTPS says so itself; each form of the file carries the hint.
_HSTS = "max-age=63072000"
_HSTS_HINT = (
    "Switch on once HTTPS works and its certificate renews itself; browsers keep it 2 years"
)
# An address that can stand in a server's file as it is: its steps mean nothing else there.
SAFE_PATH: Final = r"(?:/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9]+)*)*/?"

Headers = Mapping[str, str]
Moved = Mapping[str, str]
"""Old paths from the root, and the paths where they lead now."""


def write_server_files(
    folder: Path, uses: Iterable[str], service: str, moved: Moved | None = None
) -> None:
    """Write what web servers and hosts include, each in its own form.

    `service` is the origin of a service that stands elsewhere, or nothing.
    """
    headers = page_headers(uses, service)
    safe = safe_moves(moved or {})
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in SERVER_FILES.items():
        write_whole(folder / name, form(headers, safe))
    write_whole(folder / "_headers", _headers_file(headers))
    lines = (f"{old} {new} 301\n" for old, new in safe.items())
    write_whole(folder / "_redirects", "".join(lines))


def safe_moves(moved: Moved) -> dict[str, str]:
    """Those that may stand in a server's file; small pages lead on from the others."""
    safe = re.compile(SAFE_PATH)
    return {old: new for old, new in moved.items() if safe.fullmatch(old) and safe.fullmatch(new)}


def _caddy(headers: Headers, moved: Moved) -> str:
    lines = [f'\t{name} "{value}"' for name, value in headers.items()]
    return "\n".join(
        [
            "# For Caddy: `import` this where the site's files are served.",
            "header {",
            *lines,
            f"\t# {_HSTS_HINT}:",
            f'\t# Strict-Transport-Security "{_HSTS}"',
            "}",
            *(f"redir {old} {new} 301" for old, new in moved.items()),
            "file_server {",
            "\tprecompressed br gzip",
            "}",
            "",
        ]
    )


def _nginx(headers: Headers, moved: Moved) -> str:
    lines = [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    return "\n".join(
        [
            "# For nginx: `include` this in the `location` that serves the site's files. One",
            "# with an add_header of its own takes over none from outside.",
            *lines,
            f"# {_HSTS_HINT}:",
            f'# add_header Strict-Transport-Security "{_HSTS}" always;',
            *(f"rewrite ^{as_pattern(old)}$ {new} permanent;" for old, new in moved.items()),
            "gzip_static on;",
            "# Where the module for it is installed:",
            "# brotli_static on;",
            "",
        ]
    )


def _headers_file(headers: Headers) -> str:
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


def as_pattern(path: str) -> str:
    """A path for a regular expression, with or without its last slash."""
    return re.sub(r"/$", "/?", path.replace(".", r"\."))


_MOVED: Final = {
    "site.caddy": re.compile(rf"^redir ({SAFE_PATH}) ({SAFE_PATH}) 301$", re.M),
    "site.nginx.conf": re.compile(
        rf"^rewrite \^((?:/[A-Za-z0-9_-]+(?:\\\.[A-Za-z0-9]+)*)*/?\??)\$ ({SAFE_PATH}) permanent;$",
        re.M,
    ),
}


def moves_in(name: str, text: str) -> dict[str, str]:
    """The old addresses that a server's file of this name names, and where they lead."""
    found = _MOVED[name].findall(text)
    return {old.removesuffix("?").replace("\\", ""): new for old, new in found}


SERVER_FILES: Final[Mapping[str, Callable[[Headers, Moved], str]]] = {
    "site.caddy": _caddy,
    "site.nginx.conf": _nginx,
}
"""What web servers include, and what writes it."""
