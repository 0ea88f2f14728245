"""The operator's commands on keys: which there are, what waits for them, and a new one."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from contact_service.errors import CommandError
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.mail_names import mail_address
from contact_service.settings.named_files import files_of
from contact_service.settings.private_files import write_whole
from contact_service.settings.service import (
    OpenPgpRecipient,
    PdfRecipient,
    Recipient,
    Settings,
    SmimeRecipient,
)
from contact_service.settings.small_files import read_small
from contact_service.submission import sofia_time
from service_admin.monitoring.status_page import WAYS
from service_admin.monitoring.watcher import key_states
from service_admin.passwords import asked_password
from service_admin.queue_summary import queue_summary
from site_model.prompts import Ask


def keys(settings: Settings) -> int:
    """Say each recipient's way, fingerprint, end, and the letters that wait sealed to it.

    1 if a key cannot be used.
    """
    with closing(Outbox(settings.database)) as outbox:
        queues = outbox.by_recipient()
    states = key_states(settings, datetime.now(UTC))
    for key in states:
        print(f"{key.centre}, {key.address}: {WAYS[key.seal]}")
        if key.wrong:
            print(f"  не може да се ползва: {key.wrong}")
        if key.fingerprint:
            print(f"  отпечатък: {key.fingerprint}")
        if not key.wrong:
            print(f"  годен до: {sofia_time(key.ends) if key.ends else 'без край'}")
        print(f"  {_queue(queues.pop((key.centre, key.address), {}))}")
    for (centre, address), queue in sorted(queues.items()):
        print(f"{centre}, {address}: вече не е в настройките\n  {_queue(queue)}")
    return int(any(key.wrong for key in states))


def _waiting_for(settings: Settings, centre: str, address: str) -> str:
    """What waits for a recipient; a key that must go is not kept by a database that is away."""
    try:
        with closing(Outbox(settings.database)) as outbox:
            return _queue(outbox.by_recipient().get((centre, address), {}))
    except OutboxUnavailableError:
        return "колко писма чакат, не се знае: базата не отговаря (вижте doctor)"


def _queue(queue: dict[str, int]) -> str:
    return queue_summary(queue.get("waiting", 0), queue.get("given_up", 0))


def replace_key(
    settings: Settings, ask: Ask, centre: str, address: str, source: Path | None
) -> int:
    """Put a new key, certificate or password in the old one's place, once it proved usable.

    Raises CommandError and KeyUnusableError; then the old one stays.
    """
    with suppress(ValueError):  # typed as people write it, perhaps „priem@център.бг“
        address = mail_address(address)
    recipient = _recipient(settings, centre, address)
    file, content, mode = _new_content(recipient, ask, source)
    before = _fingerprint(recipient)
    write_whole(file, content, mode)
    print(f"Сменено: {file}")
    if others := _others(settings, file, centre, address):
        print(f"Същият файл важи и за: {', '.join(others)}")
    if before != (after := _fingerprint(recipient)):
        print(f"  беше: {before or 'неизползваем'}\n  стана: {after}")
    print(
        f"За стария: {_waiting_for(settings, centre, address)}. Те са заключени за него и се "
        "отварят само с него: пазете стария таен ключ или старата парола поне докато бъдат "
        "прочетени."
    )
    print("Следва: пуснете наново процесите web и deliver, после test-letter.")
    return 0


def _recipient(settings: Settings, centre: str, address: str) -> Recipient:
    of_centre = settings.centres.get(centre)
    for recipient in of_centre.recipients if of_centre else ():
        if recipient.address == address:
            return recipient
    raise CommandError(f"в настройките няма получател {address} на {centre}. Вижте ги с keys")


def _new_content(recipient: Recipient, ask: Ask, source: Path | None) -> tuple[Path, bytes, int]:
    """The file that changes, what comes into it, and its mode."""
    match recipient:
        case OpenPgpRecipient() | SmimeRecipient():
            if source is None:
                raise CommandError("кажете и файла с новия ключ или сертификат")
            kind = "key" if isinstance(recipient, OpenPgpRecipient) else "certificate"
            load_sealer(recipient.model_copy(update={kind: source}), datetime.now(UTC))
            return getattr(recipient, kind), read_small(source), 0o644
        case PdfRecipient():
            if source is not None:
                raise CommandError("тук писмата са с парола. Повторете без файл, тя се пита")
            password = asked_password(ask, recipient.address)
            return recipient.password_file, f"{password}\n".encode(), 0o600


def _others(settings: Settings, file: Path, centre: str, address: str) -> list[str]:
    """Other recipients that read the same file."""
    return [
        f"{name}, {recipient.address}"
        for name, of_centre in settings.centres.items()
        for recipient in of_centre.recipients
        if file in files_of(recipient) and (name, recipient.address) != (centre, address)
    ]


def _fingerprint(recipient: Recipient) -> str:
    try:
        return load_sealer(recipient, datetime.now(UTC)).fingerprint
    except KeyUnusableError:
        return ""
