"""A kind of question is one class and one template: nothing else has to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from lxml import html
from pydantic import Field
from wtforms import IntegerField
from wtforms.validators import NumberRange

from contact_service.submission import Submission, sheet_text
from site_build.paper.forms import paper_form
from site_build.paper.parts import PaperParts
from site_model.content import Content
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import FormDefinition
from site_model.forms.filled import FilledForm
from site_model.forms.fingerprints import FORM_VERSION, marks, read_marks, was_written
from site_model.forms.html import form_page
from site_model.forms.kinds import ErrorCode, FieldBase, FormField, OnPaper, ToWords
from site_model.i18n.templates import template_environment
from site_model.types import Text, Words
from tests.support.content.editions import edition_in
from tests.support.content.sent_forms import sent

CONTROL = '<input id="{{ field.id }}" name="{{ field.id }}" type="range" value="{{ answer }}">'


class Measure(FieldBase):
    """A made-up kind: how far, on a scale."""

    is_written = False
    control = "kinds/measure.html"

    kind: Literal["measure"]
    errors: Mapping[ErrorCode | Literal["too_far"], Text] = Field(default_factory=dict)
    most: int

    def possible_errors(self) -> set[Any]:
        return super().possible_errors() | {"too_far"}

    def parser(self, to: ToWords, _personal_number: str) -> Any:
        return IntegerField(
            validators=[NumberRange(max=self.most, message=to(self.errors["too_far"]))]
        )

    def answer_words(self, answer: Any, _language: str = "bg") -> tuple[str, ...]:
        return (f"{answer} от {self.most}",) if answer else ()

    def meaning(self) -> list[object]:
        return [*super().meaning(), self.most]

    def on_paper(self, _to: ToWords, _: Words) -> OnPaper:
        return OnPaper(
            tuple((str(n), None) for n in range(1, self.most + 1)), note="Оградете едно."
        )


class FormWithMeasures(FormDefinition):
    fields: Annotated[tuple[FormField | Measure, ...], Field(min_length=1)]  # type: ignore[assignment]


def measuring(content: Content, most: int = 5) -> CentreForm:
    """The contact form with one question of the new kind."""
    written: dict[str, Any] = {
        "id": "worry",
        "kind": "measure",
        "most": most,
        "label": {"bg": "Колко ви тревожи?"},
        "required": True,
        "safe_contact": True,
        "used_by": {"bg": "Екипът на центъра."},
        "why": {"bg": "За да знае какво е спешно."},
        "errors": {"missing": {"bg": "Изберете колко"}, "too_far": {"bg": "Скалата е до 5"}},
    }
    contact = content.forms["contact"].model_dump()
    definition = FormWithMeasures.model_validate(
        contact | {"fields": [*contact["fields"], written]}
    )
    return centre_form(definition, content.centres["sopot"], content.groups, "bg")


def test_every_error_of_a_new_kind_is_worded(content: Content) -> None:
    """A form that does not say what may go wrong is refused, as with any kind."""
    field = measuring(content).fields["worry"].model_dump()
    with pytest.raises(ValueError, match="too_far"):
        Measure.model_validate(field | {"errors": {"missing": {"bg": "Изберете колко"}}})


def test_a_new_kind_is_shown_by_its_own_template(content: Content, tmp_path: Path) -> None:
    """With label, reason and error around it, and what was sent in it."""
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "measure.html").write_text(CONTROL, encoding="utf-8")
    filled = FilledForm(measuring(content), sent("contact", worry="9"))
    assert filled.errors == {"worry": "Скалата е до 5"}
    page = html.fromstring(
        form_page(
            template_environment("bg", tmp_path),
            filled,
            action="/x",
            home="/sopot/",
            help_lines=content.help_lines,
            errors=filled.errors,
        )
    )
    control = page.get_element_by_id("worry")
    assert (control.get("type"), control.get("value")) == ("range", "9")
    assert "has-error" in control.getparent().get("class")
    assert "За да знае какво е спешно." in control.getparent().text_content()
    assert page.xpath("//*[@id='errors']//a[@href='#worry']")


def test_a_new_kind_is_answered_and_stands_on_the_sheet(content: Content) -> None:
    """Needed where it is required, printed in its own words, also in the box for safe contact."""
    form = measuring(content)
    assert FilledForm(form, sent("contact")).errors == {"worry": "Изберете колко"}
    filled = FilledForm(form, sent("contact", worry="4"))
    assert filled.errors == {}
    now = datetime.now(UTC)
    sheet = sheet_text(Submission("ABCD-2345", "Сопот", "Форма", 1, now, filled.answers))
    assert sheet.count("Колко ви тревожи?\n| 4 от 5") == 2


def test_a_new_kind_stands_on_paper(content: Content) -> None:
    """With the boxes and the note that it asks for."""
    data = paper_form(PaperParts(edition_in(content)), measuring(content), "https://opora.example/")
    asked = data["questions"][-1]
    assert (asked["label"], asked["lines"]) == ("Колко ви тревожи?", 0)
    assert [box["label"] for box in asked["options"]] == ["1", "2", "3", "4", "5"]
    assert asked["notes"] == ["Оградете едно."]


def test_a_new_kind_has_a_mark_of_its_own(content: Content) -> None:
    """Another scale is another question: what was chosen on the old one is asked again."""
    five, ten = measuring(content), measuring(content, most=10)
    mark = read_marks(marks(five.definition))["worry"]
    assert not was_written(mark)
    assert mark != read_marks(marks(ten.definition))["worry"]
    data = sent("contact", worry="4")
    data[FORM_VERSION] = five.marks
    assert FilledForm(five, data).outdated is None
    filled = FilledForm(ten, data)
    assert filled.outdated
    assert filled.outdated.questions == (("worry", "Колко ви тревожи?"),)
    assert filled.data["worry"] is None
