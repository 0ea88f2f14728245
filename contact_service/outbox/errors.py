"""What the outbox raises; nobody outside it knows which library speaks to the database.

OutboxUnavailableError     it cannot be read or written, now or for ever
├── DamagedError           SQLite's file is damaged
└── NewerTablesError       a later release has used it
ReferenceTakenError        draw another reference
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from contact_service.errors import ADMIN, OwnWords


class OutboxUnavailableError(OwnWords):
    """The text says what to look at. A commit that broke off may have been done all the same."""


class DamagedError(OutboxUnavailableError):
    """SQLite's file is damaged; the text names it and says how to restore."""


class NewerTablesError(OutboxUnavailableError):
    """No migration of this release leads from or to the tables that are there."""

    def __init__(self) -> None:
        super().__init__(
            "таблиците с писма са от по-нова версия на „Опора“, тази не ги познава. Писмата са "
            "цели. Пуснете по-новата версия, или обновете отново с deploy/update"
        )


class ReferenceTakenError(Exception):
    """Another letter has this reference; nothing was stored."""


@contextmanager
def own_errors(url: str) -> Iterator[None]:
    """Raise what SQLAlchemy, a driver or the lack of one raises as OutboxUnavailableError.

    `url`: the database's. The error itself is left behind: its text may hold what was to be
    stored.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, ImportError) as error:
        raise _own(error, url) from None


def _own(error: Exception, url: str) -> OutboxUnavailableError:
    of_driver = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(of_driver, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        file = make_url(url).database
        return DamagedError(
            f"файлът {file} е повреден. Спрете услугите, вземете последното копие и го върнете: "
            f"{ADMIN} restore ФАЙЛ --replace-outbox; повреденият остава до новия"
        )
    return OutboxUnavailableError(
        f"базата не отговаря ({type(error).__name__}). Проверете database, правата над файла и "
        f"дали сървърът за бази работи; подробно: {ADMIN} doctor"
    )
