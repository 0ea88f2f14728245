"""Where staff answer: anyone who could open a letter has its link, and there is no login."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from contact_service.box import (
    MistypedError,
    OtherCodeError,
    note_of,
    read_code,
    sealed_answer,
    slot_of,
)
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.boxes import LIFETIME, MOST_ANSWERS
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.web.answers.sentences import VALUES, sentences
from contact_service.web.form_body import Sent, posted_form
from contact_service.web.pages import FormPages, FormPagesByAddress
from contact_service.web.shared_memory import Row, SharedTable
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOFIA, SOURCE_LANGUAGE
from site_model.urls import ANSWERS

Answer = tuple[str, int] | Response

log = get_logger("opora.web")


@dataclass(frozen=True)
class _Letter:
    """A letter that can be answered; `reader` are pages of the language in which it is read."""

    code: str
    place: bytes
    note: dict[str, str]
    pages: FormPages
    reader: FormPages


class Answering:
    """The page of each letter, and the one on which the code of a printed letter is typed."""

    def __init__(
        self, secret: str, forms: FormPagesByAddress, outbox: Outbox, origins: Collection[str]
    ) -> None:
        self._secret = secret
        self._forms = forms
        self._outbox = outbox
        self._origins = origins
        self._path = f"{forms.service_path}/{ANSWERS}/"
        self._stored = SharedTable("q")

    def blueprint(self) -> Blueprint:
        answering = Blueprint("answering", __name__)
        everywhere, letter = f"/{ANSWERS}/", f"/{ANSWERS}/<code>"
        answering.add_url_rule(everywhere, view_func=self.ask_for_code, methods=["GET"])
        answering.add_url_rule(everywhere, view_func=self.lead_on, methods=["POST"])
        answering.add_url_rule(letter, view_func=self.show, methods=["GET"])
        answering.add_url_rule(letter, view_func=self.answer, methods=["POST"])
        return answering

    def ask_for_code(self) -> Answer:
        return self._code_page(), HTTPStatus.OK

    def lead_on(self) -> Answer:
        typed = posted_form(self._origins).values.get("code", "")
        try:
            return redirect(self._path + read_code(typed), HTTPStatus.SEE_OTHER)
        except MistypedError:
            return self._code_page(typed, mistyped=True), HTTPStatus.UNPROCESSABLE_ENTITY

    def show(self, code: str) -> Answer:
        letter = self._letter(code)
        if isinstance(letter, str):
            return letter, HTTPStatus.NOT_FOUND
        return self._page(letter, typed=_typed_at_first(letter)), HTTPStatus.OK

    def answer(self, code: str) -> Answer:
        sent = posted_form(self._origins)
        try:
            return self._answered(code, sent)
        except HTTPException:
            raise
        except Exception as error:
            log.error("answer not stored", reason=kind_and_place(error))
            title = "Сега не можем да запишем отговора"
            page = self._forms.general_page(
                "not_stored.html",
                title,
                title=title,
                action=request.path,
                fields=list(sent.values.items(multi=True)),
                written=_written(sent),
            )
            if isinstance(error, OutboxUnavailableError):
                return page, HTTPStatus.SERVICE_UNAVAILABLE
            return page, HTTPStatus.INTERNAL_SERVER_ERROR

    def _answered(self, code: str, sent: Sent) -> Answer:
        letter = self._letter(code, _written(sent))
        if isinstance(letter, str):
            return letter, HTTPStatus.NOT_FOUND
        kind = sent.values.get("kind", "")
        typed = {name: value.read(sent.values.get(name, "")) for name, value in VALUES.items()}
        given = [one for one in sent.values.getlist("given") if one in sentences(str)]
        if errors := _errors(kind, typed, sent.damaged):
            page = self._page(letter, typed=typed, errors=errors, given=given)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        if not self._store(letter, kind, typed.get(kind, ""), sent.values.get("once", "")):
            page = self._page(letter, typed=typed, given=given, is_full=True)
            return page, HTTPStatus.CONFLICT
        typed |= {kind: _typed_at_first(letter)[kind]} if kind in VALUES else {}
        given = [*given, kind][-MOST_ANSWERS:]
        return self._page(letter, typed=typed, given=given, is_stored=True), HTTPStatus.OK

    def _letter(self, typed: str, written: Collection[str] = ()) -> _Letter | str:
        """The letter that this code answers, or the page that says what is wrong with the code.

        What was `written` for it stands there, to be copied.
        """
        try:
            code = read_code(typed)
        except MistypedError:
            return self._code_page(typed, written, mistyped=True)
        box = self._outbox.box_at(slot_of(self._secret, code), datetime.now(UTC))
        try:
            note = note_of(box, code) if box else {}
        except OtherCodeError:
            note = {}
        pages = self._pages(SOURCE_LANGUAGE, note)
        if not (box and pages):
            return self._code_page(code, written, is_gone=True)
        reader = self._pages(note["language"], note) or pages
        return _Letter(code, box.place, note, pages, reader)

    def _pages(self, language: str, note: Mapping[str, str]) -> FormPages | None:
        at = language, note.get("centre", "")
        return self._forms.find(*at, note.get("form", "")) or self._forms.of_centre(*at)

    def _store(self, letter: _Letter, kind: str, value: str, once: str) -> bool:
        """Store an answer, the same one of one page only once; False where no more has room."""
        name = "\n".join((letter.code, once, kind, value))
        if not self._take(name):
            return True
        now = datetime.now(UTC)
        answer = {"kind": kind, "value": value, "day": now.astimezone(SOFIA).date().isoformat()}
        stored = False
        try:
            content = sealed_answer(letter.note, answer)
            stored = self._outbox.put_answer(letter.place, content, now)
        finally:
            if not stored:
                self._stored.change(name, lambda _: (0,))
        return stored

    def _take(self, name: str) -> bool:
        """Whether it was not taken before."""
        before: list[Row] = []

        def take(row: Row) -> Row:
            before.append(row)
            return row if row[0] else (int(time.time()),)

        self._stored.change(name, take)
        return not before[0][0]

    def _page(
        self,
        letter: _Letter,
        *,
        typed: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        given: Collection[str] = (),
        is_stored: bool = False,
        is_full: bool = False,
    ) -> str:
        definition = letter.pages.form.definition
        language = letter.reader.form.language
        title = "Записано" if is_stored else f"Отговор на писмо {letter.note['reference']}"
        return letter.pages.page(
            "answering.html",
            f"Грешка: {title}" if errors else title,
            title=title,
            reference=letter.note["reference"],
            form_title=definition.title.to(SOURCE_LANGUAGE),
            reads_in=in_bulgarian(language),
            read_as=None if language == SOURCE_LANGUAGE else sentences(letter.reader.words),
            reader_language=letter.reader.content.site.language(language),
            sentences=sentences(str),
            values=VALUES,
            typed=typed,
            errors=errors or {},
            given=given,
            is_stored=is_stored,
            is_full=is_full,
            once=secrets.token_urlsafe(12),
            action=self._path + letter.code,
            lifetime=LIFETIME.days,
        )

    def _code_page(
        self,
        typed: str = "",
        written: Collection[str] = (),
        *,
        mistyped: bool = False,
        is_gone: bool = False,
    ) -> str:
        title = "Отговор на писмо"
        return self._forms.general_page(
            "answer_code.html",
            f"Грешка: {title}" if mistyped or is_gone else title,
            title=title,
            typed=typed,
            written=written,
            mistyped=mistyped,
            is_gone=is_gone,
            action=self._path,
        )


def _written(sent: Sent) -> list[str]:
    return [text for name in VALUES for text in sent.values.getlist(name) if text.strip()]


def _typed_at_first(letter: _Letter) -> dict[str, str]:
    phone = letter.pages.form.centre.phone
    return dict.fromkeys(VALUES, "") | {"phone": phone.number if phone else ""}


def _errors(kind: str, typed: Mapping[str, str], damaged: Collection[str]) -> dict[str, str]:
    """What is to be fixed of an answer, by the field; "" stands for the page as a whole."""
    if kind not in sentences(str):
        return {"": "Изберете отговор: натиснете бутона под него."}
    if kind not in VALUES:
        return {}
    wrong = VALUES[kind].wrong(typed[kind])
    if kind in damaged:
        wrong = "Част от написаното не дойде четлива. Прегледайте какво е останало."
    return {kind: wrong} if wrong else {}
