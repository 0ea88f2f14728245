"""A consistent copy of an SQLite outbox, and its way back without losing or doubling a letter."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from contact_service.outbox.errors import NewerTablesError, OutboxUnavailableError
from contact_service.outbox.marks import EVER
from contact_service.outbox.outbox import Outbox
from contact_service.settings.private_files import write_whole
from service_admin.backup.archive import ArchiveError

_COPIED = "copied"  # the mark of the last copy, in the outbox and in the copy
_NAME = "outbox "  # and random signs: the mark by which copies of one outbox know each other


@dataclass(frozen=True)
class OutboxState:
    """What an outbox holds, which outbox it is, and when it was last copied."""

    waiting: int
    given_up: int
    name: str = ""
    copied_at: datetime | None = None
    boxes: int = 0

    @property
    def holds_something(self) -> bool:
        """Whether anybody would miss it: a centre a letter, or a sender an answer."""
        return bool(self.waiting or self.given_up or self.boxes)


class Return(Enum):
    """What happens to the outbox that is here when a copy comes back."""

    TAKE_COPY = "take copy"
    KEEP_NEWER = "keep newer"
    REFUSE = "refuse"


def decide(here: OutboxState | None, copy: OutboxState, *, told: bool) -> Return:
    """Whether the copy takes the place of what is here; `told`: the operator insists.

    An outbox that lived on after the copy knows more than the copy: what it no longer has was
    delivered, and would be sent a second time. Letters and answers here are never overwritten.
    """
    if here is None or told:
        return Return.TAKE_COPY
    if here.name and here.name == copy.name and _at(here) >= _at(copy):
        return Return.KEEP_NEWER
    return Return.REFUSE if here.holds_something else Return.TAKE_COPY


def _at(state: OutboxState) -> datetime:
    return state.copied_at or datetime.min.replace(tzinfo=UTC)


def state_of(outbox: Outbox) -> OutboxState:
    counts = outbox.counts()
    name = next(iter(outbox.marks_of(_NAME, EVER)), "")
    copied_at, boxes = outbox.last_mark(_COPIED, EVER), outbox.number_of_boxes()
    return OutboxState(counts["waiting"], counts["given_up"], name, copied_at, boxes)


def copy_database(outbox: Outbox, file: Path, now: datetime) -> tuple[bytes, OutboxState]:
    """The database as it is at one moment, while letters come and go (SQLite's backup API).

    The copy lives in memory only. Both outbox and copy remember the moment.
    """
    outbox.mark(_COPIED, now)
    if not state_of(outbox).name:
        outbox.mark(_NAME + secrets.token_hex(16), now)
    state = state_of(outbox)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute("DELETE FROM recent")  # five minutes are not to last as long as a copy
        copy.execute("DELETE FROM tallies WHERE counted = 0")  # two copies of a day tell no hour
        copy.execute("UPDATE tallies SET since_night = 0")
        copy.commit()
        content = bytearray(copy.serialize())
    content[18:20] = b"\x01\x01"  # no write-ahead log belongs to it (SQLite file format, 1.3.3)
    return bytes(content), state


def write_checked_copy(content: bytes, beside: Path) -> tuple[Path, OutboxState]:
    """The copy as a checked file of the newest schema, next to where it belongs, and its state.

    Raises ArchiveError for a copy that is broken.
    """
    file = beside.with_name(f".{beside.name}.copy")
    write_whole(file, content)
    try:
        with closing(sqlite3.connect(file)) as connection:
            [(said,)] = connection.execute("PRAGMA integrity_check").fetchmany(1)
        if said != "ok":
            raise ArchiveError("базата в копието е повредена")
        with closing(Outbox(f"sqlite:///{file}")) as outbox:
            state = state_of(outbox)
        _fold_log(file)
        return file, state
    except NewerTablesError as error:
        file.unlink(missing_ok=True)
        raise ArchiveError(f"в копието {error}") from None
    except (sqlite3.DatabaseError, OutboxUnavailableError):
        file.unlink(missing_ok=True)
        raise ArchiveError("базата в копието е повредена") from None
    except ArchiveError:
        file.unlink(missing_ok=True)
        raise


def found_here(file: Path) -> OutboxState | None:
    """The state of the outbox that is here, if there is one; raises OutboxUnavailableError."""
    if not file.exists():
        return None
    with closing(Outbox(f"sqlite:///{file}")) as outbox:
        return state_of(outbox)


def put_in_place(copy: Path, file: Path, *, keep: bool, now: datetime) -> Path | None:
    """Let the copy take the place of `file`; returns where the old one is kept, with `keep`.

    Raises ArchiveError where a process still has the old one open.
    """
    kept = None
    if file.exists():
        _fold_log(file)
        if keep:
            kept = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%SZ}.old")
            file.rename(kept)
            for tail in ("-wal", "-shm"):  # those of a broken file, which was not folded
                with suppress(FileNotFoundError):
                    file.with_name(file.name + tail).rename(kept.with_name(kept.name + tail))
    copy.replace(file)
    return kept


def _fold_log(file: Path) -> None:
    """Take the write-ahead log into the file, which SQLite does for the only user of it."""
    with closing(sqlite3.connect(file, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            raise ArchiveError(
                f"{file} се ползва в момента. Спрете процесите web и deliver и опитайте пак"
            ) from None
        except sqlite3.DatabaseError:
            return  # broken: it is kept aside as it is
