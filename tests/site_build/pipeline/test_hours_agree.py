"""Words, the table of „open now“, schema.org and HSDS tell one truth of generated hours."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from babel.dates import get_day_names, get_month_names
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours as Library

from site_build.open_data.schedules import schedules, specifications
from site_build.wording.hours import HoursLine, hours_lines, open_table
from site_model.facts.centre import Centre
from site_model.facts.opening_hours.holidays import public_holidays
from site_model.facts.opening_hours.rules import parsed_hours
from site_model.facts.opening_hours.syntax import MONTHS, WEEKDAYS
from site_model.types import SOFIA
from tests.support.project import real_content

TODAY = date(2026, 12, 1)  # the coming weeks hold six holidays and the turn of the year
SOURCE = "000_cee4bc3b0dd5abd9.txt:1"
BARE = real_content().centres["harmanli"]
NAMES = [get_day_names("wide", "stand-alone", "bg")[day] for day in range(7)]
MONTH_NAMES = [get_month_names("wide", "stand-alone", "bg")[month] for month in range(1, 13)]
DAY = timedelta(days=1)

HOURS = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
INTERVAL = st.builds("{}-{}".format, HOURS, HOURS)
TIMES = st.one_of(
    st.sampled_from(["09:00-17:00", "09:00-12:00,13:00-17:00", "22:00-06:00", "18:00-24:00"]),
    st.sampled_from(["00:00-24:00", '10:00-12:00 "by appointment"', '"by appointment"']),
    INTERVAL,
)
STATE = st.one_of(TIMES, st.just("off"))
WEEKDAY = st.sampled_from(WEEKDAYS)
DAYS = st.one_of(
    st.sampled_from(["Mo-Fr", "Mo-Su", "Sa", "Sa-Su", "Mo,We", "Mo-Fr,PH"]),
    st.builds("{}-{}".format, WEEKDAY, WEEKDAY),
)
DATE = st.dates(date(2026, 11, 20), date(2027, 2, 10))
ON = DATE.map(lambda day: f"{MONTHS[day.month - 1]} {day.day}")
SPAN = st.one_of(
    st.builds("{}-{}".format, ON, ON),
    st.sampled_from(["Dec", "Nov-Jan", "2026 Dec 24-Jan 2", "2027 Jan"]),
)


def rules(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda *said: " ".join(filter(None, said)), *parts)


EXPRESSIONS = st.one_of(
    st.just("24/7"),
    st.builds(
        lambda *groups: "; ".join(rule for group in groups for rule in group),
        st.lists(rules(DAYS, STATE), min_size=1, max_size=3),
        st.lists(rules(SPAN, st.one_of(st.just(""), DAYS), STATE), max_size=2),
        st.lists(rules(st.just("PH"), STATE), max_size=1),
        st.lists(rules(ON, STATE), max_size=1),
    ),
)
MOMENTS = st.integers(0, 8 * 7 * 24 * 60 - 1).map(
    lambda minute: (
        datetime.combine(TODAY, datetime.min.time(), SOFIA).astimezone(UTC)
        + timedelta(minutes=minute)
    )
)


def centre_with(osm: str, closed: tuple[date, date] | None) -> Centre:
    notices = (
        [{"text": {"bg": "Ремонт."}, "first": closed[0], "until": closed[1], "closed": True}]
        if closed
        else []
    )
    told: dict[str, Any] = {
        "opening_hours": {"osm": osm, "source": SOURCE},
        "notices": [notice | {"source": SOURCE} for notice in notices],
    }
    data = BARE.model_dump(exclude={"opening_hours", "notices"}) | told
    return Centre.model_validate(data)


@settings(max_examples=60, deadline=None)
@given(
    EXPRESSIONS,
    st.one_of(st.none(), st.tuples(DATE, st.integers(0, 5))),
    st.lists(MOMENTS, min_size=20, max_size=20),
)
@example("Mo-Fr 09:00-17:00; PH off", None, [datetime(2026, 12, 24, 10, tzinfo=UTC)])
@example(
    "Mo-Fr 10:00-18:00; PH 09:00-12:00; Dec 24-Jan 2 off",
    None,
    [datetime(2026, 12, 25, 9, tzinfo=UTC)],
)
@example("Mo-Su 22:00-06:00; PH off", None, [datetime(2026, 12, 24, 1, tzinfo=UTC)])
def test_all_that_tells_of_hours_agrees(
    osm: str, closure: tuple[date, int] | None, moments: list[datetime]
) -> None:
    """At each moment what a reader makes of the words is what the page, the data and another
    reader of the same syntax say; the data leave out what is by appointment.
    """
    try:
        parsed_hours(osm)
    except ValueError:
        assume(False)
    closed = (closure[0], closure[0] + closure[1] * DAY) if closure else None
    centre = centre_with(osm, closed)
    lines = hours_lines(parsed_hours(osm), "bg", str)
    table = open_table(centre, TODAY)
    linked = [as_weekly(one) for one in specifications(centre, TODAY)]
    records = [as_weekly(one) for one in schedules(centre, "here", TODAY)[1:]]
    assert linked == records
    library = by_library(osm, closed)
    for moment in moments:
        local = moment.astimezone(SOFIA)
        now = by_table(table, moment)
        assert now == by_words(lines, closed, local), (osm, local)
        assert now.removesuffix("_day") == library(local), (osm, local)
        assert (now == "open") == any(holds(one, local) for one in linked), (osm, local, linked)


def by_table(table: str, moment: datetime) -> str:
    minute = int(moment.timestamp()) // 60
    for start, sign, length in re.findall(r"(\d+)([+~?])(\d+)", table):
        if int(start) <= minute < int(start) + int(length):
            return {"+": "open", "~": "appointment", "?": "appointment_day"}[sign]
    return "closed"


def by_words(lines: tuple[HoursLine, ...], closed: Any, local: datetime) -> str:
    """As a person reads it: of the lines that name a day the last one holds."""
    day = local.date()

    def line_of(day: date) -> HoursLine | None:
        if closed and closed[0] <= day <= closed[1]:
            return HoursLine("", ("затворено",))
        return next((line for line in reversed(lines) if names(line.days.lower(), day)), None)

    line, eve = line_of(day), line_of(day - DAY)
    minute = local.hour * 60 + local.minute
    if line and (found := at(", ".join(line.times), minute)):
        return found
    return (
        at(", ".join(eve.times), minute + 24 * 60) if eve and line in (None, eve) else None
    ) or "closed"


def names(label: str, day: date) -> bool:
    """Whether a line's label, as „юли – август, понеделник – петък“, is of a day."""
    said = []
    for part in label.split(", "):
        first, _, last = part.partition(" – ")
        if part == "всеки ден":
            return True
        if part == "включително празниците":  # the days that stand before it are all of them
            continue
        if part == "официални празници":
            if day in public_holidays(day.year):
                return True
            said.append(False)
        elif first in NAMES:
            said.append(NAMES.index(first) <= day.weekday() <= NAMES.index(last or first))
        elif not within(first, last or first, day):
            return False
    return any(said) or not said


def within(first: str, last: str, day: date) -> bool:
    (year, *start), (until, *end) = year_day(first, 1), year_day(last, 31)
    here = [day.month, day.day]
    if year:
        until = until or (year + 1 if start > end else year)
        return [year, *start] <= [day.year, *here] <= [until, *end]
    return start <= here <= end if start <= end else here >= start or here <= end


def year_day(text: str, otherwise: int) -> list[int]:
    found = re.fullmatch(r"(?:(\d+) )?([а-я]+)(?: (\d{4}) г\.)?", " ".join(text.split()))
    assert found, text
    number, month, year = found.groups()
    return [int(year or 0), MONTH_NAMES.index(month) + 1, int(number or otherwise)]


def at(times: str, minute: int) -> str | None:
    """What holds at a minute since the midnight of the line's own day."""
    appointment = times.endswith("по уговорка")
    if times == "по уговорка":
        return "appointment_day" if minute < 24 * 60 else None
    for part in times.replace("денонощно", "00:00–24:00").split(", "):
        hours = [int(hour) * 60 + int(rest) for hour, rest in re.findall(r"(\d\d):(\d\d)", part)]
        if hours:
            end = hours[1] + (24 * 60 if "на другия ден" in part else 0)
            if hours[0] <= minute < end:
                return "appointment" if appointment else "open"
    return None


def by_library(osm: str, closed: Any) -> Any:
    """opening-hours-py, with the days of Bulgaria in the place of PH."""
    days = ",".join(osm_day(day) for year in (2026, 2027) for day in public_holidays(year))
    parts = []
    for part in osm.split("; "):
        if ",PH" in part:
            parts += [part.replace(",PH", ""), f"{days} {part.partition(' ')[2]}"]
        else:
            parts.append(part.replace("PH", days))
    if closed:
        parts.append(f"{osm_day(closed[0])}-{osm_day(closed[1])} off")
    found = Library("; ".join(parts), timezone=SOFIA)

    def said(local: datetime) -> str:
        _, _, state, comment = next(found.intervals(local, local + timedelta(minutes=1)))
        if str(state) != "open":
            return "closed"
        return "appointment" if comment else "open"

    return said


def osm_day(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day}"


def as_weekly(record: dict[str, Any]) -> tuple[Any, ...]:
    """A record of HSDS or schema.org, in one form."""
    byday = record.get("byday")
    days = (
        [WEEKDAYS.index(day.title()) for day in byday.split(",")]
        if byday
        else [
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day.rpartition("/")[2][:3])
            for day in record["dayOfWeek"]
        ]
    )
    return (
        days,
        record.get("opens_at") or record["opens"],
        record.get("closes_at") or record["closes"],
        record.get("valid_from") or record.get("validFrom") or "",
        record.get("valid_to") or record.get("validThrough") or "9999",
    )


def holds(weekly: tuple[Any, ...], local: datetime) -> bool:
    days, opens, closes, first, last = weekly
    now = f"{local:%H:%M}"
    closes = "24:00" if (opens, closes) == ("00:00", "23:59") else closes

    def of(day: date) -> bool:
        return day.weekday() in days and first <= day.isoformat() <= last

    today, eve = of(local.date()), of(local.date() - DAY)
    if opens < closes:
        return today and opens <= now < closes
    return (today and now >= opens) or (eve and now < closes)
