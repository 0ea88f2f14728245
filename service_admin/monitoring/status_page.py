"""Pure: the operator's status page, of counts and times; no letter, address or reference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contact_service.delivery.worker import HEARTBEAT
from contact_service.submission import sofia_time
from service_admin.monitoring.alarms import KEY_ENDS_SOON, KeyState, Snapshot, alarms

REFRESH_SECONDS = 60
WAYS = {"openpgp": "ключ OpenPGP", "smime": "сертификат S/MIME", "pdf": "PDF с парола"}

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def status_page(seen: Snapshot, *, refreshes: bool) -> str:
    """The page as HTML; `refreshes` says whether it comes anew by itself, and can be stopped."""
    return _PAGES.get_template("status.html").render(
        alarms=[alarm.sentence for alarm in alarms(seen, named=0)],
        facts=list(_facts(seen)),
        keys=[(_whose(key), WAYS[key.seal], _until(key, seen.now)) for key in seen.keys],
        at=sofia_time(seen.now),
        seconds=REFRESH_SECONDS,
        refreshes=refreshes,
    )


def _facts(seen: Snapshot) -> Iterator[tuple[str, str]]:
    if not seen.readable:
        yield "База", "не може да се прочете"
        return
    yield "Закъснели писма", str(seen.late)
    yield "Най-старото чака от", _time(seen.oldest if seen.late else None, "няма закъснели")
    yield "Недоставими писма", str(len(seen.given_up))
    yield "Последна успешна проба", _time(seen.heartbeat, "няма")
    yield "Последно резервно копие", _time(seen.backup, "няма")
    yield "Писма миналия месец", seen.last_month


def _time(moment: datetime | None, otherwise: str) -> str:
    return sofia_time(moment) if moment else otherwise


def _whose(key: KeyState) -> str:
    return "проба" if key.centre == HEARTBEAT else key.centre


def _until(key: KeyState, now: datetime) -> str:
    if key.wrong:
        return "не може да се ползва"
    if key.ends is None:
        return "без край"
    soon = "скоро изтича: " if key.ends - now < KEY_ENDS_SOON else "до "
    return soon + sofia_time(key.ends)
