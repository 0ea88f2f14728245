"""An outbox as the first version left it."""

from __future__ import annotations

from datetime import UTC, datetime

from contact_service.outbox.engine import open_engine

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


NOW_MS = int(NOW.timestamp() * 1000)


# As SQLAlchemy made it in version 0.1; each kind of database has words of its own for {…}.
FIRST = (
    "CREATE TABLE deliveries (id {id} NOT NULL, reference VARCHAR(16) NOT NULL,"
    " form_version INTEGER NOT NULL, recipient VARCHAR(254) NOT NULL,"
    " message_id VARCHAR(254) NOT NULL, content {bytes} NOT NULL, accepted_ms BIGINT NOT NULL,"
    " attempts INTEGER NOT NULL, due_ms BIGINT, leased_until_ms BIGINT, PRIMARY KEY (id),"
    " UNIQUE (reference, recipient))",
    "CREATE INDEX ix_deliveries_due_ms ON deliveries (due_ms)",
    "INSERT INTO deliveries (reference, form_version, recipient, message_id, content,"
    " accepted_ms, attempts, due_ms) VALUES"
    " ('WAITS', 3, 'centre@example.org', '<1@example.org>', {sealed}, 1795290000000, 2, {now}),"
    " ('ENDED', 3, 'centre@example.org', '<2@example.org>', {sealed}, 1795290000000, 14, NULL)",
)


WORDS = {
    "sqlite": {"id": "INTEGER", "bytes": "BLOB", "sealed": "x'7365616c6564'"},
    "postgresql": {"id": "SERIAL", "bytes": "BYTEA", "sealed": "'\\x7365616c6564'"},
}


def make_first(url: str) -> None:
    """A database of version 0.1 with a waiting and a given-up mail."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in FIRST:
            connection.exec_driver_sql(statement.format(**WORDS[engine.dialect.name], now=NOW_MS))
    engine.dispose()
