"""Where the processor time of one letter goes, step by step inside the real application."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any
from unittest.mock import patch

from contact_service.settings.service import read_settings
from tests.support.project import application
from tools.bench.load import MARK
from tools.torture.parts import FORM_TYPE, PATH, SECRET, OperatorFolder

# (what the table calls it, module, name in it); a deeper step stands below the one it is in.
STEPS = [
    ("read the form body", "contact_service.web.form_body", "read_form"),
    ("bind the form (WTForms)", "site_model.forms.filled", "FilledForm.__init__"),
    ("validate", "contact_service.web.pages", "to_fix"),
    ("limit of the network", "contact_service.web.extra_step", "ExtraStep.step"),
    ("accept", "contact_service.intake", "Intake.accept"),
    ("- MAC of the answers", "contact_service.intake", "letter_mac"),
    ("- make the box", "contact_service.intake", "new_box"),
    ("- seal", "contact_service.recipients", "Recipients.seal"),
    ("  - sheet as text", "contact_service.sealing.message", "sheet_text"),
    ("  - pad", "contact_service.sealing.message", "padding"),
    ("  - OpenPGP", "contact_service.sealing.openpgp", "encrypt_to"),
    ("- store", "contact_service.outbox.outbox", "Outbox.accept"),
    ("make the receipt token", "contact_service.web.receipts", "ReceiptTokens.token"),
]


def steps(place: OperatorFolder, body: bytes, letters: int) -> list[tuple[str, float]]:
    """Milliseconds of the processor for one letter: each step, and the whole application call."""
    spent: dict[str, float] = {}
    settings = read_settings(place.settings_file, {"OPORA_SECRET": SECRET})
    with application(settings) as app, ExitStack() as stack:
        call = _timed("the whole call", app.wsgi_app, spent)
        for what, module, name in STEPS:
            _time_one(stack, what, module, name, spent)
        for number in range(-20, letters):
            if number == 0:
                spent.clear()
            _call(call, body.replace(MARK, b"%012d" % (10**6 + number)))
    return [(what, seconds / letters * 1000) for what, seconds in _in_order(spent)]


def _time_one(stack: ExitStack, what: str, module: str, name: str, spent: dict[str, float]) -> None:
    owner: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for step in path:
        owner = getattr(owner, step)
    function = getattr(owner, last)
    stack.enter_context(patch.object(owner, last, _timed(what, function, spent)))


def _in_order(spent: dict[str, float]) -> list[tuple[str, float]]:
    order = ["the whole call", *(what for what, _, _ in STEPS)]
    return [(what, spent[what]) for what in order if what in spent]


def _timed(what: str, function: Callable[..., Any], spent: dict[str, float]) -> Any:
    @wraps(function)
    def timed(*values: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return function(*values, **named)
        finally:
            spent[what] = spent.get(what, 0.0) + time.process_time() - begun

    return timed


def _call(wsgi: Any, body: bytes) -> None:
    import io

    status: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH.format(centre="harmanli"),
        "CONTENT_TYPE": FORM_TYPE,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    answer = wsgi(environ, lambda code, _headers, _error=None: status.append(code))
    list(answer)
    if not status[0].startswith("303"):
        raise RuntimeError(f"the letter was answered with {status[0]}")
