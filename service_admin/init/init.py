"""`init`: asks, writes settings and secrets, looks at everything, proves that letters are read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contact_service.errors import CommandError
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.database_url import sqlite_file
from contact_service.settings.passwords import long_enough
from contact_service.settings.private_files import read_private, write_whole
from contact_service.settings.service import (
    OpenPgpRecipient,
    Settings,
    SettingsError,
    SmimeRecipient,
    load_settings,
    parse_toml,
    read_text,
)
from contact_service.settings.small_files import SmallFileError, read_small
from service_admin.doctor import doctor
from service_admin.examples import address_missing
from service_admin.init.answers import yes
from service_admin.init.centre_key import YEARS, default_place, new_centre_key
from service_admin.init.questions import Told, asked_settings
from service_admin.init.recipients import Files
from service_admin.init.test_letter import try_recipients
from service_admin.init.toml import settings_toml
from site_model.loading.loader import load_content
from site_model.loading.placeholders import own_address, with_address
from site_model.prompts import Ask, Asker, Question
from site_model.types import SOURCE_LANGUAGE

ON_A_SERVER = Path("/etc/opora")  # settings there have their outbox in systemd's place for it


def init(file: Path, environment: Mapping[str, str], project: Path) -> int:
    """Ask everything and write it; 0 if all is well and every recipient could read a message.

    Before the last answer nothing is written; what is there is replaced only when told. Raises
    CommandError, ContentError, NoAnswerError, OSError and SettingsError.
    """
    folder = file.parent.resolve()
    content = load_content(project / "content")
    before = read_text(file) if file.exists() else None
    if before:
        print(f"{file} вече има. Записаното се предлага като отговор: само Enter го оставя.")
    ask = Asker()
    address = ask(SITE_ADDRESS) if address_missing(content.site) else None
    centres = {name: one.name.text.to(SOURCE_LANGUAGE) for name, one in content.centres.items()}
    told = asked_settings(ask, _known(before), centres, OperatorsKeys())
    for name, value in _places(folder, project.resolve()).items():
        told.values.setdefault(name, value)
    toml = settings_toml(before, told.values)
    settings = _checked(toml, environment, folder, told)
    _write(ask, file, toml, told.files)
    if address:
        _put_address(project / "content" / "site.yml", address)
    if outbox := sqlite_file(settings.database):
        outbox.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    print("\nПреглед (doctor):", flush=True)
    wrong = doctor(file, environment)
    print("\nПробни писма:", flush=True)
    confirmed = try_recipients(settings, ask)
    print(_end(bool(wrong), confirmed))
    return int(bool(wrong) or not confirmed)


SITE_ADDRESS = Question(
    "url",
    "Адрес на сайта",
    "На който хората го отварят, например https://tsop-byala.bg/. В content/site.yml още пише само "
    "пример: с него формулярите може да отказват писма, а QR кодовете водят наникъде.",
    check=own_address,
    needed=True,
)


def _put_address(settings: Path, address: str) -> None:
    """In place, because the file belongs to the user who builds."""
    text = settings.read_text(encoding="utf-8")
    settings.write_text(with_address(text, address), encoding="utf-8")
    print(f"Записано: {settings}. Направете сайта наново: opora build (на сървър) или make build")


def _end(wrong: bool, confirmed: bool) -> str:
    if wrong:
        return "\nЗаписано е, но прегледът намери нещо за поправяне (грешно). После: test-letter"
    if not confirmed:
        return "\nЗаписано е. Непотвърдените получатели опитайте пак с: test-letter"
    return "\nГотово: всичко е наред и пробните писма се четат. Пуснете процесите web и deliver."


def _known(before: str | None) -> dict[str, Any]:
    values = parse_toml(before or "")
    for name in ("smtp", "centres"):
        if not isinstance(values.get(name, {}), dict):
            raise SettingsError(f"{name}: тук се очаква таблица ([{name}]). Поправете service.toml")
    return values


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

    def import_key(self, way: str, address: str, file: str) -> bytes:
        """The content of a key's file, tried as the service will; raises ValueError."""
        path = _path(file)
        recipient = (
            OpenPgpRecipient(address=address, seal="openpgp", key=path)
            if way == "openpgp"
            else SmimeRecipient(address=address, seal="smime", certificate=path)
        )
        try:
            load_sealer(recipient, datetime.now(UTC))
            return read_small(path)
        except (KeyUnusableError, SmallFileError) as error:
            raise ValueError(str(error)) from None

    def make_key(self, address: str, ask: Ask) -> bytes:
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


def _path(answer: str) -> Path:
    """The file that is meant; raises ValueError."""
    try:
        return Path(answer).expanduser()
    except RuntimeError:
        raise ValueError(f"{answer}: такъв потребител няма. Напишете целия път") from None


def _new_file(answer: str) -> Path:
    path = _path(answer)
    if path.exists() or not path.parent.is_dir():
        raise ValueError(f"{path} вече има, или папката му я няма. Изберете друго място")
    return path
