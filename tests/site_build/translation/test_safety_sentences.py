"""What counts as a safety sentence, and the table of them in docs/."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from site_build.errors import BuildError
from site_build.project import Project
from site_build.translation.safety_sentences import SUBJECTS, safety_sentences, subject_of_word
from site_build.translation.safety_table import SAFETY_TABLE, safety_table, stale_table
from site_model.content import Content
from site_model.i18n.catalogue_files import TEMPLATE, readable
from site_model.i18n.catalogues import words_of
from tests.support.pages.built_pages import every_page, words
from tests.support.project import ROOT

LANGUAGES = ("bg", "en", "tr", "uk", "ar")

ON_PAGES = """//*[contains(@class, 'care-danger')]//*[not(ancestor-or-self::*[@class='as-of'])]
    [not(.//*[self::p or self::h2])] | //header//*[@class='help-strip']
    | //*[@class='before']//li[not(.//*[@class='gap'])]"""
"""Where pages speak of danger, and what stands before the questions of a form."""

_VALUE = re.compile(r"%\(\w+\)s|\{\{.*?\}\}")


def test_every_subject_has_sentences_of_every_origin() -> None:
    found = safety_sentences(Project(ROOT), LANGUAGES)
    assert list(dict.fromkeys(one.subject for one in found)) == list(SUBJECTS)
    origins = Counter(one.place.partition("/")[0] for one in found)
    assert min(origins[name] for name in ("content", "docs", "site_build", "site_model")) > 1
    assert [one for one in found if set(one.texts) != set(LANGUAGES)] == []


@pytest.mark.parametrize("name", ["web/templates/receipt.html", "web/refusals.py"])
def test_all_that_a_receipt_and_a_refusal_say_counts(name: str) -> None:
    """Whatever its words: somebody takes a letter for accepted by it, or not."""
    file = f"contact_service/{name}"
    said = [
        word
        for word in words_of(readable(ROOT / "locale" / TEMPLATE))
        if file in (place for place, _ in word.locations)
    ]
    assert said
    assert [word.id for word in said if not subject_of_word(word)] == []


def test_what_pages_say_of_danger_is_among_them(site: Path) -> None:
    """No page, in any language, has a box of danger, a strip of help or a promise before a form
    with words that the table does not hold."""
    found = safety_sentences(Project(ROOT), LANGUAGES)
    said = {language: {plain(one.texts[language]) for one in found} for language in LANGUAGES}
    known = {
        language: [pattern(text) for text in sorted(texts, key=words_alone, reverse=True)]
        for language, texts in said.items()
    }
    seen = {
        (str(page.get("lang")), plain(words(element)))
        for page in every_page(site).values()
        for element in page.xpath(ON_PAGES)
    }
    assert {language for language, _ in seen} == set(LANGUAGES)
    left = {text: rest for language, text in seen if (rest := without(known[language], text))}
    assert left == {}


def plain(text: str) -> str:
    """Without markup, without marks of direction, with single spaces."""
    return " ".join(re.sub("<[^<>]+>|[\u200e\u200f\u2066-\u2069]", "", text).split())


def words_alone(text: str) -> int:
    """How long a sentence is without its values."""
    return len(_VALUE.sub("", text))


def pattern(text: str) -> re.Pattern[str]:
    """A sentence as pages show it, with whatever its values are."""
    value = r"[^.!?]{0,60}?"
    return re.compile(rf"(?<!\w){value.join(map(re.escape, _VALUE.split(text)))}(?!\w)")


def without(known: list[re.Pattern[str]], text: str) -> str:
    """What is left of it in words, when all that is known is taken away."""
    for one in known:
        text = one.sub(" · ", text)
    return text if re.search(r"[^\W\d]{2}", text) else ""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The real texts, of which pages may be changed."""
    (tmp_path / "content").symlink_to(ROOT / "content")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    return Project(tmp_path)


def test_page_with_another_number_of_lines(project: Project) -> None:
    """Nobody could say which line is the translation of which."""
    page = project.hand_written("tr") / "bezopasnost.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n- Bir şey daha.\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"docs/tr/bezopasnost\.md"):
        safety_sentences(project, LANGUAGES)


def test_table_is_stale_when_a_sentence_changed(project: Project, content: Content) -> None:
    """`make check` asks for `make words`; the table of the repository is that of its sources."""
    assert stale_table(project, content.site) is None
    page = project.hand_written("uk") / "bezopasnost.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Швидкий", "Негайний"), "utf-8")
    assert "make words" in (stale_table(project, content.site) or "")
    (project.root / SAFETY_TABLE).write_text(safety_table(project, content.site), "utf-8")
    assert stale_table(project, content.site) is None
