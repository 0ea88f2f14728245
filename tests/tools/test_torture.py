"""Nothing that was promised is lost, whatever breaks; and the comparison that says so can fail."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contact_service.box import new_box, new_code, note_of, place_of, sealed_answer
from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail
from tests.support.processes import started
from tests.support.project import ROOT
from tests.support.waiting import PATIENCE, wait_for
from tools.torture.answers import Answerers
from tools.torture.faults import SecondKey
from tools.torture.parts import SECRET, OperatorFolder
from tools.torture.processes import children
from tools.torture.senders import CANARY, Seen
from tools.torture.verdict import Copy, compare, traces

SEEN = [Seen("t1", "harmanli", "A"), Seen("t2", "sopot", "B")]
MAILS = [
    Copy("harmanli@example.org", "<1>", "A", "t1"),
    Copy("sopot@example.org", "<2>", "B", "t2"),
    Copy("sopot-second@example.org", "<3>", "B", "t2"),
]


@pytest.mark.parametrize(("database", "letters"), [("sqlite", 100), ("debian", 60)])
def test_no_letter_is_lost(database: str, letters: int, site: Path) -> None:
    """Kills, restarts, outages, a full disk, stepped clocks: every receipt has its mail."""
    wanted = ["--letters", str(letters), "--database", database, "--site", str(site)]
    command = [sys.executable, "-m", "tools.torture.run", *wanted, "--pause", "0.15"]
    pipe = subprocess.PIPE
    with started(command, cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT, text=True) as run:
        said, _ = run.communicate()
    assert run.returncode == 0, said
    assert re.search(rf"^letters with a receipt +{letters}$", said, re.M), said
    [answers] = re.findall(r"^answers stored +(\d+)$", said, re.M)
    assert int(answers) > letters // 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_it_leaves_nothing(
    number: signal.Signals, tmp_path: Path, site: Path
) -> None:
    """In the midst of its letters: no process stays, no disk stays mounted; told, no folder."""
    command = [
        sys.executable,
        "-m",
        "tools.torture.run",
        "--letters",
        "100000",
        "--site",
        str(site),
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with started(command, cwd=ROOT, env=environment, **quiet) as run:
        deadline = time.monotonic() + 300
        while not list(tmp_path.glob("opora-torture-*/instance/deliver1.log")):
            assert run.poll() is None and time.monotonic() < deadline, "it does not start"
            time.sleep(0.1)
        time.sleep(2)
        wait_for(lambda: len(children(run.pid)) >= 3)
        crew = children(run.pid)
        os.kill(run.pid, number)
        assert run.wait(timeout=PATIENCE) != 0
    assert len(crew) >= 3
    wait_for(lambda: not [pid for pid in crew if Path(f"/proc/{pid}/exe").exists()])
    assert str(tmp_path) not in Path("/proc/self/mountinfo").read_text()
    if number != signal.SIGKILL:
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


def test_lost_and_mixed_up_answers_are_found(tmp_path: Path) -> None:
    """One that no code of a receipt opens, and one that somebody else's code opens."""
    place = OperatorFolder(tmp_path, tmp_path, 0, f"sqlite:///{tmp_path / 'outbox.sqlite3'}")
    seen = [replace(one, code=new_code()) for one in SEEN]
    answerers = Answerers(place, [], seen)
    with closing(Outbox(place.database)) as outbox:
        for one in seen:
            answer_code = new_code()
            box = new_box(SECRET, one.code, answer_code, {})
            mail = SealedMail("<1>", "a@example.org", b"sealed")
            letter = Accepted(one.reference, one.centre, 1, one.token.encode(), [mail], "", box)
            outbox.accept(letter, datetime.now(UTC))
            said = sealed_answer(note_of(box, answer_code), {"value": one.token})
            assert outbox.put_answer(box.place, said, datetime.now(UTC))
            answerers.stored[one.reference] = one.token
        assert answerers.judge() == ([], 0)
        first = place_of(SECRET, seen[0].code)
        assert outbox.put_answer(first, said, datetime.now(UTC))
        assert answerers.judge() == ([], 1)
        outbox.delete_box(first)
        assert answerers.judge() == (["A"], 0)
    answerers.leave()
    verdict = compare(SEEN, MAILS, [], set(), [])
    assert not replace(verdict, answers_lost=["A"]).good
    assert not replace(verdict, opened_by_another=1).good


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


def test_two_people_under_one_reference_are_found() -> None:
    """Two networks have two references; one that presses again has one, but after a lapse."""
    first = Seen("t1", "harmanli", "A", "10.0.0", 1.0, 2.0)
    again = replace(first, began=3.0, ended=4.0)
    assert compare([first, again, SEEN[1]], MAILS, [], set(), []).good
    other = replace(again, network="10.0.1")
    assert compare([first, other, SEEN[1]], MAILS, [], set(), []).merged == ["t1"]
    twice = [first, replace(again, reference="C"), SEEN[1]]
    mails = [*MAILS, Copy("harmanli@example.org", "<4>", "C", "t1")]
    assert compare(twice, mails, [], set(), []).taken_twice == ["A C"]
    assert compare(twice, mails, [], set(), [], forgot=[2.5]).doubted == 1
    assert compare(twice, mails, [], set(), [], forgot=[4.5]).taken_twice == ["A C"]


def test_a_missing_second_copy_is_found() -> None:
    """It is no loss only while the service had been started with that recipient's bad key."""
    seen = [SEEN[0], replace(SEEN[1], began=3.0, ended=4.0)]
    first, second, _ = MAILS
    lost = ["B to sopot-second@example.org"]
    assert compare(seen, [first, second], [], set(), []).lost == lost
    alone = compare(seen, [first, second], [], set(), [], without_second=[(2.0, 3.5)])
    assert (alone.lost, alone.to_one_alone) == ([], 1)
    assert compare(seen, MAILS[:2], [], set(), [], without_second=[(5.0, 6.0)]).lost == lost
    assert compare(seen, MAILS[1:], [], set(), [], without_second=[(0.0, 9.0)]).lost == [
        "A to harmanli@example.org"
    ]


def test_when_the_second_recipient_has_no_key() -> None:
    """From a start with the bad key until it is fixed, and never while an older one is there."""
    key = SecondKey()
    key.spoil(1.0)
    key.repair(2.0)
    assert key.without == []
    key.spoil(3.0)
    key.web_starts(4.0)
    key.repair(5.0)
    key.spoil(6.0)
    key.repair(7.0)
    key.web_starts(8.0)
    key.spoil(9.0)
    key.repair(10.0)
    assert key.without == [(4.0, 5.0), (6.0, 7.0)]


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
