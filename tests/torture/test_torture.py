"""Nothing that was promised is lost, whatever breaks; and the comparison that says so can fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT
from torture.crew import children
from torture.run import Plan, torment
from torture.senders import CANARY, Seen
from torture.verdict import Copy, compare, traces

SEEN = [Seen("t1", "harmanli", "A"), Seen("t2", "sopot", "B")]
MAILS = [
    Copy("harmanli@example.org", "<1>", "A", "t1"),
    Copy("sopot@example.org", "<2>", "B", "t2"),
    Copy("sopot-second@example.org", "<3>", "B", "t2"),
]


@pytest.mark.parametrize(("database", "letters"), [("sqlite", 500), ("postgresql", 300)])
def test_no_letter_is_lost(database: str, letters: int, tmp_path: Path, site: Path) -> None:
    """Kills, restarts, outages, a full disk, stepped clocks: every receipt has its mail."""
    folder = tmp_path / "instance"
    folder.mkdir()
    verdict, result = torment(Plan(letters, 1, database, 0.15), folder, site)
    print(result)
    assert verdict.receipts == letters
    assert verdict.lost == []
    assert verdict.stuck == []
    assert verdict.taken_twice == []
    assert verdict.differing_ids == []
    assert verdict.traces == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    """In the midst of its letters: no process of it stays, no disk stays mounted, no folder."""
    run = subprocess.Popen(
        [sys.executable, "tests/torture/run.py", "--letters", "100000"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 300
        while not list(tmp_path.glob("opora-torture-*/instance/deliver1.log")):
            assert run.poll() is None and time.monotonic() < deadline, "it does not start"
            time.sleep(0.1)
        time.sleep(2)
        started = children(run.pid)
        run.send_signal(number)
        assert run.wait(timeout=120) != 0
    finally:
        run.kill()
        run.wait()
    assert len(started) >= 3
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()
    assert not list(tmp_path.glob("opora-torture-*"))


def test_all_is_well_with_these_mails() -> None:
    """The two tests below start from mails that the comparison finds complete."""
    assert compare(SEEN, MAILS, [], set(), []).good


def test_a_missing_mail_is_found() -> None:
    """A mail that is in no mailbox is lost, unless it is kept as given up."""
    first, *others = MAILS
    assert compare(SEEN, others, [], {"<1>"}, []).lost == ["A to harmanli@example.org"]
    assert compare(SEEN, others, [], {"<1>"}, []).stuck == ["<1>"]
    assert compare(SEEN, others, [first], {"<1>"}, []).good


def test_wrong_copies_are_found() -> None:
    """A mail with another letter's text, another Message-ID or another reference is no copy."""
    first, *others = MAILS
    swapped = Copy(first.recipient, "<1>", "A", "t2")
    assert compare(SEEN, [swapped, *others], [], set(), []).lost
    other_id = Copy(first.recipient, "<4>", "A", "t1")
    assert compare(SEEN, [*MAILS, other_id], [], set(), []).differing_ids == ["A"]
    other_reference = Copy(first.recipient, "<4>", "C", "t1")
    assert compare(SEEN, [*MAILS, other_reference], [], set(), []).taken_twice == ["A C"]
    assert compare(SEEN, [*MAILS, first], [], set(), []).duplicates == 1


@pytest.mark.parametrize("form", ["utf-8", "form", "base64+0", "base64+1", "base64+2"])
def test_readable_text_is_found(form: str, tmp_path: Path) -> None:
    """A file that holds the canary in any of the forms is named."""
    import base64
    import urllib.parse

    text = f"x{CANARY}-000001 и още".encode()
    written = {
        "utf-8": text,
        "form": urllib.parse.quote(text).encode(),
        **{f"base64+{n}": base64.b64encode(bytes(n) + text) for n in range(3)},
    }
    (tmp_path / "leak").write_bytes(b"before " + written[form] + b" after")
    assert traces([tmp_path])
