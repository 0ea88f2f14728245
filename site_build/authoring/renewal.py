"""Pure: facts told again. A value that is another one does not keep its old source and date."""

from __future__ import annotations

from typing import Any, Final

from site_build.authoring.completion import Data
from site_model.types import SOURCE_LANGUAGE

_ABOUT: Final = ("source", "as_of", "checked_on", "next_check", "id", "slug")
"""What is said about a fact, or names it, and is no part of what it tells."""


def renew(before: Data, after: Data, today: str | None) -> Data:
    """The facts of a centre `after` a change, as they may stand.

    Where a value changed and its source did not, the source is taken out, so that the caller
    asks for it, or `complete` lets the fact rest on this telling. The `checked_on` that stands
    nearest becomes `today` (as 2026-11-28), if nobody set it anew; with None all days stay, for
    somebody who changed a value and looked at no other.
    """
    made: Data
    made, _ = _dict(before, after, today)
    return made


def _dict(before: Data, after: Data, today: str | None) -> tuple[Data, bool]:
    """The facts, and whether a change in them still looks for its date."""
    made = dict(after)
    changed = False
    for name, value in after.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            made[name], new = _dict(old, value, today)
        elif isinstance(value, list):
            made[name], new = _list(old if isinstance(old, list) else [], value, today)
        else:
            continue
        changed = changed or new
    same_source = "source" in after and after["source"] == before.get("source")
    if same_source and not _equal(before, after):
        del made["source"]
        changed = True
    if changed and "checked_on" in after:
        if today and after["checked_on"] == before.get("checked_on"):
            made["checked_on"] = today
        changed = False
    return made, changed


def _list(before: list[Any], after: list[Any], today: str | None) -> tuple[list[Any], bool]:
    """Items that have codes go by them; others by what they tell, then by their source."""
    left = [one for one in before if isinstance(one, dict)]
    surely = [_taken(left, item, _same_code, _same_words) for item in after]
    pairs = [
        old or _taken(left, item, _same_source) for item, old in zip(after, surely, strict=True)
    ]
    made = [
        _dict(old, item, today) if old is not None else (item, False)
        for item, old in zip(after, pairs, strict=True)
    ]
    return [item for item, _ in made], any(changed for _, changed in made)


def _taken(left: list[Data], item: Any, *alike: Any) -> Data | None:
    """Take from what is left the first that is like the item in one of these ways."""
    if isinstance(item, dict):
        for one in left:
            if any(same(one, item) for same in alike):
                left.remove(one)
                return one
    return None


def _same_code(one: Data, other: Data) -> bool:
    return "id" in one and one["id"] == other.get("id")


def _same_words(one: Data, other: Data) -> bool:
    return "id" not in one and one.get("source") == other.get("source") and _equal(one, other)


def _equal(one: Data, other: Data) -> bool:
    return bool(_tells(one) == _tells(other))


def _same_source(one: Data, other: Data) -> bool:
    return "id" not in one and bool(one.get("source")) and one["source"] == other.get("source")


def _tells(value: Any) -> Any:
    """What a fact tells in Bulgarian, without what is told about it and without other facts."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_tells(one) for one in value if not _is_fact(one)]
    if not isinstance(value, dict):
        return value
    if SOURCE_LANGUAGE in value:
        return _tells(value[SOURCE_LANGUAGE])
    return {
        name: told
        for name, one in value.items()
        if name not in _ABOUT and not _is_fact(one) and (told := _tells(one)) not in ([], None)
    }


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and "source" in value
