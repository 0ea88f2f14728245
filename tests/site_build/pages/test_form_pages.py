"""Every form page can be filled in, and says before the first field what must be known."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_build.pipeline import build_site
from tests.support.pages.built_pages import Pages, change_yaml, every_page, main_words, words
from tests.support.project import copy_project

CONTROLS = "//input[not(@type='hidden' or @type='submit')] | //select | //textarea"


def test_every_control_has_a_label(pages: Pages) -> None:
    """Each field is named by a label of its own, each group of choices by a legend."""
    counted = 0
    for name, tree in pages.items():
        labels = {label.get("for"): words(label) for label in tree.xpath("//label")}
        for control in tree.xpath(CONTROLS):
            assert labels.get(control.get("id")), (name, control.get("name"))
            counted += 1
        for group in tree.xpath("//fieldset"):
            assert words(group.xpath("./legend")[0]), name
    assert counted > 100


TYPED = "//textarea | //select | //input[not(@type='hidden' or @type='radio' or @type='checkbox')]"


def test_browsers_keep_nothing_that_was_typed(site: Path) -> None:
    """On every page, in every language, each field and each form tells the browser to keep and to
    offer nothing, and to send nothing away to be corrected. Institutions alone are offered their
    own names (content/forms/referral.yml)."""
    offered, counted = set(), 0
    for name, tree in every_page(site).items():
        for form in tree.xpath("//form"):
            said = [form.get(it) for it in ("autocomplete", "spellcheck", "writingsuggestions")]
            assert said == ["off", "false", "false"], name
        for field in tree.xpath(TYPED):
            counted += 1
            assert field.get("autocomplete"), (name, field.get("name"))
            if field.get("autocomplete") != "off":
                assert "/nasochvane/" in f"/{name}", name
                offered.add(field.get("autocomplete"))
            if field.tag != "select" and not field.xpath("ancestor::form"):
                said = [field.get(it) for it in ("spellcheck", "writingsuggestions")]
                assert said == ["false", "false"], name
    assert counted > 100
    assert offered == {"organization", "name", "organization-title", "tel", "email"}


def test_choices_stand_in_a_group(pages: Pages) -> None:
    """Radio buttons and the boxes of one question stand in a fieldset."""
    for name, tree in pages.items():
        loose = tree.xpath("//input[@type='radio' and not(ancestor::fieldset)]")
        assert not loose, name


def test_every_form_page_has_one_form_to_its_own_address(pages: Pages) -> None:
    """Each form of each centre is sent by POST to the service, below its own address."""
    sent = {
        name: (form.get("method"), form.get("action"))
        for name, tree in pages.items()
        for form in tree.xpath("//form[@method]")
    }
    assert sent == {
        f"{centre}/{slug}/index.html": ("post", f"/send/bg/{centre}/{form}")
        for centre in ("harmanli", "sopot")
        for slug, form in (
            *(("pishete-ni", "contact"), ("nasochvane", "referral")),
            ("otgovor", "otgovor"),  # where a code is typed
        )
    }


WAYS = {
    "key": "само центърът може да го отвори",
    "password": "Паролата я има и сървърът",
}


@pytest.mark.parametrize("letters", WAYS)
def test_the_pages_say_how_letters_travel(tmp_path: Path, letters: str) -> None:
    """Forms and „Какво става“ of a centre say its own way, and no other."""
    project = copy_project(tmp_path)
    facts = project.content / "centres" / "harmanli.yml"
    change_yaml(facts, lambda data: data | {"letters": letters})
    build_site(project)
    for place in ("pishete-ni", "nasochvane", "kakvo-stava-kogato-pishete"):
        said = main_words(project.site, f"harmanli/{place}")
        assert {way for way, sentence in WAYS.items() if sentence in said} == {letters}, place
        assert WAYS["key"] in main_words(project.site, f"sopot/{place}")


def test_danger_and_limits_stand_above_the_first_field(pages: Pages) -> None:
    """Before the first field a form says 112, who reads it, and what is not promised."""
    for name, tree in pages.items():
        for form in tree.xpath("//form[@method and .//legend]"):
            above = words(tree.xpath("//main")[0]).partition(words(form.xpath(".//legend")[0]))[0]
            assert "Ако има опасност сега, не пишете. Обадете се на 112" in above, name
            assert "116 111" in above, name
            assert "Преди да пишете" in above, name
            assert "длъжен" in above, name
