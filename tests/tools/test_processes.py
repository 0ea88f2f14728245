"""What tests start and open ends with them, however they end and no matter who started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.processes import children, end_others, started
from tests.support.project import ROOT
from tests.support.waiting import wait_for

ASKED = os.environ | {"PYTHONPATH": str(ROOT)}
INTERRUPTED = """
import signal, subprocess
from tests.support.processes import listen_to_signals
listen_to_signals()
with subprocess.Popen(["sleep", "60"]) as process:
    process.send_signal(signal.SIGINT)
    print(process.wait())
"""
SLOW_TEST = """
import time, pathlib, pytest

@pytest.fixture
def place():
    yield
    pathlib.Path("cleared").touch()

def test_slow(place):
    pathlib.Path("began").touch()
    time.sleep(300)
"""


def test_a_test_can_interrupt_what_it_starts_no_matter_who_started_the_tests() -> None:
    """Also where the shell had SIGINT ignored, as for `nohup make test &` in a script."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        env=ASKED,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{-signal.SIGINT}\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_tests_that_are_told_to_end_clear_up(number: int, tmp_path: Path) -> None:
    """As `timeout`, a CI that gives up and Ctrl-C do it: what fixtures end is ended."""
    begin = "from tests.support.processes import listen_to_signals\nlisten_to_signals()\n"
    (tmp_path / "conftest.py").write_text(begin)
    (tmp_path / "test_slow.py").write_text(SLOW_TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."]
    with started(command, cwd=tmp_path, env=ASKED, stdout=subprocess.DEVNULL) as run:
        wait_for((tmp_path / "began").exists)
        os.kill(run.pid, number)
        assert run.wait() == pytest.ExitCode.INTERRUPTED
    assert (tmp_path / "cleared").exists()


def test_a_process_ends_with_its_block(tmp_path: Path) -> None:
    """Also when the block fails, and with it what the process has started."""
    with (
        pytest.raises(ZeroDivisionError),
        started(["sh", "-c", "sleep 300 & echo $! >pid.new; mv pid.new pid; wait"], cwd=tmp_path),
    ):
        wait_for((tmp_path / "pid").exists)
        raise ZeroDivisionError
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/exe").exists()
    assert "sh" not in children().values()


def test_a_process_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its test fails."""
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    deaf = "trap '' TERM; touch deaf; while :; do sleep 0.1; done"
    with (
        pytest.raises(subprocess.TimeoutExpired),
        started(["sh", "-c", deaf], cwd=tmp_path) as process,
    ):
        wait_for((tmp_path / "deaf").exists)
    assert process.returncode == -signal.SIGKILL


def test_what_a_test_forgets_is_ended_and_named() -> None:
    """Whether or not it leads a session."""
    known = children()
    with (
        subprocess.Popen(["sleep", "60"]) as one,
        subprocess.Popen(["sleep", "60"], start_new_session=True) as other,
    ):
        assert end_others(known) == ["sleep", "sleep"]
    assert (one.returncode, other.returncode) == (-signal.SIGTERM, -signal.SIGTERM)
