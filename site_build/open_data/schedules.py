"""Opening hours as HSDS and schema.org write them. Both know weekdays and times on the clock of
the place; what else a centre said of its hours stands in words.
"""

from __future__ import annotations

from typing import Any, Final

from site_build.hours_words import hours_sentence
from site_build.open_data.ids import stable_id
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.hours import WEEKDAYS, Rule

_LONG: Final = {
    **{"Mo": "Monday", "Tu": "Tuesday", "We": "Wednesday", "Th": "Thursday"},
    **{"Fr": "Friday", "Sa": "Saturday", "Su": "Sunday"},
}


def schedules(centre: Centre, location_id: str) -> list[dict[str, Any]]:
    """Records of HSDS: one with all in words, then one for each weekly interval."""
    sentence = hours_sentence(centre, SOURCE_LANGUAGE, str)
    if not sentence or not centre.opening_hours:
        return []
    weekly = [
        {
            "id": stable_id("schedule", centre.id, days[0], start),
            "location_id": location_id,
            "freq": "WEEKLY",
            "byday": ",".join(day.upper() for day in days),
            "opens_at": start,
            "closes_at": end,
        }
        for days, start, end in weekly_hours(centre.opening_hours.rules)
    ]
    id = stable_id("schedule", centre.id)
    return [{"id": id, "location_id": location_id, "description": sentence}, *weekly]


def specifications(rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    """Of schema.org: OpeningHoursSpecification."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{_LONG[day]}" for day in days],
            "opens": start,
            "closes": end,
        }
        for days, start, end in weekly_hours(rules)
    ]


def weekly_hours(rules: tuple[Rule, ...]) -> list[tuple[tuple[str, ...], str, str]]:
    """What holds in a week like any other: weekdays with the same interval, without appointments.

    As everywhere in this syntax, the last rule that names a day wins.
    """
    of_day: dict[str, Rule] = {}
    for rule in rules:
        if not rule.dates:
            of_day |= dict.fromkeys(_weekdays(rule), rule)
    days_of: dict[tuple[str, str], list[str]] = {}
    for day in WEEKDAYS:
        rule = of_day.get(day, Rule())
        for times in () if rule.by_appointment else rule.times:
            days_of.setdefault(times, []).append(day)
    return [(tuple(days), start, end) for (start, end), days in days_of.items()]


def _weekdays(rule: Rule) -> list[str]:
    """All weekdays of a rule; one that names no day at all holds on every one."""
    spans = rule.days or (() if rule.holidays else (("Mo", "Su"),))
    found: list[str] = []
    for first, last in spans:
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        found += [WEEKDAYS[(start + step) % 7] for step in range((end - start) % 7 + 1)]
    return found


def hsds_status(state: str | None) -> str:
    """HSDS has no word for „limited“: it is active, and the text of the centre says how."""
    return "temporarily closed" if state == "paused" else "active"
