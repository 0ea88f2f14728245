"""Tasks on all processors: processes branch off with everything ready and share its memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")

FEWEST = 1
"""With fewer tasks all are done where they are asked for."""

_work: Callable[[object], object] | None = None
_has_threads = False


def threads_were_started() -> None:
    """Say that a library keeps threads in this process: from now on it does its tasks alone.

    A process that branches off has none of them, and the library would wait for them for ever.
    """
    global _has_threads  # noqa: PLW0603 - true of the process
    _has_threads = True


def in_pool(work: Callable[[Task], Made], tasks: Sequence[Task], first: int = 0) -> Iterator[Made]:
    """`work` of each task, in their order.

    The `first` tasks are done before processes branch off: what they leave in memory, all share.
    """
    yield from map(work, tasks[:first])
    rest = tasks[first:]
    if len(rest) < FEWEST or _has_threads or not _can_branch_off():
        yield from map(work, rest)
        return
    global _work  # noqa: PLW0603 - what is set here is what the new processes are born with
    _work = work  # type: ignore[assignment]
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(min(processes, len(rest))) as pool:
            yield from pool.imap(_do, rest, chunksize=2 if len(rest) > 2 * processes else 1)
    finally:
        gc.unfreeze()
        _work = None


def _can_branch_off() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _do(task: object) -> object:
    assert _work is not None  # noqa: S101
    return _work(task)
