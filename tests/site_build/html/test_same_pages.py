"""A page made in parts, made whole, and made by MkDocs, is the same HTML, whatever it holds."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as EnginePage

from site_build.cache.store import Store
from site_build.html.engine import settings, write_config
from site_build.html.markdown import PageMarkdown
from site_build.html.root_links import root_links
from site_build.pages.page import Page, path_of, with_site_links
from site_build.plain_mkdocs.build import tools_of
from site_build.project import PACKAGE, Project
from site_model.content import Content
from tests.fuzz.examples import tries
from tests.support.project import ROOT, copy_project

SITE = "/opora/"
HOME = "/opora/harmanli/"
FILES = (
    "index.md",
    "pomosht.md",
    "harmanli/index.md",
    "harmanli/uslugi.md",
    "листовка.pdf",
    "за сайта.md",
)
"""What the links of a drawn page may lead to; the pages among them are drawn."""
PAGES = [name for name in FILES if name.endswith(".md")]

MkDocs = Callable[[str, str], str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real project in all languages."""
    return copy_project(tmp_path_factory.mktemp("project"), languages=None)


@pytest.fixture(scope="module")
def ours(project: Project) -> PageMarkdown:
    """Keeps every part that it has seen, as in a build, where one page may spoil another."""
    engine = settings(project, Store(project.kept, ""))
    return PageMarkdown(engine.extensions, engine.configs)


@pytest.fixture(scope="module")
def mkdocs(tmp_path_factory: pytest.TempPathFactory) -> MkDocs:
    """Makes HTML of a file's Markdown with the settings of mkdocs.yml, as MkDocs makes it."""
    folder = tmp_path_factory.mktemp("mkdocs")
    (folder / "docs").mkdir()
    theme = {"custom_dir": str(PACKAGE / "theme")}
    quiet = dict.fromkeys(("not_found", "absolute_links", "unrecognized_links"), "ignore")
    values = {"docs_dir": "docs", "theme": theme, "hooks": [], "validation": quiet}
    write_config(ROOT / "mkdocs.yml", folder / "mkdocs.yml", values)
    config: MkDocsConfig = load_config(config_file=str(folder / "mkdocs.yml"))

    def made(name: str, body: str) -> str:
        files = Files([File(each, None, config.site_dir, True) for each in FILES])
        file = files.src_uris[name]
        file.content_string = Page(PurePosixPath(name), {"title": "Заглавие"}, body).text
        page = EnginePage(None, file, config)
        page.read_source(config)
        page.render(config, files)
        assert page.content is not None
        return page.content

    return made


def joined(*pieces: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = (st.just(piece) if isinstance(piece, str) else piece for piece in pieces)
    return st.tuples(*parts).map("".join)


def lines(line: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(line, min_size=1, max_size=3).map("\n".join)


# Pages as templates make them: most of them can be cut.
FIRST = st.sampled_from(
    [
        *("Помощ", "за деца", "1) януари", "a", "2026", "„дума“", "(в скоби)", "– тире", "&amp;"),
        *(f"[дом]({HOME}uslugi/)", f'<a href="{HOME}#a">дом</a>', "[друго](/x/)", "&#42;"),
        *("<strong>да</strong>", '<span class="a">б</span>', "текст\u00a0", "a_1", "A"),
    ]
)
THEN = st.sampled_from(
    [
        *("", "", "*силно*", "**а**", "`код`", "а_б_в", "5 > 3", "&", "a|b", "  ", "#", "<br>"),
        *("[дума]", "дума", "\u00a0", f'"{HOME}"', f"[дом]({HOME})", "\\*", "&#91;TOC]", "- а"),
    ]
)
PLAIN = st.builds("{} {}".format, FIRST, THEN)
HTML = st.sampled_from(
    [
        *('<p class="a">\n{}\n</p>', "<ul>\n<li>{}</li>\n\n\n<li>б</li>\n</ul>", "<div>{}</div>"),
        *(
            '<div markdown="1">\n\n{}\n\n</div>',
            '<div id="a" markdown="1">\n{}\n</div>',
            "<p>{}</p>",
        ),
        *(
            "<dl><dt>{}</dt>\n\n<dd><p>б</p></dd></dl>",
            "<p>а</p>\n<p>{}</p>",
            "<div>\n# {}\n</div>",
        ),
        *('<div title="a > b">{}</div>', '<script type="x">{}</script>', "<p>а</p>\n<br>"),
        *("<section markdown>\n## {}\n</section>", '<p markdown="span">{}</p>', "<div />"),
    ]
)
TAME = st.one_of(
    lines(PLAIN),
    joined(st.sampled_from(["# ", "## ", "### "]), PLAIN, st.sampled_from(["", "", " {: #a }"])),
    lines(joined(st.sampled_from(["- ", "- ", "* ", "1. "]), PLAIN)),
    joined("- ", PLAIN, "\n    - ", PLAIN, "\n- ", PLAIN),
    st.builds(str.replace, HTML, st.just("{}"), PLAIN),
)

# Whatever reaches over a blank line, or is read in another way than it looks.
WORDS = st.lists(
    st.sampled_from(
        [
            *("текст", "`<div>`", "a < b", "\\*", "\\", "\t", "|", "x|y", "{", "}", "after", "a_1"),
            *(
                "[дума]",
                "[дума][]",
                "[1]",
                "[^1]",
                "[TOC]",
                "![снимка][дума]",
                "{: .a }",
                "{: #a }",
            ),
            *(f"[дом]({HOME}", f'a="{HOME}"', "/\ue002/", "<b>", "</b>", "<b class='x'>я</b>", "ﷺ"),
            *(
                '<span title="a>b">',
                "</span>",
                "<div>",
                "</div>",
                "<p>",
                "</p>",
                "<!--",
                "-->",
                "<?",
            ),
            *(
                "<https://example.org>",
                "<a@example.org>",
                "<script>",
                "</script>",
                "<hr>",
                "<img x",
            ),
            *(
                "\u00a0",
                "\u2028",
                "\x0c",
                "\x02",
                "\x03",
                "\r",
                "\ufeff",
                "<summary>",
                "<plaintext>",
            ),
            *("![снимка](листовка.pdf)", '<a title="', '">', "<DIV>", "</Div>", "<br/>", "<div/>"),
        ]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)
MARK = st.sampled_from(["- ", "* ", "+ ", "1. ", "2. ", "1.\t", "-\t", "1) ", "-", "- # ", "> "])
INDENT = st.sampled_from(["", "", " ", "  ", "    ", "\t", "      "])
NASTY = st.one_of(
    lines(WORDS),
    joined(st.sampled_from(["# ", "## ", "####### ", "#", "# a\n"]), WORDS),
    joined(WORDS, st.sampled_from([" {: #a }", " { .b #a }", " #", "\n{: #a }", "\n---", "\n==="])),
    lines(joined(INDENT, MARK, WORDS)),
    lines(joined(INDENT, WORDS)),
    joined(st.sampled_from(["a | b\n--- | ---\n", "| a |\n|---|\n", "- a | b\n-|-\n"]), WORDS),
    st.sampled_from(["[дума]: /other/", "[1]: <x> 'y'", "- [дума]: /list/", "x\n[дума]: /late/"]),
    st.sampled_from(["[^1]: бележка", "*[HTML]: дума", "термин\n: значение", "{: #a }", "&nbsp;"]),
    st.sampled_from(["```", "~~~", "```python", "x\n```", "```\nx\n```", "    код", "\tкод"]),
    st.sampled_from(["---", "***", "- - -", "* * *", "___", "<!-- x -->", "<!-- x", "<hr>"]),
    st.sampled_from(["# a\n- b", "x\n# a\n- b", "- a\n# b\n- c", "x\n***\n- a", "x\n> - a"]),
    st.sampled_from(["- a {: .b }", "- a\n{: #a }", "- a\n---", "<p>a</p>\n- b", "a\n- b", "\\"]),
)
ATTRIBUTES = st.sampled_from(
    [
        *("", "", ' markdown="1"', " markdown", ' markdown="block"', " markdown='span'"),
        *(' markdown="0"', ' id="a"', ' markdown="1" id="a"', ' title="</div>"', ' title="<p>"'),
        *('\nid="a"', "\n\nx"),
    ]
)
TAG = st.sampled_from(
    ["div", "p", "section", "ul", "dl", "li", "h2", "pre", "span", "a", "textarea"]
)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element around something, which need not be closed or alone."""
    around = st.sampled_from(
        ["{}", "\n{}\n", "\n\n{}\n\n", "\n    {}", "{}\n```\n", "<p>{}", "{}</p>"]
    )
    after = st.sampled_from(["", "", " опашка", "\nопашка", "\n- а", "  ", "\n# а", "<p>а</p>"])
    return st.builds(
        lambda tag, said, how, inner, tail: f"<{tag}{said}>{how.format(inner)}</{tag}>{tail}",
        *(TAG, ATTRIBUTES, around, inside, after),
    )


GAPS = ["\n", "\n\n\n\n", "\n \n", "\n\t\n", "\r\n\r\n", "\n\r\n", "\n  \n   \n"]


def page(
    *parts: st.SearchStrategy[str], gaps: list[str], least: int = 1, most: int = 5
) -> st.SearchStrategy[str]:
    """Parts, each as often as it is named, most of them with a blank line between."""
    part = st.sampled_from(parts).flatmap(lambda each: each)
    gap = st.sampled_from(["\n\n"] * 40 + gaps)
    return st.lists(joined(part, gap), min_size=least, max_size=most).map("".join)


INSIDE = st.one_of(TAME, NASTY, page(TAME, NASTY, gaps=GAPS, most=2))
TEXTS = st.one_of(
    page(TAME, gaps=["\n\n\n"], least=3, most=6),
    page(*[TAME] * 7, NASTY, element(INSIDE), gaps=GAPS, least=2),
    page(TAME, NASTY, element(INSIDE), element(element(INSIDE)), gaps=GAPS, most=4),
)


@tries(0.2)
@given(text=TEXTS, home=st.sampled_from([HOME, "/_a_/"]))
@example(text="- a\n\n1.\tb", home=HOME)
@example(text=f'# Към "{HOME}"', home=HOME)
@example(text="<p>\na\n \nb\n</p>", home=HOME)
@example(text="<div>\n```\n</div>\n\n<div>\n```\n</div>", home=HOME)
@example(text="a\n{: #b }\n\n# b", home=HOME)
@example(text="# a\n- b\n\n- c", home=HOME)
@example(text='<div\nid="a">a</div>', home=HOME)
@example(text="a /\ue002/", home=HOME)
@example(text='<div markdown="0">a</div>\n# b', home=HOME)
@example(text="<div>", home=HOME)
@example(text="<ul markdown>\na\n</ul>\n\n- b", home=HOME)
@example(text="a [дума]\n\n- [дума]: /list/", home=HOME)
@example(text="- [TOC]\n\n# a", home=HOME)
@example(text=f'# a="{HOME}"', home=HOME)
@example(text="a](/_a_/b", home="/_a_/")
@example(text="<div>\n\n</p>\n\nb", home=HOME)
@example(text="<div><p></div></p>", home=HOME)
@example(text="<div><!-- </div>\n\nb -->", home=HOME)
@example(text="<p>a</p>\n<p>b</p>", home=HOME)
@example(text="# a\n\n# a", home=HOME)
@example(text="<div>\n\n</div> *b*", home=HOME)
@example(text="<div>a</div> *b*", home=HOME)
@example(text="<div>a</div>\n# b", home=HOME)
@example(text="- a\n\n- b", home=HOME)
@example(text="<div>\n\na", home=HOME)
def test_parts_are_the_whole_and_what_mkdocs_makes(
    ours: PageMarkdown, mkdocs: MkDocs, text: str, home: str
) -> None:
    """No part of a page may change another: its HTML is the same however it is made."""
    try:
        whole = ours.whole(text)
    except IndexError:  # the library's, at a list after <ul markdown> without items
        with pytest.raises(IndexError):
            ours.html(text, home)
        return
    assert ours.html(text, home) == whole
    assert whole == mkdocs("harmanli/index.md", text)


WAYS = st.sampled_from(
    [
        *(
            "[a]({})",
            "[a](./{})",
            "[a]({}#mqsto)",
            "[a](<{}>)",
            '[a]({} "дума")',
            "[a][б]\n\n[б]: {}",
        ),
        *("- [a]({})", "## [a]({})", "а | б\n--- | ---\n[a]({}) | б", "<p markdown>[a]({})</p>"),
        *("[a]({}?a=b)", "[a]({}?a#b)", "![a]({})", "[![a]({})]({})", '<a href="{}">a</a>'),
    ]
)


@tries(0.1)
@given(name=st.sampled_from(PAGES), target=st.sampled_from(FILES), way=WAYS)
def test_links_lead_where_those_of_mkdocs_lead(
    ours: PageMarkdown, mkdocs: MkDocs, name: str, target: str, way: str
) -> None:
    """Links to other files, in every way to write them, become the paths to which MkDocs leads."""
    folder, place = posixpath.dirname(name), SITE + path_of(name)
    body = way.replace("{}", posixpath.relpath(target, folder or "."))
    pages = {path_of(page) for page in PAGES}
    made = ours.whole(body, folder and f"{folder}/", SITE, pages)
    assert root_links(made, place) == root_links(mkdocs(name, body), place)


class Asked(PageMarkdown):
    """Remembers what it was asked to convert in one piece."""

    def __init__(self, extensions: Sequence[str], configs: Mapping[str, Any]) -> None:
        super().__init__(extensions, configs)
        self.pieces: set[str] = set()

    def whole(self, text: str, folder: str = "", root: str = "", pages: Container[str] = ()) -> str:
        self.pieces.add(text)
        return super().whole(text, folder, root, pages)


@pytest.mark.parametrize("language", ["bg", "ar"])
def test_every_page_of_a_centre_can_be_cut(
    project: Project, content: Content, language: str
) -> None:
    """A thousand centres are built in parts: a template with which a page is whole is slow."""
    tools = tools_of(project, content, language)
    engine = settings(project, Store(project.kept, ""))
    markdown = Asked(engine.extensions, engine.configs)
    for id in content.centres:
        home = tools.edition.root + content.centre_path(id)
        for page in tools.maker.of_centre(id, {}):
            body = with_site_links(page, tools.edition.root).body
            made = markdown.html(body, home)
            assert body not in markdown.pieces, page.file
            assert made == markdown.whole(body), page.file
