"""What a page says of an answer is what became of it, however often the button was pressed."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from contact_service.outbox import engine
from tests.contact_service.web.answers.way import Way, main_of, page_of


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite says after half a second, instead of ten, that somebody else writes."""
    prepare = engine._prepare_sqlite

    def prepare_impatient(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA busy_timeout=500")

    monkeypatch.setattr(engine, "_prepare_sqlite", prepare_impatient)


@contextmanager
def somebody_writes(way: Way) -> Iterator[None]:
    """Another connection holds the only place in which SQLite lets somebody write."""
    file = way.instance.folder / "outbox.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def typed_answer(way: Way) -> dict[str, Any]:
    once = page_of(way.client.get(way.link)).xpath("//input[@name='once']/@value")
    return {"kind": "text", "text": "канарче", "once": once}


def read_answers(way: Way) -> list[str]:
    return [one.text for one in page_of(way.read()).find_class("written")]


@pytest.mark.usefixtures("impatient")
def test_nobody_is_told_of_an_answer_that_still_waits(way: Way) -> None:
    """Two presses while the database is held: both are told that nothing is stored."""
    typed = typed_answer(way)
    app = way.client.application

    def press(_: int) -> Any:
        return app.test_client().post(way.link, data=typed)

    with somebody_writes(way), ThreadPoolExecutor(2) as pool:
        told = list(pool.map(press, range(2)))
    assert [one.status_code for one in told] == [503, 503]
    assert not any("Записано" in main_of(one) for one in told)
    assert read_answers(way) == []
    for _ in range(2):
        assert "Записано" in main_of(press(0))
    assert read_answers(way) == ["канарче"]


def test_a_press_that_was_killed_is_made_good_by_the_next(way: Way) -> None:
    """The process that answers ends in the moment in which it would store."""
    typed = typed_answer(way)
    way.client.application.extensions["close"]()
    way.outbox.close()
    if (child := os.fork()) == 0:
        try:
            event.listen(Engine, "before_cursor_execute", _die_at_an_answer)
            way.client.post(way.link, data=typed)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert read_answers(way) == []
    assert "Записано" in main_of(way.client.post(way.link, data=typed))
    assert read_answers(way) == ["канарче"]


def test_the_same_answer_of_a_visit_is_stored_once(way: Way) -> None:
    """Also from the page that says that it is stored; what is said otherwise is another answer."""
    told = way.client.get(way.link)
    for kind, text in (("read", ""), ("read", ""), ("text", "едно"), ("text", "две"), ("read", "")):
        [once] = page_of(told).xpath("//input[@name='once']/@value")
        told = way.client.post(way.link, data={"kind": kind, "text": text, "once": once})
        assert "Записано" in main_of(told)
    assert read_answers(way) == ["две", "едно"]
    assert main_of(way.read()).count("Прочетохме писмото ви.") == 1


def _die_at_an_answer(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if statement.startswith("INSERT INTO answers"):
        os.kill(os.getpid(), signal.SIGKILL)
