"""The facts as data: true to the standards, to the pages, and to what nobody has said."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import html

from site_build.html.policy import why_forbidden
from site_build.open_data.cards import contact_card
from site_build.open_data.files import data_files
from site_build.open_data.hsds import organization
from site_build.open_data.ids import stable_id
from site_build.open_data.linked import LinkedData
from site_model.content import Content
from site_model.text.csv_tables import harmless
from site_model.text.telephones import telephone
from site_model.types import Text
from tests.support.content.editions import edition_in
from tests.support.pages.built_pages import main_words, page, words
from tests.support.pages.hsds_schemas import REQUIRED, faults, records

CENTRES = ("harmanli", "sopot")
HARMANLI = "060ec6e4-9d24-519d-b7ad-00d86aa8d7ad"


def read(site: Path, file: str) -> Any:
    return json.loads((site / "danni" / file).read_text(encoding="utf-8"))


def rows(site: Path, file: str) -> list[dict[str, str]]:
    return read_rows((site / "danni" / file).read_bytes())


def read_rows(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("centre", CENTRES)
def test_a_centre_is_what_the_official_schemas_want(content: Content, centre: str) -> None:
    """Organization and services pass the schemas of HSDS 3.0 with all that they hold."""
    record = organization(edition_in(content), content.centres[centre])
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
    service = organization(edition_in(content), content.centres["harmanli"])["services"][0]
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
    record = organization(edition_in(content), content.centres["sopot"])["services"][0]
    said = " ".join(faults("service", record | {"status": "open", "id": "sopot"}))
    assert "'open' is not one of" in said
    assert "'sopot' is not a 'uuid'" in said


@pytest.mark.parametrize("centre", CENTRES)
def test_each_record_has_its_duties_and_an_id_of_its_own(content: Content, centre: str) -> None:
    """Also without the official schemas: required fields are there, no id twice, links hold."""
    record = organization(edition_in(content), content.centres[centre])
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
    ids = [[inner["id"] for _, inner in records(organization(edition_in(content), one))]
           for one in (centre, renamed)]  # fmt: skip
    assert ids[0] == ids[1]


def test_what_a_centre_has_not_said_is_in_no_data(site: Path, content: Content) -> None:
    """Sopot gave no phone, e-mail, address or hours: no file has a place for them, or a guess."""
    record = organization(edition_in(content), content.centres["sopot"])
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


def test_each_cell_stands_under_its_heading(content: Content) -> None:
    """Of a centre that has said everything, and of what it offers, each fact in its own words."""
    said = {
        **{"name": "Център", "region": "Област", "summary": "С какво помага", "fee": "Такса"},
        **{"address": "Адрес", "accessibility": "Достъп с количка", "documents": "Документи"},
        "area": "За кои общини",
    }
    real = content.centres["harmanli"]
    service = real.services[0].model_copy(
        update={
            **{"name": text("име"), "legal_name": text("по закон"), "where": text("къде")},
            **{"description": text("описание"), "kind": "psychological_counselling"},
        }
    )
    programme = (
        content.centres["sopot"]
        .programmes[0]
        .model_copy(
            update={
                **{"name": text("програма"), "description": text("за какво")},
                **{"audience": text("за кого"), "format": text("как")},
            }
        )
    )
    centre = real.model_copy(
        update={field: real.name.model_copy(update={"text": text(heading)})
                for field, heading in said.items()}
        | {"place": text("Населено място"), "services": (service,), "programmes": (programme,)}
    )  # fmt: skip
    files = dict(
        data_files(edition_in(Content(**{**vars(content), "centres": {"harmanli": centre}})))
    )
    (row,) = read_rows(files["danni/tsentrove.csv"])
    assert {heading: row[heading] for heading in said.values()} == {h: h for h in said.values()}
    assert row["Населено място"] == "Населено място"
    assert row["UUID на центъра"] == HARMANLI
    assert row["Имейл"] == "cop.harmanli@abv.bg"
    assert row["Страница"] == "https://opora.example/"
    first, second = read_rows(files["danni/uslugi-i-programi.csv"])
    assert {heading: first[heading] for heading in list(first)[1:8]} == {
        **{"UUID на центъра": HARMANLI, "Център": "Център", "Вид": "услуга", "Име": "име"},
        **{"Име в документите": "по закон", "Вид услуга": "Разговори с психолог"},
        "Описание": "описание",
    }
    assert first["Къде или как"] == "къде"
    assert [second[heading] for heading in list(second)[3:10]] == [
        *("програма", "програма", "", "", "за какво", "за кого", "как"),
    ]


def text(words: str) -> Text:
    return Text({"bg": words})


def test_excel_opens_the_tables() -> None:
    """The byte order mark, semicolons, line ends of RFC 4180, and no cell that is a formula."""
    cells = {"=HYPERLINK(1)": "'=HYPERLINK(1)", "+359 2": "'+359 2", "-1": "'-1", "@a": "'@a"}
    assert {cell: harmless(cell) for cell in cells} == cells
    assert harmless(" =1+1") == "' =1+1"
    assert harmless("＝1") == "'＝1"
    for number in ("0888123456", "0373 9 10 76", "7-12", "1.2", "(0373) 91076", "2026-11"):
        assert harmless(number) == f"'{number}"
    assert harmless("до 12 години") == "до 12 години"
    assert harmless(None) == ""


def test_a_telephone_keeps_its_nought_in_a_spreadsheet(site: Path) -> None:
    """It is text in every program and language, and read back it is the number of the page."""
    told = next(row for row in rows(site, "tsentrove.csv") if row["Населено място"] == "Харманли")
    assert told["Телефони"] == "тел. 0373 9 10 76"
    assert telephone(told["Телефони"]) == "0373 9 10 76"


def test_a_fact_that_is_a_formula_is_harmless_in_the_file(content: Content) -> None:
    """From the fact to the bytes: what a centre writes is never run by a spreadsheet program."""
    centre = content.centres["sopot"]
    name = centre.short_name.model_construct({"bg": '=cmd|"/c calc"!A1;\nx'})
    changed = centre.model_copy(update={"place": name})
    files = dict(
        data_files(edition_in(Content(**{**vars(content), "centres": {"sopot": changed}})))
    )
    table = files["danni/tsentrove.csv"]
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.count(b"\r\n") == 2
    (row,) = read_rows(table)
    assert row["Населено място"] == '\'=cmd|"/c calc"!A1; x'


def test_a_card_is_read_by_an_address_book(site: Path) -> None:
    """Name, number, e-mail and page come back; lines end and fold as RFC 2426 says."""
    data = (site / "harmanli" / "harmanli.vcf").read_bytes()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.decode().split("\r\n"))) <= 75  # signs
    lines = data.decode().replace("\r\n ", "").splitlines()
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert lines[-1] == "END:VCARD"
    card = dict(line.split(":", 1) for line in lines[1:-1])
    assert card["FN"] == r"Център за обществена подкрепа\, Харманли"
    assert card["N"] == card["FN"] + ";;;;"
    assert card["TEL;TYPE=WORK"] == "+35937391076"
    assert card["EMAIL;TYPE=WORK"] == "cop.harmanli@abv.bg"
    assert card["UID"] == f"urn:uuid:{HARMANLI}"
    assert page(site, "harmanli/kontakti").xpath("//main//a[@href='/harmanli/harmanli.vcf']")


def test_no_name_breaks_a_card(content: Content) -> None:
    """Commas, semicolons and backslashes stay in their value; a long name folds and comes back."""
    centre = content.centres["harmanli"]
    name = "Ц;О,П\\ " + "дълго име " * 20
    fact = centre.name.model_copy(update={"text": centre.name.text.model_construct({"bg": name})})
    data = contact_card(edition_in(content), centre.model_copy(update={"name": fact})).decode()
    assert max(map(len, data.split("\r\n"))) == 75
    lines = data.replace("\r\n ", "").split("\r\n")
    assert rf"FN:Ц\;О\,П\\ {'дълго име ' * 20}".strip() in lines
    assert sum(line.startswith("N:") for line in lines) == 1


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


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!-- <script>", "&lt;b&gt; & „„", "\u2028'\""]
)
def test_no_fact_ends_the_block(content: Content, name: str) -> None:
    """Whatever a centre writes is one block of data in a page, and comes back as it was."""
    centre = content.centres["harmanli"]
    fact = centre.name.model_copy(update={"text": centre.name.text.model_construct({"bg": name})})
    named = centre.model_copy(update={"name": fact})
    block = LinkedData(edition_in(content)).centre(named)
    assert set("<>&").isdisjoint(block.strip().partition(">")[2].rpartition("<")[0])
    found = html.document_fromstring(f"<html><body>{block}<p>край</p></body></html>")
    (script,) = found.iter("script")
    assert json.loads(script.text)["name"] == " ".join(name.split())
    assert [one.text for one in found.iter("p")] == ["край"]


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
        assert len(list(why_forbidden(element))) == count, kind


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
