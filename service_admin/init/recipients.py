"""Pure: what `init` asks of those who receive a centre's letters, and how letters are closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from contact_service.settings.mail_names import mail_address
from service_admin.init.answers import numbered_list, one_of, yes
from service_admin.init.wording import WAYS, WORDS
from service_admin.passwords import asked_password
from site_model.prompts import Ask, Question

Values = dict[str, Any]
"""Settings as TOML has them."""

KEY_FILES = {"openpgp": ("key", "asc"), "smime": ("certificate", "pem")}

Files = dict[str, tuple[bytes, int]]
"""What files hold, and their mode, under their path from the settings."""


class Keys(Protocol):
    """Where keys come from: files of the operator, or made here."""

    def import_key(self, way: str, address: str, file: str) -> bytes:
        """A public key or certificate, tried out; raises ValueError with what is wrong."""

    def make_key(self, address: str, ask: Ask) -> bytes:
        """The public half of a new key for a centre; the secret half is put where it is told."""

    def secret(self) -> str:
        """A new secret of the settings."""


@dataclass(frozen=True)
class Sitting:
    """Whom to ask, where keys come from, and the files told so far."""

    ask: Ask
    keys: Keys
    files: Files

    def secret(self, path: str, content: str) -> str:
        """Remember a file for its owner alone; returns its path."""
        self.files[path] = (f"{content}\n".encode(), 0o600)
        return path


def asked_recipients(sitting: Sitting, centre: str, before: Mapping[str, Any]) -> Iterator[Values]:
    """Recipients of a centre: the earlier ones, each kept, changed or taken out, then new ones."""
    ask, some = sitting.ask, False
    for known in before.get("recipients", ()):
        if (address := _address(ask, centre, known)) != "-":
            some = True
            yield _recipient(sitting, centre, address, known)
    while address := _address(ask, centre, {}, needed=not some):
        some = True
        yield _recipient(sitting, centre, address, {})


def _file(folder: str, centre: str, address: str, ending: str) -> str:
    """The path of a recipient's file, another one for every address."""
    sign = {"@": "_at_"}
    name = re.sub(r"[^a-z0-9.-]", lambda m: sign.get(m[0], f"_{ord(m[0]):x}_"), address.lower())
    return f"{folder}/{centre}-{name}.{ending}"


def _address(ask: Ask, centre: str, known: Mapping[str, Any], *, needed: bool = False) -> str:
    def check(answer: str) -> str:
        return answer if answer == "-" and known else mail_address(answer)

    key = "recipient.address" if known or needed else "recipient.another"
    title, why = WORDS[key]
    default = str(known.get("address", ""))
    question = Question(
        "recipient.address", f"{title} ({centre})", why, check, default, needed, empty="няма друг"
    )
    return ask(question) or ""


def _recipient(sitting: Sitting, centre: str, address: str, known: Mapping[str, Any]) -> Values:
    title, why = WORDS["recipient.seal"]
    way = sitting.ask(
        Question(
            "recipient.seal",
            f"{title} ({address})",
            f"{why}\n{numbered_list(WAYS)}",
            check=one_of(WAYS),
            default=str(known.get("seal", "")),
            needed=True,
        )
    )
    same = known if (known.get("seal"), known.get("address")) == (way, address) else {}
    return {"address": address, "seal": way} | _closed_with(sitting, centre, address, way, same)


def _closed_with(
    sitting: Sitting, centre: str, address: str, way: str, same: Mapping[str, Any]
) -> Values:
    """The setting that a way of sealing wants; `same` is the recipient as it was before."""
    ask = sitting.ask
    match way:
        case "openpgp" | "smime":
            name, ending = KEY_FILES[way]
            content = _key(sitting, way, address, str(same.get(name, "")))
            if content is None:
                return {name: same[name]}
            path = _file("keys", centre, address, ending)
            sitting.files[path] = (content, 0o644)
            return {name: path}
        case _:
            if same and ask(_keep_password(address)):
                return {"password_file": same["password_file"]}
            path = _file("secrets", centre, address, "password")
            return {"password_file": sitting.secret(path, asked_password(ask, address))}


def _key(sitting: Sitting, way: str, address: str, known: str) -> bytes | None:
    """The key of a file or a new one; None for the previous one."""

    def check(answer: str) -> bytes | None:
        if answer == known:
            return None
        if answer == "нов" and way == "openpgp":
            return b""
        return sitting.keys.import_key(way, address, answer)

    title, why = WORDS[f"recipient.{way}"]
    content: bytes | None = sitting.ask(
        Question("recipient.key", f"{title} ({address})", why, check, known, needed=True)
    )
    return sitting.keys.make_key(address, sitting.ask) if content == b"" else content


def _keep_password(address: str) -> Question:
    title, why = WORDS["recipient.keep_password"]
    return Question("recipient.keep_password", f"{title} ({address})", why, yes, "да")
