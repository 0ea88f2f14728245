"""A translation is changed beside its Bulgarian text by keys alone, without scripts, at 320 px."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from site_build.pipeline import Project
from site_editor.translations.po import po_file
from site_editor.translations.texts import translated_texts
from site_model.loading.loader import read_written
from site_model.loading.yaml_lines import parse_yaml
from tests.support.browser.editor_parts import button, press
from tests.support.browser.engines import CORNERS, everything
from tests.support.browser.keys import follow, tab_to
from tests.support.project import copy_project

OLD, NEW = "Центърът се намира в западната част на града.", "Центърът е в западната част на града."
ARABIC = "prevodi/ar/"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The real facts and languages; one Bulgarian text is newer than its translations."""
    project = copy_project(tmp_path / "site", languages=None)
    file = project.content / "centres" / "harmanli.yml"
    file.write_text(file.read_text().replace(OLD, NEW))
    return project


def test_translation_is_accepted_and_changed_by_keys(editor: str, plain: Page) -> None:
    """From the first page to the change in words; a field of Arabic is written from the right, and
    nothing scrolls sideways.
    """
    page = plain
    page.goto(f"{editor}/harmanli/")
    follow(page, page.get_by_role("link", name="Преводи", exact=True))
    follow(page, page.get_by_role("link", name="арабски"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    place = page.get_by_label("арабски: Населено място")
    assert place.evaluate("field => getComputedStyle(field).direction") == "rtl"
    tab_to(page, place)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("مدينة هارمانلي")
    right = page.get_by_label("Преводът още е верен: Сградата № 1")
    tab_to(page, right)
    page.keyboard.press("Space")
    button(page, "Прегледай промените")
    expect(page.get_by_role("heading", level=1)).to_have_text("Преди да се публикува")
    expect(page.locator(".changes")).to_contain_text("مدينة هارمانلي")
    expect(page.locator(".changes")).to_contain_text("още е верен")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_engines_find_nothing_on_pages_of_translations(
    editor: str, browser: Browser, project: Project, tmp_path: Path
) -> None:
    """Both accessibility engines, also where something is to be fixed or a file came back."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    for path in ("prevodi/", "prevodi/en/", ARABIC):
        page.goto(f"{editor}/harmanli/{path}")
        found += everything(page, CORNERS)
    page.get_by_label("арабски: Населено място").fill("<b>")
    found += press(page, "Прегледай промените")
    page.get_by_label("арабски: Населено място").fill("مدينة 12")
    found += press(page, "Прегледай промените")
    page.goto(f"{editor}/harmanli/{ARABIC}")
    found += press(page, "Прочети файла")
    data = parse_yaml(read_written(project.content / "centres" / "harmanli.yml")).data
    file = tmp_path / "harmanli-ar.po"
    text = po_file("harmanli", "ar", translated_texts(data, "ar")).decode()
    file.write_text(text.replace("هارمانلي", "حرمانلي", 1).replace("مختص نفسي", "<b>", 1))
    page.get_by_label("Файлът, който преводачът върна").set_input_files(file)
    found += press(page, "Прочети файла")
    expect(page.get_by_role("heading", name="От файла не се вземат")).to_be_visible()
    context.close()
    assert [line.split(" ", 1)[1] for line in found] == []
