"""Services, groups and programmes lead to each other; children and schools find their own way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from site_model.content import Content
from site_model.facts.centre import Centre
from tests.support.pages.built_pages import main_words, page, words

SHEET = (
    "За кого",
    "Какво е",
    "Програми",
    "Как да я получите",
    "Такса",
    "Документи",
    "Къде",
    "Връзка с центъра",
    "Проверено по текста на центъра",
    "Име в документите",
)
CENTRES = ("harmanli", "sopot")


def answer(tree: html.HtmlElement, label: str) -> html.HtmlElement:
    """What stands beside a label of a sheet."""
    (found,) = tree.xpath(f"//main//dt[.='{label}']/following-sibling::dd[1]")
    return found


def section(tree: html.HtmlElement, place: str) -> list[html.HtmlElement]:
    """What stands between the heading with this id and the next one of its level."""
    (heading,) = tree.xpath(f"//main//h2[@id='{place}']")
    inside = []
    for after in heading.itersiblings("*"):
        if after.tag == "h2":
            break
        inside.append(after)
    return inside


def links(elements: list[html.HtmlElement]) -> set[str]:
    """Where the links in these elements lead, without the steps up and the first folders."""
    found = [str(link) for element in elements for link in element.xpath(".//a/@href")]
    return {link.rstrip("/").split("/")[-1] for link in found}


def service_page(site: Path, centre: Centre, slug: str) -> html.HtmlElement:
    return page(site, f"{centre.id}/uslugi/{slug}")


@pytest.mark.parametrize("centre", CENTRES)
def test_every_service_has_the_same_sheet_in_the_same_order(
    site: Path, content: Content, centre: str
) -> None:
    """Each label stands once, in order; only the row of programmes may be absent."""
    for service in content.centres[centre].services:
        tree = service_page(site, content.centres[centre], service.slug)
        labels = [words(label) for label in tree.xpath("//main//dl[@class='sheet']/dt")]
        rows = set(labels) | {"Програми"}
        assert rows == set(SHEET)
        assert labels == [label for label in SHEET if label in labels]
        assert words(answer(tree, "Проверено по текста на центъра")) == (
            "ноември 2026 г.; следваща проверка до 30 ноември 2027 г."
        )


@pytest.mark.parametrize("centre", CENTRES)
def test_services_and_groups_lead_to_each_other(site: Path, content: Content, centre: str) -> None:
    """A service names its groups, and the section of each group names exactly its services."""
    facts = content.centres[centre]
    who = page(site, f"{centre}/na-kogo-pomagame")
    for service in facts.services:
        named = answer(service_page(site, facts, service.slug), "За кого")
        assert links([named]) == {f"#{group}" for group in service.groups}
    for served in facts.target_groups:
        expected = {s.slug for s in facts.services if served.group in s.groups}
        expected |= {f"#{p.id}" for p in facts.programmes if served.group in p.groups}
        assert links(section(who, served.group)) == expected
        assert expected, served.group


def test_it_is_said_whose_words_a_group_has(site: Path) -> None:
    """The centre's stand as the centre's and the law's as the law's, and never twice the same."""
    sopot, harmanli = (page(site, f"{id}/na-kogo-pomagame") for id in ("sopot", "harmanli"))
    school = " ".join(words(part) for part in section(sopot, "school"))
    assert "Центърът пише: „Ученици, отпадащи или застрашени от отпадане“" in school
    assert "Законът и институциите пишат: „Деца, необхванати от" in school
    pupils = " ".join(words(part) for part in section(sopot, "pupils"))
    assert "пише" not in pupils
    disability = " ".join(words(part) for part in section(harmanli, "disability"))
    assert "Центърът пише: „Деца с увреждане до 18-годишна възраст" in disability
    assert "Законът" not in disability
    assert "В документите" not in words(sopot)


def test_programmes_and_groups_lead_to_each_other(site: Path, content: Content) -> None:
    """A programme names its groups; two for which the text names nobody are said to be such."""
    facts = content.centres["sopot"]
    tree = page(site, "sopot/programi")
    for programme in facts.programmes:
        led = {link for link in links(section(tree, programme.id)) if link.startswith("#")}
        assert led == {f"#{group}" for group in programme.groups}
    nobody = main_words(site, "sopot/na-kogo-pomagame").partition("не е посочено за кого са")[2]
    assert nobody.startswith(" Приемна грижа Осиновяване За колко")


def test_a_programme_belongs_to_a_service_only_where_the_text_says_so(
    site: Path, content: Content
) -> None:
    """Line 6 counts three programmes to the group services; of the others nothing is guessed."""
    facts = content.centres["sopot"]
    said = {p.id: p.part_of.service for p in facts.programmes if p.part_of}
    assert said == {"family_planning": "group", "my_choice": "group", "parenting": "group"}
    assert all(6 in p.part_of.source.lines for p in facts.programmes if p.part_of)
    courses = service_page(site, facts, "kursove-i-grupi")
    assert links([answer(courses, "Програми")]) == {f"#{programme}" for programme in said}
    tree = page(site, "sopot/programi")
    for programme in facts.programmes:
        part = section(tree, programme.id)
        assert ("kursove-i-grupi" in links(part)) == (programme.id in said)
        text = " ".join(words(element) for element in part)
        assert ("не казва към коя услуга" in text) == (programme.id not in said)


@pytest.mark.parametrize("centre", CENTRES)
def test_schools_find_six_steps_that_begin_with_danger(site: Path, centre: str) -> None:
    """112, then signal or referral with the law and its day, family, what, how, and after."""
    steps = page(site, f"{centre}/za-uchilishta-i-institutsii").xpath("//ol[@class='steps']/li")
    assert [words(step.xpath("./h2")[0]) for step in steps] == [
        "Има ли опасност точно сега?",
        "Решете: сигнал или насочване",
        "Поговорете със семейството",
        "Подгответе какво да изпратите",
        "Изпратете насочването",
        "Какво става после",
    ]
    assert steps[0].xpath(".//a[@href='tel:112']")
    assert "(Закон за закрила на детето, чл. 7; проверено: ноември 2026 г.)" in words(steps[1])
    assert "Не изпращайте: ЕГН" in words(steps[3])
    assert steps[4].xpath(f".//a[@href='/{centre}/nasochvane/']")
    assert "още не е посочил до кога отговаря" in words(steps[5])


@pytest.mark.parametrize("centre", CENTRES)
def test_children_read_their_own_words(site: Path, centre: str) -> None:
    """First 112, then 116 111; who must be told, before how to write; „ти“ throughout."""
    tree = page(site, f"{centre}/za-detsa")
    assert tree.xpath("//main//h2//a/@href")[:2] == ["tel:112", "tel:116111"]
    text = main_words(site, f"{centre}/za-detsa")
    assert text.index("Не можем да ти обещаем") < text.index("Отвори страницата „Пишете ни“")
    assert "родителите ти или настойника ти" in text
    assert tree.xpath(f"//main//a[@href='/{centre}/pishete-ni/']")
    formal = text.replace("Пишете ни", "")
    assert not re.search(r"\b(вие|вас|ви|вашия|ваш|обадете|пишете)\b", formal, re.IGNORECASE)


@pytest.mark.parametrize("centre", CENTRES)
def test_history_comes_last_and_is_dated(site: Path, centre: str) -> None:
    """Each event begins with its date, or says that it has none."""
    main = page(site, f"{centre}/ekip-i-istoriya").xpath("//main")[0]
    assert words(main.xpath(".//h2")[-1]) == "История"
    events = [words(item) for item in main.xpath(".//h2[last()]/following-sibling::ul/li")]
    assert events
    assert all(re.match(r"\d+ \w+ \d{4} г\.: |Без посочена дата: ", event) for event in events)


@pytest.mark.parametrize("centre", CENTRES)
def test_when_an_answer_comes_is_said_before_the_first_field(site: Path, centre: str) -> None:
    """A centre that gave no time has that said above both forms."""
    for form in ("pishete-ni", "nasochvane"):
        (before,) = page(site, f"{centre}/{form}").xpath("//main//div[@class='before']")
        assert "Центърът още не е посочил до кога отговаря." in words(before)


def test_calling_a_centre_is_offered_only_where_it_has_a_telephone(site: Path) -> None:
    """Without telephone and address nobody is left to „I will call“: the form says before its
    first field on what an answer hangs.
    """
    lacking = "Центърът още не е посочил телефон и адрес. Може да ви отговорят само ако дадете"
    for centre, has_phone in (("harmanli", True), ("sopot", False)):
        after = main_words(site, f"{centre}/kakvo-stava-kogato-pishete")
        assert ("намира писмото, ако се обадите" in after) == has_phone
        form = page(site, f"{centre}/pishete-ni")
        assert "аз ще се обадя" not in words(form)
        assert (lacking in words(form.xpath("//main//div[@class='before']")[0])) == (not has_phone)


@pytest.mark.parametrize("centre", CENTRES)
def test_both_limits_of_secrecy_stand_where_it_is_asked_who_will_know(
    site: Path, centre: str
) -> None:
    """A child in need of protection, and a child who asks for help without an adult."""
    asked = section(page(site, f"{centre}/vaprosi-i-otgovori"), "koy-shte-razbere")
    said = " ".join(words(element) for element in asked)
    assert "се нуждае от закрила" in said
    assert "Ако си дете и търсиш помощ без възрастен, центърът е длъжен по закон веднага" in said


@pytest.mark.parametrize("centre", CENTRES)
def test_outside_the_hours_of_the_department_the_police_are_told(site: Path, centre: str) -> None:
    """The law names them too: nobody waits for the morning (ЗЗДет, art. 7)."""
    steps = page(site, f"{centre}/za-uchilishta-i-institutsii").xpath("//ol[@class='steps']/li")
    after_hours = words(steps[1]).partition("до 17:30")[2]
    assert "Извън тези часове уведомете полицията. При опасност: 112." in after_hours


@pytest.mark.parametrize("language", ["bg", "en", "tr", "uk", "ar"])
def test_what_was_downloaded_stays_and_that_is_said(site: Path, language: str) -> None:
    """No history shows a sheet or a card on the telephone, so deleting it deletes neither."""
    prefix = "" if language == "bg" else f"{language}/"
    told = main_words(site, f"{prefix}bezopasnost")
    assert "PDF" in told
    assert "vCard" in told


@pytest.mark.parametrize("centre", CENTRES)
def test_before_the_card_stands_when_it_is_safe(site: Path, centre: str) -> None:
    """The name of the centre among the contacts tells anyone who looks through them."""
    said = main_words(site, f"{centre}/kontakti")
    assert said.index("само ако никой друг не гледа телефона ви") < said.index("vCard")
