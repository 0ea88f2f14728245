"""The coming dates of a centre's programmes as a calendar to subscribe to (RFC 5545)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from site_build.edition import Edition
from site_build.open_data.hsds import one_line
from site_build.open_data.ids import stable_id
from site_model.facts.centre import Centre
from site_model.facts.services import Programme, ProgrammeDate
from site_model.types import SOFIA, Moment
from site_model.urls import CENTRE_SLUGS

if TYPE_CHECKING:
    from icalendar import Event


def has_dates(centre: Centre) -> bool:
    """Whether a centre has a calendar: dates that have been stay in it too."""
    return any(programme.dates for programme in centre.programmes)


def calendar(edition: Edition, centre: Centre) -> bytes:
    """All dates of the programmes. Times are in UTC, so no telephone has to know our zone."""
    from icalendar import Calendar  # takes a tenth of the time in which a command starts

    feed = Calendar()
    feed.add("version", "2.0")
    feed.add("prodid", "-//Opora//Programmes//BG")
    feed.add("x-wr-calname", one_line(centre.short_name))
    page = edition.page_url(centre.id, CENTRE_SLUGS["programmes"])
    for programme in centre.programmes:
        for one, uid in with_uids(centre, programme):
            event = _event(centre, programme, one, page)
            event.add("uid", f"urn:uuid:{uid}")
            feed.add_component(event)
    return bytes(feed.to_ical())


def with_uids(centre: Centre, programme: Programme) -> Iterator[tuple[ProgrammeDate, str]]:
    """Dates, each with a UID that no other has and that is the same in every build.

    It is of the day and the hour. Of several groups at one hour the others, in the order of their
    ends and not of the file, have it of the end and of their number as well.
    """
    ordered = sorted(programme.dates, key=lambda one: (one.day, one.starts or "", one.ends or ""))
    seen: Counter[str] = Counter()
    for one in ordered:
        hour = f"{one.day}T{one.starts or ''}"
        more = (one.ends or "", seen[hour]) if seen[hour] else ()
        seen[hour] += 1
        yield one, stable_id("programme_date", centre.id, programme.id, hour, *more)


def _event(centre: Centre, programme: Programme, one: ProgrammeDate, page: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("summary", f"{one_line(programme.name)} – {one_line(centre.short_name)}")
    event.add("url", f"{page}#{programme.id}")
    if programme.description:
        event.add("description", one_line(programme.description))
    # When the facts were checked: a stamp of the build would change the file every day.
    event.add("dtstamp", _first_moment(programme.checked_on))
    event.add("dtstart", _moment(one.day, one.starts) if one.starts else one.day)
    if one.ends:
        event.add("dtend", _moment(one.day, one.ends))
    elif not one.starts:
        event.add("dtend", one.day + timedelta(days=1))
    return event


def _moment(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), SOFIA).astimezone(UTC)


def _first_moment(checked_on: Moment) -> datetime:
    first = date.fromisoformat(checked_on + "-01" * (2 - checked_on.count("-")))
    return datetime.combine(first, time(), UTC)
