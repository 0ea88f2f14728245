"""From every page one can call for help, see where one is and go on."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree

from tests.support.pages.built_pages import (
    IN_MENU,
    OF_A_CENTRE,
    Pages,
    every_page,
    of_centre,
    page,
    words,
)


def test_every_page_calls_112_and_116_111(pages: Pages) -> None:
    """In the header of every page, the 404 as well, both numbers are links to call."""
    for name, tree in pages.items():
        called = {words(a): a.get("href") for a in tree.xpath("//header//a")}
        assert called["112"] == "tel:112", name
        assert called["116 111"] == "tel:116111", name


def test_every_page_leads_to_all_help_lines(pages: Pages) -> None:
    """„Помощ сега“ stands in the header and the footer of every page."""
    for name, tree in pages.items():
        assert tree.xpath("//header//a[@href='/pomosht/']"), name
        assert tree.xpath("//footer//a[@href='/pomosht/']"), name


def test_the_help_page_has_every_line_with_its_day_of_checking(pages: Pages) -> None:
    """Each line of the table in domain.md can be called, and 112 comes first."""
    main = pages["pomosht/index.html"].xpath("//main")[0]
    called = [a.get("href") for a in main.xpath(".//h2//a")]
    for card in main.xpath(".//div[starts-with(@class, 'care')]"):
        label, heading = words(card.xpath("./*[1]")[0]), words(card.xpath("./h2")[0])
        assert label and re.match(r"(Обадете се|Пишете) на [\d ]+, ако ", heading), heading
    assert called[:2] == ["tel:112", "tel:116111"]
    rest = {"tel:116000", "tel:124123", "tel:+359800 1 8676".replace(" ", ""), "tel:+35980011977"}
    assert set(called[2:]) == rest
    assert called.index("tel:116000") > called.index("tel:112")
    assert len(re.findall(r"Проверено[^()]*ноември 2026 г\.", words(main))) == 7
    assert main.xpath(".//a[@href='tel:+35929817686']")


def test_112_is_reached_without_a_voice(pages: Pages) -> None:
    """Right after the card of 112 stands how a deaf or speech-impaired person reaches it."""
    cards = pages["pomosht/index.html"].xpath("//main//div[starts-with(@class, 'care')]")
    assert words(cards[0].xpath("./p[1]")[0]) == "Опасност сега"
    assert cards[1].xpath(".//a[@href='https://112.mvr.bg/']")
    assert "ако не чувате или говорите трудно" in words(cards[1].xpath("./h2")[0])


def test_the_phone_of_the_centre_is_in_the_header_of_its_pages(pages: Pages) -> None:
    """Every page of Harmanli can be left by calling; every page of Sopot says there is no phone."""
    for name, tree in of_centre(pages, "harmanli").items():
        links = tree.xpath("//header//a[@href='tel:+35937391076']")
        assert [words(link) for link in links] == ["Телефон: 0373 9 10 76"], name
    for name, tree in of_centre(pages, "sopot").items():
        assert "Центърът още не е посочил телефон" in words(tree.xpath("//header")[0]), name


def test_the_page_is_marked_once_in_each_list(pages: Pages) -> None:
    """Both menus fit a phone and mark the open page or what it belongs to, or the footer does."""
    belongs = {
        "programi": "uslugi",
        "uslugi": "uslugi",
        "ekip-i-istoriya": "kontakti",
        "nasochvane": "za-uchilishta-i-institutsii",
    }
    for centre in ("harmanli", "sopot"):
        for name, tree in of_centre(pages, centre).items():
            menus = tree.xpath("//nav[@class='menu']//ul")
            assert len(menus) == 2, name
            for menu in menus:
                assert len(menu.xpath(".//a")) == IN_MENU
                near = menu.xpath(".//a") + tree.xpath("//footer//a")
                here = "/" + name.removesuffix("index.html")
                under = f"/{centre}/{belongs.get(name.split('/')[1])}/"
                inside = name.split("/")[1] in belongs and here != under
                expected = [("true", under)] if inside else [("page", here)]
                marked = [(a.get("aria-current"), a.get("href")) for a in near]
                assert [item for item in marked if item[0]] == expected, name


def test_pages_of_no_centre_have_no_menu_of_one(pages: Pages) -> None:
    """The front page and the common pages do not stand inside a centre."""
    outside = [
        tree for name, tree in pages.items() if name.split("/")[0] not in {"harmanli", "sopot"}
    ]
    assert len(outside) == len(pages) - sum(OF_A_CENTRE.values())
    assert not [tree for tree in outside if tree.xpath("//nav[@class='menu']")]


@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_the_doors_lead_to_pages_of_the_centre(site: Path, centre: str) -> None:
    """Families, schools, children and anyone who looks around each have a door to a page."""
    doors = page(site, centre).xpath("//main//a[contains(@class, 'door')]")
    assert [words(door.xpath("./strong")[0]) for door in doors] == [
        "Търся помощ",
        "За деца",
        "Насочвам дете",
        "Какво предлагаме",
    ]
    for door in doors:
        assert door.get("href").startswith(f"/{centre}/")
        assert (site / door.get("href").strip("/") / "index.html").is_file()


def test_a_door_reads_as_two_phrases(pages: Pages) -> None:
    """Without styles, too, the name of a door and what it is for are set apart."""
    for name, tree in pages.items():
        for door in tree.xpath("//a[contains(@class, 'door')]"):
            first, second = (words(part) for part in door)
            assert words(door) == f"{first} {second}", name


def test_every_centre_is_reached_from_the_front_page(site: Path, pages: Pages) -> None:
    """Both centres have a card on the front page that leads to their home."""
    links = page(site, "").xpath("//main//li[@class='card']//h2/a/@href")
    assert links == ["/harmanli/", "/sopot/"]


def test_every_page_is_reached_by_links_from_the_front_page(pages: Pages) -> None:
    """No page, besides the 404, is an orphan."""
    reached, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in pages:
            continue
        reached.add(name)
        for link in pages[name].xpath("//a/@href"):
            path = urljoin(f"/{name}", link).partition("#")[0]
            waiting.append(f"{path.strip('/')}/index.html".lstrip("/"))
    assert reached == set(pages) - {"404.html"}


def test_no_link_leads_to_a_markdown_file(pages: Pages) -> None:
    """Every link between pages was turned into an address."""
    for name, tree in pages.items():
        assert not [link for link in tree.xpath("//@href") if ".md" in link], name


def test_the_site_map_lists_every_page_but_the_404(site: Path) -> None:
    """Search engines are told of each page of every language at its own address, but for those
    that ask not to be found.
    """
    locations = etree.parse(site / "sitemap.xml").xpath("//*[local-name()='loc']/text()")
    listed = (
        name for name, tree in every_page(site).items() if not tree.xpath("//meta[@name='robots']")
    )
    places = {name.removesuffix("index.html") for name in listed}
    expected = {f"https://opora.example/{place}" for place in places}
    assert set(locations) == {address for address in expected if not address.endswith("404.html")}
    assert len(locations) == len(set(locations))
