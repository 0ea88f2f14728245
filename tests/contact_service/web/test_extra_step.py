"""The limit of a network, and the wait beyond it: slow for a flood, closed to nobody."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contact_service.web.extra_step import ExtraStep, Step
from contact_service.web.shared_memory import SETS, WAYS, SharedTable

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HERE = "192.0.2.7"
SECRET = "a" * 32
SECOND, LIFETIME = timedelta(seconds=1), timedelta(minutes=30)


def step_of(guard: ExtraStep, now: datetime = NOW, ticket: str = "", letter: str = "x") -> Step:
    step = guard.step(HERE, ticket, letter.encode(), now)
    assert step is not None
    return step


def passes(
    guard: ExtraStep, address: str | None = HERE, now: datetime = NOW, ticket: str = ""
) -> bool:
    return guard.step(address, ticket, b"letter", now) is None


def full(per_hour: int = 10, beyond: int = 0, secret: str = SECRET) -> ExtraStep:
    """A guard for whom this network has sent all it may, and some letters more."""
    guard = ExtraStep(per_hour, secret)
    for _ in range(per_hour + beyond):
        guard.count_stored(HERE, NOW)
    return guard


def test_only_what_was_stored_counts() -> None:
    """Asking costs nothing; the tenth stored letter is the last without a wait."""
    guard = full(9)
    for _ in range(30):
        guard.step("198.51.100.1", "", b"x", NOW)
    assert passes(guard, "198.51.100.1")
    guard = ExtraStep(10, SECRET)
    for _ in range(10):
        assert passes(guard)
        guard.count_stored(HERE, NOW)
    assert not passes(guard)
    assert not passes(guard, "192.0.2.200")
    assert passes(guard, "192.0.3.7")


def test_wait_doubles_with_what_was_stored() -> None:
    """10 seconds, doubled with each letter beyond the limit, 5 minutes at most."""
    waits = [step_of(full(10, beyond)).seconds for beyond in (0, 1, 2, 3, 4, 5, 6, 500)]
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]


def test_an_hour_moves() -> None:
    """What was stored an hour ago counts no more, and what lies in the future does not either."""
    guard = ExtraStep(2, SECRET)
    guard.count_stored(HERE, NOW)
    guard.count_stored(HERE, NOW + timedelta(minutes=30))
    assert not passes(guard, now=NOW + timedelta(minutes=59))
    assert passes(guard, now=NOW + timedelta(minutes=60))
    guard.count_stored(HERE, NOW + timedelta(minutes=60))
    assert not passes(guard, now=NOW + timedelta(minutes=60))
    assert passes(guard, now=NOW + timedelta(minutes=90))
    for _ in range(5):
        guard.count_stored(HERE, NOW + timedelta(days=400))  # a clock that is wrong
    assert passes(guard)


def test_ticket_ripens_and_lets_one_letter_through() -> None:
    """Pressed too early it says how long still; ripe it passes once, and again for that letter."""
    guard = full()
    ticket = step_of(guard).ticket
    early = step_of(guard, NOW + 4 * SECOND, ticket)
    assert (early.early, early.seconds, early.ticket) == (True, 6, ticket)
    assert not step_of(guard).early
    ripe = NOW + 10 * SECOND
    assert guard.step(HERE, ticket, b"the letter!", ripe) is None
    assert guard.step(HERE, ticket, b"the letter!", ripe) is None  # it could not be stored
    other = guard.step(HERE, ticket, b"another one", ripe)
    assert other is not None
    assert other.ticket != ticket


@pytest.mark.parametrize("spelt", ["{0}!{1}", "{0} {1}", "{0}\n{1}", "{0}.{1}", "{0}!!!!{1}"])
def test_a_ticket_in_another_spelling_is_the_same_ticket(spelt: str) -> None:
    """base64 passes over signs that are none of its own: a used ticket stays used."""
    guard = full()
    ticket = step_of(guard).ticket
    ripe = NOW + 10 * SECOND
    assert guard.step(HERE, ticket, b"the letter!", ripe) is None
    other = spelt.format(ticket[:5], ticket[5:])
    assert guard.step(HERE, other, b"another one", ripe) is not None


def test_tickets_gathered_early_gain_nothing() -> None:
    """How long to wait is decided when the ticket comes back."""
    guard = full()
    tickets = [step_of(guard).ticket for _ in range(20)]
    now = NOW + 10 * SECOND
    through = 0
    for number, ticket in enumerate(tickets):
        if guard.step(HERE, ticket, b"%08d" % number, now) is None:
            guard.count_stored(HERE, now)
            through += 1
    assert through == 1


def test_everybody_of_a_school_gets_through() -> None:
    """Thirty people of one network who wait at the same time are through in five minutes."""
    guard = full()
    tickets = [step_of(guard).ticket for _ in range(30)]
    now, waiting = NOW, dict(enumerate(tickets))
    while waiting:
        now += 10 * SECOND
        for person, ticket in list(waiting.items()):
            if guard.step(HERE, ticket, b"%08d" % person, now) is None:
                guard.count_stored(HERE, now)
                del waiting[person]
    assert now - NOW <= timedelta(minutes=5)


@pytest.mark.parametrize("ticket", ["", "gAAAA", "кирилица", "\ud800", "a" * 70_000, "=" * 80])
def test_nonsense_is_no_ticket(ticket: str) -> None:
    """Anything else leads to a new ticket, and to no error."""
    step = step_of(full(), NOW, ticket)
    assert step.ticket != ticket
    assert not step.early


def test_tickets_of_others_and_old_ones_do_not_pass() -> None:
    """Neither from a service with another secret, nor after half an hour."""
    guard, foreign = full(), full(secret="b" * 32)
    assert not passes(guard, now=NOW + 20 * SECOND, ticket=step_of(foreign).ticket)
    ticket = step_of(guard).ticket
    assert not passes(guard, now=NOW + LIFETIME + SECOND, ticket=ticket)
    assert passes(guard, now=NOW + LIFETIME, ticket=ticket)


def test_another_machine_takes_the_ticket() -> None:
    """Behind a balancer a ticket may come back elsewhere: it counts there, and nobody circles."""
    first, second = full(), full()
    assert passes(second, now=NOW + 10 * SECOND, ticket=step_of(first).ticket)


@pytest.mark.parametrize(
    ("pattern", "free"),
    [("2001:db8:1:2::{}", 10), ("2001:db8:1:{}::1", 15), ("2001:db8:1:{}00::1", 20)],
)
def test_wider_networks_have_growing_limits(pattern: str, free: int) -> None:
    """25 letters from one /48 do not all pass, whichever way its addresses are spread."""
    guard, passed = ExtraStep(10, SECRET), 0
    for number in range(25):
        address = pattern.format(f"{number + 1:x}")
        if passes(guard, address):
            guard.count_stored(address, NOW)
            passed += 1
    assert passed == free


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (1, "bg", "1 секунда"),
        (10, "bg", "10 секунди"),
        (60, "bg", "60 секунди"),
        (61, "bg", "2 минути"),
        (300, "bg", "5 минути"),
        (40, "en", "40 seconds"),
        (21, "uk", "21 секунда"),
        (300, "uk", "5 хвилин"),
        (160, "tr", "3 dakika"),
        (300, "ar", "5 دقائق"),
    ],
)
def test_wait_in_words(seconds: int, language: str, words: str) -> None:
    """Seconds, or minutes rounded up, in the right number."""
    assert Step("", seconds).time(language) == words


def test_counts_are_shared_with_forked_processes() -> None:
    """Each request is answered in a process of its own, and all of them count together."""
    guard = ExtraStep(10, SECRET)
    children = []
    for _ in range(10):
        if (child := os.fork()) == 0:
            guard.count_stored(HERE, NOW)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert step_of(guard).seconds == 10


def test_killed_process_gives_the_lock_back() -> None:
    """A process that ends in the middle of a change holds up nobody."""
    table = SharedTable("q")

    def killed(_row: tuple[int, ...]) -> tuple[int, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        return (1,)

    if (child := os.fork()) == 0:
        table.change("name", killed)
    os.waitpid(child, 0)
    assert table.change("name", lambda row: (row[0] + 1,)) == (1,)


def test_threads_lose_no_count() -> None:
    """Of many at once each is counted."""
    table = SharedTable("q")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(400):
            pool.submit(table.change, "name", lambda row: (row[0] + 1,))
    assert table.row("name") == (400,)


def test_table_keeps_the_newest() -> None:
    """A flood from everywhere fills no memory: the oldest rows go, the newest stay."""
    table = SharedTable("q")
    size = len(table._memory)
    for number in range(1, SETS * WAYS * 2):
        table.change(f"network {number}", lambda _row, at=number: (at,))  # type: ignore[misc]
    assert len(table._memory) == size
    assert table.row(f"network {SETS * WAYS * 2 - 1}") == (SETS * WAYS * 2 - 1,)
    kept = sum(bool(table.row(f"network {n}")[0]) for n in range(1, SETS * WAYS * 2))
    assert kept <= SETS * WAYS


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_table_takes_its_memory_with_it() -> None:
    """It is a file that no disk knows, and is closed when nobody has the table any more."""
    before = open_files()
    table = SharedTable("q")
    assert open_files() > before
    del table
    assert open_files() == before


def test_memory_holds_no_network() -> None:
    """Neither the address nor its network is written there, nor a hash that others could make."""
    first, second = full(), full()
    held = bytes(first._counts._memory)
    assert b"192.0.2" not in held
    assert held != bytes(second._counts._memory)
