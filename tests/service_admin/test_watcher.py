"""Watching: alarms as values, alarm mails without content, real deletion, the local port."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contact_service.logs import Fault
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.given_up import GivenUp, GivenUpMails
from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail
from service_admin.monitoring.alarms import KeyState, Snapshot, alarms
from service_admin.monitoring.http import serve
from service_admin.monitoring.watcher import Watch
from tests.support.project import free_port
from tests.support.service.letters import REFERENCE, given_up
from tests.support.service.service_parts import Instance, SmtpServer, readable
from tests.support.waiting import PATIENCE

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def kinds(**seen: Any) -> list[str]:
    return [alarm.kind for alarm in alarms(Snapshot(NOW, **seen))]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, []),
        ({"delivering": NOW, "oldest": NOW - 6 * HOUR}, []),
        ({"delivering": NOW, "oldest": NOW - 6 * HOUR - MINUTE}, ["oldest"]),
        ({"given_up": (GivenUp("A", NOW - 22 * DAY),)}, ["given up"]),
        ({"waiting": 1, "refused": {"552 5.2.2": NOW - 24 * HOUR}}, ["refused 552 5.2.2"]),
        ({"waiting": 1, "refused": {"552 5.2.2": NOW - 25 * HOUR}}, []),
        ({"waiting": 0, "refused": {"552 5.2.2": NOW}}, []),
        ({"given_up": (GivenUp("A", NOW - 23 * DAY),)}, ["ending", "given up"]),
        ({"keys": (KeyState("sopot", "a@b.c"),)}, []),
        ({"keys": (KeyState("sopot", "a@b.c", NOW + 30 * DAY),)}, []),
        ({"keys": (KeyState("sopot", "a@b.c", NOW + 29 * DAY),)}, ["old key sopot"]),
        ({"keys": (KeyState("sopot", "a@b.c", wrong="x"),)}, ["unusable key sopot"]),
        ({"delivering": NOW - 15 * MINUTE}, []),
        ({"delivering": NOW - 16 * MINUTE}, ["silent"]),
        ({"delivering": NOW - DAY, "readable": False}, []),
        ({"oldest": NOW - 16 * MINUTE}, ["silent"]),
        ({"faults": (Fault("x", "RuntimeError at x.py:1", NOW - 4 * MINUTE),)}, []),
        ({"faults": (Fault("x", "RuntimeError at x.py:1", NOW - 5 * MINUTE),)}, ["fault x"]),
        ({"ahead": 1}, ["ahead"]),
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
    seen = Snapshot(
        NOW,
        waiting=1,
        oldest=NOW - DAY,
        ahead=1,
        given_up=(GivenUp("A", NOW - 29 * DAY),),
        keys=keys,
        heartbeat_hours=1,
    )
    sentences = [alarm.sentence for alarm in alarms(seen)]
    assert len(sentences) == 8
    assert not any("@" in sentence for sentence in sentences)


class BesideDelivery(Watch):
    """A watch whose delivery process lives."""

    def round(self, now: datetime, *, may_delete: bool = True) -> None:
        with suppress(OutboxUnavailableError):
            self._outbox.mark("delivering", now)
        super().round(now, may_delete=may_delete)


@pytest.fixture
def watched(instance: Instance) -> Iterator[tuple[Watch, Outbox]]:
    """A watch with an alarm address, and its outbox."""
    instance = replace(instance, toml=f'alarm_address = "alarm@example.org"\n{instance.toml}')
    outbox = instance.outbox()
    yield BesideDelivery(instance.settings(), outbox), outbox
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
    assert "canary" not in readable(mail)
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
    watch.round(NOW + 23 * DAY - MINUTE)  # not yet announced
    watch.round(NOW + 23 * DAY)
    watch.round(NOW + 30 * DAY - MINUTE)
    assert outbox.counts()["given_up"] == 1
    assert holds_canary(tmp_path)
    watch.round(NOW + 30 * DAY)
    assert outbox.counts()["given_up"] == 0
    assert not holds_canary(tmp_path)
    assert outbox.last_mark(f"ends {REFERENCE}", NOW + 90 * DAY) is None


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
        seen = Snapshot(announced, given_up=GivenUpMails(outbox).items())
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
    GivenUpMails(outbox).retry(REFERENCE, NOW + 29 * DAY)
    watch.round(NOW + 29 * DAY + MINUTE)
    assert outbox.last_mark(f"ends {REFERENCE}", NOW + 90 * DAY) is None
    parcel = outbox.lease(NOW + 36 * DAY)
    assert parcel is not None
    outbox.give_up(parcel)
    watch.round(NOW + 37 * DAY)
    assert outbox.counts()["given_up"] == 1


def test_kept_on_both_databases(database_url: str) -> None:
    """Listing, announcing, trying anew and deleting say the same to SQLite and PostgreSQL."""
    with closing(Outbox(database_url)) as outbox:
        kept = GivenUpMails(outbox)
        for reference in ("AAAAA-AAAAA", REFERENCE):
            given_up(outbox, NOW, reference)
        kept.remember_announced([REFERENCE], NOW + 25 * DAY)
        assert kept.items() == (
            GivenUp("AAAAA-AAAAA", NOW),
            GivenUp(REFERENCE, NOW, announced_at=NOW + 25 * DAY),
        )
        assert kept.delete_over_age(NOW + 32 * DAY - MINUTE) == 0
        assert kept.delete_over_age(NOW + 32 * DAY) == 1
        assert [reference for reference, _ in kept.mails()] == ["AAAAA-AAAAA"]
        assert outbox.last_mark(f"ends {REFERENCE}", NOW + 90 * DAY) is None
        assert kept.retry(None, NOW) == 1
        assert outbox.oldest_waiting() == NOW
        kept.withdraw("AAAAA-AAAAA")
        assert outbox.counts() == {"waiting": 0, "given_up": 0}


def text_of(smtp_server: SmtpServer) -> str:
    return "".join(mail.get_content() for _, mail in smtp_server.taken)


def test_a_look_that_fails_stops_no_other(
    watched: tuple[Watch, Outbox], smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that cannot be looked at: letters are told of, the old is deleted, and the fault."""
    watch, outbox = watched
    given_up(outbox, NOW)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("service_admin.monitoring.watcher.key_states", fail)
    for minutes in range(7):
        watch.round(NOW + 23 * DAY + minutes * MINUTE)
    assert REFERENCE in text_of(smtp_server)
    assert "Прегледът „ключове“ не става: RuntimeError at test_watcher.py" in text_of(smtp_server)
    assert "a secret" not in text_of(smtp_server)
    watch.round(NOW + 30 * DAY)
    assert outbox.counts()["given_up"] == 0


def test_outbox_that_is_away_stops_no_alarm(
    watched: tuple[Watch, Outbox], smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """Without the database the operator hears of it and of keys by mail, once a day each."""
    watch, outbox = watched
    outbox.close()
    (tmp_path / "outbox.sqlite3").unlink()
    (tmp_path / "outbox.sqlite3").mkdir()
    (tmp_path / "centre.asc").write_text("no key")
    for after in (*(minutes * MINUTE for minutes in range(8)), 23 * HOUR):
        watch.round(NOW + after)
    said = text_of(smtp_server)
    assert said.count("Прегледът „база“ не става: базата не отговаря (OperationalError)") == 1
    assert said.count("Ключ на sopot не може да се ползва") == 1
    watch.round(NOW + DAY + 10 * MINUTE)
    assert text_of(smtp_server).count("Прегледът „база“ не става") == 2


def test_rounds_go_on_whatever_happens(
    watched: tuple[Watch, Outbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No exception of any look ends the watch; only to be told so does."""
    watch, _ = watched
    stop = threading.Event()
    rounds = iter([None] * 8 + [stop.set] * 100)

    def fail(*_arguments: object) -> None:
        (next(rounds) or (lambda: None))()
        raise ValueError

    monkeypatch.setattr("service_admin.monitoring.watcher.ROUND_SECONDS", 0)
    for name in ("key_states", "snapshot", "alarms", "GivenUpMails.delete_over_age"):
        monkeypatch.setattr(f"service_admin.monitoring.watcher.{name}", fail)
    watch.for_ever(stop)
    assert stop.is_set()


@pytest.fixture
def ask(watched: tuple[Watch, Outbox]) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Asks the local port of the watch."""
    port = free_port()
    serve(port, *watched)

    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}{path}", timeout=PATIENCE
            ) as answer:
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
    assert (values["opora_late"], values["opora_given_up"]) == ("1.0", "1.0")
    assert float(values["opora_oldest_seconds"]) == pytest.approx(7200, abs=60)
    assert values["opora_delivery_age_seconds"] == "NaN"
    assert float(values["opora_heartbeat_age_seconds"]) == pytest.approx(10800, abs=60)
    assert "@" not in text
    assert "AAAAA" not in text
    assert "harmanli" not in text


def test_a_letter_that_passes_leaves_no_trace(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]]
) -> None:
    """Neither while it waits its minutes nor after its delivery do metrics or status change."""
    _, outbox = watched

    def seen() -> list[str]:
        metrics, page = ask("/metrics")[1], ask("/status/still")[1]
        return [line for line in metrics.splitlines() if "key_ends" not in line] + [
            line for line in page.splitlines() if "Към" not in line
        ]

    before = seen()
    now = datetime.now(UTC)
    mail = SealedMail("<2@example.org>", "centre@example.org", b"x")
    outbox.accept(Accepted("AAAAA-AAAAA", "harmanli", 1, b"2", [mail]), now - 14 * MINUTE)
    assert seen() == before
    parcel = outbox.lease(now)
    assert parcel is not None
    outbox.retry_at(parcel, now)
    assert seen() == before
    again = outbox.lease(now)
    assert again is not None
    outbox.forget(again)
    assert seen() == before


def test_health_is_that_delivery_lives(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]]
) -> None:
    """503 before the first sign of life, when it is old, and when it came from a wrong clock."""
    _, outbox = watched
    now = datetime.now(UTC)
    assert ask("/health") == (503, "delivery is silent\n")
    for age, status in ((MINUTE, 200), (14 * MINUTE, 200), (16 * MINUTE, 503), (-HOUR, 503)):
        outbox.mark("delivering", now - age)
        assert ask("/health")[0] == status
    outbox.unmark("delivering")
    assert ask("/health")[0] == 503


def test_ready_needs_a_key_for_each_centre(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]], tmp_path: Path
) -> None:
    """200 while everything can be sealed; 503 with the centre when its only key is gone."""
    watch, _ = watched
    assert ask("/ready") == (200, "ready\n")
    (tmp_path / "centre.asc").write_text("no key")
    watch.round(datetime.now(UTC))
    assert ask("/ready") == (503, "no usable key: harmanli, sopot\n")


def test_not_ready_without_database(
    watched: tuple[Watch, Outbox], ask: Callable[[str], tuple[int, str]], tmp_path: Path
) -> None:
    """When the outbox cannot be read, nothing is well, and the status page says so."""
    watched[1].close()
    (tmp_path / "outbox.sqlite3").unlink()
    (tmp_path / "outbox.sqlite3").mkdir()
    assert ask("/ready") == (503, "outbox not reachable\n")
    assert ask("/metrics")[0] == 503
    assert ask("/health") == (503, "outbox not reachable\n")
    assert "не може да се прочете" in ask("/status")[1]
    assert ask("/else")[0] == 404


def test_port_is_on_this_machine_only(watched: tuple[Watch, Outbox]) -> None:
    """It answers at 127.0.0.1 and nowhere else."""
    port = free_port()
    serve(port, *watched)
    socket.create_connection(("127.0.0.1", port), timeout=10).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=10)


def test_taken_port_does_not_stop_delivery(watched: tuple[Watch, Outbox]) -> None:
    """Somebody else's port is logged; mail goes on. Port 0 is none at all."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        serve(other.getsockname()[1], *watched)
    before = threading.active_count()
    serve(0, *watched)
    assert threading.active_count() == before
