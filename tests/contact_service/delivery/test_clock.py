"""A clock that was wrong for a moment: nothing waits for a future that never comes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.outbox import LEASE, Accepted, Outbox
from contact_service.outbox.tables import from_ms
from contact_service.sealing import SealedMail
from service_admin.__main__ import main
from service_admin.monitoring.watcher import SteadyClock
from tests.support.service.service_parts import SECRET, Instance

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD = [timedelta(minutes=6), 3 * HOUR, 400 * DAY, 73 * 365 * DAY]
MAIL = SealedMail("<1@example.org>", "centre@example.org", b"sealed")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as outbox:
        yield outbox


def accept(outbox: Outbox, now: datetime) -> None:
    outbox.accept(Accepted("A", "harmanli", 1, b"mac", [MAIL]), now)


@pytest.mark.parametrize("ahead", AHEAD)
def test_accepted_in_the_future_is_due(outbox: Outbox, ahead: timedelta) -> None:
    """It is sent at once and counted for an alarm; a refusal has its pause as ever."""
    accept(outbox, NOW + ahead)
    assert outbox.ahead(NOW) == 1
    parcel = outbox.lease(NOW)
    assert parcel is not None
    outbox.retry_at(parcel, NOW + timedelta(minutes=1))
    assert outbox.lease(NOW) is None


@pytest.mark.parametrize("ahead", AHEAD)
def test_lease_and_pause_of_a_wrong_clock_end(outbox: Outbox, ahead: timedelta) -> None:
    """What was leased or put off by a clock that was ahead is free when the clock is right."""
    accept(outbox, NOW)
    parcel = outbox.lease(NOW + ahead + LEASE)
    assert parcel is not None
    again = outbox.lease(NOW)
    assert again is not None
    outbox.retry_at(again, NOW + ahead + timedelta(minutes=1))
    assert outbox.lease(NOW) is not None


def test_clocks_of_two_machines_may_differ(outbox: Outbox) -> None:
    """A lease of a machine some minutes ahead holds: no letter is sent twice for that."""
    accept(outbox, NOW)
    assert outbox.lease(NOW + timedelta(minutes=4)) is not None
    assert outbox.lease(NOW) is None


@pytest.mark.parametrize("ahead", AHEAD)
def test_marks_in_the_future_never_were(outbox: Outbox, ahead: timedelta) -> None:
    """They silence no alarm, and stand for no heartbeat."""
    outbox.mark("heartbeat", NOW + ahead)
    assert outbox.last_mark("heartbeat", NOW) is None
    assert outbox.mark_unless("heartbeat", NOW, NOW - DAY, NOW)
    assert outbox.last_mark("heartbeat", NOW) == NOW


def test_given_up_in_the_future_is_announced_and_ends(outbox: Outbox) -> None:
    """It stays for a month from its announcement, and no longer."""
    accept(outbox, NOW + 400 * DAY)
    parcel = outbox.lease(NOW)
    assert parcel is not None
    outbox.give_up(parcel)
    kept = GivenUpMails(outbox)
    [item] = kept.items()
    assert item.to_announce(NOW)
    kept.remember_announced(["A"], NOW)
    assert kept.delete_over_age(NOW + 29 * DAY) == 0
    assert kept.delete_over_age(NOW + 30 * DAY) == 1


def test_nothing_is_deleted_by_a_clock_that_has_just_stepped() -> None:
    """The watch deletes only when its clock went steadily for an hour."""
    started = time.monotonic()
    clock = SteadyClock(started, NOW)
    clock.look(started + 3600, NOW + HOUR)
    assert clock.steady_for == HOUR
    clock.look(started + 3660, NOW + 73 * 365 * DAY)
    assert clock.steady_for == timedelta(0)


@pytest.mark.parametrize("ms", [-(10**17), 10**17])
def test_no_time_of_a_row_raises(ms: int) -> None:
    """What no calendar holds is its first or last second."""
    assert from_ms(ms).tzinfo is UTC


def test_terminal_obeys_nothing_that_is_printed(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Controls and signs of direction from the database are written out."""
    with closing(instance.outbox()) as outbox:
        bad = "A\x1b[2J\x9b\u202e\r"
        outbox.accept(Accepted(bad, "harmanli", 1, b"1", [MAIL]), datetime.now(UTC))
        parcel = outbox.lease(datetime.now(UTC))
        assert parcel is not None
        outbox.give_up(parcel)
    file = instance.folder / "service.toml"
    file.write_text(instance.toml)
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    assert main(["--settings", str(file), "status"]) == 0
    said = capsys.readouterr().out
    assert r"A\x1b[2J\x9b\u202e\r: прието" in said
    assert not set(said) & set("\x1b\x9b\u202e\r")
