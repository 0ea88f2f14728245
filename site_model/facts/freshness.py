"""Pure: when a fact is to be checked again, and what has run out. Days are those of Bulgaria."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Protocol

from site_model.facts.centre import Centre
from site_model.facts.contacts import Notice
from site_model.facts.services import ProgrammeDate, Service, ServiceStatus
from site_model.types import Moment


class Checked(Protocol):
    """Anything that says when it was last held against its source."""

    @property
    def checked_on(self) -> Moment: ...

    @property
    def next_check(self) -> date | None: ...


def next_check(item: Checked, months: int) -> date:
    """The last day on which a fact is not overdue yet.

    Its own `next_check`, or `months` after it was checked. A fact that knows only the month of
    its check, or the year, counts from the end of it.
    """
    if item.next_check:
        return item.next_check
    parts = [int(part) for part in item.checked_on.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    turns, month = divmod(month - 1 + months, 12)
    year, month = year + turns, month + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(parts[2], last) if len(parts) > 2 else last)


def overdue(item: Checked, months: int, today: date) -> bool:
    """Whether a fact should have been checked again before today."""
    return next_check(item, months) < today


def current_notices(centre: Centre, today: date) -> tuple[Notice, ...]:
    """The notices whose last day is not over, the one that ends first before the others."""
    left = (notice for notice in centre.notices if notice.until >= today)
    return tuple(sorted(left, key=lambda notice: notice.until))


def current_status(service: Service, today: date) -> ServiceStatus | None:
    """What the centre said of how a service stands, while it holds."""
    status = service.status
    return status if status and (status.until is None or status.until >= today) else None


def coming_dates(dates: tuple[ProgrammeDate, ...], today: date) -> tuple[ProgrammeDate, ...]:
    """The dates of a programme that are not over, in order."""
    return tuple(
        sorted(
            (one for one in dates if one.day >= today), key=lambda one: (one.day, one.starts or "")
        )
    )
