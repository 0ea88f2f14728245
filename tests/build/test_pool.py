"""Tasks are shared among processes, unless a library has threads that no new process would have."""

from __future__ import annotations

import os

import pytest

from site_build import pool


def process(_task: int) -> int:
    """The process that does a task."""
    return os.getpid()


@pytest.fixture(autouse=True)
def _without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_has_threads", False)


def test_tasks_are_done_in_new_processes_but_the_first() -> None:
    """What the first tasks leave in memory is there when the others branch off."""
    first, *others = pool.in_pool(process, range(5), first=1)
    assert first == os.getpid()
    assert os.getpid() not in others


def test_no_process_branches_off_one_with_threads() -> None:
    """A library that waits for threads of the process before it would wait for ever."""
    pool.threads_were_started()
    assert set(pool.in_pool(process, range(5))) == {os.getpid()}


def test_setting_a_sheet_says_that_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typst keeps threads from the first sheet on."""
    from site_build import typesetting

    class StoppedError(Exception):
        """The compiler was asked."""

    def compiler(_self: object) -> None:
        raise StoppedError

    monkeypatch.setattr(typesetting.Typesetter, "_compiler", property(compiler))
    paper = typesetting.Paper("a.pdf", "leaflet.typ", {})
    with pytest.raises(StoppedError):
        typesetting.Typesetter(typesetting.TEMPLATES)._compiled(paper)
    assert set(pool.in_pool(process, range(2))) == {os.getpid()}
