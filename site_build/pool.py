"""Tasks on all processors: processes branch off with everything ready and share its memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")

FEWEST = 2
"""With fewer tasks, to branch off costs more than it brings."""

_work: Callable[[object], object] | None = None


def in_pool(work: Callable[[Task], Made], tasks: Sequence[Task], first: int = 0) -> Iterator[Made]:
    """`work` of each task, in their order.

    The `first` tasks are done before processes branch off: what they leave in memory, all share.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if (
        len(tasks) < FEWEST
        or processes < 2
        or "fork" not in multiprocessing.get_all_start_methods()
    ):
        yield from map(work, tasks)
        return
    yield from map(work, tasks[:first])
    global _work  # noqa: PLW0603 - what is set here is what the new processes are born with
    _work = work  # type: ignore[assignment]
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_do, tasks[first:], chunksize=2)
    finally:
        gc.unfreeze()
        _work = None


def _do(task: object) -> object:
    assert _work is not None  # noqa: S101
    return _work(task)
