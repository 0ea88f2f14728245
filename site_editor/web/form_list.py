"""The pages of forms: which there are, their questions, a change before it counts."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from site_editor.draft import Draft, FaultyError
from site_editor.files.versions import OverlapsError, Version
from site_editor.forms.differences import older_translations
from site_editor.forms.drafting import VERSIONS, FormFile, draft_form, form_file, version_words
from site_editor.forms.questions import KINDS, begun_form
from site_editor.forms.undoing import removal_of, undone_forms
from site_editor.publishing import Ended, Order, ended_by
from site_editor.web.form_page import SETTINGS, FormPage
from site_editor.web.progress import Again, Publishing, refusal
from site_editor.web.state import MEANWHILE, RESTARTED, Answer, Editor
from site_model.forms.places import PLACED_FORMS

NEW = "_nov"
"""The address of a form that has no file yet. No form and no centre has a name like this one and
that of the pages: theirs begin with a letter.
"""

PUBLISHED = "_formulyar"
"""What a publication of forms is called: not as the pages are, whose names would hide its own."""


def form_pages(editor: Editor, publishing: Publishing) -> Blueprint:
    """The pages of forms."""
    found = Blueprint("forms", __name__, url_prefix="/_formulyari")
    views = _Forms(editor, publishing)
    for rule, view, methods in (
        ("/", views.forms, ["GET"]),
        ("/", views.undo, ["POST"]),
        (f"/{NEW}/", views.begin, ["GET"]),
        (f"/{NEW}/", views.change_new, ["POST"]),
        ("/<name>/", views.form, ["GET"]),
        ("/<name>/", views.change, ["POST"]),
    ):
        found.add_url_rule(rule, view.__name__, view, methods=methods)
    return found


class _Forms:
    def __init__(self, editor: Editor, publishing: Publishing) -> None:
        self._editor = editor
        self._publishing = publishing

    def forms(self) -> Answer:
        """Which forms there are, and what was changed in them, the newest first."""
        files = [self._file(name) for name in self._editor.content().forms]
        versions = self._versions()
        new = versions[0] if versions and "novo" in request.args else None
        return render_template("forms.html", files=files, versions=versions, new=new)

    def _file(self, name: str) -> FormFile:
        content = self._editor.content()
        if name not in content.forms:
            abort(404)
        return form_file(self._editor.project(), content, name, self._editor.kept)

    def _new(self, name: str) -> FormFile:
        content = self._editor.content()
        return FormFile(self._editor.project(), content, name, "", {}, self._editor.kept)

    def begin(self) -> Answer:
        return render_template("begin_form.html", fault="")

    def change_new(self) -> Answer:
        """The first page of a form that is begun, and all that follow until it has a file."""
        if "told" in request.form:
            try:
                return self._change(self._new(str(json.loads(request.form["told"])["id"])))
            except (ValueError, TypeError, LookupError, RecursionError):
                abort(400)
        title = " ".join(request.form.get("title", "").split())
        if not any(map(str.isalpha, title)):
            return render_template("begin_form.html", fault="Напишете заглавие."), 422
        told = begun_form(title, self._editor.content())
        return self._show(FormPage(self._new(told["id"]), {}, told, SETTINGS))

    def form(self, name: str) -> Answer:
        return self._show(FormPage.of_file(self._file(name)))

    def change(self, name: str) -> Answer:
        return self._change(self._file(name))

    def _show(self, page: FormPage, status: int = 200) -> Answer:
        return render_template("form.html", page=page, kinds=KINDS), status

    def _change(self, file: FormFile) -> Answer:
        """One press of a button: what is open, or the change before it counts."""
        what, _, place = request.form.get("do", "look").partition(":")
        try:
            page = FormPage.of_sent(file, request.form)
            if not self._editor.is_ours(request.form.get("token", "")):
                page.notes.append(RESTARTED)
                return self._show(page)
            if what == "list" and not page.check_open():
                return self._show(page, 422)
            if what not in ("look", "publish", "accept", "drop", "dropped"):
                page.act(what, place, request.form.get("new-kind", ""))
                return self._show(page)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            abort(400)  # no page of ours sends such a form
        return self._draft(page, what)

    def _draft(self, page: FormPage, what: str) -> Answer:
        if what in ("drop", "dropped"):
            if page.file.name in PLACED_FORMS or not page.file.text:
                abort(400)
            return self._agree(page, removal_of(page.file), what == "dropped", waits=False)
        try:
            draft = draft_form(page.file, page.told, accept=what == "accept")
            waits, said = version_words(page.file, page.told)
            old = [*older_translations(page.base, page.told, page.file.fields_of)]
        except FaultyError as error:
            page.blame(error.faults)
            return self._show(page, 422)
        if draft is None:
            page.notes.append("Нищо не е променено: тук пише същото, което вече е записано.")
            return self._show(page)
        return self._agree(page, draft, what != "look", waits=waits, said=said, old=old)

    def _agree(self, page: FormPage, draft: Draft, publish: bool, **shown: Any) -> Answer:
        """Show a change, or publish what a person has looked at."""

        def look(status: int) -> Answer:
            return render_template("form_look.html", page=page, draft=draft, **shown), status

        def again(ended: Ended) -> Answer:
            page.notes += [MEANWHILE] if ended.is_overtaken else ended.sentences
            return look(ended.status)

        if publish and not page.notes:
            return self._publish(draft, again)
        return look(409 if page.notes else 200)

    def _publish(self, draft: Draft, again: Again) -> Answer:
        """Write a change whole and build the site; `again` shows what keeps it from being so."""

        def unbuilt(ended: Ended) -> Answer:
            title = "Записано е, но сайтът не е направен"
            html = render_template("message.html", title=title, sentences=ended.sentences)
            return html, ended.status

        order = Order.of(self._editor.project(), draft, self._editor.deployment.by)
        return self._publishing.begin(PUBLISHED, order, url_for(".forms", novo=1), unbuilt, again)

    def _versions(self) -> list[Version]:
        found = self._editor.history().versions()
        return [one for one in found if all(map(_is_of_forms, one.files))]

    def undo(self) -> Answer:
        """Take an earlier change back: one more change, which can be taken back too."""
        if not self._editor.is_ours(request.form.get("token", "")):
            abort(403)
        wanted, project = request.form.get("version", ""), self._editor.project()
        version = next((one for one in self._versions() if str(one.id) == wanted), None)
        if version is None:
            abort(400)
        try:
            texts = {Path(at): one for at, one in self._editor.history().undo(version).items()}
            content, kept = self._editor.content(), self._editor.kept
            draft = undone_forms(project, content, texts, version.title, kept)
        except (OverlapsError, FaultyError) as error:
            return refusal(ended_by(error))
        return self._publish(draft, refusal)


def _is_of_forms(file: PurePosixPath) -> bool:
    return file.parts[0] == "forms" or Path(file) == VERSIONS
