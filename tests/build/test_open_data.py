"""The facts as data: true to the standards, to the pages, and to what nobody has said."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import vobject
from built_pages import main_words, page, words
from hsds_schemas import REQUIRED, faults, records
from lxml import html

from site_build.headers import refused
from site_build.open_data.files import data_files
from site_build.open_data.hsds import organization
from site_build.open_data.ids import stable_id
from site_build.open_data.tables import harmless
from site_model.facts import Content

CENTRES = ("harmanli", "sopot")
TODAY = date(2026, 11, 22)
HARMANLI = "060ec6e4-9d24-519d-b7ad-00d86aa8d7ad"


def read(site: Path, file: str) -> Any:
    return json.loads((site / "danni" / file).read_text(encoding="utf-8"))


def rows(site: Path, file: str) -> list[dict[str, str]]:
    text = (site / "danni" / file).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("centre", CENTRES)
def test_a_centre_is_what_the_official_schemas_want(content: Content, centre: str) -> None:
    """Organization and services pass the schemas of HSDS 3.0 with all that they hold."""
    record = organization(content, content.centres[centre], TODAY)
    assert faults("organization", record) == []
    assert [faults("service", service) for service in record["services"]] == [[]] * len(
        content.centres[centre].services
    )


def test_lists_are_what_the_official_schemas_want(site: Path) -> None:
    """Every line of every list passes the schema of its kind."""
    kinds = {"organizations": "organization", "services": "service"} | {
        "taxonomies": "taxonomy",
        "taxonomy_terms": "taxonomy_term",
    }
    for file, kind in kinds.items():
        listed = read(site, f"{file}.json")
        assert listed["total_items"] == listed["size"] == len(listed["contents"]) > 0
        assert [faults(kind, record) for record in listed["contents"]] == [[]] * listed["size"]


def test_services_of_one_kind_share_a_term(site: Path, content: Content) -> None:
    """The kind of a service is a term of a taxonomy of its own, listed once, with both names."""
    listed = {term["id"]: term for term in read(site, "taxonomy_terms.json")["contents"]}
    groups, kinds = (one["id"] for one in read(site, "taxonomies.json")["contents"])
    assert len(listed) == len(content.groups) + len(content.kinds)
    service = organization(content, content.centres["harmanli"], TODAY)["services"][0]
    term = service["attributes"][-1]["taxonomy_term"]
    assert listed[term["id"]] == term
    assert (term["code"], term["taxonomy_id"]) == ("psychological_counselling", kinds)
    assert (term["name"], term["description"]) == (
        "Разговори с психолог",
        "Психологическо консултиране",
    )
    assert {one["taxonomy_term"]["taxonomy_id"] for one in service["attributes"][:-1]} == {groups}
    kinds_told = {row["Име"]: row["Вид услуга"] for row in rows(site, "uslugi-i-programi.csv")}
    assert kinds_told["Курсове и групи за ученици и родители"] == "Курсове и групи"


def test_the_official_schemas_refuse_a_broken_record(content: Content) -> None:
    """The check itself works: a status and an id that the standard does not know are said."""
    record = organization(content, content.centres["sopot"], TODAY)["services"][0]
    said = " ".join(faults("service", record | {"status": "open", "id": "sopot"}))
    assert "'open' is not one of" in said
    assert "'sopot' is not a 'uuid'" in said


@pytest.mark.parametrize("centre", CENTRES)
def test_each_record_has_its_duties_and_an_id_of_its_own(content: Content, centre: str) -> None:
    """Also without the official schemas: required fields are there, no id twice, links hold."""
    record = organization(content, content.centres[centre], TODAY)
    seen: set[str] = set()
    for kind, inner in records(record):
        assert inner.keys() >= REQUIRED[kind], kind
        if kind != "taxonomy_term":  # one term belongs to many
            assert inner["id"] not in seen
            seen.add(inner["id"])
        UUID(inner["id"])
        for link in ("organization_id", "service_id", "location_id", "link_id"):
            assert inner.get(link, record["id"]) in seen, (kind, link)


def test_identifiers_stay(site: Path) -> None:
    """Who keeps a UUID finds the same centre under it after this and every later build."""
    assert stable_id("organization", "harmanli") == HARMANLI
    assert read(site, f"organizations/{HARMANLI}.json")["alternate_name"] == "ЦОП Харманли"


def test_a_new_name_keeps_the_identifiers(content: Content) -> None:
    """Another title, another telephone, another text: not one UUID changes."""
    centre = content.centres["harmanli"]
    phones = tuple(phone.model_copy(update={"number": "0888 123 456"}) for phone in centre.phones)
    renamed = centre.model_copy(
        update={"name": content.centres["sopot"].name, "phones": phones, "summary": centre.name}
    )
    ids = [[inner["id"] for _, inner in records(organization(content, one, TODAY))]
           for one in (centre, renamed)]  # fmt: skip
    assert ids[0] == ids[1]


def test_what_a_centre_has_not_said_is_in_no_data(site: Path, content: Content) -> None:
    """Sopot gave no phone, e-mail, address or hours: no file has a place for them, or a guess."""
    record = organization(content, content.centres["sopot"], TODAY)
    assert record.keys().isdisjoint({"phones", "email", "locations"})
    for service in record["services"]:
        assert service.keys().isdisjoint(
            {"phones", "email", "fees_description", "required_documents", "assured_date"}
        )
    (row,) = (row for row in rows(site, "tsentrove.csv") if row["Населено място"] == "Сопот")
    assert row["Общини"] == "Сопот, Карлово"
    for heading in ("Телефони", "Имейл", "Адрес", "Работно време", "Такса", "Документи"):
        assert row[heading] == ""
    card = (site / "sopot" / "sopot.vcf").read_text(encoding="utf-8")
    assert "TEL" not in card
    assert "EMAIL" not in card
    assert "ADR" not in card


def test_tables_hold_what_the_pages_say(site: Path, content: Content) -> None:
    """A line for each centre, service and programme, which stands in the same words on its page."""
    centres = rows(site, "tsentrove.csv")
    assert [row["Център"] for row in centres] == [
        centre.name.text.to("bg") for centre in content.centres.values()
    ]
    offers = rows(site, "uslugi-i-programi.csv")
    assert len(offers) == sum(len(c.services) + len(c.programmes) for c in content.centres.values())
    for row in offers:
        place = row["Страница"].removeprefix("https://opora.example/").partition("#")[0]
        text = main_words(site, place)
        assert row["Име"] in text
        assert row["Описание"] in text


def test_excel_opens_the_tables() -> None:
    """The byte order mark, semicolons, line ends of RFC 4180, and no cell that is a formula."""
    cells = {"=HYPERLINK(1)": "'=HYPERLINK(1)", "+359 2": "'+359 2", "-1": "'-1", "@a": "'@a"}
    assert {cell: harmless(cell) for cell in cells} == cells
    assert harmless(" =1+1") == "' =1+1"
    assert harmless("0373 9 10 76") == "0373 9 10 76"
    assert harmless(None) == ""


def test_a_fact_that_is_a_formula_is_harmless_in_the_file(content: Content) -> None:
    """From the fact to the bytes: what a centre writes is never run by a spreadsheet program."""
    centre = content.centres["sopot"]
    name = centre.short_name.model_construct({"bg": '=cmd|"/c calc"!A1;\nx'})
    changed = centre.model_copy(update={"place": name})
    files = dict(data_files(Content(**{**vars(content), "centres": {"sopot": changed}}), TODAY))
    table = files["danni/tsentrove.csv"]
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.count(b"\r\n") == 2
    (row,) = csv.DictReader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")
    assert row["Населено място"] == '\'=cmd|"/c calc"!A1; x'


def test_a_card_is_read_by_an_address_book(site: Path) -> None:
    """Name, number, e-mail and page come back; lines end and fold as RFC 2426 says."""
    data = (site / "harmanli" / "harmanli.vcf").read_bytes()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.decode().split("\r\n"))) <= 75  # signs
    card = vobject.readOne(data.decode())
    assert card.fn.value == "Център за обществена подкрепа, Харманли"
    assert card.tel.value == "+35937391076"
    assert card.email.value == "cop.harmanli@abv.bg"
    assert card.uid.value == f"urn:uuid:{HARMANLI}"
    assert page(site, "harmanli/kontakti").xpath("//main//a[@href='/harmanli/harmanli.vcf']")


def linked(site: Path, place: str) -> Any:
    """The one block of linked data of a page."""
    (block,) = page(site, place).xpath("//script[@type='application/ld+json']/text()")
    return json.loads(block)


@pytest.mark.parametrize("place", ["harmanli", "en/harmanli", "tr/harmanli"])
def test_the_home_of_a_centre_says_who_it_is(site: Path, place: str) -> None:
    """Organization, contact point and services, in the words and the language of the page."""
    data = linked(site, place)
    assert data["@type"] == "Organization"
    text = main_words(site, place)
    for said in (data["name"], data["description"], *(s["name"] for s in services_of(data))):
        assert said in text
    assert data["contactPoint"] == [{"@type": "ContactPoint", "telephone": "+35937391076"}]
    assert data["@context"][1] == {"@language": page(site, place).get("lang")}
    for service in services_of(data):
        path = service["url"].removeprefix("https://opora.example/")
        assert linked(site, path)["@id"] == service["@id"]


def services_of(data: Any) -> Any:
    return data["@reverse"]["provider"]


def test_a_service_says_for_whom_it_is_and_who_gives_it(site: Path) -> None:
    """GovernmentService with its audience and provider, which is the centre of the home page."""
    data = linked(site, "sopot/uslugi/sreshti-i-razgovori")
    assert data["@type"] == "GovernmentService"
    assert data["provider"]["@id"] == linked(site, "sopot")["@id"]
    assert data["audience"]
    assert data["serviceType"] == "Срещи, разговори и консултации"
    assert "contactPoint" not in linked(site, "sopot")
    assert "availableChannel" not in data


@pytest.mark.parametrize("place", ["pomosht", "en/pomosht", "ar/pomosht"])
def test_help_lines_are_contact_points(site: Path, content: Content, place: str) -> None:
    """All of them, in the order of the page, 112 first."""
    items = linked(site, place)["itemListElement"]
    numbers = [item["item"]["telephone"] for item in items]
    assert numbers == [line.dialled for line in content.help_lines.values()]
    assert numbers[0] == "112"


def test_no_text_ends_the_block() -> None:
    """Only blocks of just this type may stand in a page; any other inline script is refused."""
    kinds = {
        "application/ld+json": 0,
        "application/ld+json; x": 1,
        "text/javascript": 1,
        "module": 1,
    }
    for kind, count in kinds.items():
        (element,) = html.fragments_fromstring(f'<script type="{kind}">1</script>')
        assert len(list(refused(element))) == count, kind


def test_the_page_of_the_data_names_every_list(site: Path) -> None:
    """From every footer to a page that links each file, says the gap of the licence, is true."""
    text = main_words(site, "danni")
    assert "Под какъв лиценз може да се ползват данните, още не е избрано" in text
    assert "license" not in linked(site, "danni")
    links = {str(link) for link in page(site, "danni").xpath("//main//a/@href")}
    files = {f"/danni/{path.name}" for path in (site / "danni").glob("*.[cj]s*[vn]")}
    assert files <= links
    for place in ("", "harmanli/kontakti", "pomosht"):
        (link,) = page(site, place).xpath("//footer//a[@href='/danni/']")
        assert words(link) == "Данни за повторно използване"
