"""Where staff answer: anyone who could open a letter has its link, and there is no login."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from contact_service.box import (
    SIGNS_OF_CODES,
    MistypedError,
    OtherCodeError,
    note_of,
    read_code,
    sealed_answer,
    slot_of,
)
from contact_service.keys import derive
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.boxes import LIFETIME, MOST_ANSWERS
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tallies import Cells, month_of
from contact_service.web.answers.sentences import VALUES, sentences
from contact_service.web.form_body import Sent, posted_form
from contact_service.web.pages import FormPages, FormPagesByAddress
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOFIA, SOURCE_LANGUAGE
from site_model.urls import ANSWERS

Answer = tuple[str, int] | Response

LONGEST_NAME = 40
"""Signs of the name of a visit that are carried on; ours have 16."""

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
        self._once_key = derive(secret, "answer once")
        self._cells = Cells(secret)

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
        """To the page of the letter; no address ever holds a code that answers none."""
        letter = self._letter_now(posted_form(self._origins).values.get("code", ""))
        if isinstance(letter, _Letter):
            return redirect(self._path + letter.code, HTTPStatus.SEE_OTHER)
        return letter

    def show(self, code: str) -> Answer:
        letter = self._letter_now(code)
        if isinstance(letter, _Letter):
            return self._page(letter, _new_name(), typed=_typed_at_first(letter)), HTTPStatus.OK
        return letter

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
        if not isinstance(letter, _Letter):
            return letter
        kind = sent.values.get("kind", "")
        typed = {name: value.read(sent.values.get(name, "")) for name, value in VALUES.items()}
        given = [one for one in sent.values.getlist("given") if one in sentences(str)]
        # One name for all pages of a visit: what was stored from one is not stored from the next.
        once = sent.values.get("once", "")[:LONGEST_NAME] or _new_name()
        if errors := _errors(kind, typed, sent.damaged):
            page = self._page(letter, once, typed=typed, errors=errors, given=given)
            return page, HTTPStatus.UNPROCESSABLE_ENTITY
        if not self._store(letter, kind, typed.get(kind, ""), once):
            page = self._page(letter, once, typed=typed, given=given, is_full=True)
            return page, HTTPStatus.CONFLICT
        first = _typed_at_first(letter)
        typed |= {kind: first[kind]} if kind in VALUES else {}
        left = [name for name in VALUES if typed[name] not in ("", first[name])]
        given = [*given, kind][-MOST_ANSWERS:]
        page = self._page(letter, once, typed=typed, given=given, is_stored=True, left=left)
        return page, HTTPStatus.OK

    def _letter_now(self, typed: str) -> _Letter | Answer:
        try:
            return self._letter(typed)
        except OutboxUnavailableError as error:
            log.error("outbox cannot be read", reason=kind_and_place(error))
            return self._code_page(typed, why="is_down"), HTTPStatus.SERVICE_UNAVAILABLE

    def _letter(self, typed: str, written: Collection[str] = ()) -> _Letter | Answer:
        """The letter that this code answers, or the page that says what is wrong with the code.

        What was `written` for it stands there, to be copied.
        """
        try:
            code = read_code(typed)
        except MistypedError:
            page, posted = self._code_page(typed, written, "mistyped"), request.method == "POST"
            return page, HTTPStatus.UNPROCESSABLE_ENTITY if posted else HTTPStatus.NOT_FOUND
        box = self._outbox.box_at(slot_of(self._secret, code), datetime.now(UTC))
        try:
            note = note_of(box, code) if box else {}
        except OtherCodeError:
            note = {}
        pages = self._pages(SOURCE_LANGUAGE, note)
        if not (box and pages):
            return self._code_page(code, written, "is_gone"), HTTPStatus.NOT_FOUND
        reader = self._pages(note["language"], note) or pages
        return _Letter(code, box.place, note, pages, reader)

    def _pages(self, language: str, note: Mapping[str, str]) -> FormPages | None:
        at = language, note.get("centre", "")
        return self._forms.find(*at, note.get("form", "")) or self._forms.of_centre(*at)

    def _store(self, letter: _Letter, kind: str, value: str, once: str) -> bool:
        """Store an answer, the same one of one visit only once; False where no more has room."""
        now = datetime.now(UTC)
        answer = {"kind": kind, "value": value, "day": now.astimezone(SOFIA).date().isoformat()}
        pressed = "\n".join((letter.code, once, kind, value)).encode()
        return self._outbox.put_answer(
            letter.place,
            sealed_answer(letter.note, answer),
            now,
            hmac.digest(self._once_key, pressed, "sha256"),
            self._cells.answered_letters(month_of(now), letter.note["centre"]),
        )

    def _page(
        self,
        letter: _Letter,
        once: str,
        *,
        typed: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        given: Collection[str] = (),
        is_stored: bool = False,
        is_full: bool = False,
        left: Collection[str] = (),
    ) -> str:
        """`left` are the kinds beside which something is written that was not stored with this."""
        definition = letter.pages.form.definition
        language = letter.reader.form.language
        title = f"Отговор на писмо {letter.note['reference']}"
        if is_stored:
            title = "Записано, но не всичко" if left else "Записано"
        return letter.pages.page(
            "answering.html",
            f"Грешка: {title}" if errors or is_full else title,
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
            left=left,
            once=once,
            action=self._path + letter.code,
            lifetime=LIFETIME.days,
        )

    def _code_page(self, typed: str = "", written: Collection[str] = (), why: str = "") -> str:
        """`why` it is shown again: "mistyped", "is_gone" or "is_down"."""
        title = "Отговор на писмо"
        return self._forms.general_page(
            "answer_code.html",
            f"Грешка: {title}" if why else title,
            title=title,
            typed=typed,
            written=written,
            why=why,
            signs=SIGNS_OF_CODES,
            action=self._path,
        )


def _new_name() -> str:
    return secrets.token_urlsafe(12)


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
