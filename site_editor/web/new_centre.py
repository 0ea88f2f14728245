"""The pages that begin a centre: a question each, all answers at the end, and its making."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, redirect, render_template, request, url_for

from site_build.authoring.answers import (
    Answered,
    keep_answers,
    kept_answers,
    put_answers_aside,
)
from site_build.authoring.completion import Data
from site_build.authoring.new_centre import Joining, joining_centre
from site_editor.files.git import read_exactly
from site_editor.plain_words import plainly
from site_editor.publishing import Ended, Order, ended_by
from site_editor.web.progress import Publishing
from site_editor.web.state import MEANWHILE, RESTARTED, Answer, Editor
from site_model.loading.placeholders import address_sentence, leads_nowhere
from site_model.problems import ContentError
from site_model.prompts import Question
from site_model.types import SOURCE_LANGUAGE

OTHERWISE = (
    "Междувременно тук вече е друг въпрос, може би от друг прозорец. Отговорът ви не е записан: "
    "„{}“."
)


def new_centre_pages(editor: Editor, publishing: Publishing) -> Blueprint:
    """The pages that begin a centre; no centre has a name that begins like theirs."""
    found = Blueprint("new_centre", __name__, url_prefix="/_nov-tsentar")
    views = _NewCentre(editor, publishing)
    for rule, view, methods in (
        ("/", views.begin, ["GET"]),
        ("/", views.begin_anew, ["POST"]),
        ("/<int:number>/", views.question, ["GET"]),
        ("/<int:number>/", views.answer, ["POST"]),
        ("/pregled/", views.look, ["GET"]),
        ("/pregled/", views.make, ["POST"]),
    ):
        found.add_url_rule(rule, view.__name__, view, methods=methods)
    return found


class _NewCentre:
    def __init__(self, editor: Editor, publishing: Publishing) -> None:
        self._editor = editor
        self._publishing = publishing

    def _answered(self) -> Answered:
        content, kept = self._editor.content(), kept_answers(self._editor.project().root)
        return Answered(kept, content.catalogues, content.centres.__contains__)

    def begin(self) -> Answer:
        return self._begin([])

    def _begin(self, notes: Sequence[str]) -> Answer:
        answered = self._answered()
        return render_template(
            "new_centre_begin.html",
            alone=self._editor.content().alone,
            begun=len(answered.so_far),
            place=answered.so_far[0][1] if answered.so_far else "",
            here=_here(answered),
            notes=notes,
        )

    def begin_anew(self) -> Answer:
        """The first question again; what was answered is put aside."""
        if not self._editor.is_ours(request.form.get("token", "")):
            return self._begin([RESTARTED])
        put_answers_aside(self._editor.project().root)
        return redirect(url_for("new_centre.question", number=1), 303)

    def question(self, number: int) -> Answer:
        answered = self._answered()
        try:
            question, told = answered.at(number - 1)
        except LookupError:
            return redirect(_here(answered))
        shown = told or question.default
        is_open = answered.question is question
        fault = _fault(question, shown) if is_open and told is not None else ""
        return _asked(answered, number, shown, fault=fault)

    def answer(self, number: int) -> Answer:
        """One press of a button of a question: kept, and on or back from there."""
        answered, what = self._answered(), request.form.get("do", "next")
        try:
            question, told = answered.at(number - 1)
        except LookupError:
            return redirect(_here(answered), 303)
        typed = _typed(question)
        if not self._editor.is_ours(request.form.get("token", "")):
            return _asked(answered, number, typed, notes=[RESTARTED])
        if request.form.get("key") != question.key:
            note = OTHERWISE.format(typed)
            return _asked(answered, number, told or question.default, notes=[note], status=409)
        if what == "edit":
            return _asked(answered, number, typed)
        fault = _fault(question, typed)
        if fault and what != "back":
            return _asked(answered, number, typed, fault=fault, status=422)
        following = number
        if what != "back" or typed != (told or question.default):
            kept = "" if typed == _default(question) else typed
            answers, following = answered.with_answer(number - 1, kept)
            keep_answers(self._editor.project().root, answers)
        return self._after(what, number, following + 1)

    def _after(self, what: str, number: int, following: int) -> Answer:
        answered = self._answered()
        if what == "back" and number > 1:
            following = number - 1
        if what == "on" or following > len(answered.so_far):
            return redirect(_here(answered), 303)
        return redirect(url_for("new_centre.question", number=following), 303)

    def look(self) -> Answer:
        return self._look([], 200)

    def _look(self, faults: Sequence[str], status: int, notes: Sequence[str] = ()) -> Answer:
        answered, content = self._answered(), self._editor.content()
        if answered.facts is None:
            return redirect(_here(answered))
        notices: list[str] = []
        try:
            notices = self._joining(answered.facts).moved.splitlines()
        except ContentError as error:
            faults = faults or ended_by(error).sentences
        if leads_nowhere(content.site.url):
            notices.append(address_sentence(content.site))
        page = render_template(
            "new_centre_look.html",
            rows=[*_rows(answered)],
            faults=faults,
            notes=notes,
            notices=notices,
        )
        return page, status

    def make(self) -> Answer:
        """Write the centre and make the site with it, or say what is in the way."""
        answered = self._answered()
        if answered.facts is None:  # written already, where nothing is kept
            return redirect(_here(answered) if answered.so_far else url_for("pages.centres"), 303)
        if not self._editor.is_ours(request.form.get("token", "")):
            return self._look([], 200, [RESTARTED])
        if request.form.get("do") != "make":
            return self._look([], 200)
        try:
            new = self._joining(answered.facts)
        except ContentError as error:
            return self._look(ended_by(error).sentences, 422)
        name = new.centre.id

        def unbuilt(ended: Ended) -> Answer:
            html = render_template("unbuilt.html", centre=name, sentences=ended.sentences)
            return html, ended.status

        def again(ended: Ended) -> Answer:
            if ended.is_overtaken:
                return self._look([], ended.status, [MEANWHILE])
            return self._look(ended.sentences, ended.status)

        published = url_for("pages.first", centre=name, novo=1)
        return self._publishing.begin(name, self._order(new), published, unbuilt, again)

    def _joining(self, facts: Data) -> Joining:
        """The centre as it would be written; raises ContentError."""
        editor = self._editor
        return joining_centre(editor.project(), editor.content(), facts, editor.kept)

    def _order(self, new: Joining) -> Order:
        project = self._editor.project()
        there = (place for place in new.news if (project.content / place).exists())
        known = {place: read_exactly(project.content / place) for place in there}
        title = f"Нов център: {new.centre.short_name.to(SOURCE_LANGUAGE)}"
        return Order(project, title, self._editor.deployment.by, new.news, known, of_answers=True)


def _here(answered: Answered) -> str:
    """The address at which there is something to do."""
    if answered.question is None:
        return url_for("new_centre.look")
    return url_for("new_centre.question", number=len(answered.so_far) + 1)


def _fault(question: Question, typed: str) -> str:
    """What is wrong with an answer; of a list whose numbers nobody sees, that it is another now."""
    fault = question.fault(typed or question.default)
    return "изберете от изброените." if fault and typed and question.choices else fault


def _default(question: Question) -> str:
    return "; ".join(question.parts(question.default)) if question.choices else question.default


def _typed(question: Question) -> str:
    """What was typed or chosen, on one line as at the terminal."""
    lines = [line for one in request.form.getlist("answer") for line in one.splitlines()]
    said = [" ".join(line.split()) for line in lines]
    between = "; " if question.several else " "
    return between.join(one for one in said if one)


def _asked(
    answered: Answered,
    number: int,
    typed: str,
    *,
    fault: str = "",
    notes: Sequence[str] = (),
    status: int = 200,
) -> Answer:
    further = "Към края" if answered.question is None else "Към въпроса без отговор"
    question, _ = answered.at(number - 1)
    page = render_template(
        "new_centre_question.html",
        question=question,
        why=plainly(question.why, {}),
        number=number,
        typed=typed,
        chosen=question.parts(typed),
        fault=fault,
        notes=notes,
        goes=any(other.key == question.key for other, _ in answered.so_far[number:]),
        further=further if number <= len(answered.so_far) else "",
    )
    return page, status


def _rows(answered: Answered) -> Iterator[tuple[Question, str]]:
    """All questions with their answers in words."""
    asked = set[str]()
    for question, answer in answered.so_far:
        told = question.parts(answer or question.default)
        words = "; ".join(question.choices.get(one, one) for one in told)
        nothing = "няма повече" if question.key in asked else question.empty
        asked.add(question.key)
        yield question, words or nothing
