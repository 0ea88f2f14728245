"""What pages say that depends on the day: hours, notices, states, and what waits for a check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from site_build.edition import Edition
from site_build.wording.hours import HoursLine, hours_lines, open_table, status_words
from site_model.facts.centre import Centre
from site_model.facts.contacts import Notice
from site_model.facts.freshness import (
    Checked,
    coming_dates,
    current_notices,
    current_status,
    next_check,
    overdue,
)
from site_model.facts.opening_hours.days import end_of
from site_model.facts.services import Programme, ProgrammeDate, Service, ServiceStatus


@dataclass(frozen=True)
class Timely:
    """What templates ask of an edition."""

    edition: Edition

    def overdue(self, item: Checked) -> bool:
        return overdue(item, self.edition.site.check_every_months, self.edition.today)

    def next_check(self, item: Checked) -> date:
        return next_check(item, self.edition.site.check_every_months)

    def hours(self, centre: Centre) -> tuple[HoursLine, ...]:
        rules = centre.opening_hours.rules if centre.opening_hours else ()
        return hours_lines(rules, self.edition.language, self.edition.gettext)

    @property
    def begins(self) -> int:
        """The minute since 1970 with which the day of the build begins."""
        return self.ends(self.edition.today - timedelta(days=1))

    def open_table(self, centre: Centre) -> str:
        return open_table(centre, self.edition.today)

    def status_words(self) -> Iterable[tuple[str, str]]:
        return status_words(self.edition.gettext)

    def notices(self, centre: Centre) -> tuple[Notice, ...]:
        return current_notices(centre, self.edition.today)

    def status(self, service: Service) -> ServiceStatus | None:
        return current_status(service, self.edition.today)

    def dates(self, programme: Programme) -> tuple[ProgrammeDate, ...]:
        return coming_dates(programme.dates, self.edition.today)

    def ends(self, day: date) -> int:
        """The minute since 1970 with which a day ends in Bulgaria, for the page's script."""
        return int(end_of(day).timestamp()) // 60
