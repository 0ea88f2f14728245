"""The search page in a real browser, on the built site, through its own script."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, Route, expect

from site_build.search.rules import RULES
from site_build.search.stems import key, normalise, stem, words_of
from site_build.search.tables import one_apart
from site_model.content import Content
from tests.support.browser.search_parts import UNSEEN, Query, found, open_search, queries
from tests.support.pages.static_server import header_lines, serve
from tests.support.waiting import wait_for

BOXES = Path(__file__).with_name("search_boxes.yml")
SHARE = 0.95
UNSEEN_SHARE = 0.8
NONSENSE = ["ъщщщъ", "qqqqzzz", "98765", "ппппп ррррр", "漢字", "x"]
PAIRS = [
    (a, b)
    for a in ("цигани", "екпи", "бой", "а", "")
    for b in ("цигари", "екип", "бойй", "бо", "екипи", "цгиани", "аб", "")
]
MEET = [
    ["дете", "детето", "деца", "децата"],
    ["насочване", "насочването"],
    ["услуга", "услугата", "услуги", "услугите"],
    ["приемна", "приемни", "приемната"],
    ["психолог", "психолога", "психологът", "психолози"],
    ["център", "центъра", "центърът", "центрове", "центровете"],
    ["наркотик", "наркотици", "наркотиците"],
]


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site with the headers that the build wrote for it."""
    with serve(site, header_lines(site.parent / "build" / "headers")) as place:
        yield place


@pytest.fixture(scope="module")
def search(browser: Browser, address: str) -> Iterator[Page]:
    """The search page with its index loaded, for tests that only type into it."""
    page = browser.new_page()
    open_search(page, address)
    yield page
    page.close()


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Page]:
    """A page of its own in a fresh profile."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pages(answer: dict[str, Any]) -> list[str]:
    return [address.partition("#")[0] for address in answer["pages"]]


def test_english_readers_search_with_their_own_words(fresh: Page, address: str) -> None:
    """The English page of search answers English words, with help lines first for danger."""
    open_search(fresh, f"{address}/en")
    beaten, counselling, fee = found(fresh, ["he beats me", "psychologists", "how much is it"])
    assert {"112", "116\u00a0111"} <= set(beaten["calls"])
    assert beaten["pages"][0] == "/en/pomosht/"
    assert "/en/harmanli/uslugi/razgovori-s-psiholog/" in counselling["pages"][:3]
    assert "/en/harmanli/vaprosi-i-otgovori/#taksa" in fee["pages"][:3]


MAIN = "/harmanli/"
ELSEWHERE = {
    "tr": {
        MAIN: ["telefon", "adres", "psikolog", "evlat edinme", "ücret", "çalışma saatleri"],
        "/pomosht/": ["yardım", "şiddet", "bana vuruyorlar", "dövüyorlar"],
        "/harmanli/pishete-ni/": ["mektup"],
        "/harmanli/nasochvane/": ["okul", "öğretmenim"],
    },
    "uk": {
        MAIN: ["телефон", "адреса", "психолог", "усиновлення", "діти", "послуги"],
        "/pomosht/": ["допомога", "насильство", "мене б’ють"],
        "/harmanli/pishete-ni/": ["написати"],
        "/harmanli/nasochvane/": ["школа", "я вчитель", "дитина"],
    },
    "ar": {
        MAIN: ["هاتف", "عنوان", "طبيب نفسي", "تبني", "أطفال", "خدمات"],
        "/pomosht/": ["مساعدة", "عنف", "يضربونني"],
        "/harmanli/pishete-ni/": ["رسالة"],
        "/harmanli/nasochvane/": ["مدرسة", "طفل"],
    },
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_readers_of_main_information_find_it(fresh: Page, address: str, language: str) -> None:
    """In Turkish, Ukrainian and Arabic the right page is among the first three, each time."""
    asked = [
        (path, typed) for path, all_typed in ELSEWHERE[language].items() for typed in all_typed
    ]
    open_search(fresh, f"{address}/{language}")
    answers = found(fresh, [typed for _, typed in asked])
    missed = [
        (typed, pages(answer)[:3])
        for (path, typed), answer in zip(asked, answers, strict=True)
        if f"/{language}{path}" not in pages(answer)[:3]
    ]
    assert missed == []


def test_the_right_page_is_among_the_first_three(search: Page) -> None:
    """For 95 % of the queries of the data file; `pytest -s` prints the share of each kind."""
    asked = queries()
    missed = misses(search, asked)
    assert len(asked) >= 150
    assert 1 - len(missed) / len(asked) >= SHARE, missed


def test_sentences_that_nobody_tuned_on_find_their_page(search: Page) -> None:
    """Four of five of them, and their share is printed apart: it is what new readers meet."""
    asked = queries(UNSEEN)
    missed = misses(search, asked)
    assert len(asked) >= 60
    assert 1 - len(missed) / len(asked) >= UNSEEN_SHARE


@pytest.mark.parametrize("language", yaml.safe_load(BOXES.read_text(encoding="utf-8")))
def test_the_right_box_stands_first(
    fresh: Page, address: str, content: Content, language: str
) -> None:
    """For words of danger the help lines and the answer that fits; for words that only look like
    danger, or like foster care, another answer and no help lines. The share is printed."""
    asked = [
        (wanted, typed)
        for wanted, all_typed in yaml.safe_load(BOXES.read_text(encoding="utf-8"))[language].items()
        for typed in all_typed
    ]
    answers = {answer.id: answer for answer in content.search.answers}
    open_search(fresh, f"{address}/{language}".removesuffix("/bg"))
    missed = []
    for (wanted, typed), shown in zip(asked, found(fresh, [t for _, t in asked]), strict=True):
        helped, boxes = bool(shown["calls"]), shown["boxes"]
        if wanted == "calm":
            right = not helped and answers["foster"].title.to(language) not in boxes
        else:
            answer = answers[wanted]
            first = boxes[helped : helped + 1]
            right = helped == answer.danger and first == [answer.title.to(language)]
        if not right:
            missed.append(f"{wanted}: {typed}: {boxes}")
    print(f"\nthe right box in {language}: {len(asked) - len(missed)} of {len(asked)}")
    assert missed == []


def misses(search: Page, asked: list[Query]) -> list[str]:
    """The queries without a right page among the first three; prints the share of each kind."""
    answers = found(search, [query.typed for query in asked])
    every, right, missed = Counter[str](), Counter[str](), []
    for query, answer in zip(asked, answers, strict=True):
        every[query.kind] += 1
        if any(map(query.right.fullmatch, answer["pages"][:3])):
            right[query.kind] += 1
        else:
            missed.append(f"{query.typed}: {answer['pages'][:3]}")
    print()
    for kind in every:
        print(f"{kind:26} {right[kind]:3} of {every[kind]:3}")
    print(f"{'all':26} {right.total():3} of {every.total():3}")
    return missed


def test_a_guess_may_list_pages_but_opens_no_answer(search: Page) -> None:
    """A slip of the hand finds pages; the answer to another word than the typed one stays shut,
    also while the word is being typed. Help lines are shown for a slip in a word of danger."""
    slips = ["наркотитци", "псхолог", "аутзъм", "осиновявне", "osinovqvne", "цига"]
    for typed, answer in zip(slips, found(search, slips), strict=True):
        assert answer["pages"], typed
        assert answer["boxes"] == [], typed
    (danger,) = found(search, ["самоубиство"])
    assert danger["boxes"] == ["Помощ сега"]
    assert danger["pages"][0] == "/pomosht/"


REAL_WORDS = ["разход", "колата", "цигулка", "полица", "заплата", "razhod", "Трявна", "кола"]


@pytest.mark.parametrize("typed", REAL_WORDS)
def test_a_real_word_is_never_taken_for_another(search: Page, typed: str) -> None:
    """„разход“ is no „развод“, „полица“ no „полиция“, „заплата“ no „заплаха“: a person to ask,
    no answer, no help lines. („кола“ may be the beginning of a longer word, and lists pages.)"""
    (answer,) = found(search, [typed])
    assert set(answer["boxes"]) <= {"Попитайте човек"}
    assert "tel:112" not in answer["calls"]


ROMA = {
    "": ["цигани сме ще ни помогнете ли", "роми сме", "cigani sme", "аз съм ромка", "циганче"],
    "/en": ["gypsy", "we are roma", "romani"],
    "/tr": ["çingeneyiz", "romanlar"],
    "/uk": ["роми", "ми цигани"],
    "/ar": ["غجر"],
}


@pytest.mark.parametrize("language", ROMA)
def test_roma_readers_are_answered_as_families(fresh: Page, address: str, language: str) -> None:
    """Whatever they call themselves: whom the centres help, and nothing about drugs or danger."""
    open_search(fresh, f"{address}{language}")
    for typed, answer in zip(ROMA[language], found(fresh, ROMA[language]), strict=True):
        assert len(answer["boxes"]) == 1, typed
        assert answer["calls"] == [], typed
        assert answer["pages"][0].startswith(f"{language}/harmanli/"), typed


LONG = [
    "мъжът ми пие и ме бие и децата плачат и искам развод и нямам пари",
    "дъщеря ми е бременна и не ходи на училище и пуши и няма пари за такса",
    "учителка съм ученик краде пие не ходи на час и майка му пита за психолог и осиновяване",
]


def test_two_boxes_at_most_and_danger_first(search: Page) -> None:
    """In long sentences and in all queries of both files, the help lines counted."""
    asked = [*LONG, *(query.typed for query in [*queries(), *queries(UNSEEN)])]
    answers = found(search, asked)
    for typed, answer in zip(asked, answers, strict=True):
        assert len(answer["boxes"]) <= 2, typed
        assert "Помощ сега" not in answer["boxes"][1:], typed
    assert answers[0]["boxes"] == ["Помощ сега", "Ако някой удря"]
    assert answers[0]["pages"][0].startswith("/pomosht/")
    assert answers[1]["boxes"] == ["Дете не ходи на училище", "Пари, храна, жилище, документи"]


@pytest.mark.parametrize("forms", MEET, ids=lambda forms: forms[0])
def test_forms_of_a_word_find_the_same_pages(search: Page, forms: list[str]) -> None:
    """In the same order, and some."""
    first, *others = [answer["pages"] for answer in found(search, forms)]
    assert first
    assert others == [first] * len(others)


def test_help_lines_come_first_for_words_of_danger(search: Page) -> None:
    """112 and 116 111 as links that dial, above everything else; not for other words."""
    danger = [query.typed for query in queries() if query.kind == "words of danger"]
    danger += ["biqt me", "nasilie", "насилте", "самоубиство"]
    for typed, answer in zip(danger, found(search, danger), strict=True):
        assert answer["calls"] == ["112", "116\u00a0111"], typed
        assert answer["boxes"][0] == "Помощ сега", typed
    for answer in found(search, ["услуги", "такса", "развод", "контакти"]):
        assert answer["calls"] == []
    search.get_by_role("searchbox").fill("бият ме")
    dialled = search.locator("#found a").evaluate_all("all => all.map(a => a.href)")
    assert dialled[:2] == ["tel:112", "tel:116111"]


def test_numbers_are_drawn_in_their_order_between_arabic_words(fresh: Page, address: str) -> None:
    """In the help lines and in the answer below them: the first digits stand to the left."""
    open_search(fresh, f"{address}/ar")
    fresh.get_by_role("searchbox").fill("زوجي يضربني")
    drawn = fresh.locator("#found .care").evaluate_all(
        """boxes => boxes.map(box => {
             const range = new Range();
             const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
             while (texts.nextNode()) {
               const node = texts.currentNode, at = node.data.search(/116\\s111/);
               if (at < 0) continue;
               const left = from => { range.setStart(node, from); range.setEnd(node, from + 3);
                 return range.getBoundingClientRect().left; };
               return left(at) < left(at + 4);
             } })"""
    )
    assert drawn == [True, True]


@pytest.mark.parametrize("typed", NONSENSE)
def test_nothing_found_is_never_an_empty_page(search: Page, typed: str) -> None:
    """Someone to ask, the help page and all pages of the site are there."""
    search.get_by_role("searchbox").fill(typed)
    assert search.locator("#found").get_by_role("link", name="Помощ сега").is_visible()
    assert search.locator("#found a[href$='/pishete-ni/']").count() == 2
    assert search.locator("#site-index").is_visible()


def test_what_is_typed_before_the_script_comes_is_searched(fresh: Page, address: str) -> None:
    """On a slow line the box is there sooner than what searches."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    fresh.route("**/search.js*", hold)
    fresh.goto(f"{address}/tarsene/", wait_until="commit")
    fresh.get_by_role("searchbox").fill("дете")
    wait_for(lambda: fresh.wait_for_timeout(20) or held)
    held[0].continue_()
    fresh.locator(".found a").first.wait_for()


@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_pages_of_the_readers_centre_come_first(fresh: Page, address: str, centre: str) -> None:
    """From a page of a centre, its pages stand before the other's, which are shown too."""
    fresh.goto(f"{address}/{centre}/uslugi/")
    fresh.locator(".find a").click()
    fresh.get_by_role("searchbox").fill("дете")
    fresh.locator(".found a").first.wait_for()
    for answer in found(fresh, ["телефон", "насочване", "психолог", "развод"]):
        owners = [place.split("/")[1] for place in pages(answer)]
        centres = [owner for owner in owners if owner in ("harmanli", "sopot")]
        assert centres[0] == centre
        assert centres == sorted(centres, key=lambda owner: owner != centre)
        assert len(set(centres)) == 2


def test_what_is_typed_stays_on_the_device(fresh: Page, address: str) -> None:
    """No request after the index came, no other address, nothing kept, no policy broken."""
    said: list[str] = []
    fresh.on("console", lambda message: said.append(message.text))
    fresh.on("pageerror", lambda error: said.append(str(error)))
    open_search(fresh, address)
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))
    fresh.get_by_role("searchbox").fill("")
    fresh.get_by_role("searchbox").press_sequentially("бият ме")
    fresh.keyboard.press("Enter")
    fresh.locator(".found a").first.wait_for()
    fresh.wait_for_timeout(700)
    assert asked == []
    assert fresh.url == f"{address}/tarsene/"
    assert fresh.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == [
        "",
        0,
        0,
    ]
    assert said == []


def test_nothing_is_loaded_before_the_reader_turns_to_the_search(fresh: Page, address: str) -> None:
    """A page of a centre asks for neither script nor index, the search page for no index until
    a key is pressed in its field."""
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))
    fresh.goto(f"{address}/harmanli/kontakti/")
    fresh.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if "search" in url] == []
    fresh.goto(f"{address}/tarsene/")
    fresh.wait_for_load_state("networkidle")
    expect(fresh.get_by_role("searchbox")).to_be_focused()
    assert not [url for url in asked if url.endswith(".json")]
    with fresh.expect_response("**/assets/search-bg.*.json"):
        fresh.keyboard.type("д")


@pytest.mark.parametrize("language", ["bg", "en", "tr", "uk", "ar"])
def test_first_query_costs_at_most_60_kb(site: Path, language: str) -> None:
    """Script and index together, as gzip, which every browser takes."""
    files = [site / "assets" / "search.js.gz", *site.glob(f"assets/search-{language}.*.json.gz")]
    assert len(files) == 2
    size = sum(path.stat().st_size for path in files)
    print(f"\nscript and {language} index, compressed: {size / 1024:.1f} KB")
    assert size <= 60 * 1024


def test_python_and_javascript_agree_on_words(search: Page, site: Path) -> None:
    """The same words and stems for everything that stands on the pages, in five languages; the same
    keys; the same idea of one letter apart."""
    (file,) = site.glob("assets/search-bg.*.json")
    index = json.loads(file.read_text(encoding="utf-8"))
    text = (
        " ".join(index["texts"])
        + " Ѝ Çocuğu İSTANBUL ılık сім’я їжа الأطفال مَدرسة Ünlü заплата полица"
    )
    agreed = search.evaluate(
        """async ([text, languages, rules, pairs]) => {
             const script = document.querySelector('script[src*="/search.js"]').src;
             const {wordsOf, stem, keyOf, oneApart} = await import(script);
             const words = [...new Set(wordsOf(text))];
             rules.merge = new Map(Object.entries(rules.merge));
             rules.apart = new Set(rules.apart);
             return [words, languages.map(rules => words.map(word => stem(word, rules))),
               words.map(word => keyOf(word, rules)), pairs.map(pair => oneApart(...pair))]; }""",
        [
            text,
            [{"prefixes": r.prefixes, "suffixes": r.suffixes} for r in RULES.values()],
            index["rules"],
            PAIRS,
        ],
    )
    words = list(dict.fromkeys(words_of(text)))
    assert len(words) > 1000
    assert agreed[0] == words
    assert agreed[1] == [[stem(word, rules) for word in words] for rules in RULES.values()]
    bulgarian, table = RULES["bg"], index["rules"]["merge"]
    assert agreed[2] == [key(word, bulgarian, table) for word in words]
    assert agreed[3] == [one_apart(*pair) for pair in PAIRS]
    assert normalise("Ѝ") == "и"


def test_the_count_is_announced_and_escape_clears(fresh: Page, address: str) -> None:
    """By keyboard alone: typing, the polite count, on to the results, back, away."""
    open_search(fresh, address)
    field, status = (
        fresh.get_by_role("searchbox", name="Какво търсите?"),
        fresh.locator("#found-count"),
    )
    field.fill("психолог")
    status.get_by_text("Намерени").wait_for()
    count = fresh.locator(".found > li").count()
    assert status.inner_text() == f"Намерени страници: {count}"
    fresh.keyboard.press("Tab")
    assert fresh.evaluate("document.activeElement.closest('.found') !== null")
    field.press("Enter")
    assert fresh.evaluate("document.activeElement.id") == "found"
    field.focus()
    fresh.keyboard.press("Escape")
    assert field.input_value() == ""
    assert fresh.locator("#found").inner_text() == ""
    assert status.inner_text() == ""
    assert fresh.locator("#site-index").is_visible()


def test_a_narrow_screen_is_not_scrolled_sideways(browser: Browser, address: str) -> None:
    """At 320 px, with results, help lines, and nothing found."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    open_search(page, address, "sopot")
    for typed in ("психолог", "бият ме", "ъщщщъ"):
        page.get_by_role("searchbox").fill(typed)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), typed
    context.close()


def test_without_javascript_the_link_leads_to_the_site_index(
    browser: Browser, address: str
) -> None:
    """No field that does nothing; the part of the reader's centre is where the link leads."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sopot/kontakti/")
    page.get_by_role("link", name="Търсене").click()
    expect(page).to_have_url(re.compile(r"/tarsene/#sopot$"))
    page.wait_for_load_state()
    assert page.get_by_role("searchbox").count() == 0
    assert page.locator("#sopot").inner_text() == "Център за обществена подкрепа, Сопот"
    assert page.get_by_role("link", name="Програми – ЦОП Сопот").first.is_visible()
    context.close()


def test_a_lost_index_is_said(fresh: Page, address: str) -> None:
    """When the index cannot be fetched, the reader learns it and has the list of all pages."""
    fresh.route("**/search-bg.*.json", lambda route: route.abort())
    fresh.goto(f"{address}/tarsene/")
    fresh.get_by_role("searchbox").fill("дете")
    status = fresh.locator("#found-count")
    status.get_by_text("Търсенето не се зареди").wait_for()
    assert fresh.locator("#site-index").is_visible()
