"""`backup` and `restore`: settings, keys, secrets and outbox as one file closed with age."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from contact_service.errors import file_and_reason
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import BACKUP, Outbox
from contact_service.settings.database_url import sqlite_file
from contact_service.settings.named_files import CREDENTIALS, files_of
from contact_service.settings.passwords import long_enough
from contact_service.settings.private_files import read_private, write_whole
from contact_service.settings.service import (
    FROM_ENVIRONMENT,
    Settings,
    load_settings,
    read_settings,
)
from contact_service.submission import sofia_time
from service_admin.backup.archive import (
    AGE,
    Archive,
    ArchiveError,
    StoredFile,
    decrypt,
    encrypt,
    needs_passphrase,
    pack,
    unpack,
)
from service_admin.backup.outbox_copy import (
    OutboxState,
    Return,
    copy_database,
    decide,
    found_here,
    put_in_place,
    write_checked_copy,
)
from service_admin.monitoring.watcher import key_states
from service_admin.passwords import new_password
from service_admin.queue_summary import queue_summary

DATABASE_SERVER = (
    "Базата е на сървър за бази и не влиза в копието. Направете копие и от нея:\n"
    "  pg_dump --format=custom --exclude-table-data=recent --file=outbox.dump АДРЕС\n"
    "  (връщане: pg_restore --clean --if-exists --dbname=АДРЕС outbox.dump)\n"
    "  АДРЕС е като в настройката database, но започва с postgresql://"
)


def backup(file: Path, environment: Mapping[str, str], target: Path, to: Sequence[str]) -> int:
    """Write the backup to `target`, for the public keys `to` or for a passphrase that is asked.

    Raises ArchiveError, SettingsError, OutboxUnavailableError and OSError; then nothing is written.
    """
    settings = read_settings(file, _of_files(environment))
    _require_no_other_file(target)
    passphrase = "" if to else _new_passphrase()
    now = datetime.now(UTC)
    inside, outside = _found_files(settings, file.parent.resolve())
    own = StoredFile(file.read_bytes(), file.stat().st_mode & 0o755)
    outbox, state = _outbox(settings, now)
    content = encrypt(pack(Archive(now, own, inside, outbox)), to, passphrase)
    write_whole(target, content)
    if outbox is not None:
        with closing(Outbox(settings.database)) as copied_one:
            copied_one.mark(BACKUP, now)
    print(f"Резервно копие: {target}\n  {_contents(inside, state)}")
    for path in outside:
        print(f"Не влиза: {path}. Не е в папката на настройките, пазете го отделно.")
    if variables := [name for name in FROM_ENVIRONMENT if name in environment]:
        print(f"Не влизат променливите на средата: {', '.join(variables)}. Запишете ги отделно.")
    if outbox is None:
        print(DATABASE_SERVER)
    print("Фактите (content) и направеният сайт не влизат: те са в хранилището на сайта.")
    print("В копието има тайни. Пазете го и паролата или ключа му на различни места.")
    return 0


def restore(
    file: Path,
    environment: Mapping[str, str],
    source: Path,
    identity: Path | None,
    *,
    replace: bool = False,
    replace_outbox: bool = False,
) -> int:
    """Bring everything back from `source`; says what. Checks all of it before it changes anything.

    `replace`: other settings, keys and secrets may be overwritten; `replace_outbox`: an outbox
    that holds letters too. Raises ArchiveError, SettingsError, PrivateFileError, OSError.
    """
    archive = _read(source, identity)
    folder = file.parent.resolve()
    settings = _settings_of(archive, _of_files(environment), folder)
    new = {folder / name: stored for name, stored in archive.files.items()}
    new[folder / file.name] = archive.settings
    _require_places(new)
    _require_no_other(new, replace=replace)
    said = _return_outbox(archive, settings, told=replace_outbox)
    try:
        for path, stored in new.items():
            write_whole(path, stored.content, stored.mode)
    except OSError as error:  # a full disk, for instance
        raise ArchiveError(
            f"{file_and_reason(error)}. Дотук е върнато само:\n{said}\n"
            "Поправете причината и повторете със същото копие и с --replace"
        ) from None
    print(f"Върнато от копието на {sofia_time(archive.made_at)}:\n  настройки: {file}")
    for path in new:
        if path != folder / file.name:
            print(f"  файл: {path}")
    print(said)
    wrong = [state for state in key_states(settings, datetime.now(UTC)) if state.wrong]
    for key in wrong:
        print(f"Ключ на {key.centre} не може да се ползва: {key.wrong}")
    print("Направете сайта (make build), прегледайте с doctor и пуснете процесите web и deliver.")
    return int(bool(wrong))


def _of_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Without systemd's credentials: a backup is of the files that they are made from."""
    return {name: value for name, value in environment.items() if name != CREDENTIALS}


def _require_no_other_file(target: Path) -> None:
    if target.exists() and not target.read_bytes().startswith(AGE):
        raise ArchiveError(f"{target} вече има и не е резервно копие. Изберете друго име")


def _new_passphrase() -> str:
    """A passphrase that was typed twice, or one that is made and shown; a script gives a line."""
    if not sys.stdin.isatty():
        passphrase = sys.stdin.readline().strip("\r\n")
    else:
        print("Парола за копието. Само Enter: прави се нова и се показва.")
        passphrase = getpass.getpass("Парола: ")
        if not passphrase:
            passphrase = new_password()
            print(f"Паролата е: {passphrase}\nЗапишете я сега, повече няма да се покаже.")
        elif getpass.getpass("Още веднъж: ") != passphrase:
            raise ArchiveError("двете пароли се различават. Опитайте пак")
    try:
        return long_enough(passphrase)
    except ValueError as error:
        raise ArchiveError(str(error)) from None


def _found_files(settings: Settings, folder: Path) -> tuple[dict[str, StoredFile], list[Path]]:
    """The files below the folder of the settings, and the paths of others that they name."""
    inside, outside = {}, []
    for path in sorted(set(files_of(settings))):
        if not path.is_relative_to(folder):
            outside.append(path)
        else:
            stored = StoredFile(path.read_bytes(), path.stat().st_mode & 0o755)
            inside[path.relative_to(folder).as_posix()] = stored
    return inside, outside


def _outbox(settings: Settings, now: datetime) -> tuple[bytes | None, OutboxState | None]:
    file = sqlite_file(settings.database)
    if file is None:
        return None, None
    with closing(Outbox(settings.database)) as outbox:
        return copy_database(outbox, file, now)


def _contents(files: Mapping[str, StoredFile], state: OutboxState | None) -> str:
    letters = f"; писма – {_letters(state).lower()}" if state else ""
    return f"настройки; ключове и тайни: {len(files)}{letters}"


def _read(source: Path, identity: Path | None) -> Archive:
    content = source.read_bytes()
    if identity is not None:
        return unpack(decrypt(content, read_private(identity), ""))
    if content.startswith(AGE) and not needs_passphrase(content):
        raise ArchiveError("копието е за ключ на age. Кажете къде е тайният: --identity ФАЙЛ")
    asked = getpass.getpass("Парола на копието: ") if sys.stdin.isatty() else sys.stdin.readline()
    return unpack(decrypt(content, None, asked.strip("\r\n")))


def _settings_of(archive: Archive, environment: Mapping[str, str], folder: Path) -> Settings:
    """The settings in the archive, whose secrets are read from the archive as well."""

    def read(path: Path) -> str:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
        if name in archive.files:
            return archive.files[name].content.decode()
        return read_private(path)

    try:
        return load_settings(archive.settings.content.decode(), environment, folder, read)
    except UnicodeDecodeError:
        raise ArchiveError("настройките в копието не са текст") from None


def _require_places(new: Iterable[Path]) -> None:
    """Raise ArchiveError where a file could not be written; nothing has changed by then."""
    for path in new:
        folder = next(parent for parent in path.parents if os.path.lexists(parent))
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise ArchiveError(
                f"{path} не може да се запише. Вижте: ls -ld {folder}. Нищо не е променено"
            )


def _require_no_other(new: Mapping[Path, StoredFile], *, replace: bool) -> None:
    """Raise ArchiveError for files that are here and hold something else, unless told."""
    others = [p for p, stored in new.items() if p.exists() and p.read_bytes() != stored.content]
    if others and not replace:
        names = ", ".join(map(str, others))
        raise ArchiveError(
            f"вече има и са други: {names}. Нищо не е променено. За да ги смените: --replace"
        )


def _return_outbox(archive: Archive, settings: Settings, *, told: bool) -> str:
    """Put the copy of the outbox in its place, or leave what is there; says which."""
    file = sqlite_file(settings.database)
    if archive.outbox is None:
        return DATABASE_SERVER
    if file is None:
        raise ArchiveError(
            "писмата в копието са в база SQLite, а database сочи сървър за бази. Насочете "
            "OPORA_DATABASE към sqlite:////… и ги доставете оттам"
        )
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy, state = write_checked_copy(archive.outbox, file)
    try:
        here = _here(file, told=told)
        verdict = decide(here, state, told=told)
        if verdict is Return.REFUSE:
            raise ArchiveError(
                f"в {file} има други писма или отговори. {_letters(here)}. Нищо не е променено. "
                "Доставете писмата или ги изнесете (export), или кажете --replace-outbox: "
                "сегашната база се пази до новата, а кодовете на хората за отговорите в нея вече "
                "не отварят нищо"
            )
        if verdict is Return.KEEP_NEWER:
            return (
                f"  писма: {file} остава, защото е същата база и е по-нова от копието. "
                f"Доставеното не се праща отново. {_letters(here)}"
            )
        keep = here is not None and here.holds_something
        kept = put_in_place(copy, file, keep=keep, now=datetime.now(UTC))
    finally:
        copy.unlink(missing_ok=True)
    aside = f"\n  предишната база: {kept}. Изтрийте я, когато не ви трябва" if kept else ""
    return (
        f"  писма: {file}. {_letters(state)}{aside}\n"
        "  Ако някое от тях е било доставено след копието, ще дойде още веднъж, със същия "
        "Message-ID."
    )


def _here(file: Path, *, told: bool) -> OutboxState | None:
    """What is here now; a file that cannot be read counts as one with letters, and is kept."""
    try:
        return found_here(file)
    except OutboxUnavailableError:
        if told:
            return OutboxState(0, 1)
        raise ArchiveError(
            f"{file} не се отваря. За да застане копието на мястото му: --replace-outbox. "
            "Сегашният файл се пази до него"
        ) from None


def _letters(state: OutboxState | None) -> str:
    if state is None:
        return ""
    answers = f", кутии за отговори: {state.boxes}" if state.boxes else ""
    return queue_summary(state.waiting, state.given_up).capitalize() + answers
