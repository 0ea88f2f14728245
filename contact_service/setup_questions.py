"""Pure: what `init` asks, and the settings and files that the answers are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import EmailStr, TypeAdapter

from contact_service.passwords import asked_password
from contact_service.setup_words import CENTRES, HEARTBEAT, MAIL_PASSWORD, PLAIN, WAYS, WORDS
from site_model.asking import Ask, Question

Values = dict[str, Any]
"""Settings as TOML has them."""

PORTS = {"tls": "465", "starttls": "587", "none": "25"}
KEY_FILES = {"openpgp": ("key", "asc"), "smime": ("certificate", "pem")}


class Keys(Protocol):
    """Where keys come from: files of the operator, or made here."""

    def imported(self, way: str, address: str, file: str) -> bytes:
        """A public key or certificate, tried out; raises ValueError with what is wrong."""

    def made(self, address: str, ask: Ask) -> bytes:
        """The public half of a new key for a centre; the secret half is put where it is told."""

    def secret(self) -> str:
        """A new secret of the settings."""

    def at_rest(self) -> str:
        """A new secret key of age."""


SECRET, MAIL_SECRET, AT_REST = "secrets/secret", "secrets/smtp-password", "secrets/at-rest.txt"

Files = dict[str, tuple[bytes, int]]
"""What files hold, and their mode, under their path from the settings."""


@dataclass(frozen=True)
class Told:
    """What was told: settings, and the files that they name."""

    values: Values
    files: Files = field(default_factory=dict)


@dataclass(frozen=True)
class _Sitting:
    """Whom to ask, where keys come from, and the files told so far."""

    ask: Ask
    keys: Keys
    files: Files

    def secret(self, path: str, content: str) -> str:
        """Remember a file for its owner alone; returns its path."""
        self.files[path] = (f"{content}\n".encode(), 0o600)
        return path


def asked_settings(
    ask: Ask, known: Mapping[str, Any], centres: Mapping[str, str], keys: Keys
) -> Told:
    """Ask everything; `known` are the settings of before, shown as defaults and kept otherwise.

    `centres` are the names of the site's centres under their ids.
    """
    told = Told(dict(known))
    values, sitting = told.values, _Sitting(ask, keys, told.files)
    if not known.get("secret") and not known.get("secret_file"):
        values["secret_file"] = sitting.secret(SECRET, keys.secret())
    values["smtp"] = _mail_server(sitting, known.get("smtp", {}))
    alarm = ask(_question("alarm_address", known, check=_email))
    _set(values, "alarm_address", alarm)
    before = known.get("centres", {})
    values["centres"] = {
        name: {"recipients": list(_recipients(sitting, name, before.get(name, {})))}
        for name in ask(_which(centres, before))
    }
    recipients = [r for centre in values["centres"].values() for r in centre["recipients"]]
    plain = any(recipient["seal"] == "plain" for recipient in recipients)
    if plain and not values.get("at_rest_identity"):
        values["at_rest_identity"] = sitting.secret(AT_REST, keys.at_rest())
    _ask_heartbeat(ask, values, recipients, alarm)
    return told


def _email(answer: str) -> str:
    return str(TypeAdapter(EmailStr).validate_python(answer))


def _port(answer: str) -> int:
    if not answer.isdecimal() or not 1 <= int(answer) <= 65535:
        raise ValueError("порт е число от 1 до 65535, обикновено 587 или 465")
    return int(answer)


def _one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A check for one of some words, or its number in the list."""
    numbered = dict(enumerate(words, 1))

    def check(answer: str) -> str:
        if answer in words:
            return answer
        if answer.isdecimal() and int(answer) in numbered:
            return numbered[int(answer)]
        raise ValueError(f"„{answer}“ не е от списъка. Напишете номер от 1 до {len(words)}")

    return check


def _listed(words: Mapping[str, str]) -> str:
    return "\n".join(f"  {number}. {word}" for number, word in enumerate(words.values(), 1))


def _question(key: str, known: Mapping[str, Any], **more: Any) -> Question:
    """A question in the words of `setup_words`; what is known is its default."""
    name = key.rpartition(".")[2]
    title, why = WORDS[key]
    return Question(key, title, why, **{"default": str(known.get(name, ""))} | more)


def _set(values: Values, name: str, value: Any) -> None:
    """Set a value, or take it out where there is none."""
    if value in (None, ""):
        values.pop(name, None)
    else:
        values[name] = value


def _mail_server(sitting: _Sitting, known: Mapping[str, Any]) -> Values:
    values, ask = dict(known), sitting.ask
    values["host"] = ask(_question("smtp.host", known, needed=True))
    words = {name: WORDS[f"smtp.security.{name}"][0] for name in PORTS}
    title, why = WORDS["smtp.security"]
    default = str(known.get("security", "starttls"))
    why = f"{why}\n{_listed(words)}"
    values["security"] = ask(Question("smtp.security", title, why, _one_of(words), default))
    port = known.get("port", PORTS[values["security"]])
    values["port"] = ask(_question("smtp.port", {"port": port}, check=_port))
    values["sender"] = ask(_question("smtp.sender", known, check=_email, needed=True))
    user = ask(_question("smtp.user", known, empty="без вход"))
    _set(values, "user", None if user == "-" else user)
    if values.get("user"):
        has = bool(known.get("password_file") or known.get("password"))
        default = "*" if has else ""
        password = ask(Question(*MAIL_PASSWORD, default=default, hidden=True, needed=True))
        if password != "*":  # noqa: S105 - what stands for the password of before
            values.pop("password", None)
            values["password_file"] = sitting.secret(MAIL_SECRET, password)
    return values


def _which(centres: Mapping[str, str], before: Mapping[str, Any]) -> Question:
    default = [name for name in before if name in centres] or list(centres)
    title, why = CENTRES
    return Question(
        "centres",
        title,
        f"{why}\n{_listed(centres)}",
        check=_one_of(centres),
        default="; ".join(default),
        several=True,
    )


def _recipients(sitting: _Sitting, centre: str, before: Mapping[str, Any]) -> Iterator[Values]:
    """Recipients of a centre: those of before, each kept, changed or taken out, then new ones."""
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
        return answer if answer == "-" and known else _email(answer)

    key = "recipient.address" if known or needed else "recipient.another"
    title, why = WORDS[key]
    default = str(known.get("address", ""))
    question = Question(
        "recipient.address", f"{title} ({centre})", why, check, default, needed, empty="няма друг"
    )
    return ask(question) or ""


def _recipient(sitting: _Sitting, centre: str, address: str, known: Mapping[str, Any]) -> Values:
    title, why = WORDS["recipient.seal"]
    way = sitting.ask(
        Question(
            "recipient.seal",
            f"{title} ({address})",
            f"{why}\n{_listed(WAYS)}",
            check=_one_of(WAYS),
            default=str(known.get("seal", "")),
            needed=True,
        )
    )
    same = known if (known.get("seal"), known.get("address")) == (way, address) else {}
    return {"address": address, "seal": way} | _closed_with(sitting, centre, address, way, same)


def _closed_with(
    sitting: _Sitting, centre: str, address: str, way: str, same: Mapping[str, Any]
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
        case "pdf":
            if same and ask(_keep_password(address)):
                return {"password_file": same["password_file"]}
            path = _file("secrets", centre, address, "password")
            return {"password_file": sitting.secret(path, asked_password(ask, address))}
        case _:
            ask(Question(*PLAIN, check=_knows, needed=True))
            return {"i_know_that_anyone_on_the_way_can_read_it": True}


def _key(sitting: _Sitting, way: str, address: str, known: str) -> bytes | None:
    """The key of a file or a new one; None for that of before."""

    def check(answer: str) -> bytes | None:
        if answer == known:
            return None
        if answer == "нов" and way == "openpgp":
            return b""
        return sitting.keys.imported(way, address, answer)

    title, why = WORDS[f"recipient.{way}"]
    content: bytes | None = sitting.ask(
        Question("recipient.key", f"{title} ({address})", why, check, known, needed=True)
    )
    return sitting.keys.made(address, sitting.ask) if content == b"" else content


def _knows(answer: str) -> bool:
    if answer.casefold() != "знам":
        raise ValueError("напишете „знам“, или се върнете с Ctrl-C и изберете друг начин")
    return True


def yes(answer: str) -> bool:
    """Whether it is „да“; raises ValueError for anything but „да“ and „не“."""
    if (word := answer.casefold()) not in ("да", "не"):
        raise ValueError("отговаря се с „да“ или „не“")
    return word == "да"


def _keep_password(address: str) -> Question:
    title, why = WORDS["recipient.keep_password"]
    return Question("recipient.keep_password", f"{title} ({address})", why, yes, "да")


def _ask_heartbeat(ask: Ask, values: Values, recipients: list[Values], alarm: str | None) -> None:
    """A daily test letter to the operator; it holds nothing, so any of the keys closes it."""
    if alarm is None or not recipients or "heartbeat_recipient" in values:
        return
    title, why = HEARTBEAT
    if ask(Question("heartbeat", title, why, check=yes, default="да")):
        values["heartbeat_hours"] = 26
        values["heartbeat_recipient"] = recipients[0] | {"address": alarm}
