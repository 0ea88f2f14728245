"""`monthly-list`: what there is to do for a centre, by mail to each mailbox of its letters.

It goes unsealed: it says nothing but what the site says, and what the site does not say yet. The
lists are made by a process of their own (`site_editor.monthly`), which is given no secret.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, make_msgid
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from contact_service.delivery.smtp import Mailer
from contact_service.errors import CommandError
from contact_service.logs import get_logger
from contact_service.outbox.outbox import Outbox
from contact_service.retries import Outcome
from contact_service.settings.service import Settings
from site_model.types import SOFIA

log = get_logger("opora.monthly")
KEPT_BACK = ("OPORA_", "CREDENTIALS_DIRECTORY")
"""What begins so in the environment is not for the process that reads facts."""
FOOT = (
    "Как се сменя факт: ръководството „Променяме факт и го публикуваме“. Този списък идва веднъж в "
    "месеца на пощите, на които идват писмата; техникът го спира с monthly_list = false."
)


def monthly_list(settings: Settings, project: Path) -> int:
    """Send each centre its list, where that is turned on and it had none this month."""
    if not settings.monthly_list:
        print("Изключено е. За да се праща: monthly_list = true в service.toml.")
        return 0
    now = datetime.now(UTC)
    with closing(Outbox(settings.database)) as outbox:
        sent = [
            send_list(settings, outbox, centre, lines, now)
            for centre, lines in _lists(project).items()
            if centre in settings.centres and len(lines) > 1
        ]
    return int(not all(sent))


def _lists(project: Path) -> dict[str, list[str]]:
    """The lines for each centre, the first of them the subject."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_BACK)}
    command = [sys.executable, "-m", "site_editor.monthly", "--project", str(project), "--json"]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(f"списъкът не е направен. {done.stderr.strip()}".rstrip("."))
    lists: dict[str, list[str]] = json.loads(done.stdout)
    return lists


def send_list(
    settings: Settings, outbox: Outbox, centre: str, lines: Sequence[str], now: datetime
) -> bool:
    """Send the lines to the mailboxes of a centre that had none this month.

    False where the mail server did not take one; that is tried again when this is called again.
    """
    well = True
    with closing(Mailer(settings.smtp)) as mailer:
        for recipient in settings.centres[centre].recipients:
            mark = f"todo {sha256(f'{centre} {recipient.address}'.encode()).hexdigest()[:32]}"
            last = outbox.last_mark(mark, now)
            if last and _month(last) == _month(now):
                continue
            mail = _mail(settings.smtp.sender, recipient.address, lines)
            outcome, word = mailer.send(recipient.address, mail)
            if outcome is Outcome.TAKEN:
                outbox.mark(mark, now)
            else:
                log.error("list not sent", centre=centre, reason=word)
                well = False
    return well


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(SOFIA):%Y-%m}"


def _mail(sender: str, address: str, lines: Sequence[str]) -> bytes:
    # Not an EmailMessage: that loses a space of a long subject in other letters than Latin.
    mail = MIMEText("\n".join((*lines, "", FOOT, "")), "plain", "utf-8")
    mail["From"], mail["To"] = sender, address
    mail["Subject"] = cast(Any, Header(lines[0], "utf-8"))
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    return mail.as_bytes(policy=compat32.clone(linesep="\r\n"))
