"""Pure: the table of a week as a part of a form, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from site_editor.form_part import Part, one_line
from site_editor.hours.week import (
    CLOSED,
    DAYS,
    HOLIDAYS,
    STATES,
    Table,
    TableError,
    hours_of,
    lines_of,
    table_of,
)

HOURS_TITLE: Final = "По дни и часове"
_HINT: Final = (
    "За всеки ден часове като 9:00, най-много на две части. Ден, за който не е казано нищо, остава "
    "празен."
)
_HOLIDAYS_HINT: Final = "Ако е празно, е както в другите дни."
_CLOSED_HINT: Final = (
    "Дни като 24.12.2026. Без година (24.12) е така всяка година. За веднъж по-добре е съобщение: "
    "то изчезва само."
)
_FIXED_HINT: Final = (
    "Тези часове са записани така, че таблицата не ги побира. Остават, както са. За промяна ги "
    "изчистете и напишете новите с думи или в таблицата."
)
_STEPS: Final = {"start": "От", "end": "До", "again": "и от", "until": "до"}
_CLOSED_STEPS: Final = {"first": "От ден", "last": "До ден"}
MONDAY_TO_FRIDAY: Final = ("mo", "tu", "we", "th", "fr")


def week_part(part: Part, value: Any) -> Part:
    """The part for hours as the facts have them, or as they were typed.

    Hours that a table cannot say are of the kind "fixed": shown in words, and kept to the sign.
    """
    if isinstance(value, Mapping):
        table: Mapping[str, Any] | None = value
    else:
        table = table_of(value) if isinstance(value, str) else {}
    part = replace(part, title=HOURS_TITLE)
    if table is None:
        return replace(
            part, kind="fixed", hint=_FIXED_HINT, value=one_line(value), shown=lines_of(value)
        )
    rows = [_row(f"{part.name}-{day}", title, "", table.get(day)) for day, title in DAYS.items()]
    place = f"{part.name}-{HOLIDAYS}"
    rows.append(_row(place, "Официални празници", _HOLIDAYS_HINT, table.get(HOLIDAYS)))
    parts = (*rows, _closed(f"{part.name}-{CLOSED}", table.get(CLOSED)))
    made = replace(part, kind="week", hint=_HINT, parts=parts)
    try:
        return replace(made, shown=lines_of(hours_of(told_table(made))))
    except TableError:
        return made


def _row(name: str, title: str, hint: str, value: Any) -> Part:
    data = value if isinstance(value, Mapping) else {}
    state = one_line(data.get("state"))
    known = STATES if state in STATES or not state else STATES | {state: state}
    chosen = Part(f"{name}-state", "Приема ли", "", "choice", True, state, choices=known)
    times = (
        Part(f"{name}-{step}", title, "", "text", True, one_line(data.get(step)))
        for step, title in _STEPS.items()
    )
    return Part(name, title, hint, parts=(chosen, *times))


def _closed(name: str, value: Any) -> Part:
    items = [one if isinstance(one, Mapping) else {} for one in value or ()]
    made = (
        Part(
            f"{name}-{at}",
            str(at + 1),
            parts=tuple(
                Part(f"{name}-{at}-{step}", title, "", "text", True, one_line(item.get(step)))
                for step, title in _CLOSED_STEPS.items()
            ),
        )
        for at, item in enumerate(items)
    )
    return Part(name, "Затворени дни", _CLOSED_HINT, "many", parts=tuple(made))


def told_table(part: Part) -> Table:
    """What stands in the fields of a table."""
    *rows, closed = part.parts
    table: Table = {_step(row): told for row in rows if (told := _told(row))}
    items = [told for item in closed.parts if (told := _told(item))]
    return table | ({CLOSED: items} if items else {})


def _told(row: Part) -> dict[str, str]:
    return {_step(one): one.value for one in row.parts if one.value}


def _step(part: Part) -> str:
    return part.name.rpartition("-")[2]


def copy_monday(table: dict[str, Any]) -> None:
    """Give each working day what was typed for Monday."""
    monday = table.get(MONDAY_TO_FRIDAY[0])
    table |= {day: monday for day in MONDAY_TO_FRIDAY if isinstance(monday, dict)}
