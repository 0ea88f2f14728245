"""The operator's commands on the outbox. Each returns what the program ends with: 0 or 1."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from contact_service.delivery.worker import HEARTBEAT
from contact_service.errors import ADMIN
from contact_service.keys import check_code, derive
from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.reference_numbers import new_reference
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import Recipient, Settings, SettingsError
from contact_service.submission import Submission, sofia_time
from service_admin.monitoring.alarms import Alarm
from service_admin.monitoring.watcher import Watch
from site_model.forms.filled import Answer


def status(settings: Settings) -> int:
    """Say what is in the outbox."""
    with closing(Outbox(settings.database)) as outbox:
        counts, oldest = outbox.counts(), outbox.oldest_waiting()
        beat = outbox.last_mark(HEARTBEAT, datetime.now(UTC))
        given_up = GivenUpMails(outbox).items()
    print(f"Чакат: {counts['waiting']}" + (f", първото от {sofia_time(oldest)}" if oldest else ""))
    print(f"Недоставими: {counts['given_up']}")
    for item in given_up:
        accepted, ends = sofia_time(item.accepted_at), sofia_time(item.ends(datetime.now(UTC)))
        print(f"  {item.reference}: прието {accepted}, пази се до {ends}")
    print(f"Последна успешна проба: {sofia_time(beat) if beat else 'няма'}")
    return 0


def retry(settings: Settings, reference: str | None) -> int:
    """Try now what was given up or waits for its time: one submission or (None) all."""
    with closing(Outbox(settings.database)) as outbox:
        number = GivenUpMails(outbox).retry(reference, datetime.now(UTC))
    if reference and not number:
        print(f"Няма писмо {reference}, което чака или не е доставено. Вижте кои има: status")
        return 1
    print(f"Пуснати отново: {number}")
    return 0


def export(settings: Settings, folder: Path) -> int:
    """Write what was given up as .eml files for hand delivery; no file is ever overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        closing(Outbox(settings.database)) as outbox,
        closing(GivenUpMails(outbox).mails()) as mails,
    ):
        for reference, content in mails:
            print(_write_new(folder, reference, content))
    print("Изнесеното остава и в базата, докато не го пуснете отново или изтече срокът му.")
    return 0


def _write_new(folder: Path, reference: str, content: bytes, number: int = 1) -> Path:
    """A file of its own for each mail of a submission; the same mail again needs no new one.

    An outbox may come from elsewhere, or be damaged: its words lead to no other folder.
    """
    name = re.sub(r"[^A-Za-z0-9-]", "_", reference)[:16].lstrip("-") or "_"
    file = folder / (f"{name}.eml" if number == 1 else f"{name}-{number}.eml")
    try:
        with open(file, "xb", opener=lambda path, how: os.open(path, how, 0o600)) as stream:
            stream.write(content)
    except FileExistsError:
        if file.read_bytes() != content:
            return _write_new(folder, reference, content, number + 1)
    return file


def verify(settings: Settings, words: Sequence[str]) -> int:
    """Say whether we gave out a receipt with these: reference, centre, form, time, code."""
    reference, centre, form, at, code = map(str.strip, words)
    key = derive(settings.secret.get_secret_value(), "check code")
    expected = check_code(key, reference.upper(), centre, form, at)
    if hmac.compare_digest(expected.encode(), code.upper().encode()):
        print("Валидна разписка: издадена е от тази услуга.")
        return 0
    print(
        "Не съвпада. Препишете всичко точно както е на разписката, и часа: "
        "„21.11.2026 г., 20:00 ч.“"
    )
    return 1


def heartbeat(settings: Settings, wait_seconds: float) -> int:
    """Ask the forms' address, then send a synthetic submission through sealing, outbox and
    delivery; alarm if one of them fails."""
    recipient = settings.heartbeat_recipient
    if recipient is None:
        raise SettingsError("heartbeat_recipient: липсва. Допишете чия кутия получава пробата.")
    with closing(Outbox(settings.database)) as outbox:
        return _beat(settings, recipient, outbox, wait_seconds)


def _beat(settings: Settings, recipient: Recipient, outbox: Outbox, wait_seconds: float) -> int:
    now = datetime.now(UTC)
    if settings.heartbeat_web and (why := _silent(str(settings.heartbeat_web))):
        return _missed(settings, outbox, why)
    try:
        reference = _send_beat(settings, recipient, outbox, now)
    except KeyUnusableError as error:
        return _missed(settings, outbox, f"Пробата не се заключи: {error}.")
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        if (beat := outbox.last_mark(HEARTBEAT, datetime.now(UTC))) and beat >= now:
            print(f"Пробата {reference} пристигна при пощенския сървър.")
            return 0
        time.sleep(0.2)
    GivenUpMails(outbox).withdraw(reference)
    return _missed(settings, outbox, f"Пробата не беше доставена за {wait_seconds:g} сек.")


def _silent(address: str) -> str | None:
    """What is wrong with the forms' own address as the public sees it, web server included."""
    try:
        with urlopen(address, timeout=20) as answer:  # noqa: S310 - settings allow only http(s)
            body = answer.read(100)
    except Exception as error:  # whatever is said or raised there, it is no answer of ours
        return f"Формулярите на {address} не отговарят: {type(error).__name__}."
    return None if body == b"ok\n" else f"На {address} отговаря друга програма, не формулярите."


def _send_beat(settings: Settings, recipient: Recipient, outbox: Outbox, now: datetime) -> str:
    answer = Answer("beat", "Проба", ("Това е проба на системата",), safe_contact=False)
    beat = Submission(new_reference(), "Опора", "Проба", 1, now, (answer,))
    mail = load_sealer(recipient, now).seal(beat, settings.smtp.sender)
    accepted = Accepted(beat.reference, HEARTBEAT, 1, secrets.token_bytes(32), [mail])
    return outbox.accept(accepted, now).reference


def _missed(settings: Settings, outbox: Outbox, why: str) -> int:
    sentence = f"{why} Вървят ли процесите web и deliver? Вижте: {ADMIN} doctor"
    Watch(settings, outbox).tell([Alarm(HEARTBEAT, sentence)], datetime.now(UTC))
    print(sentence)
    return 1
