"""A form as a person has changed it so far, from page to page: nothing is kept on this side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from pydantic import BaseModel

from site_editor.changed import merge_facts
from site_editor.draft import FaultyError
from site_editor.form_part import Part
from site_editor.form_to_facts import Faults, typed_tree
from site_editor.forms.differences import form_changes
from site_editor.forms.drafting import FormFile, definition_of
from site_editor.forms.fields import told_fields
from site_editor.forms.limits import HELD, PLACED, WHY, WHY_HELD, is_held
from site_editor.forms.questions import (
    KINDS,
    arrange_items,
    begun_form,
    by_code,
    complete_form,
    condition_words,
    hanging_on,
    loosen,
    new_question,
    rejoin,
    words_in,
)
from site_editor.forms.rendering import missing_texts, page_as_it_will_be
from site_model.forms.definition import FormDefinition
from site_model.forms.places import PLACED_FORMS
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.text.plurals import count_phrase
from site_model.types import SOURCE_LANGUAGE

SETTINGS = "form"
"""What is open where it is neither a question, named by its number, nor their list, ""."""


OWN = ("token", "do", "base", "told", "open", "new-kind")
"""Fields that the page sends beside those of the form."""


@dataclass(frozen=True)
class Preview:
    """A page in HTML, its language, and those in which it can be seen."""

    html: str
    language: SiteLanguage
    offered: Sequence[SiteLanguage]


@dataclass
class FormPage:
    """`base` is what the person saw, `told` what they have made of it, `open` what they look at."""

    file: FormFile
    base: dict[str, Any]
    told: dict[str, Any]
    open: str = ""
    notes: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=dict)
    focus: str = ""
    language: str = SOURCE_LANGUAGE
    """In which the page beside is."""
    sure: str = ""
    """The place that is to be removed by one more press, because something hangs on it."""

    @classmethod
    def of_file(cls, file: FormFile) -> FormPage:
        """The form as its file has it."""
        return cls(file, file.data, complete_form(file.data))

    @classmethod
    def of_sent(cls, file: FormFile, form: Any) -> FormPage:
        """What a page of ours sent, with what was typed on it.

        Raises ValueError, TypeError, LookupError, AttributeError or RecursionError for anything
        else.
        """
        if "told" not in form:
            return cls.of_file(file)
        base, told = (json.loads(form.get(name, "{}")) for name in ("base", "told"))
        if base:
            FormDefinition.model_validate(base)
        if not file.text and file.name in file.content.forms:  # another has begun the same
            fresh = begun_form(words_in(told["title"]), file.content)
            told |= {name: fresh[name] for name in ("id", "slug")}
            file = replace(file, name=told["id"])
        page = cls(file, base, told, form.get("open", ""))
        page._refuse_strange()
        if page.open:
            names = (name for name in form if name not in OWN)
            typed = typed_tree({name: form.getlist(name) for name in names})
            if page.at is not None:
                typed = typed.get("fields", [{}])[0]  # of no other question is anything on a page
            page._put(page.fields.read(page.model, typed, page.data, page.names))
        page._join_others()
        page.told = complete_form(page.told)
        return page

    def _refuse_strange(self) -> None:
        if self.told["id"] != self.file.name or not all(
            one["kind"] in KINDS for one in self.told["fields"]
        ):
            raise ValueError("no form of ours")
        if self.open not in ("", SETTINGS):
            self.told["fields"][int(self.open)]

    @property
    def at(self) -> int | None:
        """The number of the question that is open."""
        return int(self.open) if self.open not in ("", SETTINGS) else None

    @property
    def data(self) -> dict[str, Any]:
        return self.told if self.at is None else self.told["fields"][self.at]

    def _put(self, data: dict[str, Any]) -> None:
        if self.at is None:
            self.told = data
        else:
            self.told["fields"][self.at] = data

    @property
    def model(self) -> type[BaseModel]:
        return FormDefinition if self.at is None else KINDS[self.data["kind"]]

    @property
    def _fixed(self) -> tuple[str, ...]:
        if self.at is not None:
            return HELD if self.holds(self.data) else ()
        return PLACED if self.file.name in PLACED_FORMS else ()

    def holds(self, question: Mapping[str, Any]) -> bool:
        """Whether only the words of a question may change."""
        known = {one["id"]: one for one in self.base.get("fields", ())}
        return is_held(self.file.name, known.get(question.get("id"), {"kind": ""}))

    @property
    def why(self) -> str:
        """Why not all of what is open may change; "" where it may."""
        return {HELD: WHY_HELD, PLACED: WHY}.get(self._fixed, "")

    @property
    def names(self) -> list[str]:
        names = told_fields(self.model, *self._fixed)
        return sorted(names, key=lambda name: name != "kind")

    @property
    def fields(self) -> Any:
        return self.file.fields_of(self.told, self.at)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is open, as fields."""
        above = "" if self.at is None else f"fields-{self.at}-"
        return self.fields.parts(self.model, self.data, self.names, above) if self.open else ()

    @property
    def address(self) -> str:
        """Where the page is sent."""
        return url_for(".form", name=self.file.name) if self.file.text else url_for(".begin")

    @property
    def base_text(self) -> str:
        return json.dumps(self.base)

    @property
    def told_text(self) -> str:
        return json.dumps(self.told)

    @property
    def title(self) -> str:
        return words_in(self.told.get("title"))

    @property
    def may_go(self) -> bool:
        """Whether it is a form of one's own that has a file."""
        return bool(self.file.text) and self.file.name not in PLACED_FORMS

    @property
    def state(self) -> Iterator[str]:
        """Where the form stands, and what keeps it from being offered in a language."""
        yield f"{self.file.state}."
        try:
            form = definition_of(self.told)
        except FaultyError:
            return
        for code, count in missing_texts(self.file.content, form).items():
            if count:
                texts = count_phrase(count, "текст", "текста")
                language = in_bulgarian(code)
                yield f"На {language} не се предлага, защото не са преведени {texts}."

    @property
    def questions(self) -> Iterator[dict[str, Any]]:
        """Each question as the list shows it."""
        for at, one in enumerate(self.told["fields"]):
            yield {
                "label": words_in(one.get("label")) or "без текст",
                "kind": KINDS[one["kind"]].called,
                "condition": condition_words(self.told, at),
                "held": self.holds(one),
            }

    def _join_others(self) -> None:
        """What others published meanwhile stays; the page says so."""
        now = self.file.data
        if now == self.base:
            return
        found = merge_facts(by_code(self.base), by_code(now), by_code(self.told))
        mine, self.told = self.told, rejoin(found.facts)
        self.open = ""
        self.notes.append("Докато пишехте, някой друг промени същия формуляр:")
        self.notes += map(str, form_changes(self.base, now, self.file.fields_of))
        lost = form_changes(self.told, mine, self.file.fields_of) if found.both else []
        if lost:
            self.notes.append("Вашето още не е записано; ако е вярно и сега, впишете го пак:")
            self.notes += map(str, lost)
        self.base = now

    def act(self, what: str, place: str, kind: str) -> None:
        """Do what a button says; raises ValueError or LookupError for one that no page has."""
        if what in ("open", "list"):
            self.open = place
        elif what == "new":
            self.told["fields"].append(new_question(kind, self.told))
            self.open = str(len(self.told["fields"]) - 1)
        elif what == "remove" and (hanging := self._hanging(place)):
            self.sure = place
            self.notes.append(f"От това зависи дали се питат: {', '.join(hanging)}.")
            self.notes.append("Ако го махнете, те вече няма да имат това условие.")
        elif what in ("add", "up", "down", "remove", "sure"):
            self.focus = arrange_items(self.told, what.replace("sure", "remove"), place)
            if what == "sure":
                self.told = loosen(self.told)
            if len(place.split("-")) == 2 and place.startswith("fields"):
                self.open = ""
        elif what == "see":
            self.language = place or SOURCE_LANGUAGE
        else:
            raise ValueError(what)
        self.told = complete_form(self.told)

    def _hanging(self, place: str) -> list[str]:
        """What hangs on a question, fields-2, or on an answer, fields-2-options-0."""
        steps = place.split("-")
        if steps[0] != "fields":
            return []
        question = self.told["fields"][int(steps[1])]
        answer = question["options"][int(steps[3])] if steps[2:3] == ["options"] else {}
        if "id" not in question or (steps[2:] and "id" not in answer):
            return []
        return hanging_on(self.told, question["id"], answer.get("id", ""))

    def check_open(self) -> bool:
        """Whether what is open may stand so; else the sentences stand at its fields."""
        try:
            definition_of(self.told)
        except FaultyError as error:
            self._blame(error.faults)
        return not self.faults

    def blame(self, faults: Faults) -> None:
        """Open what the first fault is of, and put sentences at its fields; those of others stand
        in the notes.
        """
        first, *steps = next(iter(faults)).split("-")
        self.open = steps[0] if first == "fields" and steps else SETTINGS if first else ""
        for place, sentence in self._blame(faults):
            at = place.split("-")[1:2] if place.startswith("fields-") else []
            label = words_in(self.told["fields"][int(at[0])].get("label")) if at else ""
            self.notes.append(f"Въпрос „{label}“: {sentence}" if at else sentence)

    def _blame(self, faults: Faults) -> list[tuple[str, str]]:
        """Put sentences at the nearest fields of what is open; returns those that have none."""
        known, left = dict(_names(self.parts)), []
        for place, sentences in faults.items():
            steps = place.split("-")
            above = ("-".join(steps[:count]) for count in range(len(steps), 0, -1))
            name = next((known[one] for one in above if one in known), "")
            if name:
                self.faults.setdefault(name, []).extend(sentences)
            else:
                left += [(place, sentence) for sentence in sentences]
        return left

    @property
    def preview(self) -> Preview | None:
        """What is open as it will be; None while something is lacking."""
        try:
            form = definition_of(self.told)
        except FaultyError:
            return None
        content = self.file.content
        missing = missing_texts(content, form)
        offered = [one for one in content.site.languages if missing.get(one.code) == 0]
        language = next((one for one in offered if one.code == self.language), offered[0])
        question = self.data["id"] if self.at is not None else ""
        page = page_as_it_will_be(content, form, language.code, question)
        return Preview(page, language, offered)


def _names(parts: tuple[Part, ...]) -> Iterator[tuple[str, str]]:
    """Each place of a page, and the field at which its sentence stands: of a text the first."""
    for part in parts:
        yield part.name, part.parts[0].name if part.kind == "texts" else part.name
        yield from _names(part.parts)
