"""A missing translation is marked on the page, told to the reader, listed for translators."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from site_build.html.links import LanguageLinks, Place
from site_build.html.untranslated import resolve
from site_build.pipeline import Built, Project, build_site
from site_build.translation.catalogues import faults, update
from site_build.translation.gaps import summary
from site_model.i18n.languages import flag_untranslated
from tests.support.pages.built_pages import change_yaml, every_text, main_words, page
from tests.support.project import ROOT, copy_project

TURKISH = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: tr, scope: main, read_by_native: false}
"""
NOTE = "<!-- partly:start --><p>note</p><!-- partly:end -->\n"
PLACES = {
    "bg": Place("/", "https://a.example/", frozenset({"", "c/", "c/uslugi/", "c/form/", "c/ж/"})),
    "tr": Place("/tr/", "https://a.example/tr/", frozenset({"", "c/"})),
}
LINKS = {
    "page that is there": ('<a href="/tr/c/">x</a>', '<a href="/tr/c/">x</a>'),
    "page that only Bulgarian has": (
        '<a class="door" href="/tr/c/form/#send">x</a>',
        '<a class="door" href="/c/form/#send" hreflang="bg">x'
        '<span class="in-language"> (BG)</span></a>',
    ),
    "switch to a page that is not there": (
        '<a href="/c/nyama/" hreflang="bg" lang="bg">x</a>',
        '<a href="/c/" hreflang="bg" lang="bg">x</a>',
    ),
    "page whose name is not Latin": (
        '<a href="/tr/c/%D0%B6/">x</a>',
        '<a href="/c/%D0%B6/" hreflang="bg">x<span class="in-language"> (BG)</span></a>',
    ),
    "page that nobody has": ('<a href="/tr/nyama/">x</a>', '<a href="/tr/nyama/">x</a>'),
    "sheet of paper": ('<a href="/tr/c/a.pdf">x</a>', '<a href="/tr/c/a.pdf">x</a>'),
    "alternate that is there": (
        '<link rel="alternate" hreflang="tr" href="https://a.example/tr/c/">\n',
        '<link rel="alternate" hreflang="tr" href="https://a.example/tr/c/">\n',
    ),
    "alternate that is not there": (
        '<link rel="alternate" hreflang="tr" href="https://a.example/tr/c/form/">\n',
        "",
    ),
}


@pytest.mark.parametrize(("before", "after"), LINKS.values(), ids=LINKS)
def test_links_between_languages(before: str, after: str) -> None:
    """A link of a Turkish page leads where there is a page, and says if that one is Bulgarian."""
    assert LanguageLinks("tr", PLACES, "BG").set_links(before) == after


def test_marks_become_elements_only_where_there_may_be_some() -> None:
    """In text a span with its language; in attributes, title and drawing the words alone."""
    title, text = (
        f"<title>{flag_untranslated('а')}</title>",
        f'<p title="{flag_untranslated("б")}">{flag_untranslated("в")}</p>',
    )
    drawing = f"<svg><g><text>{flag_untranslated('г')}</text></g></svg>"
    page = resolve(NOTE + title + text + drawing)
    span = '<span lang="bg" dir="ltr">в</span>'
    plain = "<svg><g><text>г</text></g></svg>"
    assert page.html == f'<p>note</p>\n<title>а</title><p title="б">{span}</p>{plain}'
    assert page.texts == {"а", "б", "в", "г"}


def test_the_note_stands_only_where_something_is_missing() -> None:
    """A page that is whole says nothing of missing parts, even if the note itself is."""
    assert resolve(f"{NOTE}<p>x</p>").html == "<p>x</p>"
    assert resolve(NOTE.replace("note", flag_untranslated("n")) + "<p>x</p>").html == "<p>x</p>"


def only_one_name(data: Any) -> Any:
    """Facts with no other Turkish than the name of one centre."""
    for text in every_text(data):
        text.pop("tr", None)
        if text["bg"] == "Център за обществена подкрепа, Сопот":
            text["tr"] = "Sopot Toplumsal Destek Merkezi"
    return data


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Built]:
    """The real project with one Turkish name and nothing else in Turkish."""
    project = copy_project(tmp_path_factory.mktemp("partly"), languages=TURKISH)
    for path in project.content.rglob("*.yml"):
        change_yaml(path, only_one_name)
    (project.root / "locale" / "tr.po").unlink()
    shutil.rmtree(project.hand_written("tr"), ignore_errors=True)
    update(ROOT, project.root / "locale", ["tr"])
    project = Project(project.root, project.root / "locale")
    return project, build_site(project)


def test_what_is_translated_stands_beside_marked_bulgarian(partly: tuple[Project, Built]) -> None:
    """The Turkish name is shown; the summary is marked as Bulgarian, and a note says so."""
    site = partly[0].site
    assert "Sopot Toplumsal Destek Merkezi" in main_words(site, "tr/sopot")
    (summary_text,) = page(site, "tr/sopot").xpath("//p[@class='lead']/span[@lang='bg']")
    assert summary_text.text_content().startswith("Подкрепа за деца и семейства")
    assert len(page(site, "tr/sopot").xpath("//div[@class='about-translation']/p")) == 2


def test_a_form_that_is_not_whole_is_linked_in_bulgarian(partly: tuple[Project, Built]) -> None:
    """No Turkish form is built; the links lead to the Bulgarian one and say so."""
    site = partly[0].site
    assert not (site / "tr" / "sopot" / "pishete-ni").exists()
    links = page(site, "tr/sopot").xpath("//main//a[@href='/sopot/pishete-ni/']")
    assert links
    assert {link.get("hreflang") for link in links} == {"bg"}
    assert all("(на български)" in link.text_content() for link in links)


def test_the_report_names_file_line_and_page(partly: tuple[Project, Built]) -> None:
    """Each missing text with its place; pages of docs/ that are wanted in every language."""
    project, built = partly
    report = project.report.read_text(encoding="utf-8")
    assert summary(built.gaps[0]) in report
    assert "docs/tr/pomosht.md липсва" in report
    (line,) = [line for line in report.splitlines() if "summary" in line and "sopot.yml" in line]
    assert "content/centres/sopot.yml:" in line
    assert "sopot/" in line
    assert "„Център за обществена подкрепа, Сопот“" not in report


BROKEN = {
    "value lost": ('msgstr "Изчакайте"', "стойностите"),
    "markup": ('msgstr "<b>%(moment)s</b>"', "знаците"),
}


@pytest.mark.parametrize(("said", "named"), BROKEN.values(), ids=BROKEN)
def test_a_translation_that_breaks_a_page_is_refused(tmp_path: Path, said: str, named: str) -> None:
    """A value that is not put in, or markup, is named with file and word."""
    update(ROOT, tmp_path, ["tr"])
    assert list(faults(ROOT, tmp_path, ["tr"])) == []
    file = tmp_path / "tr.po"
    text = file.read_text(encoding="utf-8")
    word = next(line for line in text.splitlines() if "%(moment)s" in line)
    file.write_text(text.replace(f'{word}\nmsgstr ""', f"{word}\n{said}"), encoding="utf-8")
    (fault,) = faults(ROOT, tmp_path, ["tr"])
    assert named in fault.sentence
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1] == word
    assert fault.file == f"{tmp_path.name}/tr.po"


def test_a_catalogue_behind_the_code_is_refused(tmp_path: Path) -> None:
    """A word that code has and the list has not makes `make check` say so."""
    update(ROOT, tmp_path, ["tr"])
    template = tmp_path / "opora.pot"
    text = template.read_text(encoding="utf-8")
    template.write_text(text[: text.rindex("#: ")], encoding="utf-8")
    (fault,) = faults(ROOT, tmp_path, ["tr"])
    assert "opora.pot, ред 1: не е обновен" in str(fault)
