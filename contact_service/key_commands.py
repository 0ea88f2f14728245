"""The operator's commands on keys: which there are, what waits for them, and a new one."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from contact_service.errors import CommandError
from contact_service.outbox import Outbox
from contact_service.passwords import asked_password
from contact_service.private_files import write_whole
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.setting_files import files_of
from contact_service.settings import (
    OpenPgpRecipient,
    PdfRecipient,
    PlainRecipient,
    Recipient,
    Settings,
    SmimeRecipient,
)
from contact_service.sheet import sofia_time
from contact_service.watching.status_page import WAYS
from contact_service.watching.watch import key_states
from site_model.asking import Ask


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
        print(f"  годен до: {sofia_time(key.ends) if key.ends else 'без край'}")
        print(f"  {_queue(queues.pop((key.centre, key.address), {}))}")
    for (centre, address), queue in sorted(queues.items()):
        print(f"{centre}, {address}: вече не е в настройките\n  {_queue(queue)}")
    return int(any(key.wrong for key in states))


def _queue(queue: dict[str, int]) -> str:
    return f"чакат {queue.get('waiting', 0)}, недоставими {queue.get('given_up', 0)}"


def replace_key(
    settings: Settings, ask: Ask, centre: str, address: str, source: Path | None
) -> int:
    """Put a new key, certificate or password in the old one's place, once it proved usable.

    Raises CommandError and KeyUnusableError; then the old one stays.
    """
    recipient = _recipient(settings, centre, address)
    file, content, mode = _new_content(recipient, settings, ask, source)
    before = _fingerprint(recipient, settings)
    write_whole(file, content, mode)
    print(f"Сменено: {file}")
    if others := _others(settings, file, centre, address):
        print(f"Същият файл важи и за: {', '.join(others)}")
    if before != (after := _fingerprint(recipient, settings)):
        print(f"  беше: {before or 'неизползваем'}\n  стана: {after}")
    with closing(Outbox(settings.database)) as outbox:
        queue = outbox.by_recipient().get((centre, address), {})
    print(
        f"За стария: {_queue(queue)}. Те са заключени за него и се отварят само с него: пазете "
        "стария таен ключ или старата парола поне докато бъдат прочетени."
    )
    print("Следва: пуснете наново процесите web и deliver, после test-letter.")
    return 0


def _recipient(settings: Settings, centre: str, address: str) -> Recipient:
    of_centre = settings.centres.get(centre)
    for recipient in of_centre.recipients if of_centre else ():
        if recipient.address == address:
            return recipient
    raise CommandError(f"в настройките няма получател {address} на {centre}. Вижте ги с keys")


def _new_content(
    recipient: Recipient, settings: Settings, ask: Ask, source: Path | None
) -> tuple[Path, bytes, int]:
    """The file that changes, what comes into it, and its mode."""
    match recipient:
        case OpenPgpRecipient() | SmimeRecipient():
            if source is None:
                raise CommandError("кажете и файла с новия ключ или сертификат")
            kind = "key" if isinstance(recipient, OpenPgpRecipient) else "certificate"
            load_sealer(recipient.model_copy(update={kind: source}), settings, datetime.now(UTC))
            return getattr(recipient, kind), source.read_bytes(), 0o644
        case PdfRecipient():
            if source is not None:
                raise CommandError("тук писмата са с парола. Повторете без файл, тя се пита")
            password = asked_password(ask, recipient.address)
            return recipient.password_file, f"{password}\n".encode(), 0o600
        case PlainRecipient():
            raise CommandError(
                "тези писма се пазят заключени с at_rest_identity. Изчакайте да няма чакащи "
                "(keys), спрете процесите, и чак тогава направете нов с age-keygen"
            )


def _others(settings: Settings, file: Path, centre: str, address: str) -> list[str]:
    """Other recipients that read the same file."""
    return [
        f"{name}, {recipient.address}"
        for name, of_centre in settings.centres.items()
        for recipient in of_centre.recipients
        if file in files_of(recipient) and (name, recipient.address) != (centre, address)
    ]


def _fingerprint(recipient: Recipient, settings: Settings) -> str:
    try:
        return load_sealer(recipient, settings, datetime.now(UTC)).fingerprint
    except KeyUnusableError:
        return ""
