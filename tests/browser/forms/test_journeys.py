"""Whole journeys in a real browser, with JavaScript and without, up to the opened mail."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from lxml import html
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser.browser_parts import Demo, newest_mail
from tests.support.browser.states import REVIEW


def errors(page: Page) -> Locator:
    return page.locator("#errors li")


def test_family_writes_to_harmanli(page: Page, demo: Demo) -> None:
    """Front page, Harmanli, contact; empty, errors, fixed, receipt; every answer in the mail."""
    page.goto(demo.site)
    page.get_by_role("link", name="Център за обществена подкрепа, Харманли").click()
    page.get_by_role("link", name="Търся помощ").click()
    page.locator("main").get_by_role("link", name="Пишете ни").click()
    page.get_by_role("button", name="Изпратете писмото").click()
    expect(errors(page)).to_have_count(5)
    expect(page).to_have_title(re.compile("^Грешка: "))
    expect(page.locator("#error-title")).to_be_focused()
    page.get_by_role("link", name="Напишете поне едно изречение какво се случва").click()
    expect(page.locator("#message")).to_be_focused()

    page.get_by_label("Какво се случва и от какво имате нужда?").fill("Имам нужда от съвет.")
    page.get_by_label("Не", exact=True).check()
    page.get_by_label("Дете или младеж до 18 години").check()
    page.get_by_label("Пишете ми на имейл").check()
    page.get_by_label("Разговори с психолог").check()
    page.get_by_label("Прочетох кой чете писмото").check()
    page.get_by_role("button", name="Изпратете писмото").click()
    expect(errors(page)).to_have_text(["Напишете имейл или изберете друг начин да ви потърсим"])
    expect(page.get_by_label("Какво се случва")).to_have_value("Имам нужда от съвет.")
    expect(page.get_by_label("Разговори с психолог")).to_be_checked()

    page.get_by_label("Имейл, на който може да ви пишем").fill("dete@example.org")
    page.get_by_role("button", name="Изпратете писмото").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
    reference = page.locator(".reference").inner_text()

    mail = newest_mail(page, demo, reference)
    assert f"Номер: {reference}" in mail
    for label, answer in {
        "Има ли опасност точно сега?": "Не",
        "Кой пише?": "Дете или младеж до 18 години",
        "Как е безопасно да ви потърсим?": "Пишете ми на имейл",
        "Имейл, на който може да ви пишем": "dete@example.org",
        "За какво искате да говорим?": "Разговори с психолог",
        "Какво се случва и от какво имате нужда?": "Имам нужда от съвет.",
    }.items():
        assert f"{label}\n| {answer}" in mail
    assert "dete@example.org" not in page.locator("#sealed").text_content()


def test_school_refers_to_sopot(page: Page, demo: Demo) -> None:
    """Sopot, referral; empty, errors, fixed, read again, changed; every answer in the mail."""
    page.goto(demo.site)
    page.get_by_role("link", name="Център за обществена подкрепа, Сопот").click()
    page.get_by_role("link", name="Насочвам дете").click()
    page.get_by_role("link", name="Попълнете формуляра за насочване").click()
    page.get_by_role("button", name=REVIEW).click()
    expect(errors(page)).to_have_count(13)

    answers = {
        "Име на институцията": "Основно училище",
        "Вашето име": "Петя Иванова",
        "Вашата длъжност": "класен ръководител",
        "Служебен телефон": "03134 12 34",
        "Първо име или инициали на детето": "М. П.",
        "Населено място, в което живее детето": "Сопот",
        "Накратко: какво виждате и от какво има нужда детето?": "Отсъства от месец.",
    }
    for label, text in answers.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("radiogroup", name="Има ли опасност").get_by_label("Не", exact=True).check()
    page.get_by_label("Училище", exact=True).check()
    page.get_by_label("11 – 13 години").check()
    page.get_by_label("Да се върнем в клас").check()
    page.get_by_label("Да, говорихме с тях").check()
    page.get_by_role("radiogroup", name="Подаден ли е сигнал").get_by_label(
        "Не", exact=True
    ).check()
    page.get_by_label("Прочетох, че формулярът не е сигнал").check()
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name=re.compile("^Променете.*Населено място")).click()
    page.get_by_label("Населено място, в което живее детето").fill("Карлово")
    answers["Населено място, в което живее детето"] = "Карлово"
    page.get_by_role("button", name=REVIEW).click()
    page.get_by_role("button", name="Изпратете насочването").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")

    mail = newest_mail(page, demo, page.locator(".reference").inner_text())
    assert mail.startswith("Насочване на дете – Център за обществена подкрепа, Сопот")
    for label, answer in answers.items():
        assert f"{label}\n| {answer}" in mail
    assert "Коя програма мислите, че е подходяща?\n| Да се върнем в клас" in mail


def test_nothing_from_elsewhere_and_no_trace(page: Page, demo: Demo) -> None:
    """No page asks another host for anything, sets a cookie or stores a thing in the browser."""
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in ("/", "/harmanli/", "/harmanli/pishete-ni/", "/sopot/nasochvane/", "/pomosht/"):
        page.goto(demo.site + path)
    page.get_by_role("link", name="Помощ сега").first.click()
    expect(page).to_have_url(re.compile("/pomosht/$"))
    page.wait_for_load_state()
    assert hosts == {demo.site.removeprefix("http://")}
    assert page.context.storage_state() == {"cookies": [], "origins": []}


def test_every_page_leads_to_help(site: Path) -> None:
    """The header of each page links to the help page of its own language, and the page is there."""
    for file in site.rglob("*.html"):
        tree = html.parse(str(file)).getroot()
        (link,) = tree.xpath("//header//a[@class='help-now']/@href")
        language = tree.get("lang")
        root = "/" if language == "bg" else f"/{language}/"
        assert link == f"{root}pomosht/", file
        assert (site / link.strip("/") / "index.html").exists()


@pytest.mark.parametrize(
    "start", ["/", "/harmanli/", "/sopot/uslugi/", "/harmanli/pishete-ni/", "/no-such-page/"]
)
def test_help_in_three_steps(page: Page, demo: Demo, start: str) -> None:
    """On a narrow screen: „Помощ сега“, then the card of 112 with its number."""
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(demo.site + start)
    page.locator("header").get_by_role("link", name="Помощ сега").click()
    expect(page.locator(".care-label").first).to_have_text("Опасност сега")
    call = page.get_by_role("heading", name=re.compile("^Обадете се на 112, ако"))
    expect(call.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")


def test_child_finds_the_line_and_the_form(page: Page, demo: Demo) -> None:
    """Front page, centre, „За деца“: 116 111 is there, and one link more opens the form."""
    page.goto(demo.site)
    page.get_by_role("link", name="Център за обществена подкрепа, Сопот").click()
    page.locator("main").get_by_role("link", name="За деца").click()
    expect(page.locator("h2 a").nth(1)).to_have_attribute("href", "tel:116111")
    page.locator("main").get_by_role("link", name="Пишете ни").click()
    expect(page.get_by_label("Дете или младеж до 18 години")).to_be_visible()


def test_steps_for_schools_print_without_menus(
    browser: Browser, demo: Demo, tmp_path: Path
) -> None:
    """On paper: six numbered steps on at most four A4 pages, without menus."""
    page = browser.new_page()
    page.goto(f"{demo.site}/harmanli/za-uchilishta-i-institutsii/")
    page.emulate_media(media="print")
    expect(page.locator("ol.steps > li")).to_have_count(6)
    expect(page.locator("nav:visible")).to_have_count(0)
    numbers = "e => getComputedStyle(e, '::before').content"
    assert page.locator("ol.steps > li").last.evaluate(numbers) == "counter(step)"
    printed = tmp_path / "steps.pdf"
    page.pdf(path=printed, format="A4")
    with pikepdf.open(printed) as document:
        assert len(document.pages) <= 4
    page.close()


def test_receipt_prints_on_one_sheet(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    """On paper: reference, centre, form, time and check code on one A4 page, and no answer."""
    page = browser.new_page()
    page.goto(f"{demo.site}/harmanli/pishete-ni/")
    page.get_by_label("Не", exact=True).check()
    page.get_by_label("Друг човек").check()
    page.get_by_label("Не ме търсете").check()
    page.get_by_label("Какво се случва").fill("Проба на хартия.")
    page.get_by_label("Прочетох").check()
    page.get_by_role("button", name="Изпратете").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
    page.wait_for_load_state()
    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    for words in (
        "Прието",
        "Код за проверка",
        "Център за обществена подкрепа, Харманли",
        "Пишете ни",
    ):
        assert words in shown
    assert page.locator(".reference").inner_text() in shown
    assert "Проба на хартия" not in shown
    assert "Меню" not in shown
    printed = tmp_path / "receipt.pdf"
    page.pdf(path=printed, format="A4")
    with pikepdf.open(printed) as document:
        assert len(document.pages) == 1
    page.close()
