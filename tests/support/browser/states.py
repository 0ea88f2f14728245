"""Every state that a page can be in beside freshly loaded, as a way that leads there."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from contact_service.box import new_code
from tests.support.browser.places import CONTACT, Place

SEND = "Изпратете писмото"
REVIEW = "Прегледайте, преди да изпратите"

Way = Callable[[Page, Place], object]


def fill(page: Page, message: str = "Проба на страницата.") -> None:
    """The shortest letter that is accepted."""
    page.get_by_label("Не", exact=True).check()
    page.get_by_label("Друг човек").check()
    page.get_by_label("Не ме търсете").check()
    page.get_by_label("Какво се случва").fill(message)
    page.get_by_label("Прочетох").check()


def send(page: Page) -> None:
    page.get_by_role("button", name=SEND).click()


def open_menu(page: Page, place: Place) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{place.url}/harmanli/")
    page.locator(".menu summary").click()
    expect(page.get_by_role("link", name="Услуги").locator("visible=true").first).to_be_visible()


def open_hints(page: Page, place: Place) -> None:
    page.goto(place.url + CONTACT)
    page.locator("main summary").evaluate_all("all => all.forEach(s => s.click())")
    assert page.locator("main details[open]").count() == page.locator("main details").count() > 5


def form_with_errors(page: Page, place: Place) -> None:
    page.goto(place.url + CONTACT)
    send(page)
    expect(page.locator("#errors li")).to_have_count(5)


def form_with_errors_at_a_choice(page: Page, place: Place) -> None:
    """The referral form, where errors stand at groups of radios and checkboxes too."""
    page.goto(f"{place.url}/sopot/nasochvane/")
    page.get_by_role("button", name=REVIEW).click()
    expect(page.locator("#errors li")).to_have_count(13)


def referral_reviewed(page: Page, place: Place) -> None:
    """Every answer of a referral once more, before it goes."""
    page.goto(f"{place.url}/sopot/nasochvane/")
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio").first.check()
    for name in ("Има ли опасност", "Подаден ли е сигнал"):
        page.get_by_role("radiogroup", name=name).get_by_label("Не", exact=True).check()
    texts = page.locator(".question input[type=text], .question textarea")
    for box in texts.locator("visible=true").all():
        box.fill("Проба")
    page.get_by_label("Служебен телефон").fill("0888 123 456")
    page.locator("#reported_on").fill("")
    page.locator("#understood").check()
    page.get_by_role("button", name=REVIEW).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(REVIEW)


def form_changed_meanwhile(page: Page, place: Place) -> None:
    """A letter from a page whose questions are others today, one of them gone with its answer."""
    page.goto(place.url + CONTACT)
    fill(page)
    page.locator("[name=form_version]").evaluate("e => { e.value = 'old.t000000 danger.c000000' }")
    page.locator("#name").evaluate("e => { e.name = 'old'; e.value = 'Мария' }")
    send(page)
    expect(page.get_by_role("heading", name="Формулярът се промени")).to_be_visible()
    expect(page.locator("#errors .written")).to_have_text("Мария")
    # The focus scrolled the page: a link half below the strip would be taken for a small one.
    page.evaluate("scrollTo(0, 0)")


def receipt(page: Page, place: Place) -> None:
    page.goto(place.url + CONTACT)
    fill(page)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")


def typed_code(page: Page, place: Place, code: str) -> None:
    page.goto(f"{place.url}/harmanli/otgovor/")
    page.locator("#code").fill(code)
    page.locator("main form button").click()


def code_mistyped(page: Page, place: Place) -> None:
    typed_code(page, place, "DFG-JLN")
    expect(page.locator("#code-error")).to_be_visible()


def code_unknown(page: Page, place: Place) -> None:
    typed_code(page, place, new_code())
    expect(page.locator("#errors, .error-summary").first).to_be_visible()


def answering_form(page: Page, place: Place) -> str:
    """What staff see behind the link of a letter; returns the code of its sender."""
    receipt(page, place)
    code = page.locator(".answer-code").inner_text()
    [path] = re.findall(r"^https?://[^/\s]+(/send/otgovori/\S+)$", place.opened(), re.M)
    page.goto(place.url + path)
    expect(page.locator("button[value=read]")).to_be_visible()
    return code


def answering_with_error(page: Page, place: Place) -> None:
    answering_form(page, place)
    page.locator("button[value=come]").click()
    expect(page.locator("#come-error")).to_be_visible()


def answered(page: Page, place: Place) -> str:
    code = answering_form(page, place)
    page.locator("button[value=phone]").click()
    expect(page.locator(".receipt")).to_be_visible()
    return code


def no_answer_yet(page: Page, place: Place) -> None:
    typed_code(page, place, answering_form(page, place))
    expect(page.get_by_text("Още няма отговор")).to_be_visible()


def answer_read(page: Page, place: Place) -> None:
    typed_code(page, place, answered(page, place))
    expect(page.locator(".receipt")).to_be_visible()


def answers_to_be_deleted(page: Page, place: Place) -> None:
    answer_read(page, place)
    page.get_by_role("button", name="Изтрийте отговорите").click()
    expect(page.locator(".receipt")).to_have_count(0)


def answers_deleted(page: Page, place: Place) -> None:
    answers_to_be_deleted(page, place)
    page.locator("main form button").first.click()
    expect(page.get_by_text("С този код тук вече няма нищо")).to_be_visible()


def letter_goes_on(page: Page, place: Place) -> None:
    """The form of one who writes again."""
    answer_read(page, place)
    page.get_by_role("button", name="Пишете пак").click()
    expect(page.get_by_role("button", name=SEND)).to_be_visible()


def staff_code_mistyped(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/send/otgovori/")
    page.locator("#code").fill("DFG-JLN")
    page.locator("main form button").click()
    expect(page.locator("#code-error")).to_be_visible()


def expired_receipt(page: Page, place: Place) -> None:
    assert page.goto(f"{place.url}/send/receipt/old").status == 410  # type: ignore[union-attr]


def extra_step(page: Page, place: Place) -> None:
    """The second letter of an hour, where one goes without a wait (429)."""
    receipt(page, place)
    page.goto(place.url + CONTACT)
    fill(page, "Друго писмо.")
    send(page)
    expect(page.get_by_role("heading", name="Още една стъпка")).to_be_visible()


def cannot_accept(page: Page, place: Place) -> None:
    """A centre whose key is missing (503)."""
    page.goto(f"{place.url}/sopot/pishete-ni/")
    fill(page)
    send(page)
    expect(page.get_by_role("heading", name="Сега не можем да приемем")).to_be_visible()


def from_elsewhere(page: Page, place: Place) -> None:
    """A form that stood on another site (403)."""
    page.goto("about:blank")
    action = f"{place.url}/send/bg/harmanli/contact"
    page.set_content(f'<form method="post" action="{action}"><button>Напред</button></form>')
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Писмото не е прието")


def too_long(page: Page, place: Place) -> None:
    """More than the service takes at once (413)."""
    page.goto(place.url + CONTACT)
    fill(page, "дълго писмо " * 20_000)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Писмото е твърде дълго")


def no_such_form(page: Page, place: Place) -> None:
    answer = page.goto(f"{place.url}/send/bg/harmanli/none")
    assert answer is not None
    assert answer.status == 404


def search_for(typed: str) -> Way:
    """The search page with what it found, and the count said."""

    def way(page: Page, place: Place) -> None:
        page.goto(f"{place.url}/tarsene/#sopot")
        page.get_by_role("searchbox").fill(typed)
        expect(page.locator("#found a").first).to_be_visible()
        expect(page.locator("#found-count")).not_to_be_empty()

    return way


def directory(chosen: str, count: str) -> Way:
    """The front page with filters from its address, and the count said."""

    def way(page: Page, place: Place) -> None:
        page.goto(f"{place.url}/#{chosen}")
        expect(page.locator("#centres-found")).to_have_text(f"Намерени центрове: {count} от 2")

    return way


def exit_cover(page: Page, place: Place) -> None:
    """The page is covered until the neutral site comes, which here it never does."""
    elsewhere = re.compile(rf"^(?!{re.escape(place.url)})https?:")
    page.context.route(elsewhere, lambda route: route.fulfill(status=204))
    page.goto(f"{place.url}/pomosht/")
    page.get_by_role("link", name="Бързо излизане").click()
    expect(page.locator(".exit-cover")).to_be_visible()


def exit_counted(page: Page, place: Place) -> None:
    """After one press of Shift, which the page says."""
    page.goto(f"{place.url}/pomosht/")
    page.keyboard.press("Shift")
    expect(page.locator(".exit-said")).to_have_text(re.compile("Shift"))


STATES: dict[str, Way] = {
    "menu open": open_menu,
    "search with results": search_for("психолог"),
    "search for danger": search_for("бият ме"),
    "search with nothing found": search_for("ъщщщъ"),
    "directory filtered": directory("municipality=sopot", "1"),
    "directory with nothing found": directory("municipality=sopot&group=violence", "0"),
    "exit cover": exit_cover,
    "exit counted": exit_counted,
    "hints open": open_hints,
    "form with errors": form_with_errors,
    "form with errors at choices": form_with_errors_at_a_choice,
    "referral reviewed": referral_reviewed,
    "form changed meanwhile": form_changed_meanwhile,
    "receipt": receipt,
    "code mistyped": code_mistyped,
    "code unknown": code_unknown,
    "answering": answering_form,
    "answering with error": answering_with_error,
    "answered": answered,
    "no answer yet": no_answer_yet,
    "answer read": answer_read,
    "answers to be deleted": answers_to_be_deleted,
    "answers deleted": answers_deleted,
    "letter goes on": letter_goes_on,
    "code of staff mistyped": staff_code_mistyped,
    "expired receipt": expired_receipt,
    "extra step": extra_step,
    "cannot accept": cannot_accept,
    "form from elsewhere": from_elsewhere,
    "letter too long": too_long,
    "no such form": no_such_form,
}
