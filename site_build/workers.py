"""Tasks on all processors: processes branch off with everything ready and share its memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from site_build.errors import BuildError

Task = TypeVar("Task")
Made = TypeVar("Made")

FEWEST = 1
"""With fewer tasks all are done where they are asked for."""

THREADS = Path("/proc/self/task")
"""One entry for each thread of this process, also for those of a library (Linux, proc(5))."""

_work: Callable[[Any], Any]


def in_pool(work: Callable[[Task], Made], tasks: Sequence[Task], first: int = 0) -> Iterator[Made]:
    """`work` of each task, in their order.

    The `first` tasks are done before processes branch off: what they leave in memory, all share.
    Where this process has threads, it does all tasks alone. Raises what a task raises, and
    BuildError where a process was killed.
    """
    yield from map(work, tasks[:first])
    rest = tasks[first:]
    if len(rest) < FEWEST or not _can_branch_off():
        yield from map(work, rest)
        return
    gc.freeze()
    try:
        yield from _in_processes(work, rest)
    except BrokenProcessPool as error:
        raise BuildError(
            "Част от направата беше спряна отвън, най-често защото паметта на машината не стига. "
            "Освободете памет и пуснете направата отново."
        ) from error
    finally:
        gc.unfreeze()


def _in_processes(work: Callable[[Task], Made], tasks: Sequence[Task]) -> Iterator[Made]:
    processes = len(os.sched_getaffinity(0))
    size = 2 if len(tasks) > 2 * processes else 1
    with ProcessPoolExecutor(
        min(processes, len(tasks)),
        multiprocessing.get_context("fork"),
        initializer=_be_born_with,
        initargs=(work,),
    ) as pool:
        try:
            # A process that hears Ctrl-C before it can be silent would say where it was.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                made = deque(
                    pool.submit(_do, tasks[at : at + size]) for at in range(0, len(tasks), size)
                )
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            while made:
                yield from made.popleft().result()
        except BaseException:
            # What is taken back elsewhere, as `pool.map` does, is a fault to a pool that breaks.
            pool.shutdown(cancel_futures=True)
            raise


def _be_born_with(work: Callable[[Any], Any]) -> None:
    """In a new process, which has `work` without a copy being sent; Ctrl-C ends it silently."""
    global _work  # noqa: PLW0603 - of the new process alone
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _can_branch_off() -> bool:
    """Whether this process is known to have one thread.

    A process that branches off has no other, and would wait for ever for what they hold. Typst
    starts some with its first sheet; so do `mkdocs serve` and everything that answers requests.
    """
    if threading.active_count() > 1 or not THREADS.is_dir():
        return False
    for _ in range(100):  # a thread that has ended is listed for a moment more
        if len(list(THREADS.iterdir())) == 1:
            return True
        time.sleep(0.01)
    return False


def _do(tasks: Sequence[Any]) -> list[Any]:
    return [_work(task) for task in tasks]
