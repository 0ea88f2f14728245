"""A form that an operator adds is held against the site; each fault has file, line and fix."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from site_model.availability import forms_of
from site_model.loading.loader import load_content
from tests.support.content.broken_content import content_copy, line_of, problems_in, replace_once
from tests.support.project import OWN_FORMS

FILE = "forms/volunteers.yml"
LINKS = "linked_from: {pages: [footer, contacts]}"

FAULTS = {
    "unknown centre": (
        "centres: [sopot]",
        "centres: [sopto]",
        "centres → № 1",
        "няма център „sopto“. Центровете са: „harmanli“, „sopot“.",
    ),
    "no centre": ("centres: [sopot]", "centres: []", "centres", "списъкът е празен"),
    "unknown language": (
        "languages: [bg]",
        "languages: [bg, de]",
        "languages → № 2",
        "сайтът няма език „de“. Добавете го в site.yml или го махнете тук.",
    ),
    "not in Bulgarian": ("languages: [bg]", "languages: [en]", "languages", "добавете bg"),
    "linked from nowhere": (LINKS, "linked_from: {}", "linked_from", "откъде се стига"),
    "linked from an unknown page": (
        LINKS,
        "linked_from: {pages: [contact]}",
        "linked_from → pages → № 1",
        "тук може да пише само 'menu', 'footer', 'home'",
    ),
    "in the menu and in the footer": (
        LINKS,
        "linked_from: {pages: [menu, footer]}",
        "linked_from",
        "изберете menu или footer",
    ),
    "programme of another centre": (
        "centres: [sopot]\nlanguages: [bg]\n" + LINKS,
        "centres: [harmanli]\nlinked_from:\n  programmes: [parenting]",
        "linked_from → programmes → № 1",
        "никой център с този формуляр няма програма „parenting“. Махнете я.",
    ),
    "unknown programme": (
        LINKS,
        "linked_from: {programmes: [parents]}",
        "linked_from → programmes → № 1",
        "няма програма „parents“. Програмите са: „adoption“, „back_to_class“",
    ),
    "address of a page": (
        "slug: dobrovoltsi",
        "slug: kontakti",
        "slug",
        "на адрес „kontakti“ вече има страница",
    ),
    "address of another form": (
        "slug: dobrovoltsi",
        "slug: pishete-ni",
        "slug",
        "„pishete-ni“ е и адрес на формуляра „contact“",
    ),
    "no questions": ("fields:", "fields: []\nbefore_fields:", "fields", "списъкът е празен"),
}


def own_content(target: Path) -> Path:
    """The real content with one form more."""
    content = content_copy(target)
    shutil.copy(OWN_FORMS / "volunteers.yml", content / "forms")
    return content


def test_one_file_is_one_form_more(tmp_path: Path) -> None:
    """The file alone is enough; the other centre does not offer it."""
    content = load_content(own_content(tmp_path))
    assert [form.id for form in forms_of(content, "sopot")] == ["contact", "referral", "volunteers"]
    assert [form.id for form in forms_of(content, "harmanli")] == ["contact", "referral"]


@pytest.mark.parametrize(("old", "new", "field", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_form_that_does_not_fit_is_refused(
    tmp_path: Path, old: str, new: str, field: str, sentence: str
) -> None:
    """The problem names the file, the line on which the fault stands, the field and the fix."""
    content = own_content(tmp_path)
    replace_once(content / FILE, old, new)
    key = "programmes:" if "programmes" in field else f"{field.partition(' ')[0]}:"
    line = line_of(content / FILE, key)
    (problem,) = [p for p in problems_in(content) if sentence in p.sentence]
    assert (problem.file, problem.line, problem.field) == (f"content/{FILE}", line, field)


@pytest.mark.parametrize("name", ["contacts", "answer", "otgovor"])
def test_a_form_cannot_be_named_like_a_page(tmp_path: Path, name: str) -> None:
    """Menus know pages by their names, and the service reads answers where it would be sent."""
    content = own_content(tmp_path)
    replace_once(content / FILE, "id: volunteers", f"id: {name}")
    (content / FILE).rename(content / "forms" / f"{name}.yml")
    (problem,) = problems_in(content)
    assert (problem.line, problem.field) == (3, "id")
    assert f"„{name}“ е име на страница" in problem.sentence


def test_the_forms_that_pages_lead_to_stay(tmp_path: Path) -> None:
    """Contact and referral are there, at every centre."""
    content = own_content(tmp_path)
    replace_once(content / "forms/contact.yml", "linked_from:", "centres: [sopot]\nlinked_from:")
    (problem,) = problems_in(content)
    assert (problem.file, problem.field) == ("content/forms/contact.yml", "centres")
    (content / "forms" / "contact.yml").unlink()
    (problem,) = problems_in(content)
    assert str(problem) == (
        "content/forms/contact.yml, ред 1: файлът липсва. "
        "Към този формуляр водят страниците на всеки център."
    )
