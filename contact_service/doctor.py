"""`doctor`: looks at everything the service needs and says what is wrong, with its mend."""

from __future__ import annotations

import shutil
import smtplib
import socket
import ssl
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from contact_service.desk import Desks
from contact_service.mailer import Mailer
from contact_service.outbox import Outbox
from contact_service.promises import broken_promises
from contact_service.settings import Settings, SettingsError, read_settings
from contact_service.sheet import sofia_time
from contact_service.site_pages import PageMissingError
from contact_service.watching.alarms import KEY_ENDS_SOON, alarms
from contact_service.watching.watch import key_states, snapshot
from site_model.loader import load_content
from site_model.problems import ContentError

FREE_MEGABYTES = 100
CERTIFICATE_ENDS_SOON = timedelta(days=14)
WORDS = {"ok": "наред   ", "warn": "внимание", "wrong": "грешно  "}

# The first kind that fits an error of the mail server's connection says what to mend.
SMTP_MENDS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "сертификатът не е доверен или е за друго име. Проверете "
     "smtp.host; за собствен сертификат допишете smtp.ca_file"),
    (ssl.SSLError, "не се шифрова. Проверете smtp.security: „tls“ за порт 465, иначе „starttls“"),
    (smtplib.SMTPNotSupportedError, "не предлага STARTTLS или вход. Проверете smtp.security"),
    (smtplib.SMTPAuthenticationError, "не приема името или паролата. Проверете smtp.user и "
     "файла в smtp.password_file (или OPORA_SMTP_USER и OPORA_SMTP_PASSWORD)"),
    (TimeoutError, "мълчи. Проверете smtp.port и защитната стена"),
    (Exception, "няма връзка. Проверете smtp.port и дали пощенският сървър работи"),
)  # fmt: skip

State = Literal["ok", "warn", "wrong"]
Found = Iterator[tuple[State, str]]


@dataclass(frozen=True)
class Check:
    """What was found; the sentence of what is not ok ends with its mend."""

    state: State
    name: str
    sentence: str


def doctor(file: Path, environment: Mapping[str, str]) -> int:
    """Print every check as a line; 1 if anything is wrong."""
    wrong = 0
    for check in checks(file, environment, datetime.now(UTC)):
        print(f"{WORDS[check.state]}  {check.name}: {check.sentence}", flush=True)
        wrong |= check.state == "wrong"
    return int(wrong)


def checks(file: Path, environment: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """All checks; without readable settings only the one that says so."""
    try:
        settings = read_settings(file, environment)
    except (SettingsError, OSError) as error:
        yield Check("wrong", "настройки", str(error))
        return
    yield from (Check(state, "настройки", said) for state, said in settings_file(file))
    for name, look in LOOKS.items():
        yield from (Check(state, name, said) for state, said in look(settings, now))


def settings_file(file: Path) -> Found:
    """Whether others can read a file that holds a secret."""
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    secret = "secret" in values or "password" in values.get("smtp", {})
    if secret and file.stat().st_mode & 0o077:
        yield "wrong", f"{file} с тайни може да се чете и от други. Напишете: chmod 600 {file}"
    else:
        yield "ok", f"{file} се чете"


def clock(settings: Settings, now: datetime) -> Found:
    """A clock that stands before the site was built is wrong."""
    newest = max((f.stat().st_mtime for f in settings.site_folder.rglob("*.html")), default=0.0)
    late = newest > now.timestamp() + 300
    mend = "Сверете го: timedatectl set-ntp true"
    wrong = late or now.year < 2026
    yield ("wrong", f"показва {sofia_time(now)} {mend}") if wrong else ("ok", sofia_time(now))


def site(settings: Settings, _now: datetime) -> Found:
    """Content, built pages, and whether each centre has somebody to write to."""
    try:
        content = load_content(settings.content_folder)
        Desks(content, settings.site_folder, settings.catalogues)
    except (ContentError, PageMissingError, OSError) as error:
        yield "wrong", f"{error}\nПоправете content_folder и site_folder или пуснете: make build"
        return
    yield "ok", f"построен, центрове: {len(content.centres)}"
    for name in sorted(set(settings.centres) - set(content.centres)):
        yield "wrong", f"център {name} няма в content/centres. Поправете centres.{name}"
    for name in sorted(content.centres):
        if name not in settings.centres or not settings.centres[name].recipients:
            mend = f"Допишете [[centres.{name}.recipients]]"
            yield "warn", f"{name} няма получател и не приема писма. {mend}"
    for sentence in broken_promises(settings, content):
        yield "wrong", sentence


def keys(settings: Settings, now: datetime) -> Found:
    """Every recipient's key, and when it ends."""
    for key in key_states(settings, now):
        who = f"{key.centre}, {key.address}"
        until = f"годен до {sofia_time(key.ends)}" if key.ends else "годен"
        if key.wrong:
            yield "wrong", f"{key.centre}, {key.wrong}. Сложете годен ключ на мястото му"
        elif key.ends and key.ends - now < KEY_ENDS_SOON:
            yield "warn", f"{who}: {until} Поискайте нов от центъра"
        else:
            yield "ok", f"{who}: {until}"


def name_server(settings: Settings, _now: datetime) -> Found:
    host = settings.smtp.host
    try:
        socket.getaddrinfo(host, settings.smtp.port)
        yield "ok", f"{host} се намира"
    except OSError:
        yield "wrong", f"името {host} не се намира. Проверете smtp.host и DNS (/etc/resolv.conf)"


def mail_server(settings: Settings, now: datetime) -> Found:
    """Connect, encrypt and log in, exactly as delivery does."""
    where = f"{settings.smtp.host}:{settings.smtp.port}"
    try:
        with closing(Mailer(settings.smtp)) as mailer:
            ends = mailer.certificate_ends()
    except (OSError, smtplib.SMTPException) as error:
        mend = next(mend for kind, mend in SMTP_MENDS if isinstance(error, kind))
        yield "wrong", f"{where} {mend} ({type(error).__name__})"
        return
    yield "ok", f"{where} приема връзка{' и вход' if settings.smtp.user else ''}"
    days = (ends - now).days if ends else None
    if days is not None and days < CERTIFICATE_ENDS_SOON.days:
        yield "warn", f"сертификатът (TLS) изтича след {days} дни. Подновете го"
    else:
        yield "ok", f"сертификатът (TLS) е годен още {days} дни" if ends else "без TLS, местен"


def disk(settings: Settings, _now: datetime) -> Found:
    """Space where SQLite's file lies; a database server looks after its own."""
    if not settings.database.startswith("sqlite"):
        yield "ok", "базата е на сървър за бази"
        return
    folder = Path(make_url(settings.database).database or ".").resolve().parent
    free = shutil.disk_usage(folder).free // 2**20 if folder.is_dir() else 0
    low = free < FREE_MEGABYTES
    mend = f". Направете папката и освободете поне {FREE_MEGABYTES} МБ" if low else ""
    yield ("wrong" if low else "ok"), f"{free} МБ свободни в {folder}{mend}"


def outbox(settings: Settings, now: datetime) -> Found:
    """Open the database, bring it to the newest schema, and say what an alarm would say."""
    try:
        seen = snapshot(settings, Outbox(settings.database), (), now)
    except (SQLAlchemyError, ImportError) as error:
        mend = "Проверете database, правата над файла и дали сървърът за бази работи"
        yield "wrong", f"не се отваря ({type(error).__name__}). {mend}"
        return
    yield "ok", f"отваря се; чакат {seen.waiting}, недоставими {len(seen.given_up)}"
    yield from (("warn", alarm.sentence) for alarm in alarms(seen))


LOOKS: Mapping[str, Callable[[Settings, datetime], Found]] = {
    "часовник": clock,
    "сайт": site,
    "ключ": keys,
    "DNS": name_server,
    "поща": mail_server,
    "диск": disk,
    "база": outbox,
}
