"""Pure: addresses and servers as every mail server can carry them: ASCII, domains as A-labels."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator

from contact_service.settings.private_files import trim

# Names of container networks may hold an underscore, though those of the public DNS may not.
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def mail_address(told: str) -> str:
    """`local@domain`, the domain in A-labels (IDNA 2008 after UTS 46).

    Raises ValueError for a local part that is not ASCII, since few servers take one (RFC 6531),
    and for what is no address, or more than one.
    """
    text = trim(told)
    local = text.rpartition("@")[0]
    strange = next((sign for sign in local if not sign.isascii()), None)
    if strange and " " not in local:
        raise ValueError(
            f"такъв имейл адрес пощата не пренася: пред @ има „{strange}“, а там се пишат само "
            "латински букви, цифри и знаци. Ако прилича на латинска буква, напишете я наново"
        )
    try:
        found = validate_email(
            text, allow_smtputf8=False, check_deliverability=False, strict=True
        ).ascii_email
    except EmailNotValidError:
        found = None
    if found is None:
        raise ValueError("това не прилича на имейл адрес, например ime@primer.bg")
    return found


def mail_host(told: str) -> str:
    """The name (in A-labels) or the IP address of a server; raises ValueError for neither."""
    text = trim(told).removesuffix(".").lower()
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        name = text if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if len(name) > 253 or labels[-1].isdecimal() or not all(map(LABEL.fullmatch, labels)):
        raise ValueError(
            f"„{text}“ не е име на сървър, например mail.primer.bg, нито IP адрес. Портът се "
            "пише отделно"
        )
    return name


def _text(check: Any) -> BeforeValidator:
    return BeforeValidator(lambda told: check(told) if isinstance(told, str) else told)


MailAddress = Annotated[str, _text(mail_address)]
MailHost = Annotated[str, _text(mail_host)]
