"""Pure: what a language writes its own way: quotation marks, and the sign between listed things.

A text that is given as Markup stays Markup; `_` is then to give Markup as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce


def quote(text: str, _: Callable[[str], str]) -> str:
    """The text in quotation marks: „…“ in Bulgarian, “…” in English, «…» in Ukrainian."""
    return _("„%(answer)s“") % {"answer": text}


def join_list(texts: Iterable[str], _: Callable[[str], str]) -> str:
    """One after the other, at least one of them: „а, б, в“; in Arabic the comma is ، ."""
    pair = _("%(first)s, %(second)s")
    one, *more = texts
    return reduce(lambda before, text: pair % {"first": before, "second": text}, more, one)
