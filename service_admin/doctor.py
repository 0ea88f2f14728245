"""`doctor`: looks at everything the service needs and says what is wrong, with its fix."""

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
from functools import partial
from pathlib import Path
from typing import Literal

from contact_service.delivery.smtp import Mailer
from contact_service.logs import kind_and_place
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.settings.database_url import sqlite_file
from contact_service.settings.service import (
    NO_LONGER_USED,
    Settings,
    SettingsError,
    read_settings,
    read_text,
)
from contact_service.settings.site_statements import disagreements, reconcile
from contact_service.submission import sofia_time
from contact_service.web.pages import FormPagesByAddress
from contact_service.web.site_pages import PageMissingError, forms_sent_elsewhere
from service_admin.editor import look as editor
from service_admin.examples import doubtful, harmful
from service_admin.monitoring.alarms import KEY_ENDS_SOON, alarms
from service_admin.monitoring.watcher import key_states, snapshot
from service_admin.queue_summary import queue_summary
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from site_model.text.plurals import count_phrase
from site_model.urls import service_address

FREE_MEGABYTES = 100
LEAST_POSTGRESQL = 15  # Debian 12 has it; the tests run on nothing older
CERTIFICATE_ENDS_SOON = timedelta(days=14)
WORDS = {"ok": "наред   ", "warn": "внимание", "wrong": "грешно  "}

# The first kind that fits an error of the mail server's connection says what to fix.
SMTP_FIXES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "сертификатът не е доверен или е за друго име. Проверете "
     "smtp.host; за собствен сертификат допишете smtp.ca_file"),
    (ssl.SSLError, "не се шифрова. Проверете smtp.security: „tls“ за порт 465, иначе „starttls“"),
    (smtplib.SMTPNotSupportedError, "не предлага STARTTLS или вход. Проверете smtp.security"),
    (smtplib.SMTPAuthenticationError, "не приема името или паролата. Проверете smtp.user и "
     "файла в smtp.password_file (или OPORA_SMTP_USER и OPORA_SMTP_PASSWORD)"),
    (TimeoutError, "мълчи. Проверете smtp.port и защитната стена"),
    (Exception, "няма връзка. Проверете smtp.port и дали пощенският сървър работи"),
)  # fmt: skip

# What to look at where nobody thought of what a look raised.
FIXES = {
    "настройки": "Вижте файла с настройките и правата над него",
    "часовник": "Сверете го: timedatectl set-ntp true; вижте и site_folder",
    "сайт": "Вижте content_folder и site_folder и пуснете: make build",
    "ключ": "Вижте кой файл е сменен последен и сложете годен ключ на мястото му",
    "примери": "Вижте content_folder и адресите в service.toml",
    "DNS": "Проверете smtp.host",
    "поща": "Проверете настройките в [smtp] и дали пощенският сървър работи",
    "диск": "Проверете database и правата над папката",
    "база": "Проверете database, правата над файла и дали сървърът за бази работи",
    "редактор": "Вижте: journalctl -u opora-edit -n 20",
}

State = Literal["ok", "warn", "wrong"]
Found = Iterator[tuple[State, str]]


@dataclass(frozen=True)
class Check:
    """What was found; the sentence of what is not ok ends with its fix."""

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
    read: list[Settings] = []

    def reading() -> Found:
        try:
            read.append(read_settings(file, environment))
        except SettingsError as error:
            yield "wrong", str(error)
        else:
            yield from settings_file(file)

    yield from _in_a_net("настройки", reading)
    for settings in read:
        for name, look in LOOKS.items():
            yield from _in_a_net(name, partial(look, settings, now))


def _in_a_net(name: str, look: Callable[[], Found]) -> Iterator[Check]:
    """What a look finds; whatever it raises is said without its text, and the others go on."""
    try:
        for state, said in look():
            yield Check(state, name, said)
    except Exception as error:
        said = f"прегледът спря по средата: {kind_and_place(error)}. {FIXES[name]}"
        yield Check("wrong", name, said)


def settings_file(file: Path) -> Found:
    """Whether others can read a file that holds a secret."""
    values = tomllib.loads(read_text(file))
    secret = "secret" in values or "password" in values.get("smtp", {})
    if secret and file.stat().st_mode & 0o077:
        yield "wrong", f"{file} с тайни може да се чете и от други. Напишете: chmod 600 {file}"
    else:
        yield "ok", f"{file} се чете"
    for name in sorted(values.keys() & set(NO_LONGER_USED)):
        yield "warn", f"{name} вече не се ползва. Махнете реда от {file}"


def clock(settings: Settings, now: datetime) -> Found:
    """A clock that stands before the site was built is wrong."""
    newest = max((f.stat().st_mtime for f in settings.site_folder.rglob("*.html")), default=0.0)
    late = newest > now.timestamp() + 300
    fix = "Сверете го: timedatectl set-ntp true"
    wrong = late or now.year < 2026
    yield ("wrong", f"показва {sofia_time(now)} {fix}") if wrong else ("ok", sofia_time(now))


def site(settings: Settings, _now: datetime) -> Found:
    """Content, built pages, and whether each centre has somebody to write to."""
    try:
        content = load_content(settings.content_folder)
        FormPagesByAddress(content, settings.site_folder, settings.catalogues)
    except (ContentError, PageMissingError, OSError) as error:
        yield "wrong", f"{error}\nПоправете content_folder и site_folder или пуснете: make build"
        return
    yield "ok", f"направен, центрове: {len(content.centres)}"
    for sentence in disagreements(settings, content):
        yield "wrong", sentence
    for name in sorted(content.centres):
        if name not in settings.centres or not settings.centres[name].recipients:
            fix = f"Допишете [[centres.{name}.recipients]]"
            yield "warn", f"{name} няма получател и не приема писма. {fix}"
    service = service_address(reconcile(settings, content)[1].site)
    for page, address in forms_sent_elsewhere(settings.site_folder, service):
        yield "wrong", f"формуляр в {page} праща писмата на {address}. Направете сайта наново"
    if not settings.trusted_proxies:
        fix = "Напишете колко ваши сървъра (Caddy, nginx) стоят пред услугата: trusted_proxies = 1"
        yield "warn", f"всички хора се броят като една мрежа. {fix}"


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


def examples(settings: Settings, _now: datetime) -> Found:
    """Whether what was copied as an example is still there."""
    try:
        content = load_content(settings.content_folder)
    except ContentError:  # the look at the site has said it
        return
    found: list[tuple[State, str]] = [
        *(("wrong", sentence) for sentence in harmful(settings, content)),
        *(("warn", sentence) for sentence in doubtful(settings, content)),
    ]
    yield from found or [("ok", "няма останали: адресите са ваши")]


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
    except Exception as error:
        fix = next(fix for kind, fix in SMTP_FIXES if isinstance(error, kind))
        yield "wrong", f"{where} {fix} ({type(error).__name__})"
        return
    yield "ok", f"{where} приема връзка{' и вход' if settings.smtp.user else ''}"
    days = (ends - now).days if ends else None
    if days is None:
        yield "ok", "без TLS, местен"
    elif days < CERTIFICATE_ENDS_SOON.days:
        yield (
            "warn",
            f"сертификатът (TLS) изтича след {count_phrase(days, 'ден', 'дни')}. Подновете го",
        )
    else:
        yield "ok", f"сертификатът (TLS) е годен още {count_phrase(days, 'ден', 'дни')}"


def disk(settings: Settings, _now: datetime) -> Found:
    """Space where SQLite's file lies; a database server looks after its own."""
    file = sqlite_file(settings.database)
    if file is None:
        yield "ok", "базата е на сървър за бази"
        return
    folder = file.resolve().parent
    free = shutil.disk_usage(folder).free // 2**20 if folder.is_dir() else 0
    low = free < FREE_MEGABYTES
    fix = f". Направете папката и освободете поне {FREE_MEGABYTES} МБ" if low else ""
    yield ("wrong" if low else "ok"), f"{free} МБ свободни в {folder}{fix}"


def outbox(settings: Settings, now: datetime) -> Found:
    """Open the database, bring it to the newest schema, and say what an alarm would say."""
    try:
        with closing(Outbox(settings.database)) as opened:
            seen = snapshot(settings, opened, (), now)
            version = opened.server_version()
    except OutboxUnavailableError as error:
        yield "wrong", f"{error}."
        return
    yield "ok", f"отваря се; {queue_summary(seen.waiting, len(seen.given_up))}"
    yield from (("warn", alarm.sentence) for alarm in alarms(seen))
    if version and version < LEAST_POSTGRESQL:
        yield "warn", f"PostgreSQL {version} е по-стар от {LEAST_POSTGRESQL}. Обновете го"


LOOKS: Mapping[str, Callable[[Settings, datetime], Found]] = {
    "часовник": clock,
    "сайт": site,
    "ключ": keys,
    "примери": examples,
    "DNS": name_server,
    "поща": mail_server,
    "диск": disk,
    "база": outbox,
    "редактор": editor,
}
