"""Pure: what the operator must hear of, in words that hold counts, references and times only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contact_service.errors import ADMIN
from contact_service.logs import Fault
from contact_service.outbox.given_up import GivenUp
from contact_service.submission import sofia_time

TOO_OLD = timedelta(hours=6)
SILENT = timedelta(minutes=15)
FAULT_LASTS = timedelta(minutes=5)
KEY_ENDS_SOON = timedelta(days=30)
STILL_REFUSED = timedelta(hours=25)  # the longest pause between two tries is a day
NAMED = 50  # references in one sentence


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
    readable: bool = True
    waiting: int = 0
    late: int = 0
    ahead: int = 0
    oldest: datetime | None = None
    given_up: tuple[GivenUp, ...] = ()
    keys: tuple[KeyState, ...] = ()
    heartbeat: datetime | None = None
    heartbeat_hours: int | None = None
    backup: datetime | None = None
    refused: Mapping[str, datetime] = field(default_factory=dict)  # codes of 5xx, and when last
    delivering: datetime | None = None
    last_month: str = ""
    """How many letters there were, in words."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """Something that only the operator can fix. `ending`: references that will be deleted."""

    kind: str
    sentence: str
    ending: tuple[str, ...] = ()


def alarms(seen: Snapshot, named: int = NAMED) -> Iterator[Alarm]:
    """Everything that is wrong now, the most urgent first; with up to `named` references."""
    yield from _ending(seen, named)
    yield from _faults(seen)
    if seen.given_up:
        yield Alarm(
            "given up",
            f"Не можаха да се доставят: {_named(seen.given_up, named)}. Сървърът каза, че няма "
            "такава кутия, или 7 дни не ги прие. Нищо не е изтрито: ако е било по грешка или след "
            f"като поправите адреса, пуснете ги пак с {ADMIN} retry --all, или ги изнесете за "
            f"предаване на ръка: {ADMIN} export ПАПКА",
        )
    yield from _refused(seen)
    if seen.oldest and seen.now - seen.oldest > TOO_OLD:
        yield Alarm(
            "oldest",
            f"Най-старото писмо чака от {sofia_time(seen.oldest)} Чакащи общо: {seen.waiting}. "
            f"Вижте защо: {ADMIN} doctor",
        )
    for key in seen.keys:
        yield from _key(key, seen.now)
    if not seen.readable:
        return
    beat = seen.heartbeat
    hours = seen.heartbeat_hours
    if hours and (beat is None or seen.now - beat > timedelta(hours=hours)):
        yield Alarm(
            "heartbeat",
            f"Последна успешна проба: {sofia_time(beat) if beat else 'няма.'} Трябва да има "
            f"на всеки {hours} ч. Проверете cron и пуснете сами: {ADMIN} heartbeat",
        )


def _refused(seen: Snapshot) -> Iterator[Alarm]:
    """What the mail server refused with 5xx and is tried again, from the first such answer on."""
    for codes, last in seen.refused.items():
        if seen.waiting and seen.now - last < STILL_REFUSED:
            yield Alarm(
                f"refused {codes}",
                f"Пощенският сървър отказа писмо с код {codes} ({sofia_time(last)}): "
                f"{_cause(codes)}. Писмото чака и се опитва пак до 7 дни. Кой получател чака, "
                f"казва {ADMIN} keys; щом е поправено: {ADMIN} retry --all",
            )


def _cause(codes: str) -> str:
    """What a refusal's codes may mean, and who fixes it (RFC 3463, RFC 4954)."""
    code, _, enhanced = codes.partition(" ")
    if code in ("530", "534", "535", "538") or enhanced in ("5.7.8", "5.7.9"):
        return f"не приема името или паролата. Вижте {ADMIN} doctor"
    if enhanced.startswith("5.2.") or code == "552":
        return "кутията на получателя е пълна или затворена. Обадете се на центъра"
    if enhanced.startswith("5.7.") or code == "554":
        return (
            "правило или списък с блокирани спира вашия сървър. Питайте кой поддържа пощата на "
            "центъра, и своя доставчик"
        )
    return "причината е в дневника на пощенския сървър"


def _faults(seen: Snapshot) -> Iterator[Alarm]:
    """What is wrong with the parts themselves: a look, the delivery, the clock."""
    for fault in seen.faults:
        if seen.now - fault.since >= FAULT_LASTS:
            yield Alarm(
                f"fault {fault.look}",
                f"Прегледът „{fault.look}“ не става: {fault.said}. Вижте: {ADMIN} doctor",
            )
    lived = seen.delivering or seen.oldest
    if seen.readable and lived and seen.now - lived > SILENT:
        yield Alarm(
            "silent",
            f"Доставката мълчи от {sofia_time(lived)} Писмата се приемат, но не тръгват. Пуснете "
            "я: systemctl restart opora-deliver",
        )
    if seen.ahead:
        yield Alarm(
            "ahead",
            f"Часовникът е бил напред: писма с час, който още не е дошъл: {seen.ahead}. Те се "
            "пращат веднага. Сверете го: timedatectl set-ntp true",
        )


def _ending(seen: Snapshot, named: int) -> Iterator[Alarm]:
    ending = tuple(item for item in seen.given_up if item.to_announce(seen.now))
    if ending:
        first = sofia_time(min(item.ends(seen.now) for item in ending))
        yield Alarm(
            "ending",
            f"От {first} нататък ще бъдат изтрити окончателно: {_named(ending, named)}. "
            f"Изнесете ги преди това: {ADMIN} export ПАПКА",
            tuple(item.reference for item in ending),
        )


def _key(key: KeyState, now: datetime) -> Iterator[Alarm]:
    if key.wrong:
        yield Alarm(
            f"unusable key {key.centre}",
            f"Ключ на {key.centre} не може да се ползва. Вижте защо: {ADMIN} doctor",
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
