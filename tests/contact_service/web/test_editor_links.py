"""The editor's process has a link sent to a centre's mailbox, and can have nothing else sent."""

from __future__ import annotations

import itertools
import re
import threading
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contact_service.delivery.worker import deliver_due
from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.submission import Submission, sheet_text
from contact_service.web.editor_links import (
    DAY,
    FREELY,
    LONGEST_PAUSE,
    SHORTEST_PAUSE,
    next_letter,
)
from contact_service.web.shared_memory import Row
from site_model.urls import EDITOR_LINKS
from tests.support.service.service_parts import Instance, SmtpServer

TOKEN = "kanarche-0123456789_AB"
KNOWN = "a secret of two processes, 32 signs or more"


@pytest.fixture
def client(instance: Instance) -> FlaskClient:
    instance.toml = f'editor_secret = "{KNOWN}"\n{instance.toml}'
    return instance.client()


def ask(
    client: FlaskClient, centre: str = "harmanli", token: str = TOKEN, secret: str = KNOWN
) -> TestResponse:
    data = {"centre": centre, "token": token}
    return client.post(EDITOR_LINKS, data=data, headers={"Authorization": f"Bearer {secret}"})


def test_link_comes_sealed_to_the_centres_mailbox(
    client: FlaskClient, instance: Instance, smtp_server: SmtpServer
) -> None:
    """As every letter: sealed with the key of the centre that was asked for, to its mailbox
    alone; the mail says no more than that of another letter does.
    """
    assert ask(client).status_code == 204
    outbox = instance.outbox()
    deliver_due(outbox, instance.settings().smtp, threading.Event())
    ((recipients, mail),) = smtp_server.taken
    assert recipients == ["harmanli@example.org"]
    assert TOKEN not in mail.as_string()
    assert re.fullmatch(r"Ново заключено писмо \w{5}-\w{5}", mail["Subject"])
    read = instance.open(mail)
    assert f"\nhttps://opora.example/edit/vhod/{TOKEN}\n" in read
    assert "15 минути" in read
    assert "отговор" not in read.casefold()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"secret": "another secret of two, 32 signs or more"}, 404),
        ({"secret": ""}, 404),
        ({"centre": "nyama"}, 400),
        ({"centre": "../sopot"}, 400),
        ({"token": "short"}, 400),
        ({"token": f"{TOKEN}\n"}, 400),
        ({"token": "x" * 21 + "/"}, 400),
        ({"token": "x" * 500}, 400),
    ],
    ids=str,
)
def test_nothing_else_is_sent(
    client: FlaskClient, instance: Instance, words: dict[str, str], status: int
) -> None:
    """Without the secret it is a page that is not there; with it, only a link to a centre."""
    assert ask(client, **words).status_code == status
    assert instance.outbox().counts()["waiting"] == 0


def test_it_is_off_until_there_is_a_secret(instance: Instance) -> None:
    client = instance.client()
    assert ask(client).status_code == 404
    assert client.get(EDITOR_LINKS).status_code == 404


def test_editor_learns_whether_the_secret_is_the_same(client: FlaskClient) -> None:
    """So that `doctor` can tell; nothing is sent."""
    for secret, status in ((KNOWN, 204), (SECRET_OF_OTHERS, 404)):
        answer = client.get(EDITOR_LINKS, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status


SECRET_OF_OTHERS = "another secret of two, 32 signs or more"


def test_a_mailbox_is_not_flooded(client: FlaskClient, instance: Instance) -> None:
    """A second one at once is refused, and another centre has its own count."""
    assert ask(client).status_code == 204
    assert ask(client, token=TOKEN[::-1]).status_code == 429
    assert ask(client, "sopot", TOKEN[::-1]).status_code == 204
    assert instance.outbox().counts()["waiting"] == 2


def test_without_a_key_nothing_is_stored(instance: Instance, client: FlaskClient) -> None:
    """A centre that can be sealed to no more gets no link in the clear."""
    (instance.folder / "centre.asc").write_text("no key")
    assert ask(instance.client()).status_code == 503
    assert instance.outbox().counts()["waiting"] == 0


def test_pauses_grow_but_end() -> None:
    """Who asks at every second gets six letters five minutes apart, then fewer and fewer: at most
    21 in a day, never two hours without one, and the next day begins anew.
    """
    row: Row = (0, 0, 0)
    start = 1_800_000_000
    sent = []
    for second in range(start, start + 2 * DAY, 10):
        before, row = row, next_letter(row, second)
        if row != before:
            sent.append(second)
    first_day = [one for one in sent if one < start + DAY]
    pauses = [after - before for before, after in itertools.pairwise(sent)]
    assert pauses[: FREELY - 1] == [SHORTEST_PAUSE] * (FREELY - 1)
    assert max(pauses) <= LONGEST_PAUSE
    assert len(first_day) <= 21
    assert len(sent) <= 2 * len(first_day) + 1


def test_a_clock_that_was_ahead_shuts_nobody_out() -> None:
    """A count from the future is forgotten."""
    future = 1_900_000_000
    row = next_letter((future, future, 9), 1_800_000_000)
    assert row == (1_800_000_000, 1_800_000_000, 1)


@pytest.mark.parametrize(
    "host", ["tsop.bg", "tsentar-za-obshtestvena-podkrepa.kazanlak.example.org"]
)
def test_link_is_one_line_that_can_be_pressed(host: str) -> None:
    """However long the name of the site is; in a PDF it is a link."""
    link = f"https://{host}/edit/vhod/{TOKEN}"
    now = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    sheet = Submission("DF4GJ-2UV79", "Център", "Вход", 1, now, (), note=("До 15 минути:", link))
    assert link in sheet_text(sheet).split("\n")
    with pikepdf.open(BytesIO(sheet_pdf(sheet))) as pdf:
        (mark,) = pdf.pages[0].Annots
        assert str(mark.A.URI) == link
