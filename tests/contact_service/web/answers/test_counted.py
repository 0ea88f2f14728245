"""What is counted: letters of people by centre, form and language, and those that were answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contact_service.intake import Intake
from contact_service.outbox.tallies import Cells, month_of
from service_admin.outbox import heartbeat
from site_model.loading.loader import load_content
from tests.contact_service.web.answers.way import Way
from tests.support.service.service_parts import SECRET, Instance, SmtpServer

BEAT = (
    '[heartbeat_recipient]\naddress = "operator@example.org"\nseal = "openpgp"\nkey = "centre.asc"'
)


def test_letters_and_their_first_answers_are_counted(
    instance: Instance,
    smtp_server: SmtpServer,
    letter: dict[str, Any],
    school_referral: dict[str, Any],
) -> None:
    """Each letter once, in the language of its form; the same one sent again, the service's own
    letters and what was not accepted count for nothing, and nor does what an answer says.
    """
    instance.toml += BEAT
    way = Way(instance, smtp_server, letter, "uk")
    assert way.client.post("/send/uk/harmanli/contact", data=letter).status_code == 303
    assert way.client.post("/send/bg/harmanli/contact", data={"name": "x"}).status_code == 422
    assert way.client.post("/send/bg/sopot/referral", data=school_referral).status_code == 303
    for kind in ("read", "call"):
        assert way.answer(kind).status_code == 200
    settings = instance.settings()
    content = load_content(settings.content_folder)
    intake = Intake(settings, way.outbox, content.site)
    intake.send_link(content.centres["harmanli"], "https://example.org/edit/a")
    heartbeat(settings, 0)

    now = datetime.now(UTC)
    way.outbox.count_the_day(now + timedelta(days=1))
    month, cells = month_of(now), Cells(SECRET)
    before = month_of(now - timedelta(hours=1))  # where the month ends while this runs
    expected = {
        cell(one)
        for one in {before, month}
        for cell in (
            lambda m: cells.letters(m, "harmanli", "contact", "uk"),
            lambda m: cells.letters(m, "sopot", "referral", "bg"),
            lambda m: cells.answered_letters(m, "harmanli"),
        )
    }
    found = way.outbox.numbers_between(before, month)
    assert found.keys() <= expected
    assert sorted(found.values()) == [1, 1, 1]
