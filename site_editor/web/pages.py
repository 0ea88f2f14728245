"""The pages of the editor: what to do, a section, its change before it counts, what was changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePosixPath

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from site_build.errors import BuildError
from site_editor.draft import CHECKED, Draft, FaultyError, still_true, taken_back
from site_editor.files.versions import OverlapsError, Version
from site_editor.form_to_facts import Faults
from site_editor.publishing import Ended, Order, ended_by
from site_editor.sections import PHOTOGRAPHS, SECTIONS, Section
from site_editor.todo import checks, todo
from site_editor.web.filled import Filled
from site_editor.web.photographs import chosen_photographs, photograph
from site_editor.web.preview import framing
from site_editor.web.progress import Again, Publishing, refusal
from site_editor.web.state import MEANWHILE, RESTARTED, Answer, Editor
from site_editor.web.translations import add_translations
from site_model.facts.remembered import own_memory
from site_model.urls import origin

BEGUN = (
    "С тази промяна е започнат центърът, а той не се маха оттук. Ако не е нужен, кажете на "
    "техника: файлът му в content/centres се маха на ръка."
)


def pages(editor: Editor, publishing: Publishing) -> Blueprint:
    """The pages, over the project of the editor."""
    found = Blueprint("pages", __name__)
    views = _Views(editor, publishing)
    for rule, view, methods in (
        ("/", views.centres, ["GET"]),
        ("/<centre>/", views.first, ["GET"]),
        ("/<centre>/oshte-e-vyarno/", views.still_true, ["POST"]),
        ("/<centre>/promeni/", views.versions, ["GET"]),
        ("/<centre>/promeni/", views.undo, ["POST"]),
        ("/<centre>/sayt/", views.build, ["POST"]),
        (f"/<centre>/{PHOTOGRAPHS.slug}/<name>", views.photograph, ["GET"]),
        ("/<centre>/<slug>/", views.section, ["GET"]),
        ("/<centre>/<slug>/", views.change, ["POST"]),
    ):
        found.add_url_rule(rule, f"{view.__name__}", view, methods=methods)
    add_translations(found, editor, views.publish_here)
    return found


def _section(slug: str) -> Section:
    return next((one for one in SECTIONS if one.slug == slug), None) or abort(404)


def _unbuilt(centre: str, ended: Ended) -> Answer:
    html = render_template("unbuilt.html", centre=centre, sentences=ended.sentences)
    return html, ended.status


class _Views:
    def __init__(self, editor: Editor, publishing: Publishing) -> None:
        self._editor = editor
        self._publishing = publishing

    def centres(self) -> Answer:
        content = self._editor.content()
        if content.alone:
            return redirect(url_for(".first", centre=content.alone.id))
        return render_template("centres.html", centres=content.centres.values())

    def first(self, centre: str) -> Answer:
        file = self._editor.file(centre)
        waiting = todo(file)
        return render_template(
            "first.html",
            centre=file.centre,
            todo=waiting,
            sections=SECTIONS,
            new="novo" in request.args,
            alone=file.content.alone,
        )

    def section(self, centre: str, slug: str) -> Answer:
        file, section = self._editor.file(centre), _section(slug)
        return self._form(Filled.of_file(file, section))

    def _form(self, filled: Filled, status: int = 200) -> Answer:
        file = filled.file
        kinds = tuple(name for name in filled.section.fields if name in CHECKED)
        due = checks(file.content, file.centre, file.project.today)
        mine = [one for one in due if one.what.startswith(kinds)] if kinds else []
        page = render_template("section.html", centre=file.centre, filled=filled, checks=mine)
        return page, status

    def change(self, centre: str, slug: str) -> Answer:
        """One press of a button of a section: its fields, or its change before it counts."""
        filled = self._typed(centre, _section(slug))
        what = request.form.get("do", "look")
        if not self._editor.is_ours(request.form.get("token", "")):
            filled.notes.append(RESTARTED)
            what = "edit"
        if filled.faults or what not in ("look", "publish"):
            return self._form(filled, 422 if filled.faults else 200)
        try:
            draft = filled.draft(self._editor.waiting(), with_origin=what == "publish")
        except FaultyError as error:
            filled.blame(error.faults)
            return self._form(filled, 422)
        except (TypeError, ValueError, AttributeError, LookupError):
            abort(400)  # no page of ours sends such a form
        if filled.both:
            return self._form(filled, 409)
        if draft is None:
            filled.notes.append("Нищо не е променено: тук пише същото, което вече е записано.")
            return self._form(filled)
        doubtful = filled.is_doubtful(draft, with_origin=what == "publish")
        if what == "publish" and not filled.origin_faults and not doubtful:
            return self._agreed(filled, draft)
        return self._look(filled, draft, 422 if filled.origin_faults else 200)

    def _typed(self, centre: str, section: Section) -> Filled:
        """A section as it was typed, and what is wrong with the photographs that were chosen."""
        form: MultiDict[str, str] = request.form
        refused: Faults = {}
        if section is PHOTOGRAPHS:
            form, refused = chosen_photographs(self._editor)
        try:
            filled = Filled.of_form(self._editor.file(centre), section, form)
        except (ValueError, TypeError, LookupError, RecursionError):
            abort(400)
        filled.blame(refused)
        return filled

    def photograph(self, centre: str, name: str) -> Answer:
        return photograph(self._editor, centre, name)

    def _agreed(self, filled: Filled, draft: Draft) -> Answer:
        """Publish what a person has looked at, or show it once more with what is in the way."""

        def again(ended: Ended) -> Answer:
            if ended.is_overtaken:
                filled.notes.append(MEANWHILE)
            else:
                filled.blame({"": [*ended.sentences]})
            return self._look(filled, draft, ended.status)

        said = draft.asks and filled.origin.post  # else nobody was asked, and nothing was looked at
        by = said or self._editor.deployment.by
        return self._publish(filled.file.name, draft, by, again)

    def _look(self, filled: Filled, draft: Draft, status: int) -> Answer:
        try:
            preview = self._editor.previews.of(filled.file, draft)
        except BuildError as error:
            filled.blame({"": str(error).splitlines()})
            preview, status = None, 409
        page = render_template(
            "look.html", centre=filled.file.centre, filled=filled, draft=draft, preview=preview
        )
        return framing(page, status)

    def still_true(self, centre: str) -> Answer:
        """„Още е вярно“ in one press."""
        self._require_token()
        try:
            draft = still_true(self._editor.file(centre), request.form.get("what", ""))
        except LookupError:
            abort(400)
        except FaultyError as error:
            return refusal(ended_by(error))
        if draft is None:
            return redirect(url_for(".first", centre=centre), 303)
        return self.publish_here(centre, draft)

    def publish_here(self, centre: str, draft: Draft, again: Again = refusal) -> Answer:
        return self._publish(centre, draft, self._editor.deployment.by, again)

    def _publish(self, centre: str, draft: Draft, by: str, again: Again) -> Answer:
        """Write a change whole and build the site; `again` shows what keeps it from being so."""
        return self._begun(centre, Order.of(self._editor.project(), draft, by), again)

    def build(self, centre: str) -> Answer:
        self._require_token()
        self._editor.file(centre)
        return self._begun(centre, Order(self._editor.project()), partial(_unbuilt, centre))

    def _begun(self, centre: str, order: Order, again: Again) -> Answer:
        published = url_for(".versions", centre=centre, novo=1)
        return self._publishing.begin(centre, order, published, partial(_unbuilt, centre), again)

    def versions(self, centre: str) -> Answer:
        """What was changed, the newest first."""
        file = self._editor.file(centre)
        found = self._versions(centre)
        new = found[0] if found and "novo" in request.args else None
        # On somebody's own computer the pages are files; who brings them to the site, and when?
        on_a_server = self._editor.deployment.leave
        home = f"{origin(file.content.site)}/{file.content.centre_path(centre)}"
        return render_template(
            "versions.html", centre=file.centre, versions=found, new=new, site=on_a_server and home
        )

    def _versions(self, centre: str) -> list[Version]:
        """Those of this centre: the others are not its own to take back."""
        return [one for one in self._editor.history().versions() if _is_of(one, centre)]

    def undo(self, centre: str) -> Answer:
        """Take an earlier change back: one more change, which can be taken back too."""
        self._require_token()
        file = self._editor.file(centre)
        wanted = request.form.get("version", "")
        version = next((one for one in self._versions(centre) if str(one.id) == wanted), None)
        if version is None:
            abort(400)
        try:
            texts = self._editor.history().undo(version)
            if not texts:
                raise FaultyError({"": [BEGUN]})
            title = f"Върнато: {version.title.removeprefix('Върнато: ')}"
            draft = taken_back(file, title, {Path(place): data for place, data in texts.items()})
        except (OverlapsError, FaultyError) as error:
            return refusal(ended_by(error))
        return self.publish_here(centre, draft)

    def _require_token(self) -> None:
        if not self._editor.is_ours(request.form.get("token", "")):
            abort(403)


def _is_of(version: Version, centre: str) -> bool:
    """Whether a change is of this centre alone, with the texts that it rests on."""
    own = {PurePosixPath("centres") / f"{centre}.yml", own_memory(centre)}
    return bool(own.intersection(version.files)) and all(
        file in own or file.parts[0] in ("sources", "photographs") for file in version.files
    )
