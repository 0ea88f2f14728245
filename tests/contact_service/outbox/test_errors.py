"""The outbox's errors are its own: anyone who uses it knows no database library."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contact_service.errors import OwnWords
from contact_service.outbox.database import bring_back
from contact_service.outbox.errors import OutboxUnavailableError, ReferenceTakenError
from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.outbox import Accepted, Outbox, Parcel
from contact_service.outbox.tallies import Cell
from contact_service.sealing import SealedMail
from tests.support.postgres import Postgres

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MAIL = SealedMail("<1@example.org>", "canary@example.org", b"canary")
PLACE, SEALED = b"canary of a place", b"canary"
CELL = Cell(b"canary", "2026-11", "letters")
PARCEL = Parcel(1, "A", "canary@example.org", b"canary", 0, 0)

USES: dict[str, Callable[[Outbox], object]] = {
    "accept": lambda outbox: outbox.accept(Accepted("A", "harmanli", 1, b"mac", [MAIL]), NOW),
    "accepted_lately": lambda outbox: outbox.accepted_lately(b"mac", NOW),
    "lease": lambda outbox: outbox.lease(NOW),
    "forget": lambda outbox: outbox.forget(PARCEL),
    "retry_at": lambda outbox: outbox.retry_at(PARCEL, NOW),
    "give_up": lambda outbox: outbox.give_up(PARCEL),
    "box_at": lambda outbox: outbox.box_at(b"slot", NOW),
    "put_answer": lambda outbox: outbox.put_answer(PLACE, SEALED, NOW),
    "answers_at": lambda outbox: outbox.answers_at(PLACE, NOW),
    "reader_note_at": lambda outbox: outbox.reader_note_at(PLACE, NOW),
    "delete_box": lambda outbox: outbox.delete_box(PLACE),
    "purge_boxes": lambda outbox: outbox.purge_boxes(NOW),
    "number_of_boxes": Outbox.number_of_boxes,
    "count_in": lambda outbox: outbox.count_in(CELL),
    "count_the_day": lambda outbox: outbox.count_the_day(NOW),
    "numbers_between": lambda outbox: outbox.numbers_between("2026-11", "2026-11"),
    "first_month": lambda outbox: outbox.first_month(NOW),
    "purge_tallies": lambda outbox: outbox.purge_tallies(NOW),
    "purge": lambda outbox: outbox.purge(NOW),
    "next_due": Outbox.next_due,
    "late": lambda outbox: outbox.late(NOW),
    "ahead": lambda outbox: outbox.ahead(NOW),
    "oldest_waiting": Outbox.oldest_waiting,
    "counts": Outbox.counts,
    "by_recipient": Outbox.by_recipient,
    "mark": lambda outbox: outbox.mark("a", NOW),
    "mark_unless": lambda outbox: outbox.mark_unless("a", NOW, NOW, NOW),
    "unmark": lambda outbox: outbox.unmark("a"),
    "last_mark": lambda outbox: outbox.last_mark("a", NOW),
    "marks_of": lambda outbox: outbox.marks_of("a", NOW),
    "items": lambda outbox: GivenUpMails(outbox).items(),
    "mails": lambda outbox: list(GivenUpMails(outbox).mails()),
    "retry": lambda outbox: GivenUpMails(outbox).retry(None, NOW),
    "remember_announced": lambda outbox: GivenUpMails(outbox).remember_announced(["A"], NOW),
    "delete_over_age": lambda outbox: GivenUpMails(outbox).delete_over_age(NOW),
    "withdraw": lambda outbox: GivenUpMails(outbox).withdraw("A"),
}
ABOUT_THE_ENGINE = {
    "close",
    "server_version",
    "reading",
    "writing",
    "value",
    "change",
    "truncate_log",
}


def no_tables(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for table in ("deliveries", "marks", "recent", "boxes", "answers", "tallies"):
            connection.execute(f"DROP TABLE {table}")


def a_folder(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    file.mkdir()


def test_every_use_is_among_these() -> None:
    """A new method of the outbox is tried below, too."""
    methods = {
        name for kind in (Outbox, GivenUpMails) for name in dir(kind) if not name.startswith("_")
    }
    assert methods == USES.keys() | ABOUT_THE_ENGINE


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("harm", [no_tables, a_folder])
def test_a_file_that_fails(tmp_path: Path, harm: Callable[[Path], None], use: str) -> None:
    """Whatever is asked of it: one error, whose words say what to look at and hold no letter."""
    file = tmp_path / "outbox.sqlite3"
    with closing(Outbox(f"sqlite:///{file}")) as outbox:
        harm(file)
        with pytest.raises(OutboxUnavailableError, match="Проверете database") as caught:
            USES[use](outbox)
    assert isinstance(caught.value, OwnWords)
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_is_away(postgres: Postgres) -> None:
    """The same of PostgreSQL, with an outbox that was opened before and one opened meanwhile."""
    url = postgres.new_database()
    with closing(Outbox(url)) as before:
        before.counts()  # one connection is open
        postgres.stop()
        try:
            with closing(Outbox(url)) as meanwhile:
                for outbox in (before, meanwhile):
                    for use in USES.values():
                        with pytest.raises(OutboxUnavailableError):
                            use(outbox)
        finally:
            postgres.start()
        assert before.counts() == {"waiting": 0, "given_up": 0}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://host/file",
        "postgresql+psycopg2://h/base",
        "nothing://h/base",
        "",
    ],
)
def test_an_address_of_no_database(url: str) -> None:
    """It cannot even be opened, and that is said alike."""
    with pytest.raises(OutboxUnavailableError):
        Outbox(url)
    with pytest.raises(OutboxUnavailableError):
        bring_back(url, "0001")


def test_a_driver_that_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL without psycopg installed."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(OutboxUnavailableError, match="ModuleNotFoundError"):
        Outbox("postgresql+psycopg://127.0.0.1/base")


def test_taken_reference_hides_what_was_to_be_stored(database_url: str) -> None:
    """Nothing of the letter is in the error, down to what it came from."""
    with closing(Outbox(database_url)) as outbox:
        outbox.accept(Accepted("A", "harmanli", 1, b"mac", [MAIL]), NOW)
        with pytest.raises(ReferenceTakenError) as caught:
            outbox.accept(Accepted("A", "harmanli", 1, b"other", [MAIL]), NOW)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
