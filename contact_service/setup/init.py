"""`init`: asks, writes settings and secrets, looks at everything, proves that letters are read."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]

from contact_service.backup.outbox_copy import sqlite_file
from contact_service.doctor import doctor
from contact_service.errors import CommandError
from contact_service.passwords import long_enough
from contact_service.private_files import read_private, write_whole
from contact_service.sealing import KeyUnusableError
from contact_service.sealing.openpgp import load_openpgp
from contact_service.sealing.smime import load_smime
from contact_service.settings import (
    OpenPgpRecipient,
    Settings,
    SettingsError,
    SmimeRecipient,
    load_settings,
)
from contact_service.setup.answers import yes
from contact_service.setup.centre_key import YEARS, default_place, new_centre_key
from contact_service.setup.questions import Told, asked_settings
from contact_service.setup.recipient_questions import Files
from contact_service.setup.settings_file import settings_toml
from contact_service.setup.trial import try_recipients
from site_model.asking import Ask, Asker, Question
from site_model.base import SOURCE_LANGUAGE
from site_model.loader import load_content

ON_A_SERVER = Path("/etc/opora")  # settings there have their outbox in systemd's place for it


def init(file: Path, environment: Mapping[str, str], project: Path) -> int:
    """Ask everything and write it; 0 if all is well and every recipient could read a message.

    Before the last answer nothing is written; what is there is replaced only when told. Raises
    CommandError, ContentError, NoAnswerError, OSError and SettingsError.
    """
    folder = file.parent.resolve()
    content = load_content(project / "content")
    before = file.read_text(encoding="utf-8") if file.exists() else None
    if before:
        print(f"{file} вече има. Записаното се предлага като отговор: само Enter го оставя.")
    ask = Asker()
    centres = {name: one.name.text.to(SOURCE_LANGUAGE) for name, one in content.centres.items()}
    told = asked_settings(ask, _known(before), centres, OperatorsKeys())
    for name, value in _places(folder, project.resolve()).items():
        told.values.setdefault(name, value)
    toml = settings_toml(before, told.values)
    settings = _checked(toml, environment, folder, told)
    _write(ask, file, toml, told.files)
    if outbox := sqlite_file(settings.database):
        outbox.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    print("\nПреглед (doctor):", flush=True)
    wrong = doctor(file, environment)
    print("\nПробни писма:", flush=True)
    confirmed = try_recipients(settings, ask)
    print(_end(bool(wrong), confirmed))
    return int(bool(wrong) or not confirmed)


def _end(wrong: bool, confirmed: bool) -> str:
    if wrong:
        return "\nЗаписано е, но прегледът намери нещо за поправяне (грешно). После: test-letter"
    if not confirmed:
        return "\nЗаписано е. Непотвърдените получатели опитайте пак с: test-letter"
    return "\nГотово: всичко е наред и пробните писма се четат. Пуснете процесите web и deliver."


def _known(before: str | None) -> dict[str, Any]:
    try:
        return tomllib.loads(before or "")
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"service.toml не може да се прочете: {error}") from None


def _places(folder: Path, project: Path) -> dict[str, str]:
    state = Path("/var/lib/opora") if folder == ON_A_SERVER else folder
    return {
        "site_folder": str(project / "site"),
        "content_folder": str(project / "content"),
        "database": f"sqlite:///{state / 'outbox.sqlite3'}",
    }


def _checked(toml: str, environment: Mapping[str, str], folder: Path, told: Told) -> Settings:
    """The settings as the service will read them; raises SettingsError before anything changes."""

    def read(path: Path) -> str:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
        return told.files[name][0].decode() if name in told.files else read_private(path)

    return load_settings(toml, environment, folder, read)


def _write(ask: Ask, file: Path, toml: str, files: Files) -> None:
    """Put secrets and keys first and the settings that name them last, all in their modes."""
    folder = file.parent
    own = toml.encode()
    mode = file.stat().st_mode & 0o755 if file.exists() else 0o644
    new = {folder / name: one for name, one in files.items()} | {file: (own, mode)}
    others = [p for p, (content, _) in new.items() if p.exists() and p.read_bytes() != content]
    if others:
        names = "\n".join(f"  {path}" for path in others)
        why = f"да или не. Предишните остават до новите с име, което завършва на .old:\n{names}"
        if not ask(Question("write", "Да се сменят ли тези файлове", why, yes, needed=True)):
            raise CommandError("нищо не е записано")
    for path in others:
        write_whole(path.with_name(f"{path.name}.old"), path.read_bytes(), 0o600)
    for path, (content, own_mode) in new.items():
        write_whole(path, content, own_mode)
    print(f"\nЗаписано: {', '.join(str(path) for path in new)}")


class OperatorsKeys:
    """Keys that the operator brings, or that are made here."""

    def imported(self, way: str, address: str, file: str) -> bytes:
        """The content of a key's file, tried as the service will; raises ValueError."""
        path = Path(file).expanduser()
        now = datetime.now(UTC)
        try:
            if way == "openpgp":
                load_openpgp(OpenPgpRecipient(address=address, seal="openpgp", key=path), now)
            else:
                load_smime(SmimeRecipient(address=address, seal="smime", certificate=path), now)
            return path.read_bytes()
        except KeyUnusableError as error:
            raise ValueError(str(error)) from None

    def made(self, address: str, ask: Ask) -> bytes:
        """A new key; its secret half goes into a file, under a passphrase of the centre."""
        passphrase = ask(
            Question(
                "key.passphrase",
                f"Парола на тайния ключ за {address}",
                "Пита се всеки път, когато центърът чете. Нека я измисли и пази човек от центъра.",
                check=long_enough,
                hidden=True,
                needed=True,
            )
        )
        place = Question(
            "key.file",
            "Къде да се запише тайният ключ, докато го вземете",
            "Файл, който още го няма.",
            check=_new_file,
            default=str(default_place(address)),
        )
        file: Path = ask(place)
        public, secret = new_centre_key(address, passphrase)
        write_whole(file, secret)
        print(
            f"\nТайният ключ е в {file}. Пренесете го на компютъра на центъра (на USB памет, не с "
            f"писмо), внесете го в Thunderbird и го изтрийте оттук: shred -u {file}\n"
            "Който го загуби, не може да чете писмата: нека центърът пази и второ копие.\n"
            f"Ключът е годен {YEARS} години; преди края му идва аларма.",
            flush=True,
        )
        return public

    def secret(self) -> str:
        return secrets.token_hex(32)

    def at_rest(self) -> str:
        return str(pyrage.x25519.Identity.generate())


def _new_file(answer: str) -> Path:
    path = Path(answer).expanduser()
    if path.exists() or not path.parent.is_dir():
        raise ValueError(f"{path} вече има, или папката му я няма. Изберете друго място")
    return path
