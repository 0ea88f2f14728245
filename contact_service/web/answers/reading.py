"""Where answers are read: the code of a receipt, in the body of a post and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from contact_service.box import (
    SIGNS_OF_CODES,
    MistypedError,
    OtherCodeError,
    opened_answer,
    place_of,
    read_code,
    reader_note_of,
)
from contact_service.intake import Intake
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.boxes import LIFETIME
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.web.answers.sentences import in_words
from contact_service.web.extra_step import TICKET_FIELD, ExtraStep
from contact_service.web.form_body import Sent, posted_form
from contact_service.web.pages import FormPages, FormPagesByAddress
from site_model.forms.definition import FOLLOW_UP
from site_model.forms.filled import FilledForm
from site_model.urls import READING, reading_action

WRONG_CODES_PER_HOUR = 10
"""Of a network; beyond them it waits before each look."""

log = get_logger("opora.web")


@dataclass(frozen=True)
class _Opened:
    """What a code opened: what is known of the letter, and its answers, the last first.

    What it does not open is empty.
    """

    place: bytes
    note: dict[str, str]
    answers: list[dict[str, str]]


class Reading:
    """One address for each centre in each language; `do` says what is wanted besides reading."""

    def __init__(
        self,
        secret: str,
        forms: FormPagesByAddress,
        outbox: Outbox,
        intake: Intake,
        origins: Collection[str],
    ) -> None:
        self._secret = secret
        self._forms = forms
        self._outbox = outbox
        self._intake = intake
        self._origins = origins
        self._extra_step = ExtraStep(WRONG_CODES_PER_HOUR, secret, "reading ticket")

    def blueprint(self) -> Blueprint:
        reading = Blueprint("reading", __name__)
        address = f"/<language>/<centre>/{READING}"
        reading.add_url_rule(address, view_func=self.ask_for_code, methods=["GET"])
        reading.add_url_rule(address, view_func=self.read, methods=["POST"])
        return reading

    def ask_for_code(self, language: str, centre: str) -> AnyResponse:
        pages = self._forms.of_centre(language, centre) or abort(HTTPStatus.NOT_FOUND)
        return redirect(pages.reading_path, HTTPStatus.SEE_OTHER)

    def read(self, language: str, centre: str) -> AnyResponse:
        pages = self._forms.of_centre(language, centre) or abort(HTTPStatus.NOT_FOUND)
        sent = posted_form(self._origins)
        try:
            return self._looked(pages, sent)
        except HTTPException:
            raise
        except OutboxUnavailableError as error:
            log.error("outbox cannot be read", reason=kind_and_place(error))
            return _code_page(pages, sent, HTTPStatus.SERVICE_UNAVAILABLE, is_down=True)

    def _looked(self, pages: FormPages, sent: Sent) -> AnyResponse:
        try:
            code = read_code(sent.values.get("code", ""))
        except MistypedError:
            return _code_page(pages, sent, HTTPStatus.UNPROCESSABLE_ENTITY, mistyped=True)
        place, now = place_of(self._secret, code), datetime.now(UTC)
        if sent.values.get("do") == "forget":
            # Box or none, it says the same and at once: nobody learns which codes there are.
            self._outbox.delete_box(place)
            return _html(pages, "answers_gone.html", pages.words("Изтрито"))
        ticket = sent.values.get(TICKET_FIELD, "")
        if step := self._extra_step.step(request.remote_addr, ticket, place, now):
            later = _code_page(pages, sent, HTTPStatus.TOO_MANY_REQUESTS, step=step)
            later.headers["Retry-After"] = str(step.seconds)
            return later
        found = self._opened(code, place, now)
        if found is None:
            self._extra_step.count_stored(request.remote_addr, now)
            return _code_page(pages, sent, HTTPStatus.NOT_FOUND, is_gone=True)
        pages = self._forms.of_centre(pages.form.language, found.note.get("centre", "")) or pages
        return self._done(pages, found, code, sent)

    def _opened(self, code: str, place: bytes, now: datetime) -> _Opened | None:
        """What is in the box, if there is one; whatever it does not open hides nothing else."""
        note = self._outbox.reader_note_at(place, now)
        contents = self._outbox.answers_at(place, now)
        if note is None or contents is None:
            return None
        of_letter = _or_nothing(lambda: reader_note_of(self._secret, code, note))
        answers = [_or_nothing(partial(opened_answer, code, one)) for one in contents]
        return _Opened(place, of_letter, answers)

    def _done(self, pages: FormPages, found: _Opened, code: str, sent: Sent) -> AnyResponse:
        """What was asked for, with the box open."""
        match sent.values.get("do"):
            case "write":
                return self._form(pages, found)
            case "ask":
                template, title = "forget_answers.html", pages.words("Изтрийте мястото за отговор")
                if found.answers:
                    title = pages.words("Изтрийте отговорите")
            case _:
                template, title = "answers.html", pages.words("Отговорът на центъра")
        language = pages.form.language
        read = [in_words(answer, language, pages.words) for answer in found.answers]
        return _html(
            pages,
            template,
            title,
            reference=found.note.get("reference"),
            answers=[answer for answer in read if answer],
            is_damaged=None in read,
            code=code,
            ticket=sent.values.get(TICKET_FIELD, ""),
            lifetime=LIFETIME.days,
        )

    def _form(self, pages: FormPages, found: _Opened) -> AnyResponse:
        """The same form, empty, whose letter will carry the number of this one."""
        at, note = (pages.form.language, pages.form.centre.id), found.note
        form = self._forms.find(*at, note.get("form", "")) or pages
        sent: MultiDict[str, str] = MultiDict()
        if reference := note.get("reference"):
            sent[FOLLOW_UP] = self._intake.follow_up(reference, form.form.centre.id, found.place)
        filled = FilledForm(form.form, sent)
        return Response(form.form_again(filled), mimetype="text/html")


def _or_nothing(opened: Callable[[], dict[str, str]]) -> dict[str, str]:
    try:
        return opened()
    except OtherCodeError:
        return {}


def _code_page(pages: FormPages, sent: Sent, status: int, **states: Any) -> Response:
    """The question for the code once more, with what was typed and wanted, and why."""
    page_title = pages.words("Вижте отговора")
    values: dict[str, Any] = {"mistyped": False, "is_gone": False, "is_down": False, "step": None}
    values |= states
    if any((values["mistyped"], values["is_gone"])):
        page_title = f"{pages.words('Грешка')}: {page_title}"
    step = values["step"]
    ticket = step.ticket if step else sent.values.get(TICKET_FIELD, "")
    typed, do = (sent.values.get(name, "") for name in ("code", "do"))
    values |= {"typed": typed, "do": do, "ticket": ticket, "signs": SIGNS_OF_CODES}
    page = _html(pages, "reading.html", page_title, **values)
    page.status_code = status
    return page


def _html(pages: FormPages, template: str, title: str, **values: Any) -> Response:
    bound = pages.form
    action = reading_action(pages.content.site, bound.language, bound.centre.id)
    made = pages.reading_page(
        template, title, title=title, action=action, reading=pages.reading_path, **values
    )
    return Response(made, mimetype="text/html")
