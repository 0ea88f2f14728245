"""No sentence misleads a person in danger: what may not be said, in any of the five languages.

The texts are read where they are written (`content/`, `locale/`, `docs/`, the pages of the web
servers), so that a page that is built only with another setting is held to it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po
from lxml import html

from site_build.edition import Edition
from site_build.paper.parts import PaperParts
from site_model.content import Content
from site_model.i18n.catalogues import first_form, forms_of, words_of
from tests.support.content.editions import TODAY
from tests.support.pages.built_pages import Pages, every_page, every_text, page, words
from tests.support.project import ROOT

LANGUAGES = ("bg", "en", "tr", "uk", "ar")
TRANSLATED = LANGUAGES[1:]
CENTRES = ("harmanli", "sopot")
WITHOUT_TAGS = re.compile(r"<[^>]*>|[*_]{2}")
SENTENCE_ENDS = re.compile(r"(?<=[.!?؟])[\s“”»]+")


def _of_content() -> Iterator[dict[str, str]]:
    for file in sorted((ROOT / "content").rglob("*.yml")):
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        yield from every_text(_without_queries(data))


def _without_queries(data: Any) -> Any:
    """Without the words that visitors type into the search."""
    if isinstance(data, dict):
        return {k: _without_queries(v) for k, v in data.items() if k not in ("words", "same")}
    return [_without_queries(one) for one in data] if isinstance(data, list) else data


def _of_catalogues() -> Iterator[dict[str, str]]:
    for language in TRANSLATED:
        with (ROOT / "locale" / f"{language}.po").open("rb") as file:
            for word in words_of(read_po(file, locale=language)):
                yield {"bg": first_form(word), language: " ".join(forms_of(word))}


def _of_files() -> Iterator[dict[str, str]]:
    for language in LANGUAGES:
        for file in sorted((ROOT / "docs" / language).glob("*.md")):
            yield from _lines(file, language)
    for file in (*(ROOT / "docs" / "guide").rglob("*.md"), *(ROOT / "deploy/pages").iterdir()):
        text = file.read_text(encoding="utf-8")
        yield from _lines(file, "bg" if re.search("[а-я]{4}", text) else "en")


def _lines(file: Path, language: str) -> Iterator[dict[str, str]]:
    """Each in the language that it says it is in, or else in that of the file."""
    for line in file.read_text(encoding="utf-8").splitlines():
        said = re.match(r'<p lang="(\w+)"', line)
        yield {said[1] if said else language: line}


TEXTS = [*_of_content(), *_of_catalogues(), *_of_files()]


def sentences(language: str) -> Iterator[str]:
    """Every sentence of every text of a language."""
    for text in TEXTS:
        plain = WITHOUT_TAGS.sub("", text.get(language, "")).replace("\u00a0", " ")
        yield from SENTENCE_ENDS.split(plain)


NEVER = {
    "the browser keeps nothing": {
        "bg": r"не оставя (?:нищо|след)|не остава (?:нищо|след)",
        "en": r"leaves? (?:nothing|no trace)|nothing (?:stays|remains|is left) in",
        "tr": r"hiçbir (?:şey|iz) (?:bırakma|kalma)|iz bırakmaz",
        "uk": r"не (?:лишає|залишає) (?:нічого|слід)|нічого не (?:лишає|залишає)",
        "ar": r"لا (?:يترك|تترك) (?:شيئًا|أثرًا|أي أثر)",
    },
    "anyone who is near is asked to help": {
        "bg": r"помол\w* (?:човек|някого|някой) (?:до|край|близо)|помол\w* (?:близък|друг) човек",
        "en": r"\bask (?:(?:a|the) person|someone|somebody|anyone) (?:near|next to|close|beside)"
        r"|\bask another person",
        "tr": r"(?:yanınızdaki|yakınınızdaki) bir|(?:başka|yakın) birinden|bir yakınınızdan .*iste",
        "uk": r"попрос\w+ (?:людину|когось) поруч|попрос\w+ (?:іншу|близьку) людину",
        "ar": r"طلبوا من شخص (?:قريب|آخر|مقرب)|ممن بجانبكم",
    },
    "112 waits for another telephone": {
        "bg": r"112.*друг телефон|друг телефон.*112",
        "en": r"112.*another phone|another phone.*112",
        "tr": r"112.*başka bir telefon|başka bir telefon.*112",
        "uk": r"112.*іншого телефону|іншого телефону.*112",
        "ar": r"112.*هاتف آخر|هاتف آخر.*112",
    },
    "a child that comes alone": {
        "bg": r"\b(?:дете|детето|помощ|дойде\w*|потърси\w*),? само\b(?! за)|\bсамо (?:по)?търси",
        "en": r"\b(?:come|comes|ask|asks|help) (?:for help )?(?:alone|by (?:your|them)sel\w+)",
        "tr": r"tek başına (?:yardım|gel|başvur)|yalnız (?:yardım|gelir)",
        "uk": r"дитина сама|\bсам(?:а|остійно)? (?:про|звер|прий)|прийдеш сам",
        "ar": r"المساعدة وحد|(?:أتيت|جئت|جاء) وحد",
    },
    "the duty to tell is narrower than the law's": {
        "bg": r"^(?!.*(?:закрила|112))(?=.*\bдете)(?=.*(?:закон|длъж)).*в опасност"
        r"|^(?!.*нуждае от закрила)(?=.*\bдете)(?=.*(?:закон|длъж)).*в опасност.*служби",
        "en": r"^(?!.*(?:needs protection|112))(?=.*child)(?=.*\b(?:law|must)\b).*in danger",
        "tr": r"^(?!.*(?:korunmaya ihtiyac|112))(?=.*çocu)(?=.*(?:kanun|zorunda)).*tehlikede",
        "uk": r"^(?!.*(?:потребує захисту|112))(?=.*дитин)(?=.*(?:закон|зобов)).*небезпе",
        "ar": r"^(?!.*(?:يحتاج (?:طفل |الطفل )?إلى حماية|112))"
        r"(?=.*طفل)(?=.*(?:القانون|ملزم|يُلزم)).*خطر",
    },
    "safety comes after the deed": {
        "bg": r"\S[^„]*\sако е безопасно",
        "en": r"\S[^“]*\sif (?:it|that) is safe",
        "tr": r"\S[^“]*\sgüvenliyse",
        "uk": r"\S[^«]*\sякщо це безпечно",
        "ar": r"\S[^«]*\s(?:إذا|إن) كان ذلك آمن",
    },
    "a not that ends in and": {
        "bg": r"\b[Нн]е\w* [^.:]*(?:[,–]|с[еи]) ?(?:– )?и на (?:коле|техн|инст|тях)"
    },
}


@pytest.mark.parametrize(
    ("what", "language"), [(what, language) for what in NEVER for language in NEVER[what]]
)
def test_what_is_said_nowhere(what: str, language: str) -> None:
    """In no text of any place: each was said once, and misled or promised too much."""
    wrong = re.compile(NEVER[what][language], re.IGNORECASE)
    assert not [one for one in sentences(language) if wrong.search(one)]


PROTECTION = {
    "bg": "нуждае от закрила",
    "en": "needs protection",
    "tr": "korunmaya ihtiyac",
    "uk": "потребує захисту",
    "ar": "يحتاج (?:طفل |الطفل )?إلى حماية",
}


def test_the_condition_of_the_law_is_the_same_in_every_language() -> None:
    """Where Bulgarian says „нуждае се от закрила“, as the law does, so does each translation."""
    told = [text for text in TEXTS if re.search("нуждае(?: се)? от закрила", text.get("bg", ""))]
    assert len(told) > 10
    for text in told:
        for language in text.keys() - {"bg"}:
            assert re.search(PROTECTION[language], text[language]), text["bg"]


def test_no_answer_of_the_search_promises_a_lock() -> None:
    """How a letter travels is a setting, which only the macro of the form's page knows."""
    search = yaml.safe_load((ROOT / "content/search.yml").read_text(encoding="utf-8"))
    locked = re.compile("заключ|lock|kilit|зашифр|замика|قفل", re.IGNORECASE)
    for text in every_text(_without_queries(search)):
        assert not [one for one in text.values() if locked.search(one)]


TO_TALK = {"bg": "говор", "en": "talk", "tr": "onuş", "uk": "говор", "ar": "تحدث"}
CHILDREN = {
    "bg": "и децата",
    "en": "children",
    "tr": "çocuklar da",
    "uk": "діти теж",
    "ar": "الأطفال",
}
WORRY = {"bg": "тревож", "en": "worr", "tr": "endişe", "uk": "тривож", "ar": "قلق"}
"""Of 116 111 for worried adults nothing is known: see domain.md, „Help lines“."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_two_numbers_are_told_apart_by_reason(content: Content, language: str) -> None:
    """116 111 is for children who want to talk: no second number „for children“ beside 112."""
    line = content.help_lines["child_line"]
    for said in (line.label.to(language), line.call_if.to(language)):
        assert TO_TALK[language] in said
        assert WORRY[language] not in said


def of_language(name: str) -> str:
    beginning = name.partition("/")[0]
    return beginning if beginning in TRANSLATED else "bg"


def in_order(dialled: list[str]) -> bool:
    """Whether 112 comes first where both numbers stand."""
    both = [one for one in dialled if one in ("tel:112", "tel:116111")]
    return not both or len(set(both)) == 1 or both[0] == "tel:112"


@pytest.fixture(scope="module")
def all_pages(site: Path) -> Pages:
    """Every page in every language."""
    return every_page(site)


def test_112_stands_first_wherever_both_numbers_do(all_pages: Pages) -> None:
    """In every list, box, sentence and row of headings of every page in every language."""
    pages = all_pages | {file.name: page_of(file) for file in (ROOT / "deploy/pages").iterdir()}
    together = "//ul | //ol | //dl | //li | //p | //header | //footer | //div[@class]"
    for name, tree in pages.items():
        for place in tree.xpath(together):
            if "form-page" not in place.get("class", ""):
                assert in_order(place.xpath(".//a/@href")), (name, words(place)[:200])
        assert in_order(tree.xpath("//main//h2//a/@href")), name


def page_of(file: Path) -> html.HtmlElement:
    return html.document_fromstring(file.read_text(encoding="utf-8"))


def test_116_111_always_says_that_it_is_for_talking(all_pages: Pages) -> None:
    """In the header, in each box of danger and in each list of the two numbers."""
    for name, tree in all_pages.items():
        language = of_language(name)
        for link in tree.xpath(
            "//header//a[@href='tel:116111'] | //main//*[.//a[@href='tel:112']]"
            "[self::div[contains(@class, 'care-danger')] or self::ul]//a[@href='tel:116111']"
        ):
            around = words(link.getparent())
            assert TO_TALK[language] in around, (name, around)


def test_children_in_danger_are_told_112_where_they_read_of_their_line(all_pages: Pages) -> None:
    """A box of danger that names 116 111 says that in danger children call 112 as well."""
    seen = set()
    for name, tree in all_pages.items():
        language = of_language(name)
        for box in tree.xpath("//div[contains(@class, 'care-danger')][.//a[@href='tel:116111']]"):
            told = [one for one in SENTENCE_ENDS.split(words(box)) if "112" in one]
            assert any(CHILDREN[language] in one for one in told), (name, words(box))
            seen.add(language)
    assert seen == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_tells_the_numbers_apart_too(content: Content, language: str) -> None:
    """Leaflets, cards and paper forms: 112 first, and 116 111 for talking."""
    parts = PaperParts(Edition(content, language, lambda text: text, TODAY))
    lines = parts.danger()["lines"]
    assert [one["phone"]["shown"] for one in lines if one["phone"]] == ["112", "116 111"]
    assert "искат да поговорят" in lines[-1]["text"] and "и децата" in lines[-1]["text"]


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("language", ["", "en/"])
def test_easy_words_of_danger_name_112_alone(site: Path, centre: str, language: str) -> None:
    """Who reads word by word finds one number under „Ако има опасност“, also as a child."""
    first, second = page(site, f"{language}{centre}/lesno-za-chetene").xpath("//main//h2")[:2]
    called = [item.xpath("./following-sibling::ul[1]//a/@href") for item in (first, second)]
    assert set(called[0]) == {"tel:112"} and len(called[0]) == 2
    assert called[1] == ["tel:116111"]


@pytest.mark.parametrize(
    ("language", "cookies", "word"), [("", "бисквитки", "Браузърът"), ("en/", "cookies", "browser")]
)
def test_beside_no_cookies_stands_what_the_browser_remembers(
    site: Path, language: str, cookies: str, word: str
) -> None:
    """The page about personal data says it, and leads to how a site is read safely."""
    for centre in CENTRES:
        main = page(site, f"{language}{centre}/lichni-danni").find(".//main")
        (told,) = (item for item in main.xpath(".//li") if cookies in words(item))
        assert word in words(told)
        assert told.xpath(".//a[contains(@href, '/bezopasnost/')]")


OTHERS = {
    "bg": "друг",
    "en": "someone else",
    "tr": "Başka biri",
    "uk": "хтось інший",
    "ar": "شخص آخر",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_exit_leaves_is_told_as_a_danger(site: Path, language: str) -> None:
    """Somebody else may read the begun letter: no convenience for anyone who comes back."""
    place = "bezopasnost" if language == "bg" else f"{language}/bezopasnost"
    lists = page(site, place).xpath("//main//ul")
    (told,) = (item for item in lists[0].xpath("./li") if "JavaScript" in words(item))
    assert OTHERS[language] in words(told)


@pytest.mark.parametrize("place", ["za-uchilishta-i-institutsii", "vaprosi-i-otgovori"])
def test_old_ways_of_referral_stand_beside_the_law_of_today(site: Path, place: str) -> None:
    """Whom the undated text of Harmanli names as referring is followed by what the law says now."""
    said = words(page(site, f"harmanli/{place}").find(".//main"))
    told = said.partition("Детска педагогическа стая")[2]
    assert told.index("в текста на центъра (без посочена дата)") < told.index("чл. 73")


def test_no_page_states_what_no_source_of_ours_says(content: Content) -> None:
    """A deadline for answers about data, АКСУ, „at home“ for a line: domain.md has none of them."""
    rights, line = content.law["data_rights"], content.help_lines["violence_alliance"]
    assert "месец" not in rights.text.to("bg")
    assert set(content.authorities) == {"data_protection"}
    for language, home in (("bg", "вкъщи"), ("en", "at home"), ("tr", "evde"), ("uk", "удома")):
        assert home not in f"{line.label.to(language)} {line.call_if.to(language)}".lower()
    assert "ОЗД" in content.groups["pregnancy_parents"].plain.to("bg")


A_CHILD = {"bg": "дете|деца", "en": "child", "tr": "çocu", "uk": "дитин|діт", "ar": "طفل|أطفال"}
PARENTS = {"bg": "родител", "en": "parents", "tr": "annene babana", "uk": "батькам", "ar": "والديك"}
HARM_MYSELF = {
    "bg": r"си (?:причините|направиш)",
    "en": "yourself",
    "tr": "[Kk]endi(?:nize|ne) zarar",
    "uk": "завдати собі|зробити собі",
    "ar": "إيذاء (?:أنفسكم|نفسك)",
}
AFTER_VIOLENCE = ("animus", "violence_alliance")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", AFTER_VIOLENCE)
def test_lines_for_advice_send_who_is_hit_now_to_112(
    content: Content, line: str, language: str
) -> None:
    """On paper and on the page of help: first 112, and the line for what has happened."""
    about = content.help_lines[line].about.to(language)
    assert "112" in SENTENCE_ENDS.split(about)[0]
    present = {
        "bg": r"\bудря\b|нужна",
        "en": "hits|need",
        "tr": "dövüyor",
        "uk": "б’є",
        "ar": "يضرب",
    }
    assert not re.search(present[language], content.help_lines[line].call_if.to(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_offer_116_111_to_children_and_112_before_it(
    content: Content, language: str
) -> None:
    """Each sentence says that it is for children; in danger 112 is named in a sentence before."""
    told = [a for a in content.search.answers if "116 111" in a.text.to(language)]
    assert len(told) > 6
    for answer in told:
        text = answer.text.to(language)
        for one in SENTENCE_ENDS.split(text):
            assert "116 111" not in one or re.search(A_CHILD[language], one.lower()), (
                answer.id,
                one,
            )
        if answer.danger:
            assert -1 < text.find("112") < text.find("116 111"), answer.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_who_asks_who_will_know_is_told_of_the_parents(
    content: Content, language: str
) -> None:
    """As the law of the child that comes without an adult says."""
    (answer,) = (a for a in content.search.answers if a.id == "secrecy")
    assert PARENTS[language] in answer.text.to(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_search_says_of_a_line_what_the_page_of_help_says(
    site: Path, content: Content, language: str
) -> None:
    """Without scripts, and where nothing is found: 112 before a line that may not answer."""
    place = "" if language == "bg" else f"{language}/"
    listed = page(site, f"{place}tarsene").xpath("//*[@id='site-index']/ul[1]/li")
    for line, item in zip(content.help_lines.values(), listed, strict=True):
        about = " ".join(line.about.to(language).split())
        assert about in words(item).replace("\u00a0", " ")


def test_112_is_also_for_who_thinks_of_self_harm(all_pages: Pages) -> None:
    """In the box of 112 on the page of help and on the pages for children."""
    seen = set()
    for name, tree in all_pages.items():
        if re.search(r"(?:^|/)(?:pomosht|za-detsa)/", name):
            language = of_language(name)
            box = tree.xpath("//main//div[contains(@class, 'care-danger')]")[0]
            assert re.search(HARM_MYSELF[language], words(box)), (name, words(box))
            seen.add(language)
    assert seen == set(LANGUAGES)


def test_116_111_is_offered_to_adults_as_a_line_for_children(all_pages: Pages) -> None:
    """What happens after writing, the questions, and the page of a centre in three languages."""
    seen = set()
    for name, tree in all_pages.items():
        if re.search(r"kakvo-stava|vaprosi-i|^(?:tr|uk|ar)/\w+/index", name):
            language = of_language(name)
            for link in tree.xpath("//main//p/a[@href='tel:116111']"):
                around = words(link.getparent())
                assert re.search(A_CHILD[language], around.lower()), (name, around)
                seen.add(language)
    assert seen == set(LANGUAGES)
