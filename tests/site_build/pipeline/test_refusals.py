"""What cannot be built is refused with a sentence, and the old site stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.errors import BuildError
from site_build.pipeline import Project, build_site
from site_model.problems import ContentError
from tests.support.commands import site_build
from tests.support.content.project_changes import (
    ABOUT_SITE,
    HARMANLI,
    SOPOT,
    append,
    replace_once,
    run,
    said,
)
from tests.support.pages.built_pages import files_of
from tests.support.project import built_project, copy_project

Captured = pytest.CaptureFixture[str]

STOPPING = {
    "Markdown link to no page": ("[а](nyama.md)", "nyama.md"),
    "Markdown link to no place": ("[а](pomosht.md#nyama)", "#nyama"),
    "Markdown link to an address": ("[а](/nyama/)", "/nyama/"),
    "Markdown picture that is not there": ("![а](nyama.png)", "nyama.png"),
    "heading that takes the id of the main part": ("## Main", "id „main“ е на повече"),
    "Markdown picture of another site": ("![а](https://a.example/a.png)", "https://a.example"),
    "template that reaches into Python": ("{{ law.__class__.__mro__ }}", "za-saita"),
    "template that calls what it should not": (
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "za-saita",
    ),
    "fact that does not exist": ("{{ nyama }}", "nyama"),
    "fact that a help line does not have": ("{{ help_lines.emergency.nyama }}", "nyama"),
    "filter that does not exist": ("{{ law|nyama }}", "nyama"),
    "braces that are never closed": ("{{ law", "end of print statement"),
}
"""What ends a build at once, and is said alone."""


@pytest.mark.parametrize(("text", "named"), STOPPING.values(), ids=STOPPING)
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


PARTS = {
    "raw link to no page": ('<p><a href="/NNN/">а</a></p>', "„/NNN/“ не води доникъде"),
    "raw relative link": ('<p><a href="../NNN/">а</a></p>', "„/NNN/“ не води доникъде"),
    "raw link to no place": (
        '<p><a href="/pomosht/#nyama">а</a></p>',
        "„/pomosht/#nyama“ сочи място, което го няма",
    ),
    "raw picture that is not there": ('<p><img src="/NNN.png" alt=""></p>', "„/NNN.png“"),
    "raw link without a slash": ('<p><a href="/pomosht">а</a></p>', "„/pomosht“ не води"),
    "link that runs a script": ('<p><a href="javascript:alert(1)">а</a></p>', "javascript:"),
    "picture of another site": (
        '<img src="https://NNN.example/NNN.png" alt="">',
        "https://NNN.example",
    ),
    "picture without a scheme": (
        '<img src="//NNN.example/assets/opora.svg" alt="">',
        "//NNN.example",
    ),
    "script of another site": ('<script src="https://NNN.example/a.js"></script>', "NNN.example"),
    "style of another site": (
        '<link rel="stylesheet" href="https://NNN.example/a.css">',
        "https://NNN.example",
    ),
    "page that leads to another site by itself": (
        '<meta http-equiv="refresh" content="0;url=https://NNN.example/">',
        "<meta http-equiv>",
    ),
    "the same in another spelling": (
        "<META/HTTP-EQUIV=Refresh CONTENT='0;url=//NNN.example'>",
        "<meta http-equiv>",
    ),
    "cookie set by a page": ('<meta http-equiv="Set-Cookie" content="a=b">', "<meta http-equiv>"),
    "picture that calls itself canonical": (
        '<img rel="canonical" src="https://NNN.example/NNN.png" alt="">',
        "https://NNN.example",
    ),
    "drawing of another site": (
        '<svg><use xlink:href="https://NNN.example/a.svg#a"></use></svg>',
        "https://NNN.example",
    ),
    "link that tells another site": (
        '<a href="/pomosht/" ping="https://NNN.example/">а</a>',
        "https://NNN.example",
    ),
    "base of another site": ('<base href="https://NNN.example/">', "https://NNN.example"),
    "button that sends to another site": (
        '<button formaction="https://NNN.example/">а</button>',
        "https://NNN.example",
    ),
    "frame of another site": (
        '<iframe src="https://NNN.example/"></iframe>',
        "https://NNN.example",
    ),
    "form to another site": ('<form action="https://NNN.example/"></form>', "https://NNN.example"),
    "style in a tag": ('<p style="color: red">а</p>', "„style=“"),
    "style in a drawing": ('<svg STYLE="color: red"></svg>', "„style=“"),
    "script in a tag": ('<p onclick="alert(1)">а</p>', "„onclick=“"),
    "script in another spelling": ("<p/ONMOUSEOVER=alert(1)>а</p>", "„onmouseover=“"),
    "script in a drawing": ('<svg onload="alert(1)"></svg>', "„onload=“"),
    "script in a picture": ('<img src="/NNN.png" alt="" onerror="alert(1)">', "„onerror=“"),
    "styles in the page": ("<style>p { color: red }</style>", "„<style>“"),
    "styles in a drawing": ("<svg><style>p { color: red }</style></svg>", "„<style>“"),
    "script in the page": ("<script>alert(1)</script>", "„<script>“"),
    "module in the page": ('<script type="module">alert(1)</script>', "„<script>“"),
}
"""What is found on the finished pages, and said together; `NNN` is another name for each."""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of all `PARTS` on one hand-written page."""
    project = copy_project(tmp_path_factory.mktemp("parts"))
    for number, (text, _named) in enumerate(PARTS.values()):
        append(project, ABOUT_SITE, f"{text.replace('NNN', f'n{number}')}\n")
    with pytest.raises(BuildError) as raised:
        build_site(project)
    return str(raised.value)


@pytest.mark.parametrize("name", PARTS)
def test_a_person_with_many_bad_parts_hears_of_each(refused: str, name: str) -> None:
    """Page and thing are named; anyone who fixes them need not build once for each."""
    text, named = PARTS[name]
    wanted = named.replace("NNN", f"n{list(PARTS).index(name)}")
    lines = [line for line in refused.splitlines() if wanted in line]
    twins = 1 if "NNN" in named else [other for _text, other in PARTS.values()].count(named)
    assert len(lines) == twins
    assert all(line.startswith("/za-saita/: ") for line in lines), text


def test_a_plain_link_may_lead_out(tmp_path: Path) -> None:
    """A text may name another site, a phone or an address."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, '[а](https://a.example/) <a href="tel:112">б</a> <kzld@a.bg>')
    assert build_site(project).pages == len(list(project.site.rglob("*.html")))


def test_a_template_error_is_one_sentence_without_a_traceback(tmp_path: Path) -> None:
    """`python -m site_build` names the page and the fact that is not there, in Bulgarian."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, "{{ nyama }}")
    done = run(project)
    assert done.returncode == 1
    assert "Готово" not in done.stdout
    first, second = done.stderr.splitlines()
    assert first == "Сайтът не е направен:"
    assert second.startswith("za-saita.md: грешка в шаблона: ")
    assert "nyama" in second


@pytest.mark.parametrize(
    ("command", "headline"),
    [((), "Сайтът не е направен."), (("check",), "Проверката намери нещо.")],
)
def test_bad_facts_are_all_printed_without_a_traceback(
    tmp_path: Path, command: tuple[str, ...], headline: str
) -> None:
    """Both commands end with 1 and print every problem on a line of its own."""
    project = copy_project(tmp_path)
    replace_once(project, HARMANLI, "value: 30", "value: много")
    replace_once(project, SOPOT, "slug: vrashtane-u-doma", "slugg: vrashtane-u-doma")
    replace_once(project, "content/law.yml", "checked_on: 2026-11", "checked_on: вчера")
    done = site_build(*command, "--project", str(project.root))
    assert done.returncode == 1
    assert done.stdout == ""
    first, *problems = done.stderr.splitlines()
    assert first == f"{headline} Неща за поправяне: {len(problems)}"
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
    assert done.stdout.startswith("content/ е наред: 2 центъра, 2 формуляра.\n")
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
    tmp_path: Path, capsys: Captured, broken: tuple[str, str, str]
) -> None:
    """Whatever goes wrong, the previous site stays byte for byte; `check` says the same of it."""
    project = built_project(tmp_path)
    before = files_of(project.site)
    replace_once(project, *broken)
    faults = said(project, capsys).splitlines()[1:]
    assert files_of(project.site) == before
    assert said(project, capsys, "check").splitlines()[1:] == faults


def test_a_fixed_project_is_built_again(tmp_path: Path, capsys: Captured) -> None:
    """What a failed build left behind does not spoil the next one."""
    project = built_project(tmp_path)
    before = names_of(project.site)
    append(project, ABOUT_SITE, '<p><a href="/nyama/">а</a></p>')
    said(project, capsys)
    replace_once(project, ABOUT_SITE, "/nyama/", "/pomosht/")
    build_site(project)
    assert names_of(project.site) == before


def names_of(site: Path) -> set[str]:
    """The files of a site but for the search index, whose name is made of the words in it."""
    return {name for name in files_of(site) if "/search-bg." not in name}


def test_the_error_of_a_page_is_raised_for_those_who_call_the_stages(tmp_path: Path) -> None:
    """`build_site` raises BuildError; only the command line turns it into an exit code."""
    project = copy_project(tmp_path)
    append(project, ABOUT_SITE, "{{ nyama }}")
    with pytest.raises(BuildError, match=r"^za-saita\.md: "):
        build_site(project)


def test_a_translation_with_markup_stops_the_build(tmp_path: Path, capsys: Captured) -> None:
    """It is named with its file; what stood on the site before stays."""
    made = copy_project(tmp_path, languages=None)
    project = Project(made.root, made.root / "locale")
    file = project.catalogues / "tr.po"
    text = file.read_text(encoding="utf-8")
    word = 'msgid "Прието"\nmsgstr "'
    assert word in text
    bad = f"{word}<meta http-equiv=refresh content=0;url=https://evil.example/>"
    file.write_text(text.replace(word, bad), encoding="utf-8")
    with pytest.raises(ContentError, match=r"locale/tr\.po.*„Прието“"):
        build_site(project)
