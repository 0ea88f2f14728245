"""A social worker changes a telephone in the editor by keys alone, without scripts, at 320 px."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from site_build.locking import only_writer
from site_build.pipeline import Project
from tests.support.browser.editor_parts import button, press, replace
from tests.support.browser.engines import ALL_WAYS, CORNERS, everything
from tests.support.browser.keys import enter, follow, write
from tests.support.waiting import wait_for

OLD, NEW = "0373 9 10 76", "0373 9 10 77"


def test_telephone_is_changed_by_keys(editor: str, plain: Page, project: Project) -> None:
    """From the first page to the built one: a slip is told, a source asked for; nothing scrolls
    sideways.
    """
    page = plain
    page.goto(editor)
    follow(page, page.get_by_role("link", name="ЦОП Харманли"))
    follow(page, page.get_by_role("link", name="Телефони, имейл и адрес").first)
    replace(page, "Телефон", "0373 9")
    button(page, "Прегледай промените")
    enter(page, page.locator(".error-summary a").first)
    replace(page, "Телефон", NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Преди да се публикува")
    expect(page.locator(".changes")).to_contain_text(f"„{OLD}“ → „{NEW}“")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    follow(page, page.get_by_role("link", name="Напред към публикуването"))
    write(page, page.get_by_label("Каква е длъжността му"), "социален работник")
    button(page, "Публикувай")
    expect(page.get_by_role("heading", level=1)).to_have_text("Публикувано")
    assert NEW.replace(" ", "\N{NO-BREAK SPACE}") in (
        project.site / "harmanli" / "index.html"
    ).read_text(encoding="utf-8")


def add_photograph(page: Page, path: str) -> list[str]:
    """What the engines find where one is chosen that is none, and where one is shown."""
    found: list[str] = []
    made = BytesIO()
    Image.new("RGB", (80, 60), "#1d5c55").save(made, "JPEG")
    page.goto(path)
    press(page, "Добави")
    for data in ("няма снимка".encode(), made.getvalue()):
        chosen = FilePayload(name="x.jpg", mimeType="image/jpeg", buffer=data)
        page.locator("input[type=file]").set_input_files(chosen)
        found += press(page, "Прегледай промените")
    assert page.locator("main img").evaluate("image => image.naturalWidth") == 80
    return found


def progress(context: BrowserContext, address: str) -> list[str]:
    """What the engines find where it says how far it is, which is not asked for again here."""

    def once(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=headers)

    page = context.new_page()
    page.route(address, once)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Публикува се")
    return everything(page, CORNERS)


def test_engines_find_nothing(editor: str, browser: Browser, project: Project) -> None:
    """Both accessibility engines on each kind of page, and where something is to be fixed."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    for path in ("", "harmanli/", "harmanli/promeni/", "nyama/"):
        page.goto(f"{editor}/{path}")
        found += everything(page, ALL_WAYS if path == "harmanli/" else CORNERS)
    for path in ("kontakti", "rabotno-vreme", "programi", "na-kogo-pomagame", "lesno-za-chetene"):
        page.goto(f"{editor}/sopot/{path}/")
        found += everything(page, CORNERS)
    found += add_photograph(page, f"{editor}/harmanli/snimki/")
    page.goto(f"{editor}/harmanli/kontakti/")
    page.get_by_label("Телефон", exact=True).fill("0373 9")
    found += press(page, "Прегледай промените")
    page.get_by_label("Телефон", exact=True).fill(NEW)
    found += press(page, "Прегледай промените")
    found += press(page, "Публикувай")  # nobody said yet who told it
    page.get_by_label("Каква е длъжността му").fill("психолог")
    with only_writer(project.lock):
        page.get_by_role("button", name="Публикувай").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Публикува се")
        found += progress(context, f"{editor}/harmanli/publikuvane/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Публикувано")
    found += everything(page, CORNERS)
    context.close()
    assert [line.split(" ", 1)[1] for line in found] == []


def test_change_is_seen_before_it_counts(editor: str, plain: Page) -> None:
    """Without scripts, at 320 px: a page as it will be stands in the frame, as wide as a telephone
    or a screen, light or dark; a leaflet is a picture; the page of the frame stands alone too.
    """
    page = plain
    page.goto(f"{editor}/harmanli/kontakti/")
    page.get_by_label("Телефон", exact=True).fill(NEW)
    page.get_by_role("button", name="Прегледай промените").first.click()
    frame = page.frame_locator("iframe")
    shown = page.locator("iframe")
    expect(frame.get_by_role("link", name=NEW).first).to_be_visible()
    colour = "getComputedStyle(document.body).backgroundColor"
    light = frame.locator("body").evaluate(f"() => {colour}")
    assert (box := shown.bounding_box()) and box["width"] < 400
    page.get_by_label("Като на голям екран").check()
    assert (box := shown.bounding_box()) and box["width"] == 1280
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Коя страница").select_option("Контакти – ЦОП Харманли")
    page.get_by_label("Тъмни").check()
    page.get_by_role("button", name="Покажи страницата").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Контакти")
    assert frame.locator("body").evaluate(f"() => {colour}") != light
    page.get_by_label("Коя страница").select_option("Карта за стената – ЦОП Харманли")
    page.get_by_role("button", name="Покажи страницата").click()
    picture = frame.get_by_role("img")
    wait_for(lambda: picture.evaluate("e => e.complete && e.naturalWidth > 500"))
    page.locator("summary").click()
    with page.expect_popup() as alone:
        page.get_by_role("link", name="Контакти – ЦОП Харманли").click()
    expect(alone.value.get_by_role("heading", level=1)).to_have_text("Контакти")
    alone.value.close()


def test_week_is_a_list_of_days_at_320_px(editor: str, plain: Page) -> None:
    """Each day stands below the one before with its own fields, none narrower than a finger; by
    keys, Monday's hours go to the others, and the page says them in words.
    """
    page = plain
    page.goto(f"{editor}/harmanli/rabotno-vreme/")
    boxes = [day.bounding_box() for day in page.locator("div.week-day").all()]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == 8 and tops == sorted(set(tops))
    fields = [one.bounding_box() for one in page.locator("div.week-day input, select").all()]
    assert min(min(box["width"], box["height"]) for box in fields if box) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    monday = page.get_by_role("group", name="Понеделник")
    write(page, monday.get_by_label("От", exact=True), "9")
    write(page, monday.get_by_label("До", exact=True), "17")
    button(page, "Същото до петък")
    button(page, "Покажи как ще се прочете")
    expect(page.get_by_text("Понеделник – петък: 09:00–17:00")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_view_goes_to_what_was_added(editor: str, plain: Page) -> None:
    """The new entry stands in the window; pressed again the same one does, and no heap grows; no
    two buttons touch at 320 px.
    """
    page = plain
    page.goto(f"{editor}/harmanli/kontakti/")
    items = page.locator("fieldset[id^='phones-']")
    before = items.count()
    for _ in range(2):
        page.locator("button[value='add:phones']").click()
        expect(items).to_have_count(before + 1)
        box = items.last.bounding_box()
        assert box and 0 <= box["y"] < 320
    page.locator("button[value='up:phones-1']").click()
    moved = items.first.bounding_box()
    assert moved and 0 <= moved["y"] < 320
    boxes = [box for one in page.get_by_role("button").all() if (box := one.bounding_box())]
    boxes.sort(key=lambda box: (box["y"], box["x"]))
    for one, other in pairwise(boxes):
        beside = other["x"] - one["x"] - one["width"]
        below = other["y"] - one["y"] - one["height"]
        assert max(beside, below) >= 7
        assert min(one["width"], one["height"]) >= 24
