"""A form of one's own at a centre that stands alone at the root of its site: page, post, mail."""

from __future__ import annotations

import re
import threading

import pytest
from lxml import html

from contact_service.delivery.worker import deliver_due
from site_build.pipeline import Project, build_site
from tests.support.content.project_changes import HARMANLI
from tests.support.html_validate import faults
from tests.support.pages.built_pages import every_page, main_words, page, words
from tests.support.pages.pdf_tools import squeezed, text_of
from tests.support.project import add_form, copy_project
from tests.support.service.service_parts import Instance, SmtpServer

LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""
COURSE = "/send/bg/sopot/course"
LETTER = {"programme": ["parenting"], "phone": "0888 123 456", "with_children": "no"}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The site of Sopot without Harmanli, with two forms more, in two languages."""
    project = copy_project(tmp_path_factory.mktemp("alone_own"), languages=LANGUAGES)
    (project.root / HARMANLI).unlink()
    for name in ("course", "volunteers"):
        add_form(project, name)
    build_site(project)
    return project


@pytest.fixture
def own(instance: Instance, alone: Project) -> Instance:
    """The service beside that site."""
    toml = re.sub(r"\[\[centres\.harmanli.*?(?=\[\[)", "", instance.toml, flags=re.DOTALL)
    toml = re.sub(r'^site_folder = ".*"', f'site_folder = "{alone.site}"', toml, flags=re.M)
    toml = re.sub(
        r'^content_folder = ".*"', f'content_folder = "{alone.content}"', toml, flags=re.M
    )
    instance.toml = toml
    return instance


def test_its_page_stands_at_the_root(alone: Project) -> None:
    """It sends to the centre's address, has its paper beside it, lets one leave, and is valid."""
    tree = page(alone.site, "zapisvane-za-kurs")
    (form,) = tree.xpath("//form[@method='post']")
    assert form.get("action") == COURSE
    assert tree.xpath("//header//a[@class='exit']")
    assert tree.xpath("//nav[@class='menu']")
    (paper,) = tree.xpath("//main//a[@type='application/pdf']/@href")
    assert paper == "/zapisvane-za-kurs/zapisvane-za-kurs-sopot.pdf"
    said = squeezed(text_of(alone.site / paper.removeprefix("/")))
    assert squeezed("Ще дойдете ли с деца?") in said
    assert faults(*alone.site.rglob("*.html")) == []


def test_pages_lead_to_it(alone: Project) -> None:
    """From contacts, its programme, the footer of every page, the site index and the sitemap."""
    for place in ("kontakti", "programi", "tarsene"):
        assert page(alone.site, place).xpath("//main//a[@href='/zapisvane-za-kurs/']"), place
    for name, tree in every_page(alone.site).items():
        if not name.startswith("en/"):
            assert tree.xpath("//footer//a[@href='/dobrovoltsi/']"), name
    sitemap = (alone.site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://opora.example/zapisvane-za-kurs/</loc>" in sitemap
    assert "Какво пита формулярът „Станете доброволец“" in main_words(alone.site, "lichni-danni")


def test_another_language_leads_to_the_bulgarian_form(alone: Project) -> None:
    """The English contacts page names it and says that it is in Bulgarian."""
    (link,) = page(alone.site, "en/kontakti").xpath("//main//a[@href='/zapisvane-za-kurs/']")
    assert words(link) == "Запишете се за курс (in Bulgarian)"
    assert not (alone.site / "en/zapisvane-za-kurs").exists()


def test_its_letter_arrives(own: Instance, smtp_server: SmtpServer) -> None:
    """A fault comes back on the same page with all answers; then receipt and sealed mail."""
    client = own.client()
    assert client.get(COURSE).headers["Location"] == "/zapisvane-za-kurs/"
    wrong = client.post(COURSE, data={**LETTER, "phone": ""})
    assert wrong.status_code == 422
    again = html.document_fromstring(wrong.text)
    assert words(again.xpath("//*[@id='errors']//li")[0]) == "Напишете телефон"
    assert again.xpath("//input[@value='parenting']/@checked")
    assert again.xpath("//nav[@class='menu']")
    sent = client.post(COURSE, data=LETTER)
    assert sent.status_code == 303
    receipt = html.document_fromstring(client.get(sent.location).text)
    assert "Запишете се за курс" in words(receipt)
    assert "/" in receipt.xpath("//main//a/@href")
    deliver_due(own.outbox(), own.settings().smtp, threading.Event())
    ((_, mail),) = smtp_server.taken
    text = own.open(mail)
    assert text.startswith("Запишете се за курс – Център за обществена подкрепа, Сопот")
    assert "Ще дойдете ли с деца?\n| Не" in text
