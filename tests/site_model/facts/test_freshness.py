"""What holds until a day holds on that day, and is gone on the next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.contacts import Notice
from site_model.facts.freshness import coming_dates, current_notices, current_status, overdue
from site_model.facts.services import ProgrammeDate, ServiceStatus

LAST = date(2027, 2, 28)
BEFORE, AFTER = date(2027, 2, 27), date(2027, 3, 1)
READ = {"source": "a.txt:1"}


@pytest.fixture
def centre(content: Content) -> Centre:
    """One whose notice, state and date have the same last day."""
    real = content.centres["harmanli"]
    notice = Notice.model_validate({"text": {"bg": "Почиваме."}, "until": LAST, **READ})
    status = ServiceStatus.model_validate({"state": "paused", "until": LAST, **READ})
    service = real.services[0].model_copy(update={"status": status})
    return real.model_copy(update={"notices": (notice,), "services": (service,)})


def held(centre: Centre, today: date) -> tuple[bool, bool, bool]:
    dates = (ProgrammeDate.model_validate({"day": LAST, **READ}),)
    return (
        current_notices(centre, today) == centre.notices,
        current_status(centre.services[0], today) == centre.services[0].status,
        coming_dates(dates, today) == dates,
    )


def test_a_notice_a_state_and_a_date_stand_on_their_last_day(centre: Centre) -> None:
    """Anyone who comes on that day is still told; anyone who comes on the next is not."""
    assert held(centre, BEFORE) == (True, True, True)
    assert held(centre, LAST) == (True, True, True)
    assert held(centre, AFTER) == (False, False, False)


@pytest.mark.parametrize(
    ("checked", "last"),
    [
        ({"checked_on": "2026-02-28"}, LAST),
        ({"checked_on": "2026-02"}, LAST),
        ({"checked_on": "2026"}, date(2027, 12, 31)),
        ({"checked_on": "2026-02-28", "next_check": date(2026, 3, 9)}, date(2026, 3, 9)),
    ],
)
def test_a_fact_is_overdue_the_day_after_its_last(
    centre: Centre, checked: dict[str, Any], last: date
) -> None:
    """Twelve months after a day; after the end of a month or year; after a day of its own."""
    fact = centre.model_copy(update={"next_check": None, **checked})
    assert not overdue(fact, 12, last)
    assert overdue(fact, 12, date.fromordinal(last.toordinal() + 1))
