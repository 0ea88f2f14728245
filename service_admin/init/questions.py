"""Pure: what `init` asks, and the settings and files that the answers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contact_service.settings.mail_names import mail_address, mail_host
from service_admin.init.answers import numbered_list, one_of, port_number, yes
from service_admin.init.recipients import Files, Keys, Sitting, Values, asked_recipients
from service_admin.init.wording import CENTRES, HEARTBEAT, MAIL_PASSWORD, WORDS
from site_model.prompts import Ask, Question

PORTS = {"tls": "465", "starttls": "587", "none": "25"}
SECRET, MAIL_SECRET = "secrets/secret", "secrets/smtp-password"


@dataclass(frozen=True)
class Told:
    """What was told: settings, and the files that they name."""

    values: Values
    files: Files = field(default_factory=dict)


def asked_settings(
    ask: Ask, known: Mapping[str, Any], centres: Mapping[str, str], keys: Keys
) -> Told:
    """Ask everything; `known` are the previous settings, shown as defaults and kept otherwise.

    `centres` are the names of the site's centres under their ids.
    """
    told = Told(dict(known))
    values, sitting = told.values, Sitting(ask, keys, told.files)
    if not known.get("secret") and not known.get("secret_file"):
        values["secret_file"] = sitting.secret(SECRET, keys.secret())
    values["smtp"] = _mail_server(sitting, known.get("smtp", {}))
    alarm = ask(_question("alarm_address", known, check=mail_address))
    _set(values, "alarm_address", alarm)
    before = known.get("centres", {})
    values["centres"] = {
        name: {"recipients": list(asked_recipients(sitting, name, before.get(name, {})))}
        for name in ask(_which(centres, before))
    }
    recipients = [r for centre in values["centres"].values() for r in centre["recipients"]]
    _ask_heartbeat(ask, values, recipients, alarm)
    return told


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


def _mail_server(sitting: Sitting, known: Mapping[str, Any]) -> Values:
    values, ask = dict(known), sitting.ask
    values["host"] = ask(_question("smtp.host", known, check=mail_host, needed=True))
    words = {name: WORDS[f"smtp.security.{name}"][0] for name in PORTS}
    title, why = WORDS["smtp.security"]
    default = str(known.get("security", "starttls"))
    why = f"{why}\n{numbered_list(words)}"
    values["security"] = ask(Question("smtp.security", title, why, one_of(words), default))
    same = known.get("security") == values["security"]
    usual = known.get("port", "") if same else PORTS[values["security"]]
    values["port"] = ask(_question("smtp.port", {"port": usual}, check=port_number))
    values["sender"] = ask(_question("smtp.sender", known, check=mail_address, needed=True))
    user = ask(_question("smtp.user", known, empty="без вход"))
    _set(values, "user", None if user == "-" else user)
    if values.get("user"):
        has = bool(known.get("password_file") or known.get("password"))
        default = "*" if has else ""
        password = ask(Question(*MAIL_PASSWORD, default=default, hidden=True, needed=True))
        if password != "*":  # noqa: S105 - what stands for the previous password
            values.pop("password", None)
            values["password_file"] = sitting.secret(MAIL_SECRET, password)
    return values


def _which(centres: Mapping[str, str], before: Mapping[str, Any]) -> Question:
    default = [name for name in before if name in centres] or list(centres)
    title, why = CENTRES
    return Question(
        "centres",
        title,
        f"{why}\n{numbered_list(centres)}",
        check=one_of(centres),
        default="; ".join(default),
        several=True,
    )


def _ask_heartbeat(ask: Ask, values: Values, recipients: list[Values], alarm: str | None) -> None:
    """A daily test letter to the operator; it holds nothing, so any of the keys closes it."""
    if alarm is None or not recipients or "heartbeat_recipient" in values:
        return
    title, why = HEARTBEAT
    if ask(Question("heartbeat", title, why, check=yes, default="да")):
        values["heartbeat_hours"] = 26
        values["heartbeat_recipient"] = recipients[0] | {"address": alarm}
