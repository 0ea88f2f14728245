"""What cannot be built is refused with a sentence, and the old site stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_pages import files_of
from project_changes import ABOUT_SITE, HARMANLI, SOPOT, append, copy_built, replace_once, run, said
from support import copy_project

from site_build.__main__ import main
from site_build.errors import BuildError
from site_build.stages import build_site

Captured = pytest.CaptureFixture[str]

BAD_PAGES = {
    "Markdown link to no page": ("[а](nyama.md)", "nyama.md"),
    "Markdown link to no place": ("[а](pomosht.md#nyama)", "#nyama"),
    "Markdown link to an address": ("[а](/nyama/)", "/nyama/"),
    "Markdown picture that is not there": ("![а](nyama.png)", "nyama.png"),
    "raw link to no page": ('<p><a href="/nyama/">а</a></p>', "„/nyama/“ не води доникъде"),
    "heading that takes the id of the main part": ("## Main", "id „main“ стои на повече"),
    "raw relative link": ('<p><a href="../nyama/">а</a></p>', "„/nyama/“ не води доникъде"),
    "raw link to no place": (
        '<p><a href="/pomosht/#nyama">а</a></p>',
        "„/pomosht/#nyama“ сочи място, което го няма",
    ),
    "raw picture that is not there": ('<p><img src="/a.png" alt=""></p>', "„/a.png“"),
    "raw link without a slash": ('<p><a href="/pomosht">а</a></p>', "„/pomosht“ не води"),
    "link that runs a script": ('<p><a href="javascript:alert(1)">а</a></p>', "javascript:"),
    "Markdown picture of another site": ("![а](https://a.example/a.png)", "https://a.example"),
    "picture of another site": ('<img src="https://a.example/a.png" alt="">', "https://a.example"),
    "picture without a scheme": ('<img src="//a.example/assets/opora.svg" alt="">', "//a.example"),
    "script of another site": ('<script src="https://a.example/a.js"></script>', "a.example"),
    "style of another site": (
        '<link rel="stylesheet" href="https://a.example/a.css">',
        "https://a.example",
    ),
    "frame of another site": ('<iframe src="https://a.example/"></iframe>', "https://a.example"),
    "form to another site": ('<form action="https://a.example/"></form>', "https://a.example"),
    "fact that does not exist": ("{{ nyama }}", "nyama"),
    "fact that a help line does not have": ("{{ help_lines.emergency.nyama }}", "nyama"),
    "filter that does not exist": ("{{ law|nyama }}", "nyama"),
    "braces that are never closed": ("{{ law", "end of print statement"),
}


@pytest.mark.parametrize(("text", "named"), BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_bad_page_stops_the_build_with_its_name(
    tmp_path: Path, capsys: Captured, text: str, named: str
) -> None:
    """One bad thing on a hand-written page: exit code 1, the page and the thing are named."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, text)
    message = said(project, capsys)
    assert message.startswith("Сайтът не е направен")
    assert "za-saita" in message
    assert named in message


def test_a_plain_link_may_lead_out(tmp_path: Path) -> None:
    """A text may name another site, a phone or an address."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, '[а](https://a.example/) <a href="tel:112">б</a> <kzld@a.bg>')
    assert build_site(project).pages == len(list(project.site.rglob("*.html")))


def test_all_bad_links_are_said_at_once(tmp_path: Path, capsys: Captured) -> None:
    """Whoever mends them need not build once for each."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, '<p><a href="/a/">а</a> <a href="/b/">б</a></p>')
    append(project, "docs/bg/pomosht.md", '<p><a href="/v/">в</a></p>')
    message = said(project, capsys)
    assert all(f"„/{name}/“ не води доникъде" in message for name in "abv")


def test_a_template_error_is_one_sentence_without_a_traceback(tmp_path: Path) -> None:
    """`python -m site_build` names the page and the fact that is not there, in Bulgarian."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, "{{ nyama }}")
    done = run(project)
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first == "Сайтът не е направен:"
    assert second.startswith("za-saita.md: грешка в шаблона: ")
    assert "nyama" in second


@pytest.mark.parametrize("command", [(), ("check",)])
def test_bad_facts_are_all_printed_without_a_traceback(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Both commands end with 1 and print every problem on a line of its own."""
    project = copy_project(tmp_path)
    replace_once(project, HARMANLI, "value: 30", "value: много")
    replace_once(project, SOPOT, "slug: vrashtane-u-doma", "slugg: vrashtane-u-doma")
    replace_once(project, "content/law.yml", "checked_on: 2026-11", "checked_on: вчера")
    done = run(project, *command)
    assert done.returncode == 1
    assert done.stdout == ""
    first, *problems = done.stderr.splitlines()
    assert first == f"Сайтът не е направен. Неща за поправяне: {len(problems)}"
    assert [line.partition(",")[0] for line in problems] == [
        "content/centres/harmanli.yml",
        "content/centres/sopot.yml",  # the field that is not known
        "content/centres/sopot.yml",  # the one that is missing
        "content/law.yml",
    ]


def test_check_says_that_good_facts_are_good_and_writes_nothing(tmp_path: Path) -> None:
    """`python -m site_build check` counts what it read and builds no site."""
    project = copy_project(tmp_path)
    before = files_of(project.root)
    done = run(project, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "content/ е наред: 2 центъра, 2 формуляра.\n"
    assert files_of(project.root) == before


def test_a_good_build_says_how_many_pages_it_made(tmp_path: Path, capsys: Captured) -> None:
    """One line names the number of pages."""
    project = copy_project(tmp_path)
    assert main(["--project", str(project.root)]) == 0
    count = len(list(project.site.rglob("*.html")))
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith(f"Готово: {count} страници в site/ за ") for line in lines].count(
        True
    ) == 1


BREAKS = {
    "bad facts": (HARMANLI, "value: 30", "value: много"),
    "bad page": (ABOUT_SITE, "# За този сайт", "# {{ nyama }}"),
    "bad Markdown link": (ABOUT_SITE, "# За този сайт", "# Сайт\n\n[а](nyama.md)"),
    "bad raw link": (ABOUT_SITE, "# За този сайт", '# Сайт\n\n<p><a href="/nyama/">а</a></p>'),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_failing_build_leaves_the_old_site(
    tmp_path: Path, capsys: Captured, site: Path, broken: tuple[str, str, str]
) -> None:
    """Whatever goes wrong, the site of before stays byte for byte."""
    project = copy_built(site, tmp_path)
    replace_once(project, *broken)
    said(project, capsys)
    assert files_of(project.site) == files_of(site)


def test_a_mended_project_is_built_again(tmp_path: Path, capsys: Captured, site: Path) -> None:
    """What a failed build left behind does not spoil the next one."""
    project = copy_built(site, tmp_path)
    append(project, ABOUT_SITE, '<p><a href="/nyama/">а</a></p>')
    said(project, capsys)
    replace_once(project, ABOUT_SITE, "/nyama/", "/pomosht/")
    build_site(project)
    assert names_of(project.site) == names_of(site)


def names_of(site: Path) -> set[str]:
    """The files of a site but for the search index, whose name is made of the words in it."""
    return {name for name in files_of(site) if "/search-bg." not in name}


def test_the_error_of_a_page_is_raised_for_those_who_call_the_stages(tmp_path: Path) -> None:
    """`build_site` raises BuildError; only the command line turns it into an exit code."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, "{{ nyama }}")
    with pytest.raises(BuildError, match=r"^za-saita\.md: "):
        build_site(project)
