"""Settings: from `instance/service.toml` and the environment to checked values, or a clear stop."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    EmailStr,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    model_validator,
)

from contact_service.private_files import PrivateFileError, read_private
from contact_service.setting_files import CREDENTIALS, SECRETS, Anchor, anchored, put, put_secrets
from site_model.base import Frozen, Slug
from site_model.interface import CATALOGUES
from site_model.problems import sentence_for

# Secrets do not belong in a file that is copied around: each may come from the environment.
FROM_ENVIRONMENT = {
    "OPORA_SECRET": ("secret",),
    "OPORA_DATABASE": ("database",),
    "OPORA_SMTP_HOST": ("smtp", "host"),
    "OPORA_SMTP_USER": ("smtp", "user"),
    "OPORA_SMTP_PASSWORD": ("smtp", "password"),
}


class SettingsError(Exception):
    """The settings cannot be used; each line names one setting and how to mend it."""


class Smtp(Frozen):
    """The mail server that takes our messages. Unprotected SMTP is for this machine only."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["tls", "starttls", "none"]
    sender: EmailStr
    user: str | None = None
    password: SecretStr | None = None
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


class RecipientBase(Frozen):
    """A mailbox of a centre, and how its messages are sealed."""

    address: EmailStr


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


class PlainRecipient(RecipientBase):
    """Readable for every mail server on the way; closed with `age` while it waits here."""

    seal: Literal["plain"]
    i_know_that_anyone_on_the_way_can_read_it: Literal[True]


def _first_way(recipient: Any) -> Any:
    """Settings of the first version, where OpenPGP was the only way to seal, do not name it."""
    if isinstance(recipient, dict) and "key" in recipient:
        return {"seal": "openpgp", **recipient}
    return recipient


Recipient = Annotated[
    OpenPgpRecipient | SmimeRecipient | PdfRecipient | PlainRecipient,
    Field(discriminator="seal"),
    BeforeValidator(_first_way),
]


class CentreSettings(Frozen):
    recipients: tuple[Recipient, ...] = ()


class Settings(Frozen):
    site_folder: Path
    content_folder: Path
    database: str
    secret: SecretStr
    secret_file: Path | None = None
    smtp: Smtp
    centres: dict[Slug, CentreSettings]
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    other_origins: tuple[str, ...] = ()
    messages_per_hour: Annotated[int, Field(ge=1)] = 10
    at_rest_identity: Path | None = None
    rate_storage: str = "memory://"
    proof_of_work: bool = False
    largest_request_bytes: Annotated[int, Field(ge=1024)] = 64 * 1024
    alarm_address: EmailStr | None = None
    watch_port: Annotated[int, Field(ge=0, le=65535)] = 8011
    heartbeat_hours: Annotated[int, Field(ge=1)] | None = None
    heartbeat_recipient: Recipient | None = None
    heartbeat_web: HttpUrl | None = None

    @model_validator(mode="after")
    def _secret_is_long(self) -> Self:
        if len(self.secret.get_secret_value()) < 32:
            raise ValueError(
                "secret е по-къс от 32 знака. Направете нов: "
                "python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return self

    @model_validator(mode="after")
    def _plain_is_closed_here_and_on_the_line(self) -> Self:
        listed = [r for centre in self.centres.values() for r in centre.recipients]
        everyone = [*listed, self.heartbeat_recipient]
        plain = [r.address for r in everyone if isinstance(r, PlainRecipient)]
        if plain and self.at_rest_identity is None:
            raise ValueError(
                f"писмата до {plain[0]} пътуват незаключени, но тук се пазят заключени: липсва "
                "at_rest_identity. Направете ключ: age-keygen -o at-rest.txt"
            )
        if plain and self.smtp.security == "none":
            raise ValueError(
                f"писмата до {plain[0]} пътуват незаключени, затова връзката трябва да е "
                "защитена. Напишете в [smtp] security = „tls“ или „starttls“"
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
    try:
        values = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"service.toml не може да се прочете: {error}") from None
    for name, path in FROM_ENVIRONMENT.items():
        if name in environment:
            put(values, path, environment[name])
    anchor = Anchor(folder, environment.get(CREDENTIALS))
    try:
        put_secrets(values, anchor, read)
        settings = Settings.model_validate(values)
        return anchored(settings, anchor)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(item) for item in error.errors())) from None
    except PrivateFileError as error:
        raise SettingsError(f"{error}.") from None
    except ValueError:
        raise SettingsError("В пътя до файл има знак, който не може да стои там.") from None


def read_settings(file: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of the file; raises SettingsError where it is missing."""
    try:
        toml = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(
            f"Няма файл {file}. Направете го по примера в ARCHITECTURE.md, „Settings“."
        ) from None
    return load_settings(toml, environment, file.parent)


def _line(item: Any) -> str:
    name = ".".join(str(step) for step in item["loc"]) or "service.toml"
    files = [".".join(one.file_setting) for one in SECRETS if ".".join(one.setting) == name]
    variables = [key for key, path in FROM_ENVIRONMENT.items() if ".".join(path) == name]
    others = [f"файл в {file}" for file in files] + [f"променливата {one}" for one in variables]
    also = f" (или {' или '.join(others)})" if others else ""
    return f"{name}{also}: {sentence_for(item, tuple(Settings.model_fields))}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
