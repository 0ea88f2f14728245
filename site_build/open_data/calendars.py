"""The coming dates of a centre's programmes as a calendar to subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import vobject

from site_build.open_data.hsds import said
from site_build.open_data.ids import stable_id
from site_model.addresses import centre_url
from site_model.base import SOURCE_LANGUAGE, Moment
from site_model.centre import Centre, Programme, ProgrammeDate
from site_model.facts import Content
from site_model.hours import ZONE

_UTC = vobject.icalendar.utc  # of all zones in UTC, the one for which vobject writes „Z“


def has_dates(centre: Centre) -> bool:
    """Whether a centre has a calendar: dates that have been stay in it too."""
    return any(programme.dates for programme in centre.programmes)


def calendar(content: Content, centre: Centre) -> bytes:
    """All dates of the programmes. Times are in UTC, so no telephone has to know our zone."""
    root = vobject.iCalendar()
    root.add("prodid").value = "-//Opora//Programmes//BG"
    root.add("x-wr-calname").value = said(centre.short_name)
    page = f"{centre_url(content, SOURCE_LANGUAGE, centre.id)}programi/"
    for programme in centre.programmes:
        for one in programme.dates:
            _add(root.add("vevent"), centre, programme, one, page)
    text: str = root.serialize()
    return text.encode()


def _add(
    event: vobject.base.Component,
    centre: Centre,
    programme: Programme,
    one: ProgrammeDate,
    page: str,
) -> None:
    what: Sequence[str] = (centre.id, programme.id, f"{one.day}T{one.starts or ''}")
    event.add("uid").value = f"urn:uuid:{stable_id('programme_date', *what)}"
    event.add("summary").value = f"{said(programme.name)} – {said(centre.short_name)}"
    event.add("url").value = f"{page}#{programme.id}"
    if programme.description:
        event.add("description").value = said(programme.description)
    # When the facts were checked: a stamp of the build would change the file every day.
    event.add("dtstamp").value = _first_moment(programme.checked_on)
    event.add("dtstart").value = _moment(one.day, one.starts) if one.starts else one.day
    if one.ends:
        event.add("dtend").value = _moment(one.day, one.ends)
    elif not one.starts:
        event.add("dtend").value = one.day + timedelta(days=1)


def _moment(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), ZONE).astimezone(_UTC)


def _first_moment(checked_on: Moment) -> datetime:
    first = date.fromisoformat(checked_on + "-01" * (2 - checked_on.count("-")))
    return datetime.combine(first, time(), _UTC)
