"""The search index tells what the built pages tell, and the site index lists them all."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from site_build.search.index import Link, Linked, Section, read_page
from site_build.search.rules import RULES
from site_build.search.stems import key, merges, normalise, words_of
from site_build.search.tables import real_words
from site_model.content import Content
from site_model.facts.search_words import Answer
from site_model.types import Text
from tests.support.pages.built_pages import page, words

PAGE = """
<html><head><title>Услуги – ЦОП – Опора</title></head><body><header>Меню</header><main>
<div class="about-translation"><p>Превод</p></div>
<h1>Услуги</h1><p class="lead">Център, <a href="/">Сопот</a>.</p>
<h2 id="talk">Разговори</h2><ul><li>В <b>центъра</b></li><li>У дома<p>и навън</p></li></ul>
<div class="trap"><label>Капан</label></div><p hidden>Скрито</p><svg><title>Знак</title></svg>
<h2>Без място</h2><p>Текст<!-- бележка --> и край.</p>
</main><footer>Край</footer></body></html>
"""


def answer(*pages: str) -> Answer:
    text = Text({"bg": "Дума"})
    return Answer(id="one", title=text, words=text, text=text, pages=pages)


@pytest.fixture(scope="module")
def index(site: Path) -> Any:
    (file,) = site.glob("assets/search-bg.*.json")
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_page_is_cut_at_its_headings() -> None:
    """Title, sections with their anchors, a text for each block; nothing hidden, no menu."""
    read = read_page(html.fromstring(PAGE), "/sopot/uslugi/", "sopot", "Опора")
    assert read.title == "Услуги – ЦОП"
    assert read.sections == (
        Section("", "Услуги", ("Център, Сопот.",)),
        Section("talk", "Разговори", ("В центъра", "У дома", "и навън")),
        Section("", "Без място", ("Текст и край.",)),
    )


def test_links_of_an_answer_are_those_that_exist() -> None:
    """A star is every centre that has the page; an anchor only where the page has it."""
    pages = [
        read_page(html.fromstring(PAGE), f"/{centre}/uslugi/", centre, "Опора")
        for centre in ("harmanli", "sopot")
    ] + [read_page(html.fromstring(PAGE), "/pomosht/", None, "Опора")]
    found = Linked(pages, "/").links(answer("pomosht/", "*/uslugi/", "*/uslugi/#no", "x/"))
    assert [link.url for link in found] == ["/pomosht/", "/harmanli/uslugi/", "/sopot/uslugi/"]
    (first, _) = Linked(pages, "/").links(answer("*/uslugi/#talk"))
    assert first == Link("/harmanli/uslugi/#talk", "Разговори: Услуги – ЦОП")


def test_an_answer_without_pages_in_a_language_leads_to_the_centres() -> None:
    """Not all languages have all pages; an answer about something else stays without links."""
    pages = [read_page(html.fromstring(PAGE), f"/tr/{c}/", c, "Опора") for c in ("a", "b")]
    found = Linked(pages, "/tr/").links(answer("*/uslugi/", "za-saita/"))
    assert [link.url for link in found] == ["/tr/a/", "/tr/b/"]
    assert Linked(pages, "/tr/").links(answer("za-saita/")) == []


def test_every_answer_leads_somewhere(content: Content, index: Any) -> None:
    """Each page that content/search.yml names is there, in some centre; so are its anchors."""
    places = {place for one in content.search.answers for place in one.pages}
    places |= set(content.search.nothing.pages)
    links = [link for one in [*index["answers"], index["nothing"]] for link, _ in one["links"]]
    lost = {place for place in places if not any(map(_fits(place), links))}
    assert lost == set()


def _fits(place: str) -> Any:
    return lambda link: link.endswith(place.removeprefix("*"))


def test_the_site_index_lists_every_page(site: Path) -> None:
    """Also without JavaScript each page is one step from the search page; only that for the code of
    a receipt, which every footer names, no search does.
    """
    listed = set(page(site, "tarsene").xpath("//*[@id='site-index']//a/@href"))
    files = {file.relative_to(site).as_posix() for file in site.rglob("index.html")}
    files = {file for file in files if not re.match("[a-z]{2}/", file)}  # of other languages
    places = {"/" + file.removesuffix("index.html") for file in files} - {"/tarsene/"}
    places = {place for place in places if not place.endswith("/otgovor/")}
    assert len(places) > 20
    assert places - listed == set()


def test_the_index_holds_the_words_of_every_page(site: Path, index: Any) -> None:
    """What a page says in its main part is in the index, each sentence stored once."""
    assert len(index["texts"]) == len(set(index["texts"]))
    for url, _, _, sections in index["pages"]:
        told = [
            text
            for _, heading, texts in sections
            for text in [heading, *(index["texts"][number] for number in texts)]
        ]
        (shared,) = page(site, url.strip("/")).xpath("//main")
        main = copy.deepcopy(shared)
        for unseen in main.xpath(".//*[@class='trap' or @hidden or local-name()='svg']"):
            unseen.drop_tree()
        assert set(words_of(" ".join(told))) == set(words_of(words(main))), url


def test_a_number_in_the_index_is_in_one_piece(site: Path) -> None:
    """In Arabic a common space would turn „116 111“ round; the script prints what stands here."""
    files = list(site.glob("assets/search-*.json"))
    assert len(files) == len(RULES)
    for file in files:
        told = file.read_text(encoding="utf-8")
        assert "116\u00a0111" in told
        assert re.findall(r"\d \d", told) == [], file.name


def test_forms_of_a_word_have_one_key() -> None:
    """By rule, by lemma, and by a changing last letter; a lemma's other forms too."""
    rules = RULES["bg"]
    table = merges(["Детето, услугите; приемна грижа. Център за психолози и психолог"], "bg", rules)
    for forms in (
        "дете детето деца децата",
        "услуга услуги услугата услугите",
        "приемна приемни приемната",
        "център центъра центърът центрове центровете",
        "психолог психолога психолози психолозите",
        "насочване насочването насочвания",
    ):
        assert len({key(word, rules, table) for word in forms.split()}) == 1, forms


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("bg", "брумлог", "брумлози"),
        ("bg", "брумник", "брумници"),
        ("bg", "брумлох", "брумлоси"),
        ("tr", "brumlak", "brumlagi"),
        ("tr", "brumlap", "brumlabi"),
        ("tr", "brumlat", "brumladi"),
    ],
)
def test_the_last_letter_of_a_word_changes_by_rule(language: str, word: str, other: str) -> None:
    """Also in words that no dictionary has, as the names of trades and places are."""
    rules = RULES[language]
    table = merges([word], language, rules)
    assert key(other, rules, table) == key(word, rules, table)


@pytest.mark.parametrize(
    ("language", "text", "forms"),
    [
        ("en", "child", "child children child's"),
        ("en", "service", "service services"),
        ("tr", "çocuk", "çocuk çocuklar çocuğu çocuğum cocuklari"),
        ("tr", "hizmet", "hizmet hizmetler hizmetleri"),
        ("uk", "дитина", "дитина дитини дітей"),
        ("uk", "сім'я", "сім'я сім’ї сімя"),
        ("ar", "خدمة", "خدمة الخدمة خدمات الخدمات خدمه"),
        ("ar", "طفل", "طفل الطفل"),
    ],
)
def test_other_languages_have_the_same_code(language: str, text: str, forms: str) -> None:
    """With rules and a dictionary of their own; marks and articles do not matter."""
    rules = RULES[language]
    table = merges([text], language, rules)
    assert len({key(words_of(word)[0], rules, table) for word in forms.split()}) == 1


@pytest.mark.parametrize("language", RULES)
def test_rules_are_written_normalised(language: str) -> None:
    """Otherwise no word could ever meet them."""
    rules = RULES[language]
    for word in [*rules.suffixes, *rules.prefixes, *rules.stop_words]:
        assert normalise(word) == word


def test_a_language_without_a_dictionary_has_no_table() -> None:
    """Rules alone work then."""
    assert merges(["una palabra"], "xx", RULES["en"]) == {}


def test_words_near_a_known_one_are_told_from_slips() -> None:
    """Those that a guess could change, by their stems; known words and far ones need no mention."""
    dictionary = ["цигани", "цигари", "цигарите", "развод", "разход", "планина", "рог"]
    real = real_words(["Цигари", "развод", "бог"], dictionary, RULES["bg"], {})
    assert real == {"цига", "разход"}


def test_a_word_that_only_looks_like_a_form_stays_apart() -> None:
    """„заплата“ has the stem of „заплаха“, and a key of its own."""
    rules = RULES["bg"]
    table = merges(["заплаха, полиция"], "bg", rules)
    assert key("заплахи", rules, table) == key("заплаха", rules, table)
    assert key("заплата", rules, table) == "=заплата"
    assert key("полица", rules, table) != key("полиция", rules, table)


def test_tables_lead_to_keys_that_stay(index: Any) -> None:
    """No entry leads to another entry, so one look is enough."""
    table = index["rules"]["merge"]
    assert len(table) > 500
    assert [cut for cut, own in table.items() if table.get(own, own) != own] == []
