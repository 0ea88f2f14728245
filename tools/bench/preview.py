"""`python -m tools.bench.preview`: how long a change takes to be seen, beside a whole build.

Each site has the shape of the real one, in Bulgarian and English (see synthesis.py). A telephone is
changed in the editor as a browser would: the page that shows the change is asked for, then the one
in its frame. The first look has nothing ready; the next ones are of other numbers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import html

from site_build.project import Project
from tests.support.editor import OURS, Desk, desk
from tools.bench.build import run
from tools.bench.synthesis import synthesise

CENTRE = "centre-0"
SECTION = f"/{CENTRE}/kontakti/"


def row(centres: int, name: str, seconds: float, processor: float) -> None:
    print(f"| {centres} | {name} | {seconds:.2f} | {processor:.2f} |", flush=True)


def measure_work(centres: int, name: str, work: Callable[[], str]) -> str:
    """Do something and print what it took, in this process."""
    started, used = time.perf_counter(), time.process_time()
    found = work()
    row(centres, name, time.perf_counter() - started, time.process_time() - used)
    return found


def look(at_desk: Desk, fields: dict[str, str], number: str) -> str:
    answer = at_desk.press(SECTION, fields | {"phones-0-number": number}, "look")
    (frame,) = html.fromstring(answer.text).xpath("//iframe/@src")
    return str(frame)


def open_frame(at_desk: Desk, address: str) -> str:
    answer = at_desk.client.get(address, headers=OURS, follow_redirects=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return answer.text


def measure(project: Project, centres: int) -> None:
    """The rows of one site."""
    whole = run(sys.executable, "-m", "site_build", "--project", project.root)
    row(centres, "the whole site built", whole.seconds, whole.processor)
    at_desk = desk(project)
    fields = at_desk.fields(at_desk.get(SECTION))
    frame = measure_work(centres, "first look", lambda: look(at_desk, fields, "0373 9 10 77"))
    measure_work(centres, "its first page", lambda: open_frame(at_desk, frame))
    for number in ("0373 9 10 78", "0373 9 10 79"):
        frame = measure_work(centres, "another look", lambda n=number: look(at_desk, fields, n))  # type: ignore[misc]
    measure_work(centres, "its first page", lambda: open_frame(at_desk, frame))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--centres", type=int, nargs="+", default=[2, 10, 125])
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors; load before the run {os.getloadavg()[0]:.1f}\n")
    print("| centres | | seconds | processor seconds |\n| --- | --- | --- | --- |", flush=True)
    for centres in options.centres:
        with tempfile.TemporaryDirectory() as temporary:
            measure(synthesise(Path(temporary), centres), centres)


if __name__ == "__main__":
    main()
