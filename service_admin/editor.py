"""The editor on the server: the secret that it shares with the service, and whether it works."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Literal

from contact_service.settings.private_files import write_whole
from contact_service.settings.service import Settings, load_settings, read_text
from site_model.urls import EDITOR_BIND, EDITOR_HEALTH

SETTING, PLACE = "editor_secret_file", "secrets/editor"  # as in opora-edit.service
PATIENCE = 90
"""Seconds: the editor asks the service, which may just be starting."""


def turn(file: Path, environment: Mapping[str, str], *, on: bool) -> int:
    """Make or take away the secret and the setting that names it; may be repeated.

    Raises OSError and SettingsError.
    """
    before, secret = read_text(file), file.parent / PLACE
    without = re.sub(rf"^{SETTING} *=.*\n", "", before, flags=re.MULTILINE)
    text = f'{SETTING} = "{PLACE}"\n{without}' if on else without
    if on and not secret.exists():
        write_whole(secret, f"{secrets.token_hex(32)}\n".encode())
    load_settings(text, environment, file.parent)
    if text != before:
        write_whole(file, text.encode(), file.stat().st_mode & 0o755)
    if not on:
        secret.unlink(missing_ok=True)
    return 0


def look(
    settings: Settings, _now: datetime, bind: str = EDITOR_BIND
) -> Iterator[tuple[Literal["ok", "warn", "wrong"], str]]:
    """What `doctor` says of it."""
    if settings.editor_secret is None:
        yield "ok", "изключен"
        return
    connection = HTTPConnection(bind, timeout=PATIENCE)
    try:
        connection.request("GET", EDITOR_HEALTH)
        answer = connection.getresponse()
        said = answer.read(10_000).decode(errors="replace")
    except (OSError, HTTPException):
        yield "wrong", "не отговаря. Напишете opora editor on или вижте: journalctl -u opora-edit"
        return
    finally:
        connection.close()
    if answer.status == 200:
        yield "ok", "включен и работи"
    for sentence in said.splitlines() if answer.status != 200 else ():
        yield "wrong", sentence
