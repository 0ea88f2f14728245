"""Pure: what the operator must hear of, in words that hold counts, references and times only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from contact_service.kept import WARN_BEFORE, GivenUp
from contact_service.sheet import sofia_time

TOO_OLD = timedelta(hours=6)
KEY_ENDS_SOON = timedelta(days=30)
NAMED = 50  # references in one sentence
COMMAND = "python -m contact_service"


@dataclass(frozen=True)
class KeyState:
    """A recipient's key: when it ends, what is wrong with it ("" for nothing), which it is."""

    centre: str
    address: str
    ends: datetime | None = None
    wrong: str = ""
    seal: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class Snapshot:
    """All that alarms depend on, at one moment."""

    now: datetime
    waiting: int = 0
    oldest: datetime | None = None
    given_up: tuple[GivenUp, ...] = ()
    keys: tuple[KeyState, ...] = ()
    heartbeat: datetime | None = None
    heartbeat_hours: int | None = None
    backup: datetime | None = None


@dataclass(frozen=True)
class Alarm:
    """Something that only the operator can mend. `ending`: references that will be deleted."""

    kind: str
    sentence: str
    ending: tuple[str, ...] = ()


def alarms(seen: Snapshot, named: int = NAMED) -> Iterator[Alarm]:
    """Everything that is wrong now, the most urgent first; with up to `named` references."""
    yield from _ending(seen, named)
    if seen.given_up:
        yield Alarm(
            "given up",
            f"Не можаха да се доставят: {_named(seen.given_up, named)}. Поправете адреса или "
            f"сървъра и пуснете {COMMAND} retry --all, или ги изнесете за предаване на ръка: "
            f"{COMMAND} export ПАПКА",
        )
    if seen.oldest and seen.now - seen.oldest > TOO_OLD:
        yield Alarm(
            "oldest",
            f"Най-старото писмо чака от {sofia_time(seen.oldest)} Чакат общо {seen.waiting}. "
            f"Вижте защо: {COMMAND} doctor",
        )
    for key in seen.keys:
        yield from _key(key, seen.now)
    beat = seen.heartbeat
    hours = seen.heartbeat_hours
    if hours and (beat is None or seen.now - beat > timedelta(hours=hours)):
        yield Alarm(
            "heartbeat",
            f"Последна успешна проба: {sofia_time(beat) if beat else 'няма.'} Трябва да има "
            f"на всеки {hours} ч. Проверете cron и пуснете сами: {COMMAND} heartbeat",
        )


def _ending(seen: Snapshot, named: int) -> Iterator[Alarm]:
    ending = tuple(item for item in seen.given_up if item.ends(seen.now) <= seen.now + WARN_BEFORE)
    if ending:
        first = sofia_time(min(item.ends(seen.now) for item in ending))
        yield Alarm(
            "ending",
            f"От {first} нататък ще бъдат изтрити окончателно: {_named(ending, named)}. "
            f"Изнесете ги преди това: {COMMAND} export ПАПКА",
            tuple(item.reference for item in ending),
        )


def _key(key: KeyState, now: datetime) -> Iterator[Alarm]:
    if key.wrong:
        yield Alarm(
            f"unusable key {key.centre}",
            f"Ключ на {key.centre} не може да се ползва. Вижте защо: {COMMAND} doctor",
        )
    elif key.ends and key.ends - now < KEY_ENDS_SOON:
        yield Alarm(
            f"old key {key.centre}",
            f"Ключ на {key.centre} изтича на {sofia_time(key.ends)} Поискайте нов от центъра.",
        )


def _named(items: tuple[GivenUp, ...], named: int) -> str:
    if not named:
        return str(len(items))
    references = ", ".join(item.reference for item in items[:named])
    return f"{len(items)} ({references}{' …' if len(items) > named else ''})"
