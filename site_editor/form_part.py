"""What a form is made of: a tree like the facts, whose leaves are texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

BASED_ON: Final = "from"
"""The step below an item that says which of the facts it was made from, counted from 0."""
WITH_PARTS: Final = ("group", "week")
"""Kinds of parts that are no list and hold other parts."""


class Typed(dict[str, Any]):
    """An item of a list as the form has it."""


@dataclass(frozen=True)
class Part:
    """What stands on a page for a field, or for an item of a list.

    `name` is its place in the form, as phones-0-number. A plain field has a `value`, or `values`
    where several can be chosen, and `choices` with their Bulgarian words. Those of WITH_PARTS and
    of the kind "many" have `parts`; each item of a list says in `base` which of the facts it was
    made from. `shown` is what readers of the site will read.
    """

    name: str
    title: str
    hint: str = ""
    kind: str = "group"
    needed: bool = False
    value: str = ""
    values: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    base: str = ""
    shown: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is typed here; a choice of yes or no says nothing by itself."""
        said = self.kind != "yes" and (self.value or self.values)
        return not said and all(part.empty for part in self.parts)


def titles_of(parts: Iterable[Part]) -> dict[str, str]:
    """What the field at each place is called; of an item of a list nothing, it is but a number."""
    found: dict[str, str] = {}
    for part in parts:
        if not part.title.isdecimal():
            found[part.name] = part.title
        found |= titles_of(part.parts)
    return found


def one_line(value: Any) -> str:
    """A plain value as text on a line; "" for what is none."""
    return (
        "" if value is None or isinstance(value, Mapping | list) else " ".join(str(value).split())
    )
