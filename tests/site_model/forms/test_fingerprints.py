"""A change of a form's questions needs a new version, and shows in what its page carries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.authoring.accept_forms import accept_forms, not_accepted
from site_build.errors import BuildError
from site_build.pipeline import Project
from site_model.content import Content
from site_model.forms.fingerprints import marks, read_marks, was_written, whole_mark
from site_model.loading.loader import FORM_VERSIONS, load_content
from tests.support.content.broken_content import content_copy, line_of, problems_in, replace_once
from tests.support.project import OWN_FORMS, add_form, copy_project, real_content

CONTACT = "forms/contact.yml"
COURSE = "forms/course.yml"
NOW = real_content().forms["contact"].version
OPTION = '      - id: relative\n        label: {bg: "Роднина, съсед или приятел"}\n'

MEANING = {
    "label": ('{bg: "Кой пише?"}', '{bg: "Кой сте вие?"}'),
    "label of an answer": ("Роднина, съсед или приятел", "Роднина или съсед"),
    "an answer less": (OPTION, ""),
    "kind": ("kind: choice\n", "kind: choices\n"),
    "condition": ("any_of: [email]", "any_of: [email, message]"),
    "question less": ("  - id: settlement\n", "  - id: town\n"),
}
NO_MEANING = {
    "hint": ("Име, прякор или нищо.", "Име или прякор."),
    "wording of an error": ("Изберете кой пише", "Отбележете кой пише"),
    "title": ("title: {bg: Пишете ни}", "title: {bg: Пишете на нас}"),
    "length": ("max_length: 80", "max_length: 90"),
}


@pytest.mark.parametrize(("old", "new"), MEANING.values(), ids=MEANING)
def test_changed_questions_need_a_new_version(tmp_path: Path, old: str, new: str) -> None:
    """The check names file, line and fix; with a higher number the form is fine."""
    folder = content_copy(tmp_path)
    replace_once(folder / CONTACT, old, new)
    (problem,) = [p for p in problems_in(folder) if p.field == "version"]
    assert problem.line == line_of(folder / CONTACT, "version:")
    assert problem.sentence == (
        f"въпросите не са тези, които бяха приети като версия {NOW}. "
        f"Напишете version: {NOW + 1} и изпълнете make accept-forms."
    )
    replace_once(folder / CONTACT, f"version: {NOW}", f"version: {NOW + 1}")
    assert problems_in(folder) == ()


@pytest.mark.parametrize(("old", "new"), NO_MEANING.values(), ids=NO_MEANING)
def test_what_gives_answers_no_other_meaning_is_free(tmp_path: Path, old: str, new: str) -> None:
    """Hints, errors and titles may be fixed at any time."""
    folder = content_copy(tmp_path)
    replace_once(folder / CONTACT, old, new)
    assert problems_in(folder) == ()


def test_a_version_never_goes_back(tmp_path: Path) -> None:
    """What was accepted under the next number cannot have this one again."""
    folder = content_copy(tmp_path)
    project = Project(folder.parent)
    replace_once(folder / CONTACT, OPTION, "")
    replace_once(folder / CONTACT, f"version: {NOW}", f"version: {NOW + 1}")
    assert not_accepted(load_content(folder)) == [f"„contact“, версия {NOW + 1}"]
    assert f"„contact“, версия {NOW + 1}" in accept_forms(project)
    assert not_accepted(load_content(folder)) == []
    replace_once(folder / CONTACT, f"version: {NOW + 1}", f"version: {NOW}")
    (problem,) = problems_in(folder)
    assert f"Напишете version: {NOW + 2}" in problem.sentence


def test_a_draft_changes_freely_under_one_number(tmp_path: Path) -> None:
    """A form that was never accepted, or not under this number, may change until it is; to accept
    another form binds no draft.
    """
    folder = content_copy(tmp_path)
    project = Project(folder.parent)
    shutil.copy(OWN_FORMS / "course.yml", folder / "forms")
    replace_once(folder / COURSE, "label: {bg: Телефон}", "label: {bg: Вашият телефон}")
    assert problems_in(folder) == ()
    assert accept_forms(project, ["contact"]) == [f"„contact“, версия {NOW}"]
    replace_once(folder / COURSE, "label: {bg: Вашият телефон}", "label: {bg: Ваш телефон}")
    assert problems_in(folder) == ()
    assert not_accepted(load_content(folder)) == ["„course“, версия 1"]
    assert accept_forms(project, ["course"]) == ["„course“, версия 1"]
    replace_once(folder / COURSE, "label: {bg: Ваш телефон}", "label: {bg: Телефон}")
    assert [problem.field for problem in problems_in(folder)] == ["version"]
    replace_once(folder / COURSE, "version: 1", "version: 2")
    replace_once(folder / COURSE, "label: {bg: Телефон}", "label: {bg: Телефон за връзка}")
    assert problems_in(folder) == ()
    with pytest.raises(BuildError, match="няма формуляр „kurs“"):
        accept_forms(project, ["kurs"])


def test_the_build_names_drafts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anyone who publishes learns of a form that was not accepted; then it is silent."""
    project = copy_project(tmp_path)
    add_form(project, "volunteers")
    assert main(["--project", str(tmp_path)]) == 0
    assert "Още не са приети: „volunteers“, версия 1." in capsys.readouterr().out
    assert main(["accept-forms", "volunteers", "--project", str(tmp_path)]) == 0
    assert main(["--project", str(tmp_path)]) == 0
    assert "не са приети" not in capsys.readouterr().out


def test_changed_questions_cannot_be_accepted_as_they_are(tmp_path: Path) -> None:
    """The command refuses as the check does, and writes nothing."""
    folder = content_copy(tmp_path)
    replace_once(folder / CONTACT, OPTION, "")
    before = (folder / FORM_VERSIONS).read_bytes()
    with pytest.raises(Exception, match=f"приети като версия {NOW}"):
        accept_forms(Project(folder.parent))
    assert (folder / FORM_VERSIONS).read_bytes() == before


def test_the_accepted_versions_are_those_of_now(content: Content) -> None:
    """What stands in the repository is accepted, and each question has a mark of its own kind."""
    assert not_accepted(content) == []
    contact = content.forms["contact"]
    assert content.accepted_versions["contact"].questions == whole_mark(contact)
    read = read_marks(marks(contact))
    assert list(read) == [field.id for field in contact.fields]
    written = {name for name, mark in read.items() if was_written(mark)}
    assert written == {"name", "phone", "email", "safe_time", "settlement", "message"}


@pytest.mark.parametrize("text", ["", " ", ".", "x", "a.b.c", "\x00 . .", "t" * 9999])
def test_marks_that_are_none_do_no_harm(text: str) -> None:
    """Whatever a page says of its questions is read."""
    read_marks(text)
