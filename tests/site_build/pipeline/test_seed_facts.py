"""Every fact of both seeds stands on its page, and nothing that the seeds do not say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from site_model.content import Content
from site_model.types import Source
from tests.support.content.seed_facts import (
    ABOUT,
    FACTS,
    FORMS,
    GAPS,
    MISSPELT,
    PAGES,
    SEEDS,
    STIGMATISING,
    SUPPORT,
)
from tests.support.pages.built_pages import Pages, main_words, page, words
from tests.support.project import ROOT

CENTRES = ("harmanli", "sopot")


def seed_lines(centre: str) -> dict[int, str]:
    """The lines of a seed that say something, by their number."""
    text = (ROOT / "content" / "sources" / SEEDS[centre]).read_text(encoding="utf-8")
    return {n: line for n, line in enumerate(text.splitlines(), 1) if line.strip()}


def sources(value: object) -> Iterator[Source]:
    """Every source that a fact names."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sources(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from sources(item)


def centre_words(site: Path, centre: str) -> str:
    """All that the pages of a centre say about it, without its forms."""
    return "\n".join(main_words(site, f"{centre}/{place}") for place in PAGES[centre])


KINDS_SAID = {
    "psychological_counselling": "предлага психологическо и социално консултиране",
    "social_counselling": "предлага психологическо и социално консултиране",
    "individual": "Предлаганите социални услуги са индивидуални и групови",
    "institutions": "посредничи при общуването на клиентите с институции",
    "group_courses": "Груповите социални услуги се провеждат под формата на курсове",
    "reintegration": "реинтеграцията- връщането на деца от институции",
}
"""What the seeds say of each kind of service that the two centres claim."""


def test_a_centre_claims_only_kinds_that_its_own_text_names(content: Content) -> None:
    """Each kind stands in a line that the service names; kinds of the law alone are claimed
    by nobody.
    """
    claimed = [
        (service, centre) for centre in CENTRES for service in content.centres[centre].services
    ]
    assert {service.kind for service, _ in claimed} == KINDS_SAID.keys()
    for service, centre in claimed:
        assert service.kind
        lines = seed_lines(centre)
        (line,) = [n for n in service.source.lines if KINDS_SAID[service.kind] in lines[n]]
        assert content.kinds[service.kind].source == f"{SEEDS[centre]}:{line}"
    of_the_law = [kind for id, kind in content.kinds.items() if id not in KINDS_SAID]
    assert all("ЗСУ, чл. 12 и 15" in kind.source for kind in of_the_law)


@pytest.mark.parametrize(
    ("centre", "line", "place", "phrase"),
    [
        pytest.param(centre, *fact, id=f"{centre}-{fact[0]}-{number}")
        for centre, facts in FACTS.items()
        for number, fact in enumerate(facts, 1)
    ],
)
def test_a_fact_of_the_seed_stands_on_its_page(
    site: Path, centre: str, line: int, place: str, phrase: str
) -> None:
    """The phrase is read in the main text of the page, and its seed line says something."""
    assert seed_lines(centre)[line]
    assert phrase in main_words(site, f"{centre}/{place}")


@pytest.mark.parametrize("centre", CENTRES)
def test_no_line_of_the_seed_is_left_out_of_the_table(centre: str) -> None:
    """Each line that says something has its rows above."""
    assert {fact[0] for fact in FACTS[centre]} == set(seed_lines(centre))


@pytest.mark.parametrize("centre", CENTRES)
def test_each_line_of_the_seed_is_the_source_of_a_fact(content: Content, centre: str) -> None:
    """No line that says something is without a fact that names it."""
    named = {n for source in sources(content.centres[centre]) for n in source.lines}
    missing = {n: line for n, line in seed_lines(centre).items() if n not in named}
    assert not missing


@pytest.mark.parametrize("centre", CENTRES)
def test_a_centre_names_only_its_own_seed(content: Content, centre: str) -> None:
    """No fact of one centre is taken from the text of the other."""
    assert {source.file for source in sources(content.centres[centre])} == {SEEDS[centre]}


GIVEN = {
    "harmanli": "e2ba056e3708cbb393e8ed3ac285cf090d28c4a7190afd0a5e4ee357d9252931",
    "sopot": "14b3c61354f06f0d3f2eb4a58634c616a021183428d09138d1cbc9eb674cc9b1",
}


@pytest.mark.parametrize("centre", CENTRES)
def test_the_seed_is_kept_as_it_was_given(centre: str) -> None:
    """The text whose lines the facts count is, byte for byte, the one that was given."""
    kept = (ROOT / "content" / "sources" / SEEDS[centre]).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == GIVEN[centre]


@pytest.mark.parametrize("wrong", MISSPELT)
def test_a_slip_of_the_seed_stands_on_no_page(pages: Pages, wrong: str) -> None:
    """What the seed mistyped is corrected everywhere."""
    assert not [name for name, tree in pages.items() if wrong in words(tree)]


@pytest.mark.parametrize("word", STIGMATISING)
def test_no_page_stigmatises(pages: Pages, word: str) -> None:
    """No page blames the people whom the centres help."""
    assert not [name for name, tree in pages.items() if word in words(tree).lower()]


@pytest.mark.parametrize("centre", CENTRES)
def test_signs_stand_where_bulgarian_puts_them(site: Path, centre: str) -> None:
    """A space follows each comma and full stop between words, and none goes before it."""
    text = centre_words(site, centre).replace("cop.harmanli@abv.bg", "")
    assert not re.findall(r"\w+[,;][^\W\d]\w*|[а-я]{2,}\.[^\W\d]\w*|\w+ [,.;:!?]", text)


def test_the_names_of_photographs_stand_only_where_they_are_explained(
    site: Path, pages: Pages
) -> None:
    """cop1, cop2 and cop4 are named once, as photographs that were not given."""
    found = {name for name, tree in pages.items() if re.search(r"cop\d", words(tree))}
    assert found == {f"sopot/{ABOUT}/index.html"}
    assert main_words(site, f"sopot/{ABOUT}").count("cop") == 3


@pytest.mark.parametrize(("centre", "place", "label", "phrase"), GAPS)
def test_what_the_seed_does_not_say_is_said_to_be_missing(
    site: Path, centre: str, place: str, label: str | None, phrase: str
) -> None:
    """A gap stands in plain words, marked as a gap, under its label where it has one."""
    inside = f"//dt[.='{label}']/following-sibling::dd[1]" if label else "//main"
    gaps = page(site, f"{centre}/{place}").xpath(f"{inside}//*[@class='gap']")
    assert [gap for gap in gaps if words(gap).startswith(phrase)]


@pytest.mark.parametrize(
    ("centre", "phones", "addresses"),
    [
        ("harmanli", {"tel:+35937391076"}, {"mailto:cop.harmanli@abv.bg"}),
        ("sopot", set(), set()),
    ],
)
def test_no_phone_or_address_is_made_up(
    site: Path, centre: str, phones: set[str], addresses: set[str]
) -> None:
    """Links to call or to write are those of the seed, besides 112 and 116 111."""
    places = [f"{centre}/{place}" for place in (*PAGES[centre], *FORMS)]
    links = {str(link) for place in places for link in page(site, place).xpath("//a/@href")}
    called = {link for link in links if link.startswith("tel:")}
    assert called == phones | {"tel:112", "tel:116111"}
    assert {link for link in links if link.startswith("mailto:")} == addresses


def test_nobody_is_told_to_call_a_centre_without_a_phone(site: Path) -> None:
    """The pages of Sopot speak of calling only 112 and 116 111."""
    for place in PAGES["sopot"]:
        calls = re.findall(r"бадете(?! се на 11)[^.]*", main_words(site, f"sopot/{place}"))
        assert not calls, place


@pytest.mark.parametrize("centre", CENTRES)
def test_no_number_is_made_up(site: Path, centre: str) -> None:
    """Each number on the pages of a centre is in its seed, in the law or in the help lines."""
    known = [ROOT / "content" / "sources" / SEEDS[centre]]
    known += [ROOT / "content" / "law.yml", ROOT / "content" / "help_lines.yml"]
    given = " ".join(path.read_text(encoding="utf-8") for path in known)
    numbers = {int(n) for n in re.findall(r"\d+", given)}
    two_psychologists = {2}  # "двама психолози" in words
    about_files = r"\(PDF, [^)]* KB\)"
    next_check = r"следваща проверка до [^;]*? г\."
    said = re.sub(f"{about_files}|{next_check}", "", centre_words(site, centre))
    shown = {int(n) for n in re.findall(r"\d+", said)}
    assert shown <= numbers | two_psychologists


NOT_SAID = {
    "harmanli": ("ул.", "бул.", "пл.", "партньор", "проект", "доброволци"),
    "sopot": ("ул.", "бул.", "пл.", "Капацитет", "психолог", "партньор", "Лазаров"),
}


@pytest.mark.parametrize(
    ("centre", "word"), [(centre, word) for centre in CENTRES for word in NOT_SAID[centre]]
)
def test_what_the_seed_does_not_name_is_not_claimed(site: Path, centre: str, word: str) -> None:
    """No street, partner, capacity or role appears out of nowhere."""
    assert not re.search(rf"\b{re.escape(word)}", centre_words(site, centre))


@pytest.mark.parametrize("centre", CENTRES)
def test_nothing_is_said_to_be_free_but_the_help_line(
    site: Path, content: Content, centre: str
) -> None:
    """Neither seed speaks of fees, so only the children's line may be called free."""
    line = content.help_lines["child_line"].about.to("bg")
    to_children = "Безплатно, денем и нощем Обади се на 116 111"
    to_talk = "безплатно, денонощно и анонимно: 116 111"
    for place in (*PAGES[centre], *FORMS):
        text = main_words(site, f"{centre}/{place}").replace(line, "")
        text = text.replace(to_children, "").replace(to_talk, "").lower()
        assert not re.search(r"безплат|не се заплаща|без такса|не се плаща", text), place


def test_confidentiality_stands_beside_its_limit(pages: Pages) -> None:
    """„Пълна конфиденциалност“ is never read without the duty to protect a child."""
    items = [words(i) for tree in pages.values() for i in tree.xpath("//main//li | //main//p")]
    promises = [item for item in items if "пълна конфиденциалност" in item]
    assert promises
    assert all(
        "Законът поставя граници: когато дете се нуждае от закрила" in item for item in promises
    )


@pytest.mark.parametrize("route", ["Направо в центъра", "Чрез отдел", "Чрез училище"])
@pytest.mark.parametrize("centre", CENTRES)
def test_each_route_stands_beside_what_the_law_says_today(
    site: Path, centre: str, route: str
) -> None:
    """Under each way to the centre stands what the law now says, with the day of checking."""
    sections = main_words(site, f"{centre}/{SUPPORT}").partition(route)[2]
    first = sections[: sections.index("проверено")]
    assert "Сега законът казва: " in first
    assert "(Закон за социалните услуги" in first


@pytest.mark.parametrize(
    ("place", "language"), [(f"harmanli/{SUPPORT}", "bg"), ("tr/harmanli", "tr")]
)
def test_working_hours_are_not_said_to_be_the_law(
    site: Path, content: Content, place: str, language: str
) -> None:
    """The hours of ОЗД, from the help line's site, have no label that makes a law of them."""
    hours = content.law["ozd_hours"].text.to(language)
    (said,) = [p for p in page(site, place).xpath("//main//p") if hours in words(p)]
    assert words(said).startswith(hours)
