"""What pages say that depends on the day: hours, notices, states, and what waits for a check."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from site_build.centre_pages import Words
from site_build.hours_words import HoursLine, hours_lines, open_table, status_words
from site_model.centre import Centre, Notice, Programme, ProgrammeDate, Service, ServiceStatus
from site_model.facts import Site
from site_model.freshness import (
    Checked,
    coming_dates,
    current_notices,
    current_status,
    next_check,
    overdue,
)
from site_model.hours import ZONE, end_of


def build_day() -> date:
    """The day for which a build is made: of SOURCE_DATE_EPOCH, where it is set, or today.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return now.astimezone(ZONE).date()


@dataclass(frozen=True)
class Timely:
    """What templates ask, in one language and for one day."""

    site: Site
    language: str
    words: Words
    today: date

    def overdue(self, item: Checked) -> bool:
        return overdue(item, self.site.check_every_months, self.today)

    def next_check(self, item: Checked) -> date:
        return next_check(item, self.site.check_every_months)

    def hours(self, centre: Centre) -> tuple[HoursLine, ...]:
        rules = centre.opening_hours.rules if centre.opening_hours else ()
        return hours_lines(rules, self.language, self.words)

    @property
    def begins(self) -> int:
        """The minute since 1970 with which the day of the build begins."""
        return self.ends(self.today - timedelta(days=1))

    def open_table(self, centre: Centre) -> str:
        return open_table(centre, self.today)

    def status_words(self) -> Mapping[str, str]:
        return dict(status_words(self.words))

    def notices(self, centre: Centre) -> tuple[Notice, ...]:
        return current_notices(centre, self.today)

    def status(self, service: Service) -> ServiceStatus | None:
        return current_status(service, self.today)

    def dates(self, programme: Programme) -> tuple[ProgrammeDate, ...]:
        return coming_dates(programme.dates, self.today)

    def ends(self, day: date) -> int:
        """The minute since 1970 with which a day ends in Bulgaria, for the page's script."""
        return int(end_of(day).timestamp()) // 60
