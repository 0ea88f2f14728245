"""What a copied folder carries as an example is known; what only looks like it is let through."""

from __future__ import annotations

import pytest
from pydantic import HttpUrl

from site_model.content import Content
from site_model.loading.placeholders import (
    leads_nowhere,
    left_in,
    own_address,
    placeholder,
    with_address,
)
from site_model.types import Text
from tests.support.project import ROOT


@pytest.mark.parametrize(
    "text",
    [
        *("https://opora.example/", "centre@example.org", "https://Centre.Example.COM/cop"),
        *("mail.example.net", "cop@primer.bg", "пишете на cop@pisma.primer.bg.", "a@b.invalid"),
        *("…", "...", "-", "?", "Пример", "„Пример“", "Примерен текст.", "TODO", "xxx", "ххх"),
        *("Lorem ipsum dolor sit amet", "Тук напишете", "[попълнете]"),
    ],
)
def test_examples_are_seen(text: str) -> None:
    """Addresses that are kept for examples, those of our guides, and words that hold a place."""
    assert placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://tsop-byala.bg/", "cop@abv.bg", "www.example.community", "moprimer.bg"),
        *("primer.bg.real.bg", "Примерна програма за лятото", "Пример за добра практика: …"),
        *("0373 9 10 76", "latest", "Попълнете формуляра", "XXI век", "5", "да"),
    ],
)
def test_what_is_true_is_let_through(text: str) -> None:
    """No ordinary address, sentence or number is taken for an example."""
    assert placeholder(text) is None


@pytest.mark.parametrize(
    ("address", "nowhere"),
    [
        *(("https://opora.example/", True), ("http://localhost:8000/", True)),
        *(("http://127.0.0.1/", True), ("http://192.168.1.5/", True), ("http://[::1]/", True)),
        *(("https://opora/", True), ("https://server.local/", True)),
        *(("https://tsop-byala.bg/", False), ("https://цоп-бяла.бг/", False)),
        *(("http://sopot.bg/cop/", False), ("https://212.5.158.1/", False)),
    ],
)
def test_addresses_that_lead_nowhere(address: str, *, nowhere: bool) -> None:
    """Examples, and names that only one machine or house knows."""
    assert leads_nowhere(HttpUrl(address)) is nowhere


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        ("tsop-byala.bg", "https://tsop-byala.bg/"),
        ("https://sopot.bg/cop", "https://sopot.bg/cop/"),
        ("http://tsop.bg:8080/", "http://tsop.bg:8080/"),
    ],
)
def test_an_address_is_taken_as_people_type_it(told: str, whole: str) -> None:
    """Without https:// and without the slash at the end."""
    assert own_address(told) == whole


@pytest.mark.parametrize(
    "told", ["opora.example", "localhost", "10.0.0.1", "два думи", "byala", "ftp://a.bg", "a.bg/?x"]
)
def test_no_example_is_taken_for_an_answer(told: str) -> None:
    """Nor what is no address of a site."""
    with pytest.raises(ValueError, match=r"не е адрес на сайт|само пример"):
        own_address(told)


def test_every_field_is_looked_at(content: Content) -> None:
    """Whatever field of site or centre holds an example, its file and name are said."""
    [address] = left_in(content)
    assert "content/site.yml, url: https://opora.example/" in address
    harmanli = content.centres["harmanli"]
    mailbox = harmanli.email
    assert mailbox
    changed = harmanli.model_copy(
        update={
            "email": mailbox.model_copy(update={"address": "cop@example.org"}),
            "short_name": Text({"bg": "ЦОП Харманли", "en": "…"}),
        }
    )
    site = content.site.model_copy(
        update={"url": HttpUrl("https://tsop.bg/"), "security_contact": "it@example.org"}
    )
    centres = {**content.centres, "harmanli": changed}
    said = left_in(Content(**{**vars(content), "site": site, "centres": centres}))
    assert [line.partition(":")[0] for line in sorted(said)] == [
        "content/centres/harmanli.yml, email.address",
        "content/centres/harmanli.yml, short_name.en",
        "content/site.yml, security_contact",
    ]


def test_only_the_address_changes() -> None:
    """Comments and everything else of site.yml stay."""
    text = (ROOT / "content" / "site.yml").read_text(encoding="utf-8")
    changed = with_address(text, "https://tsop.bg/")
    assert changed == text.replace("https://opora.example/", "https://tsop.bg/")
    assert changed != text


def test_an_address_without_https_is_said(content: Content) -> None:
    """Before a site goes out: else others on the way read what people read and write."""
    site = content.site.model_copy(update={"url": HttpUrl("http://tsop.bg/")})
    [said] = left_in(Content(**{**vars(content), "site": site}))
    assert "http://tsop.bg/ не е с https://" in said
