"""Tasks are shared among processes, unless there are threads that no new process would have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.project import ROOT, copy_project
from tests.support.waiting import PATIENCE


def told(script: str, *options: str) -> str:
    """What a script says in a process that has one thread, as `python -m site_build` has."""
    code = f"import os, signal, threading, time\nfrom site_build import workers\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


WHERE = """
print(os.getpid(), *workers.in_pool(lambda _: os.getpid(), range(5), first=1))
"""


def test_tasks_are_done_in_new_processes_but_the_first() -> None:
    """What the first tasks leave in memory is there when the others branch off."""
    asked, first, *others = told(WHERE).split()
    assert first == asked
    assert len(others) == 4
    assert asked not in others


def test_no_process_branches_off_one_with_threads() -> None:
    """Of Python or of a library: one that branches off would wait for ever for what they hold."""
    thread = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    typst = "import typst\ntypst.compile(b'sheet')"
    for begun in (thread, typst):
        asked, *processes = told(begun + WHERE).split()
        assert set(processes) == {asked}, begun


POOLS = """
from pathlib import Path
from site_build.pipeline import Project, build_site
pool = workers.ProcessPoolExecutor
workers.ProcessPoolExecutor = lambda *given, **more: print("shared") or pool(*given, **more)
build_site(Project(Path(sys.argv[1])))
"""


def test_a_build_shares_its_sheets_and_pages(tmp_path: Path) -> None:
    """Nothing that it loads or does before keeps threads."""
    project = copy_project(tmp_path)
    assert told("import sys" + POOLS, str(project.root)).split() == ["shared"] * 3


def test_new_processes_share_the_memory_and_answer_in_order() -> None:
    """Nothing that the work needs is sent to them, so it may be what cannot be sent."""
    script = """
memory = {number: lambda number=number: number * 2 for number in range(50)}
made = workers.in_pool(lambda number: (memory[number](), os.getpid()), range(50))
numbers, processes = zip(*made)
assert numbers == tuple(range(0, 100, 2))
assert os.getpid() not in processes
"""
    told(script)


def test_what_a_task_raises_reaches_the_one_who_asked() -> None:
    """With its words, after the results before it."""
    script = """
from site_build.errors import BuildError
def work(task):
    if task == 1:
        raise BuildError("ред 3: не е наред")
    return task
made = workers.in_pool(work, range(4))
print(next(made))
try:
    next(made)
except BuildError as error:
    print(error)
"""
    assert told(script) == "0\nред 3: не е наред\n"


def test_a_killed_process_is_said_in_words() -> None:
    """As where the machine has no memory left: the build ends, and waits for nobody."""
    script = """
from site_build.errors import BuildError
try:
    list(workers.in_pool(lambda _: os.kill(os.getpid(), signal.SIGKILL), range(6)))
except BuildError as error:
    print(error)
"""
    assert "паметта" in told(script)


INTERRUPTED = """
import os, signal, time
from site_build import workers
signal.signal(signal.SIGINT, signal.default_int_handler)
def work(task):
    print(os.getpid(), flush=True)
    time.sleep(600)
list(workers.in_pool(work, range(9)))
"""


def test_ctrl_c_ends_all_processes() -> None:
    """The terminal tells each of them; only the one that asked says so."""
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as asked:
        assert asked.stdout is not None
        asked.stdout.readline()
        os.killpg(asked.pid, signal.SIGINT)
        _, said = asked.communicate(timeout=120)  # the others hold its output open while they live
    assert said.decode().rstrip().endswith("KeyboardInterrupt")
    assert said.decode().count("KeyboardInterrupt") == 1
