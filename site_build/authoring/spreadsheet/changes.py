"""Pure: what is different between two states of a centre's facts, in the words of the sheets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from site_build.authoring.spreadsheet.columns import (
    CENTRE_COLUMNS,
    TABLES,
    Column,
    Names,
    Table,
    cell_value,
    places_of,
    rows_of,
    title_of,
    value_at,
)
from site_model.facts.centre import Centre
from site_model.types import SOURCE_LANGUAGE

Facts = Mapping[str, Any]

_SHORT = 40
"""Signs: two values up to this stand on one line."""


@dataclass(frozen=True)
class Change:
    """One value that is different: where it is, what stood there and what will; "" for nothing."""

    where: str
    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"{self.where}: добавя се {_quoted(self.new)}"
        if not self.new:
            return f"{self.where}: маха се {_quoted(self.old)}"
        if max(len(self.old), len(self.new)) <= _SHORT:
            return f"{self.where}: {_quoted(self.old)} → {_quoted(self.new)}"
        return f"{self.where}:\n    беше:  {_quoted(self.old)}\n    става: {_quoted(self.new)}"


def facts_of(centre: Centre) -> dict[str, Any]:
    """A centre's facts as plain data, without what was not said; what a sheet is made of."""
    return {"letters": centre.letters} | centre.model_dump(mode="json", exclude_defaults=True)


def changes(old: Facts, new: Facts, names: Names, *, sources: bool = True) -> list[Change]:
    """Every difference, in the order of the sheets; none where both say the same.

    Without `sources` only what is told counts, not where it was read.
    """
    languages = sorted({*languages_in(old), *languages_in(new)} - {SOURCE_LANGUAGE})
    differ = _Differences([SOURCE_LANGUAGE, *languages], names, sources=sources)
    found = list(differ.of_values("", CENTRE_COLUMNS, old, new))
    for table in TABLES:
        found += differ.of_table(table, old, new)
    return found


class _Differences:
    def __init__(self, languages: Sequence[str], names: Names, *, sources: bool) -> None:
        self._languages, self._names, self._sources = languages, names, sources

    def of_values(
        self, above: str, columns: Sequence[Column], old: Facts, new: Facts
    ) -> Iterator[Change]:
        for place in places_of(columns, self._languages):
            if place[0].of_source and not self._sources:
                continue
            before, after = self._shown(place, old), self._shown(place, new)
            if before.split() != after.split():
                yield Change(f"{above}{title_of(place)}", before, after)

    def of_table(self, table: Table, old: Facts, new: Facts) -> Iterator[Change]:
        before, after = _by_owner(table, old), _by_owner(table, new)
        for owner in dict.fromkeys([*before, *after]):
            title = f"{table.title}, „{owner}“" if owner else table.title
            for was, will in _paired(before.get(owner, []), after.get(owner, [])):
                if was is None or will is None:
                    yield Change(title, self._whole(table, was), self._whole(table, will))
                else:
                    above = f"{title}, „{self._label(table, was)}“ – "
                    yield from self.of_values(above, table.columns, was, will)
        if len(table.steps) == 1:
            first, then = (_codes(side.get(table.steps[0], ())) for side in (old, new))
            if first != then and sorted(first) == sorted(then):
                yield Change(f"{table.title}, ред", ", ".join(first), ", ".join(then))

    def _shown(self, place: tuple[Column, str], data: Facts) -> str:
        column, language = place
        value = cell_value(column, value_at(data, column.steps), language, self._names)
        return "" if value is None else str(value)

    def _label(self, table: Table, item: Facts) -> str:
        """What a person calls an item: its first words."""
        said = (self._shown(place, item) for place in places_of(table.columns, [SOURCE_LANGUAGE]))
        return next(filter(None, said), "")

    def _whole(self, table: Table, item: Facts | None) -> str:
        """All that was told of an item."""
        if item is None:
            return ""
        places = places_of(table.columns, self._languages)
        told = [p for p in places if not p[0].of_source and p[0].steps[-1] not in _MADE]
        return "; ".join(filter(None, (self._shown(place, item) for place in told)))


_MADE = ("id", "slug", "checked_on", "next_check")


def _codes(items: Sequence[Facts]) -> list[str]:
    return [item["id"] for item in items if "id" in item]


def _by_owner(table: Table, data: Facts) -> dict[str, list[Facts]]:
    found: dict[str, list[Facts]] = {}
    for owner, item in rows_of(data, table):
        found.setdefault(owner, []).append(item)
    return found


def _paired(
    old: Sequence[Facts], new: Sequence[Facts]
) -> Iterator[tuple[Facts | None, Facts | None]]:
    """Each item beside what it becomes: the one of the same code, or else the one in its place."""
    if any("id" in item for item in (*old, *new)):
        was, will = ({item["id"]: item for item in side} for side in (old, new))
        yield from ((was.get(code), will.get(code)) for code in dict.fromkeys([*was, *will]))
        return
    before, after = ([json.dumps(item, sort_keys=True) for item in side] for side in (old, new))
    for _, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        count = max(b - a, d - c)
        left, right = [*old[a:b], *[None] * count], [*new[c:d], *[None] * count]
        yield from zip(left[:count], right[:count], strict=True)


def languages_in(data: Any) -> set[str]:
    """The languages of all texts in the data."""
    if isinstance(data, dict):
        if isinstance(data.get(SOURCE_LANGUAGE), str):
            return set(data)
        return {code for value in data.values() for code in languages_in(value)}
    return (
        {code for item in data for code in languages_in(item)} if isinstance(data, list) else set()
    )


def _quoted(text: str) -> str:
    return f"„{' '.join(text.split())}“" if text else "–"
