"""Watching: alarms as values, alarm mails without content, real deletion, the local port."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from service_parts import Instance, SmtpServer
from support import free_port

from contact_service.kept import KEEP_GIVEN_UP, GivenUp, Kept
from contact_service.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail
from contact_service.watching.alarms import KeyState, Snapshot, alarms
from contact_service.watching.port import WatchServer, pages, serve
from contact_service.watching.watch import Watch

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REFERENCE = "DF4GJ-2UV79"


def kinds(**seen: Any) -> list[str]:
    return [alarm.kind for alarm in alarms(Snapshot(NOW, **seen))]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, []),
        ({"waiting": 9, "oldest": NOW - 6 * HOUR}, []),
        ({"waiting": 9, "oldest": NOW - 6 * HOUR - MINUTE}, ["oldest"]),
        ({"given_up": (GivenUp("A", NOW - 22 * DAY),)}, ["given up"]),
        ({"given_up": (GivenUp("A", NOW - 23 * DAY),)}, ["ending", "given up"]),
        ({"keys": (KeyState("sopot", "a@b.c"),)}, []),
        ({"keys": (KeyState("sopot", "a@b.c", NOW + 30 * DAY),)}, []),
        ({"keys": (KeyState("sopot", "a@b.c", NOW + 29 * DAY),)}, ["old key sopot"]),
        ({"keys": (KeyState("sopot", "a@b.c", wrong="x"),)}, ["unusable key sopot"]),
        ({"heartbeat": None}, []),
        ({"heartbeat_hours": 2}, ["heartbeat"]),
        ({"heartbeat_hours": 2, "heartbeat": NOW - 2 * HOUR}, []),
        ({"heartbeat_hours": 2, "heartbeat": NOW - 2 * HOUR - MINUTE}, ["heartbeat"]),
    ],
)
def test_alarms_follow_from_what_is_seen(seen: dict[str, Any], expected: list[str]) -> None:
    """Each limit, on both of its sides."""
    assert kinds(**seen) == expected


def test_no_alarm_names_an_address() -> None:
    """Sentences hold centres, counts, references and times."""
    keys = (KeyState("sopot", "a@b.c", NOW), KeyState("harmanli", "d@e.f", wrong="d@e.f: изтекъл"))
    seen = Snapshot(NOW, 1, NOW - DAY, (GivenUp("A", NOW - 29 * DAY),), keys, None, 1)
    sentences = [alarm.sentence for alarm in alarms(seen)]
    assert len(sentences) == 6
    assert not any("@" in sentence for sentence in sentences)


def given_up(outbox: Outbox, now: datetime, reference: str = REFERENCE) -> None:
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed-canary " * 40)
    outbox.accept(Accepted(reference, "harmanli", 1, reference.encode(), [mail]), now)
    parcel = outbox.lease(now)
    assert parcel is not None
    outbox.give_up(parcel)


@pytest.fixture
def watched(instance: Instance) -> Iterator[tuple[Watch, Outbox]]:
    """A watch with an alarm address, and its outbox."""
    instance = replace(instance, toml=f'alarm_address = "alarm@example.org"\n{instance.toml}')
    outbox = instance.outbox()
    yield Watch(instance.settings(), outbox), outbox
    outbox.close()


def test_alarm_is_mailed_once_a_day(watched: tuple[Watch, Outbox], smtp_server: SmtpServer) -> None:
    """A mail to the operator, with the number and no address or content; again a day later."""
    watch, outbox = watched
    given_up(outbox, NOW)
    for after in (MINUTE, 2 * MINUTE, 23 * HOUR):
        watch.round(NOW + after)
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["alarm@example.org"]
    assert "намеса" in mail["Subject"]
    text = mail.get_content()
    assert REFERENCE in text
    assert "@" not in text
    assert "canary" not in mail.as_string()
    watch.round(NOW + DAY + MINUTE)
    assert len(smtp_server.taken) == 2


def test_alarm_that_could_not_be_mailed_comes_again(
    watched: tuple[Watch, Outbox], smtp_server: SmtpServer
) -> None:
    """A mail server that is down for a while delays an alarm by an hour, not by a day."""
    watch, outbox = watched
    given_up(outbox, NOW)
    smtp_server.answer = lambda _envelope: "451 later"
    watch.round(NOW)
    smtp_server.answer = lambda _envelope: "250 OK"
    watch.round(NOW + 59 * MINUTE)
    assert smtp_server.taken == []
    watch.round(NOW + 60 * MINUTE)
    assert len(smtp_server.taken) == 1


def test_over_age_is_deleted_down_to_the_bytes(
    watched: tuple[Watch, Outbox], tmp_path: Path
) -> None:
    """Announced in time, a given-up mail is gone from every file after its 30 days."""
    watch, outbox = watched
    given_up(outbox, NOW)
    watch.round(NOW + 23 * DAY)
    watch.round(NOW + KEEP_GIVEN_UP - MINUTE)
    assert outbox.counts()["given_up"] == 1
    assert holds_canary(tmp_path)
    watch.round(NOW + KEEP_GIVEN_UP)
    assert outbox.counts()["given_up"] == 0
    assert not holds_canary(tmp_path)
    assert outbox.marked(f"ends {REFERENCE}") is None


def holds_canary(folder: Path) -> bool:
    return any(b"sealed-canary" in f.read_bytes() for f in folder.glob("outbox.sqlite3*"))


def test_nothing_is_deleted_without_a_week_of_warning(watched: tuple[Watch, Outbox]) -> None:
    """Where the watch did not run for months, the mail stays for 7 days after the first alarm."""
    watch, outbox = watched
    given_up(outbox, NOW)
    late = NOW + 90 * DAY
    watch.round(late)
    watch.round(late + 7 * DAY - MINUTE)
    assert outbox.counts()["given_up"] == 1
    watch.round(late + 7 * DAY)
    assert outbox.counts()["given_up"] == 0


def test_repeated_announcement_keeps_its_day(watched: tuple[Watch, Outbox]) -> None:
    """The day that is announced is the day of deletion, however often it is said."""
    watch, outbox = watched
    given_up(outbox, NOW)
    for announced, day in ((NOW + 25 * DAY, "23.12.2026"), (NOW + 26 * DAY, "23.12.2026")):
        seen = Snapshot(announced, given_up=Kept(outbox).items())
        assert f"От {day} г., 22:00 ч. нататък" in next(alarms(seen)).sentence
        watch.round(announced)
    watch.round(NOW + 32 * DAY - MINUTE)
    assert outbox.counts()["given_up"] == 1
    watch.round(NOW + 32 * DAY)
    assert outbox.counts()["given_up"] == 0


def test_retry_takes_the_announcement_back(watched: tuple[Watch, Outbox]) -> None:
    """What is tried anew and given up again is announced anew before it is deleted."""
    watch, outbox = watched
    given_up(outbox, NOW)
    watch.round(NOW + 29 * DAY)
    Kept(outbox).retry(REFERENCE, NOW + 29 * DAY)
    watch.round(NOW + 29 * DAY + MINUTE)
    assert outbox.marked(f"ends {REFERENCE}") is None
    parcel = outbox.lease(NOW + 36 * DAY)
    assert parcel is not None
    outbox.give_up(parcel)
    watch.round(NOW + 37 * DAY)
    assert outbox.counts()["given_up"] == 1


def test_kept_on_both_databases(database_url: str) -> None:
    """Listing, announcing, trying anew and deleting say the same to SQLite and PostgreSQL."""
    with closing(Outbox(database_url)) as outbox:
        kept = Kept(outbox)
        for reference in ("AAAAA-AAAAA", REFERENCE):
            given_up(outbox, NOW, reference)
        kept.announced([REFERENCE], NOW + 25 * DAY)
        assert kept.items() == (
            GivenUp("AAAAA-AAAAA", NOW),
            GivenUp(REFERENCE, NOW, announced_at=NOW + 25 * DAY),
        )
        assert kept.delete_over_age(NOW + 32 * DAY - MINUTE) == 0
        assert kept.delete_over_age(NOW + 32 * DAY) == 1
        assert [reference for reference, _ in kept.mails()] == ["AAAAA-AAAAA"]
        assert outbox.marked(f"ends {REFERENCE}") is None
        assert kept.retry(None, NOW) == 1
        assert outbox.oldest_waiting() == NOW
        kept.withdraw("AAAAA-AAAAA")
        assert outbox.counts() == {"waiting": 0, "given_up": 0}


def test_watch_that_dies_stops_the_process(watched: tuple[Watch, Outbox]) -> None:
    """A delivery process without its watch ends, so that its supervisor starts both anew."""
    watch, _ = watched
    stop = threading.Event()
    watch._settings = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        watch.for_ever(stop)
    assert stop.is_set()


@pytest.fixture
def ask(watched: tuple[Watch, Outbox]) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Asks the local port of the watch."""
    port = free_port()
    serve(port, *watched)

    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    yield get


def test_metrics_count_and_name_nobody(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]]
) -> None:
    """Prometheus gets the numbers of the outbox; no address, no reference."""
    _, outbox = watched
    now = datetime.now(UTC)
    given_up(outbox, now - HOUR)
    mail = SealedMail("<2@example.org>", "centre@example.org", b"x")
    outbox.accept(Accepted("AAAAA-AAAAA", "harmanli", 1, b"2", [mail]), now - 2 * HOUR)
    outbox.mark("heartbeat", now - 3 * HOUR)
    status, text = ask("/metrics")
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert status == 200
    assert (values["opora_waiting"], values["opora_given_up"]) == ("1.0", "1.0")
    assert float(values["opora_oldest_seconds"]) == pytest.approx(7200, abs=60)
    assert float(values["opora_heartbeat_age_seconds"]) == pytest.approx(10800, abs=60)
    assert "@" not in text
    assert "AAAAA" not in text
    assert "harmanli" not in text


def test_ready_needs_a_key_for_each_centre(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]], tmp_path: Path
) -> None:
    """200 while everything can be sealed; 503 with the centre when its only key is gone."""
    watch, _ = watched
    assert ask("/ready") == (200, "ready\n")
    (tmp_path / "centre.asc").write_text("no key")
    watch.round(datetime.now(UTC))
    assert ask("/ready") == (503, "no usable key: harmanli, sopot\n")
    assert ask("/health")[0] == 200


def test_not_ready_without_database(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]], tmp_path: Path
) -> None:
    """When the outbox cannot be read, the process is alive but not ready."""
    watched[1].close()
    (tmp_path / "outbox.sqlite3").unlink()
    (tmp_path / "outbox.sqlite3").mkdir()
    assert ask("/ready") == (503, "outbox not reachable\n")
    assert ask("/metrics")[0] == 503
    assert ask("/health") == (200, "ok\n")
    assert ask("/else")[0] == 404


def test_port_is_on_this_machine_only(watched: tuple[Watch, Outbox]) -> None:
    """The port is bound to loopback."""
    server = WatchServer(free_port(), pages(*watched))
    assert server.server_address[0] == "127.0.0.1"
    server.server_close()


def test_taken_port_does_not_stop_delivery(watched: tuple[Watch, Outbox]) -> None:
    """Somebody else's port is logged; mail goes on. Port 0 is none at all."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        serve(other.getsockname()[1], *watched)
    before = threading.active_count()
    serve(0, *watched)
    assert threading.active_count() == before
