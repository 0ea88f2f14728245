"""The pages of translations: each text beside the Bulgarian one, and files for translators."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.datastructures import MultiDict

from site_build.errors import BuildError
from site_editor.draft import CentreFile, Draft, FaultyError
from site_editor.form_to_facts import Faults
from site_editor.publishing import Ended
from site_editor.translations.drafting import draft_translations
from site_editor.translations.po import PoError, Returned, po_file, read_po_file
from site_editor.translations.texts import Translated, old_texts, translated_texts
from site_editor.translations.words import as_translation, to_look_at, why_no_translation
from site_editor.web.preview import framing
from site_editor.web.progress import Again
from site_editor.web.state import MEANWHILE, RESTARTED, Answer, Editor
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.types import SOURCE_LANGUAGE

Publish = Callable[[str, Draft, Again], Answer]
WORDS, RIGHT = "w-", "right"
"""Before the place of a text in the name of its field; the name of „още е верен“."""
MOST_SAID = 100
"""Sentences about a file that came back; what is more is counted."""


def add_translations(found: Blueprint, editor: Editor, publish: Publish) -> None:
    """Put the pages among the others; `publish` writes a change and leads to it."""
    views = _Translations(editor, publish)
    of_language = "/<centre>/prevodi/<language>/"
    for rule, view, methods in (
        ("/<centre>/prevodi/", views.languages, ["GET"]),
        (of_language, views.texts, ["GET"]),
        (of_language, views.change, ["POST"]),
        (f"{of_language}po/", views.file, ["GET"]),
        (f"{of_language}po/", views.read_file, ["POST"]),
    ):
        found.add_url_rule(rule, f"translations_{view.__name__}", view, methods=methods)


@dataclass
class _Told:
    """The translations of a centre in a language, as the facts have them and as they are typed."""

    file: CentreFile
    language: SiteLanguage
    typed: dict[str, str] = field(default_factory=dict)
    right: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=dict)
    returned: Returned | None = None

    @cached_property
    def texts(self) -> tuple[Translated, ...]:
        old = old_texts(self.file.content, self.file.name).get(self.language.code, {})
        return translated_texts(self.file.data, self.language.code, old)

    @property
    def sections(self) -> list[tuple[Any, list[Translated]]]:
        ordered = groupby(self.texts, lambda one: one.section)
        inside: dict[Any, list[Translated]] = {}
        for section, some in ordered:
            inside.setdefault(section, []).extend(some)
        return list(inside.items())

    @property
    def old(self) -> list[Translated]:
        return [one for one in self.texts if one.old]

    @property
    def missing(self) -> list[Translated]:
        return [one for one in self.texts if not one.words]

    @property
    def name(self) -> str:
        return in_bulgarian(self.language.code)

    def words(self, one: Translated) -> str:
        """What stands in the field of a text."""
        return self.typed.get(one.place, one.words)

    @property
    def base_text(self) -> str:
        return json.dumps({one.place: [one.bulgarian, one.words] for one in self.texts})

    def take(self, form: MultiDict[str, str]) -> None:
        """What a page of ours sent; raises ValueError or TypeError for anything else."""
        base = json.loads(form.get("base", "{}"))
        known = {one.place: one for one in self.texts}
        for name, typed in form.items():
            if not name.startswith(WORDS):
                continue
            place = name.removeprefix(WORDS)
            if (one := known.get(place)) is None:
                self.notes.append(f"Този текст вече го няма, затова „{typed}“ не е записано.")
                continue
            bulgarian, words = base.get(place, (one.bulgarian, one.words))
            said = as_translation(typed, words, self.language)
            if said not in (words, one.words):
                self.typed[place] = said
                if (bulgarian, words) != (one.bulgarian, one.words):
                    self._meanwhile(one)
        for place in form.getlist(RIGHT):
            one = known.get(place)
            if one and place not in self.typed and one.old:
                self.right.add(place)
                if tuple(base.get(place, ())) != (one.bulgarian, one.words):
                    self._meanwhile(one)

    def _meanwhile(self, one: Translated) -> None:
        self.notes.append(
            f"Докато превеждахте, някой друг промени „{one.where}“. Българският текст сега е "
            f"„{one.bulgarian}“, а преводът: „{one.words}“. Вашето е още в полето и не е записано: "
            "погледнете го и натиснете пак."
        )
        self.faults.setdefault(one.place, []).append("текстът е променен междувременно.")

    def judge(self) -> None:
        """Say at each field why its words may not stand."""
        for one in self.texts:
            words = self.typed.get(one.place)
            if words and (why := why_no_translation(words, one.bulgarian, self.language)):
                self.faults.setdefault(one.place, []).append(why)

    def draft(self) -> Draft | None:
        return draft_translations(self.file, self.language, self.texts, self.typed, self.right)

    def slips(self) -> list[str]:
        return [
            f"{one.where}: {slip}"
            for one in self.texts
            if (words := self.typed.get(one.place))
            for slip in to_look_at(words, one.bulgarian, self.language)
        ]


class _Translations:
    def __init__(self, editor: Editor, publish: Publish) -> None:
        self._editor = editor
        self._publish = publish

    def _open(self, centre: str, code: str) -> _Told:
        file = self._editor.file(centre)
        languages = (one for one in file.content.site.languages if one.code != SOURCE_LANGUAGE)
        language = next((one for one in languages if one.code == code), None)
        return _Told(file, language or abort(404))

    def languages(self, centre: str) -> Answer:
        """Which languages there are, and what waits in each."""
        file = self._editor.file(centre)
        codes = [one.code for one in file.content.site.languages if one.code != SOURCE_LANGUAGE]
        told = [self._open(centre, code) for code in codes]
        return render_template("languages.html", centre=file.centre, told=told)

    def texts(self, centre: str, language: str) -> Answer:
        return self._form(self._open(centre, language))

    def _form(self, told: _Told, status: int = 200) -> Answer:
        page = render_template("translations.html", centre=told.file.centre, told=told)
        return page, status

    def change(self, centre: str, language: str) -> Answer:
        """One press of a button: the fields again, the change before it counts, or the change."""
        told = self._open(centre, language)
        try:
            told.take(request.form)
        except (ValueError, TypeError, AttributeError, RecursionError):
            abort(400)
        what = request.form.get("do", "look")
        if not self._editor.is_ours(request.form.get("token", "")):
            told.notes.append(RESTARTED)
            what = "edit"
        if what not in ("look", "publish") or told.faults:
            return self._form(told, 409 if told.faults else 200)
        return self._look(told, publish=what == "publish")

    def _look(self, told: _Told, *, publish: bool) -> Answer:
        told.judge()
        if told.faults:
            return self._form(told, 422)
        try:
            draft = told.draft()
        except FaultyError as error:
            told.faults = error.faults
            return self._form(told, 422)
        if draft is None:
            told.notes.append("Нищо не е променено: тук пише същото, което вече е записано.")
            return self._form(told)

        def look(status: int) -> Answer:
            shown = {"told": told, "draft": draft}
            try:
                shown["preview"] = self._editor.previews.of(told.file, draft)
            except BuildError as error:
                told.faults, status = {"": str(error).splitlines()}, 409
            page = render_template("translations_look.html", centre=told.file.centre, **shown)
            return framing(page, status)

        def again(ended: Ended) -> Answer:
            if ended.is_overtaken:
                told.notes.append(MEANWHILE)
            else:
                told.faults = {"": [*ended.sentences]}
            return look(ended.status)

        if publish:
            return self._publish(told.file.name, draft, again)
        return look(200)

    def file(self, centre: str, language: str) -> Answer:
        """The translations as a file for a translator's own tool."""
        told = self._open(centre, language)
        answer = Response(
            po_file(centre, language, told.texts), mimetype="text/x-gettext-translation"
        )
        answer.headers.set("Content-Disposition", "attachment", filename=f"{centre}-{language}.po")
        return answer

    def read_file(self, centre: str, language: str) -> Answer:
        """What a file that came back would change, and what of it is not taken."""
        told = self._open(centre, language)
        if not self._editor.is_ours(request.form.get("token", "")):
            told.notes.append(RESTARTED)
            return self._form(told)
        sent = request.files.get("file")
        try:
            if sent is None or not sent.filename:
                raise PoError("изберете файла .po.")
            told.returned = read_po_file(sent.read(), centre, told.language, told.texts)
        except PoError as error:
            told.faults = {"file": [str(error)]}
            return self._form(told, 422)
        told.typed, told.right = told.returned.told, set(told.returned.right)
        refused = told.returned.refused
        if len(refused) > MOST_SAID:
            refused[MOST_SAID:] = [f"и още {len(refused) - MOST_SAID}."]
        return self._look(told, publish=False)
