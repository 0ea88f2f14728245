"""The licences of what a server runs, and whether Opora may go out with them.

Opora is under the EUPL 1.2 and uses libraries unchanged. Permissive licences ask for nothing but
their notice; MPL, LGPL and OFL (for the letters of fonts) hold for the library itself. What asks
more of the whole, or says nothing, is refused, so that somebody decides (EUPL, article 5).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from tools.release.pinned import ROOT, RUN, Pinned, read_pinned

ACCEPTED: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU"),
        *("PSF-2.0", "Unlicense", "Zlib"),
        *("LGPL-2.0-or-later", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
        *("MPL-2.0", "OFL-1.1"),
    }
)
_CLASSIFIERS: Final = {
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Trove classifiers that name one licence; „BSD License“ names a family."""


@dataclass(frozen=True)
class Licensed:
    """A package and its licence as an SPDX expression; "" where nobody has said it."""

    package: Pinned
    expression: str

    @property
    def accepted(self) -> bool:
        return bool(self.expression) and may_go_out(self.expression)


def licences() -> tuple[Licensed, ...]:
    """What a server runs, in the order of names; raises ReleaseError where it is not installed.

    Each has the licence that we have read ourselves, else what the package says of itself. A
    version for another Python has that of the version that is installed.
    """
    packages = read_pinned(RUN)
    said = {each.name: said_by(each.metadata) for each in packages if each.wanted}
    found = {**said, **read_by_us()}
    return tuple(Licensed(package, found.get(package.name, "")) for package in packages)


def said_by(metadata: Any) -> str:
    """What a package's metadata says (PEP 639; before it a free text and classifiers)."""
    if metadata is None:
        return ""
    for field in ("License-Expression", "License"):
        words = metadata.get(field) or ""
        if spdx := _spdx(words):
            return spdx
    named = (line.split(" :: ")[-1] for line in metadata.get_all("Classifier") or ())
    known = sorted({_CLASSIFIERS[name] for name in named if name in _CLASSIFIERS})
    return known[0] if len(known) == 1 else ""


def may_go_out(expression: str) -> bool:
    """Whether every licence that must hold, or one of those to choose from, is accepted."""
    return _holds(_licensing().parse(expression, validate=True))


def table(listed: Iterable[Licensed]) -> str:
    """The list as Markdown."""
    rows = [
        f"| {each.package.name} | {each.package.version} | {each.expression or '?'} |"
        for each in listed
    ]
    return "\n".join(["| package | version | licence (SPDX) |", "| --- | --- | --- |", *rows, ""])


@cache
def read_by_us() -> Mapping[str, str]:
    """Licences that a package's metadata does not say; a person read them in its files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(project["tool"]["opora"]["licences"])


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


def _spdx(words: str) -> str:
    """`words` if they are an expression of SPDX names, else ""."""
    try:
        parsed = _licensing().parse(words, validate=True)
    except ExpressionError:
        return ""
    return "" if parsed is None else str(parsed)


def _holds(part: Any) -> bool:
    licensing = _licensing()
    if isinstance(part, licensing.AND):
        return all(map(_holds, part.args))
    if isinstance(part, licensing.OR):
        return any(map(_holds, part.args))
    return str(part) in ACCEPTED
