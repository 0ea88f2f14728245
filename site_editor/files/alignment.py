"""Pure: which items of a changed list are the old ones."""

from __future__ import annotations

from typing import Any

from site_model.text.saved_files import text_of

_EQUAL, _NAMED, _ALIKE, _OF_A_KIND = 4.0, 3.0, 2.0, 0.1


def is_same(one: Any, other: Any, *, as_read: bool = False) -> bool:
    """Whether two values are written alike; the order of keys does not count, 1 is not `true`.

    `as_read`: also where signs of the other would not be read as they are, as a hard space.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        pairs = [(one[key], other.get(key)) for key in one]
        return one.keys() == other.keys() and all(is_same(*two, as_read=as_read) for two in pairs)
    if isinstance(one, list):
        pairs = list(zip(one, other, strict=False))
        return len(one) == len(other) and all(is_same(*two, as_read=as_read) for two in pairs)
    return one == other or (as_read and isinstance(one, str) and one == text_of(other.encode()))


def has_same_id(one: Any, other: Any) -> bool:
    both = isinstance(one, dict) and isinstance(other, dict) and "id" in one and "id" in other
    return both and is_same(one["id"], other["id"])


def align_items(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each new item its place in the old list, or None; the places only grow.

    Equal items count most, then those of one `id`, then those that share their fields; one that is
    changed beyond that is still the old one where both stand between the same neighbours.
    """
    first = 0
    while first < min(len(old), len(new)) and is_same(old[first], new[first]):
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and is_same(old[-1 - last], new[-1 - last]):
        last += 1
    rows, columns = old[first : len(old) - last], new[first : len(new) - last]
    likeness = [[_likeness(one, other) for other in columns] for one in rows]
    best = [[0.0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    for row in reversed(range(len(rows))):
        for column in reversed(range(len(columns))):
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                best[row + 1][column + 1] + likeness[row][column],
            )
    found: list[int | None] = [*range(first), *[None] * len(columns)]
    row = column = 0
    while row < len(rows) and column < len(columns):
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            found[first + column] = first + row
            row, column = row + 1, column + 1
    return [*found, *range(len(old) - last, len(old))]


def _likeness(one: Any, other: Any) -> float:
    if is_same(one, other):
        return _EQUAL
    if has_same_id(one, other):
        return _NAMED
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return _OF_A_KIND
    keys = one.keys() & other.keys()
    share = sum(is_same(one[key], other[key]) for key in keys) / max(len(one), len(other), 1)
    if share < 0.5 and "id" in keys:
        return 0
    return _ALIKE * share if share >= 0.5 else _OF_A_KIND
