"""Settings: from `instance/service.toml` and the environment to checked values, or a clear stop."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    model_validator,
)

from contact_service.settings.database_url import on_server, sqlite_file
from contact_service.settings.mail_names import MailAddress, MailHost
from contact_service.settings.named_files import (
    CREDENTIALS,
    SECRETS,
    Anchor,
    put,
    put_secrets,
    with_absolute_paths,
)
from contact_service.settings.private_files import PrivateFileError, bare_secret, read_private
from site_model.facts.shared import ServiceOrigin
from site_model.field_types import YesNo
from site_model.i18n.catalogue_files import CATALOGUES
from site_model.problems import sentence_for
from site_model.types import Frozen, Slug, refuse_repeats

# Secrets do not belong in a file that is copied around: each may come from the environment.
FROM_ENVIRONMENT = {
    "OPORA_SECRET": ("secret",),
    "OPORA_DATABASE": ("database",),
    "OPORA_SMTP_HOST": ("smtp", "host"),
    "OPORA_SMTP_USER": ("smtp", "user"),
    "OPORA_SMTP_PASSWORD": ("smtp", "password"),
}


# What there was once: an old file is told what to write now.
TAKEN_OUT = {
    "at_rest_identity": (
        "незаключени писма вече няма. Изтрийте реда и изберете за тези получатели seal = „pdf“ или "
        "„openpgp“. Ако по-старата версия още пази чакащи или недоставими писма (status), върнете "
        "я първо: само тя ги отваря. Пуснете retry --all, а което не замине, изнесете с export."
    ),
}

# What earlier versions knew. A line that is left over says nothing and must not stop letters.
NO_LONGER_USED = ("proof_of_work", "rate_storage")


def _bare(told: Any) -> Any:
    return bare_secret(told) if isinstance(told, str) else told


LONGEST_SENDER_DOMAIN = 200

# Read alike, whether they come from a file, a variable or the settings themselves.
BARE = BeforeValidator(_bare)
Secret = Annotated[SecretStr, BARE]


def _database(told: str) -> str:
    """One that this service can use; raises ValueError in words that repeat no password."""
    if sqlite_file(told) or on_server(told):
        return told
    raise ValueError(
        "писмата са в sqlite:///път/до/outbox.sqlite3 или в "
        "postgresql+psycopg://име:парола@сървър/база"
    )


def _short_domain(address: str) -> str:
    """An address whose domain leaves room in a Message-ID, of 254 signs in the tables."""
    if len(address.rpartition("@")[2]) > LONGEST_SENDER_DOMAIN:
        raise ValueError(f"името след @ е по-дълго от {LONGEST_SENDER_DOMAIN} знака")
    return address


class SettingsError(Exception):
    """The settings cannot be used; each line names one setting and how to fix it."""


class Smtp(Frozen):
    """The mail server that takes our messages. Unprotected SMTP is for this machine only."""

    host: MailHost
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["tls", "starttls", "none"]
    sender: Annotated[MailAddress, AfterValidator(_short_domain)]
    user: Annotated[str, BARE] | None = None
    password: Secret | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 30

    @model_validator(mode="after")
    def _plain_only_to_this_machine(self) -> Self:
        if self.security == "none" and not _is_loopback(self.host):
            raise ValueError(
                f"връзка без защита (none) е позволена само към тази машина, не към {self.host}. "
                "Напишете security = „tls“ или „starttls“"
            )
        return self

    @model_validator(mode="after")
    def _who_logs_in_has_a_password(self) -> Self:
        if self.user and not self.password:
            raise ValueError(f"за потребителя {self.user} липсва парола. Допишете password_file")
        return self


class RecipientBase(Frozen):
    """A mailbox of a centre, and how its messages are sealed."""

    address: MailAddress


class OpenPgpRecipient(RecipientBase):
    """Sealed with PGP/MIME to a public certificate."""

    seal: Literal["openpgp"]
    key: Path


class SmimeRecipient(RecipientBase):
    """Sealed with S/MIME to an X.509 certificate, as of a qualified e-signature."""

    seal: Literal["smime"]
    certificate: Path


class PdfRecipient(RecipientBase):
    """The mail says only that a message came, and carries a PDF closed with a password."""

    seal: Literal["pdf"]
    password_file: Path


def _known_way(recipient: Any) -> Any:
    """Settings of the first version, where OpenPGP was the only way to seal, do not name it.

    Raises ValueError for the way that there is no more.
    """
    if not isinstance(recipient, dict):
        return recipient
    if recipient.get("seal") == "plain":
        raise ValueError(
            "seal = „plain“ вече няма: всяко писмо се заключва. Напишете „pdf“ или „openpgp“"
        )
    return {"seal": "openpgp", **recipient} if "key" in recipient else recipient


Recipient = Annotated[
    OpenPgpRecipient | SmimeRecipient | PdfRecipient,
    Field(discriminator="seal"),
    BeforeValidator(_known_way),
]


class CentreSettings(Frozen):
    recipients: tuple[Recipient, ...] = ()

    @model_validator(mode="after")
    def _each_address_once(self) -> Self:
        refuse_repeats((recipient.address for recipient in self.recipients), "получател")
        return self


class Settings(Frozen):
    site_folder: Path
    content_folder: Path
    database: Annotated[str, AfterValidator(_database)]
    secret: Secret
    secret_file: Path | None = None
    smtp: Smtp
    centres: dict[Slug, CentreSettings]
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    service_origin: ServiceOrigin | None = None
    other_origins: tuple[str, ...] = ()
    messages_per_hour: Annotated[int, Field(ge=1)] = 10
    largest_request_bytes: Annotated[int, Field(ge=64 * 1024)] = 512 * 1024
    alarm_address: MailAddress | None = None
    monthly_list: YesNo = False
    watch_port: Annotated[int, Field(ge=0, le=65535)] = 8011
    heartbeat_hours: Annotated[int, Field(ge=1)] | None = None
    heartbeat_recipient: Recipient | None = None
    heartbeat_web: HttpUrl | None = None
    editor_secret: Secret | None = None
    editor_secret_file: Path | None = None

    @model_validator(mode="after")
    def _secrets_are_long(self) -> Self:
        for name in ("secret", "editor_secret"):
            told: SecretStr | None = getattr(self, name)
            if told and len(told.get_secret_value()) < 32:
                raise ValueError(
                    f"{name} е по-къс от 32 знака. Направете нов: "
                    "python -c 'import secrets; print(secrets.token_hex(32))'"
                )
        return self

    @property
    def catalogues(self) -> Path:
        """The translators' files, which lie beside the content folder."""
        return self.content_folder.parent / CATALOGUES.name


def load_settings(
    toml: str,
    environment: Mapping[str, str],
    folder: Path,
    read: Callable[[Path], str] = read_private,
) -> Settings:
    """Settings from the text of the file and from `environment`, which wins.

    Secrets come from systemd's credentials, else from the files that the settings name, which
    `read` gives, else from the environment. Paths are taken from `folder`. Raises SettingsError
    that names every wrong setting.
    """
    values = parse_toml(toml)
    for name, path in FROM_ENVIRONMENT.items():
        if name in environment:
            put(values, path, environment[name])
    for name in NO_LONGER_USED:
        values.pop(name, None)
    anchor = Anchor(folder, environment.get(CREDENTIALS))
    try:
        put_secrets(values, anchor, read)
        settings = Settings.model_validate(values)
        return with_absolute_paths(settings, anchor)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(item) for item in error.errors())) from None
    except PrivateFileError as error:
        raise SettingsError(f"{error}.") from None
    except ValueError:
        raise SettingsError("В пътя до файл има знак, който там не се допуска.") from None


def parse_toml(toml: str) -> dict[str, Any]:
    """What the text of the file says; raises SettingsError."""
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))  # the rest of its words are English
        where = f"ред {line[1]}" if line else "края му"
        raise SettingsError(
            f"service.toml не може да се прочете до {where}: прегледайте кавичките, скобите и "
            "знака = там."
        ) from None
    except RecursionError:
        raise SettingsError("service.toml не може да се прочете: скоби без край.") from None


def read_settings(file: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of the file; raises SettingsError where it is missing or cannot be read."""
    return load_settings(read_text(file), environment, file.parent)


def read_text(file: Path) -> str:
    """The text of the file; raises SettingsError where it is missing or cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")  # Notepad may begin it with a mark
    except FileNotFoundError:
        raise SettingsError(
            f"Няма файл {file}. Направете го с init или по примера в docs/guide/nastroyki.md."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} не е текст в UTF-8. Запишете го наново като UTF-8.") from None
    except (OSError, ValueError) as error:
        kind = type(error).__name__
        raise SettingsError(f"{file} не може да се прочете ({kind}). Вижте: ls -l {file}") from None


def _line(item: Any) -> str:
    name = ".".join(str(step) for step in item["loc"]) or "service.toml"
    files = [".".join(one.file_setting) for one in SECRETS if ".".join(one.setting) == name]
    variables = [key for key, path in FROM_ENVIRONMENT.items() if ".".join(path) == name]
    others = [f"файл в {file}" for file in files] + [f"променливата {one}" for one in variables]
    also = f" (или {' или '.join(others)})" if others else ""
    said = TAKEN_OUT.get(name) or sentence_for(item, tuple(Settings.model_fields))
    return f"{name}{also}: {said}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
