"""A second language is data: translated facts, a catalogue and a folder of pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from site_build.pipeline import build_site
from site_model.content import Content
from site_model.i18n.catalogue_files import read_words
from site_model.i18n.catalogues import first_form, forms_of, words_of
from site_model.problems import ContentError
from site_model.types import Text
from tests.support.content.project_changes import said
from tests.support.pages.built_pages import (
    Pages,
    every_page,
    every_text,
    files_of,
    main_words,
    words,
)
from tests.support.project import ROOT, copy_project

BULGARIAN_WORD = "[А-Яа-я]+"
ATTRIBUTES = "//@aria-label | //@title | //@alt | //@placeholder | //meta/@content"


LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""


@pytest.fixture(scope="module")
def english_pages(site: Path) -> Pages:
    return every_page(site / "en")


def test_english_lacks_nothing(site: Path) -> None:
    """The report of the build has no English text and no English page that waits."""
    report = (site.parent / "build" / "translations.txt").read_text(encoding="utf-8")
    assert report.splitlines()[0] == "en: всичко е преведено."


def test_every_page_has_its_english_twin(pages: Pages, english_pages: Pages) -> None:
    """All pages, forms and the 404 stand below /en/ at the same places."""
    assert set(english_pages) == set(pages)


def test_english_pages_say_that_they_are_english(english_pages: Pages) -> None:
    """The language of the page is set for screen readers."""
    assert {tree.get("lang") for tree in english_pages.values()} == {"en"}


def test_bulgarian_pages_change_only_by_the_switch(site: Path, tmp_path: Path) -> None:
    """Adding languages leaves what was there as it was, but for the links to them."""
    project = copy_project(tmp_path)
    build_site(project)
    switch = re.compile(rb'(<link rel="alternate".*?>|<nav class="languages".*?</nav>)\s*', re.S)
    alone = {n: d for n, d in files_of(project.site).items() if n.endswith(".html")}
    together = files_of(site)
    without = {name: b"".join(switch.sub(b"", together[name]).split()) for name in alone}
    assert without == {name: b"".join(data.split()) for name, data in alone.items()}


def test_links_and_menus_stay_in_the_language(english_pages: Pages) -> None:
    """But for the switch, every link of an English page leads to an English page, to a file that
    the link says to be Bulgarian, or out.
    """
    for name, tree in english_pages.items():
        assert tree.xpath("//footer//a"), name
        for link in tree.xpath(
            "//a[not(ancestor::nav[@class='languages'])]/@href | //form/@action"
        ):
            if tree.xpath("//a[@href=$link][@hreflang='bg']", link=link):
                assert not link.endswith("/"), (name, link)
                continue
            if link.startswith("/"):
                assert link.startswith(("/en/", "/send/en/")), (name, link)


def test_the_menu_of_a_centre_is_translated(english_pages: Pages) -> None:
    """The nine names of the menu are the English ones and lead below /en/."""
    menu = (
        english_pages["harmanli/uslugi/index.html"]
        .xpath("//nav[@class='menu']//ul")[0]
        .xpath(".//a")
    )
    assert [a.get("href") for a in menu][:2] == ["/en/harmanli/", "/en/harmanli/uslugi/"]
    assert words(menu[1]) == "Services and programmes"
    assert words(menu[8]) == "Write to us"


@pytest.mark.parametrize(
    ("place", "find"),
    [
        ("", lambda c: c.centres["sopot"].summary.text),
        ("harmanli", lambda c: c.centres["harmanli"].confidentiality.text),
        ("harmanli/uslugi", lambda c: c.centres["harmanli"].services[0].description),
        ("sopot/programi", lambda c: c.centres["sopot"].programmes[4].description),
        ("sopot/na-kogo-pomagame", lambda c: c.groups["reunification"].legal),
        ("sopot/ekip-i-istoriya", lambda c: c.centres["sopot"].history[0].text),
        ("harmanli/kak-da-poluchite-podkrepa", lambda c: c.law["child_alone"].text),
        ("pomosht", lambda c: c.help_lines["animus"].about),
        ("harmanli/pishete-ni", lambda c: c.forms["contact"].fields[0].options[1].label),
        ("sopot/nasochvane", lambda c: c.forms["referral"].fields[0].why),
    ],
)
def test_english_facts_stand_on_english_pages(
    site: Path, content: Content, place: str, find: Callable[[Content], Text]
) -> None:
    """Facts, groups, law, help lines and questions are the translated ones."""
    assert " ".join(find(content).to("en").split()) in main_words(site, f"en/{place}".rstrip("/"))


def english_texts(content: Content) -> Iterator[str]:
    """All that the English pages are made of: facts, interface words, the languages' names."""
    for path in (ROOT / "content").rglob("*.yml"):
        for text in every_text(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield text["en"]
    for word in words_of(read_words(ROOT / "locale" / "en.po")):
        yield from forms_of(word)
    yield from (language.own_name for language in content.site.languages)


def test_no_bulgarian_word_is_left_on_an_english_page(
    english_pages: Pages, content: Content
) -> None:
    """The only Bulgarian words are those that the translation itself gives: „ОЗД“, names."""
    given = set(re.findall(BULGARIAN_WORD, " ".join(english_texts(content))))
    left = {}
    for name, tree in english_pages.items():
        texts = [words(tree.find("body")), str(tree.findtext(".//title")), *tree.xpath(ATTRIBUTES)]
        if found := set(re.findall(BULGARIAN_WORD, " ".join(texts))) - given:
            left[name] = found
    assert left == {}


def test_dates_are_written_as_english_writes_them(site: Path) -> None:
    """The day of the opening of Harmanli is in English words."""
    assert "4 June 2014" in main_words(site, "en/harmanli/ekip-i-istoriya")


def test_the_second_language_brings_no_files_that_nothing_uses(site: Path) -> None:
    """Below /en/ stand pages, sheets of paper, their list, compressed copies; no scripts."""
    kinds = {Path(name).suffix for name in files_of(site / "en")}
    assert kinds <= {".html", ".pdf", ".xml", ".br", ".gz"}


def test_bulgarian_stands_first_among_the_languages(tmp_path: Path) -> None:
    """Another order, in which the root of the site would be ambiguous, is refused."""
    head, bulgarian, english = LANGUAGES.splitlines(keepends=True)
    project = copy_project(tmp_path, languages=head + english + bulgarian)
    with pytest.raises(ContentError, match="първият език е bg"):
        build_site(project)


def test_a_language_without_a_catalogue_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asking for a language that has no interface words is a sentence, not a traceback."""
    project = copy_project(tmp_path, languages=LANGUAGES.replace("code: en", "code: el"))
    assert "за езика „el“ няма каталог" in said(project, capsys)


def test_a_language_that_nobody_knows_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in the code of a language is a sentence with its line."""
    project = copy_project(tmp_path, languages=LANGUAGES.replace("code: en", "code: xx"))
    assert "„xx“ не е език" in said(project, capsys)


def told() -> Iterator[Mapping[str, str]]:
    """Every text that is told in all languages, of the facts and of the interface."""
    for path in (ROOT / "content").rglob("*.yml"):
        yield from every_text(yaml.safe_load(path.read_text(encoding="utf-8")))
    catalogues = {
        file.stem: {first_form(word): forms_of(word)[0] for word in words_of(read_words(file))}
        for file in (ROOT / "locale").glob("*.po")
    }
    for bulgarian in catalogues["en"]:
        yield {"bg": bulgarian, **{code: said[bulgarian] for code, said in catalogues.items()}}


def test_a_child_without_an_adult_reads_that_others_are_told_at_once() -> None:
    """Wherever the centre's duty to tell is told (form, law, leaflet and card, the children's
    page), „веднага“ stands in it, in every language (ЗСУ, art. 87).
    """
    at_once = {"bg": "веднага", "en": "at once", "tr": "hemen", "uk": "негайно", "ar": "فورًا"}
    duty = re.compile(r"(?=.*без възрастен)(?=.*центърът .*(длъжен|трябва))")
    duties = [text for text in told() if duty.match(text["bg"])]
    assert len(duties) >= 4, [text["bg"] for text in duties]
    for text in duties:
        for language, immediately in at_once.items():
            assert immediately in text[language], text[language]


def test_rights_over_data_are_told_with_their_condition(content: Content) -> None:
    """Deletion, restriction, objection and taking elsewhere are not said to be for every case
    (GDPR, art. 17 (3), 18, 20 and 21); seeing and correcting are.
    """
    rights = content.law["data_rights"].text
    in_some_cases = {"bg": "изтри", "en": "deleted", "tr": "silin", "uk": "видали", "ar": "حذف"}
    cases = {
        "bg": "В някои случаи",
        "en": "In some cases",
        "tr": "Bazı durumlarda",
        "uk": "У деяких випадках",
        "ar": "وفي بعض الحالات",
    }
    for language, condition in cases.items():
        always, _, sometimes = rights.to(language).partition(condition)
        assert in_some_cases[language] not in always, always
        assert in_some_cases[language] in sometimes, always


YOU = {
    "bg": r"\b(вие|ви|вас|ваш\w*|ти|теб|тво\w+|\w+[аеи]те)\b",
    "en": r"\byou",
    "tr": r"[ıiuü]n[ıiuü]z|s[ıiuü]n\b",
    "uk": r"\b(ви|вас|вам|ваш\w*|ти|тебе|тво\w+|сво\w+)\b",
    "ar": r"كم\b|أنت",
}


@pytest.mark.parametrize("language", YOU)
def test_the_line_for_children_speaks_to_nobody_in_particular(
    content: Content, language: str
) -> None:
    """What it is stands after „ти“ to a child and after „вие“ to an adult, so it has neither."""
    assert re.findall(YOU[language], content.help_lines["child_line"].about.to(language)) == []


MISREAD = {
    ("tr", "yardım ar[aı]"): "to look for help, or to phone for it",
    ("bg", "^Днес:"): "the day of today, not the law of today",
    ("bg", "ключ, който само центърът може да отвори"): "a key is opened, not a letter",
    ("bg", "стои най-отгоре"): "words are read, they do not stand",
    ("bg", "животът на някого"): "never that of the reader",
    ("uk", "шукайте мене"): "do not search for me",
}


def test_nothing_is_said_in_words_that_were_misread() -> None:
    """What an editor took for something else is in no text, in any language."""
    assert [
        (why, text[language])
        for text in told()
        for (language, misread), why in MISREAD.items()
        if re.search(misread, text.get(language, ""))
    ] == []
