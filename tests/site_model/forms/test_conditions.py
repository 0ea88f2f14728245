"""Which questions are asked: a hidden one is neither required nor validated nor answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import LEFT_OUT
from site_model.forms.filled import FilledForm
from site_model.loading.loader import load_content
from tests.support.project import add_form, copy_project

GOOD = {"phone": ["0888 123 456"], "with_children": ["no"]}
ALWAYS = {"programme", "phone", "with_children"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> CentreForm:
    """The form with conditions: children → (yes, unsure), care → yes, its note → care yes."""
    project = copy_project(tmp_path_factory.mktemp("course"))
    add_form(project, "course")
    content = load_content(project.content)
    return centre_form(content.forms["course"], content.centres["sopot"], content.groups, "bg")


def sent(**changed: str) -> MultiDict[str, str]:
    return MultiDict(GOOD | {name: [value] for name, value in changed.items()})


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, set()),
        ({"with_children": "no"}, set()),
        ({"with_children": "unsure"}, {"children"}),
        ({"with_children": "yes"}, {"children", "care"}),
        ({"with_children": "yes", "care": "no"}, {"children", "care"}),
        ({"with_children": "yes", "care": "yes"}, {"children", "care", "care_note"}),
        # The answer to a question that is not asked opens no other.
        ({"with_children": "no", "care": "yes"}, set()),
        ({"with_children": "maybe", "care": "yes"}, set()),
    ],
)
def test_what_is_asked_follows_the_answers(
    course: CentreForm, answers: dict[str, str], asked: set[str]
) -> None:
    """A condition holds for an answer to a question that is itself asked."""
    form = FilledForm(course, MultiDict(answers))
    assert form.asked == ALWAYS | asked


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, []),
        ({"with_children": "yes"}, ["children", "care"]),
        ({"with_children": "unsure"}, ["children"]),
        ({"with_children": "no", "children": "я" * 61, "care": "x", "care_note": "8032056031"}, []),
        ({"with_children": "unsure", "children": "я" * 61}, ["children"]),
        ({"with_children": "yes", "children": "3", "care": "yes", "care_note": "я" * 501},
         ["care_note"]),
    ],
)  # fmt: skip
def test_only_what_is_asked_is_required_and_checked(
    course: CentreForm, changed: dict[str, str], wrong: list[str]
) -> None:
    """Hidden questions have no errors, whatever is or is not in them."""
    assert list(FilledForm(course, sent(**changed)).errors) == wrong


def test_an_answer_to_a_hidden_question_is_not_in_the_letter(course: CentreForm) -> None:
    """Neither the question nor what was typed there; and it is named as left out."""
    form = FilledForm(course, sent(children="три и пет", care="yes", care_note="Плаче."))
    assert [answer.field_id for answer in form.answers] == ["programme", "phone", "with_children"]
    assert form.unasked_answers == ("children", "care", "care_note")
    assert form.untold_answers == {"children", "care", "care_note"}


def test_what_the_page_has_said_comes_back_with_the_letter(course: CentreForm) -> None:
    """The names of the answers that will not be sent; unknown names do no harm."""
    data = sent(children="три", care="yes")
    data.setlist(LEFT_OUT, ["children", "nonsense"])
    assert FilledForm(course, data).untold_answers == {"care"}


def test_a_condition_in_words(course: CentreForm, tmp_path: Path) -> None:
    """The number and the label of its question, and the labels of its answers."""
    field = course.definition.field("children")
    assert field.show_if
    assert course.describe(field.show_if.condition) == (
        3,
        "Ще дойдете ли с деца?",
        ("Да", "Още не знам"),
    )


def test_an_answer_needed_after_a_hidden_one_is_not_needed(tmp_path: Path) -> None:
    """`required_when` looks at what was asked, as `show_if` does."""
    project = copy_project(tmp_path)
    file = add_form(project, "course")
    text = file.read_text(encoding="utf-8")
    old = '    show_if: {care: "yes"}\n    max_length: 500\n    rows: 3\n    errors:\n'
    new = (
        "    required_when: {field: care, any_of: [yes]}\n    max_length: 500\n    errors:\n"
        "      missing: {bg: Напишете какво да знае}\n"
    )
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    content = load_content(project.content)
    form = centre_form(content.forms["course"], content.centres["sopot"], content.groups, "bg")
    assert not FilledForm(form, sent(care="yes")).errors
    asked = sent(with_children="yes", children="3", care="yes")
    assert list(FilledForm(form, asked).errors) == ["care_note"]
