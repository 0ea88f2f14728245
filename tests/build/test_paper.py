"""Leaflets and paper forms: what they say, that they fit, and that every reader can use them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typst
from built_pages import change_yaml, files_of, page
from lxml import html
from pdf_tools import (
    against_pdf_ua,
    codes_on,
    info_of,
    language_of,
    links_of,
    squeezed,
    text_of,
    tool,
)
from project_changes import HARMANLI, replace_once, run, said, times_of
from support import copy_project

from site_build.leaflets import centre_leaflet
from site_build.paper_parts import PaperParts
from site_build.stages import build_site
from site_build.typesetting import Paper, Typesetter
from site_model.addresses import site_url
from site_model.bound_form import centre_form
from site_model.facts import Content
from site_model.form import ChoiceBase
from site_model.interface import translations

CENTRES = ("harmanli", "sopot")
CARD = "za-uchilishta-i-institutsii"


@pytest.fixture(scope="module")
def sheets(site: Path) -> dict[str, Path]:
    """Every Bulgarian sheet of the site by the place of its page."""
    return {
        place: path
        for centre in CENTRES
        for place, path in sheets_below(site, site / centre).items()
    }


def sheets_below(root: Path, folder: Path) -> dict[str, Path]:
    """Sheets by the place of their page below `root`."""
    return {path.parent.relative_to(root).as_posix(): path for path in folder.rglob("*.pdf")}


@pytest.fixture(scope="module")
def english_sheets(site: Path) -> dict[str, Path]:
    """The English ones, by the place below /en/."""
    return sheets_below(site / "en", site / "en")


@pytest.fixture(scope="module")
def leaflets(sheets: dict[str, Path], content: Content) -> dict[str, Path]:
    forms = {form.slug for form in content.forms.values()}
    return {place: path for place, path in sheets.items() if Path(place).name not in forms}


def test_each_centre_service_and_form_has_its_sheet(
    sheets: dict[str, Path], content: Content
) -> None:
    """A leaflet beside the page of each centre and service, a paper form beside each form, and a
    card for the wall beside the page for schools and institutions.
    """
    expected = set()
    for centre in content.centres.values():
        expected |= {centre.id, *(f"{centre.id}/{form.slug}" for form in content.forms.values())}
        expected |= {f"{centre.id}/{CARD}"}
        expected |= {f"{centre.id}/uslugi/{service.slug}" for service in centre.services}
    assert set(sheets) == expected


def test_each_sheet_is_there_in_english(
    sheets: dict[str, Path], english_sheets: dict[str, Path]
) -> None:
    """No word of theirs lacks its translation, or they would not be printed; all conform."""
    assert set(english_sheets) == set(sheets)
    assert {language_of(path) for path in english_sheets.values()} == {"en"}
    verdicts = [line.split("\t") for line in against_pdf_ua(*english_sheets.values())]
    assert len(verdicts) == len(english_sheets)
    assert {verdict[0] for verdict in verdicts} == {"conforms"}


@pytest.mark.parametrize("language", ["tr", "uk", "ar"])
def test_a_language_of_main_information_has_its_sheets(
    site: Path, content: Content, language: str
) -> None:
    """A leaflet of each centre and each form, beside their pages, which link to them; no others,
    since the other pages are not there."""
    found = sheets_below(site / language, site / language)
    forms = [form.slug for form in content.forms.values()]
    places = {place for centre in CENTRES for place in (centre, *(f"{centre}/{f}" for f in forms))}
    assert set(found) == places
    assert {language_of(path) for path in found.values()} == {language}
    assert {line.split("\t")[0] for line in against_pdf_ua(*found.values())} == {"conforms"}
    for place, path in found.items():
        (link,) = page(site, f"{language}/{place}").xpath("//main//p[@class='paper']/a/@href")
        assert link == f"/{path.relative_to(site).as_posix()}"


def test_numbers_are_read_from_the_left_where_lines_run_from_the_right(site: Path) -> None:
    """Else the groups of a telephone number stand in the wrong order, and nobody is reached."""
    leaflet = site / "ar" / "harmanli" / "listovka-harmanli.pdf"
    form = site / "ar" / "harmanli" / "pishete-ni" / "pishete-ni-harmanli.pdf"
    for sheet in (leaflet, form):
        assert groups_from_left(sheet, "0373") == ["0373", "9", "10", "76"]
        assert groups_from_left(sheet, "116")[:2] == ["116", "111"]


def groups_from_left(pdf: Path, first: str) -> list[str]:
    """The numbers beside the first `first` of page 1, as the eye meets them from the left."""
    words = html.fromstring(tool("pdftotext", "-l", "1", "-bbox", pdf, "-")).xpath("//word")
    numbers = [word for word in words if (word.text or "").strip(".").isdigit()]
    top = next(word.get("ymin") for word in numbers if word.text == first)
    beside = [word for word in numbers if word.get("ymin") == top]
    beside.sort(key=lambda word: float(word.get("xmin")))
    return [word.text.strip(".") for word in beside]


def test_a_leaflet_is_one_page_and_every_sheet_is_a4(
    sheets: dict[str, Path], leaflets: dict[str, Path]
) -> None:
    """Printed on the paper that every office has."""
    for place, path in sheets.items():
        info = info_of(path)
        assert info["Page size"].endswith("(A4)"), place
        assert info["Title"], place
        assert place not in leaflets or info["Pages"] == "1", place


def test_a_page_says_how_large_its_sheet_is(site: Path, sheets: dict[str, Path]) -> None:
    """The link names type, pages and size before anybody pays for the download."""
    for place, path in sheets.items():
        (link,) = page(site, place).xpath("//main//a[@type='application/pdf']")
        pages = int(info_of(path)["Pages"])
        counted = "1 страница" if pages == 1 else f"страници: {pages}"
        size = -(-path.stat().st_size // 1024)
        assert link.text_content().endswith(f"(PDF, {counted}, {size} KB)")
        assert link.get("href") == f"/{path.relative_to(site).as_posix()}"


@pytest.mark.parametrize("centre_id", CENTRES)
def test_the_leaflet_of_a_centre_says_what_families_need(
    sheets: dict[str, Path], content: Content, centre_id: str
) -> None:
    """Services, groups, phone or gap, address or gap, help lines, and who must be told."""
    text, centre = text_of(sheets[centre_id]), content.centres[centre_id]
    expected = [service.name.to("bg") for service in centre.services]
    expected += [content.groups[item.group].plain.to("bg") for item in centre.target_groups]
    expected += [phone.number for phone in centre.phones]
    expected += ["112", "116 111", "длъжен по закон", "Проверено по текста на центъра"]
    expected += ["Улица и номер още не са посочени", "Работно време Още не е посочено"]
    for words in expected:
        assert squeezed(words) in text, words
    assert (squeezed("още не е посочил телефон") in text) == (not centre.phones)


@pytest.mark.parametrize("centre_id", CENTRES)
def test_the_card_for_the_wall_has_every_help_line(
    sheets: dict[str, Path], content: Content, centre_id: str
) -> None:
    """The centre's telephone or gap and all help lines, the one for danger first; twice on a
    sheet, to be cut, and who hears it hears it once.
    """
    path, centre = sheets[f"{centre_id}/{CARD}"], content.centres[centre_id]
    text = text_of(path)
    assert text.count(squeezed(centre.name.text.to("bg"))) == 2
    numbers = [n for one in content.help_lines.values() for n in (one.number, *one.more_numbers)]
    places = [text.index(squeezed(number)) for number in (*numbers[:2], "Още телефони")]
    assert places == sorted(places)
    for words in (*numbers, *(phone.number for phone in centre.phones), "длъжен по закон"):
        assert text.count(squeezed(words)) >= 2, words
    assert (squeezed("още не е посочил телефон") in text) == (not centre.phones)
    assert len(links_of(path)) == len(set(links_of(path)))
    dialled = {f"tel:{one.dialled}" for one in content.help_lines.values()}
    assert dialled < set(links_of(path))


def test_the_leaflet_of_a_service_keeps_the_order_of_the_sheet(
    leaflets: dict[str, Path],
) -> None:
    """For whom, what, how, fee, documents, where, contact, and when it was checked."""
    order = ("За кого", "Какво е", "Как да получите", "Такса", "Документи", "Къде", "центъра")
    for place, path in leaflets.items():
        if "uslugi" in place:
            pattern = ".+".join(squeezed(words) for words in (*order, "Проверено"))
            assert re.search(pattern, text_of(path)), place


def test_the_code_leads_to_the_page_and_the_address_stands_beside_it(
    site: Path, sheets: dict[str, Path], content: Content, tmp_path: Path
) -> None:
    """What a camera reads is the address of the page beside which the sheet lies; the card for
    the wall leads to the centre's home, from both of its halves.
    """
    for place, path in sheets.items():
        address = f"{site_url(content.site, 'bg')}{place.removesuffix(CARD).rstrip('/')}/"
        assert codes_on(path, tmp_path) == [address] * (2 if place.endswith(CARD) else 1)
        assert squeezed(address) in text_of(path)
        assert (site / place / "index.html").exists()


@pytest.mark.parametrize("form_id", ["contact", "referral"])
@pytest.mark.parametrize("centre_id", CENTRES)
def test_a_paper_form_asks_all_that_the_page_asks(
    sheets: dict[str, Path], content: Content, centre_id: str, form_id: str
) -> None:
    """Every question with its hint, reason and options, and what must be read before."""
    definition, centre = content.forms[form_id], content.centres[centre_id]
    text = text_of(sheets[f"{centre_id}/{definition.slug}"])
    expected = [before.to("bg") for before in definition.before]
    expected += ["Този лист не е заключен", "112", "116 111"]
    for number, question in enumerate(
        centre_form(definition, centre, content.groups, "bg").questions, 1
    ):
        field = question.field
        optional = "" if field.required or field.required_when else "(по желание)"
        expected.append(f"{number}. {field.label.to('bg')} {optional}")
        expected += [field.why.to("bg"), *(label for _, label in question.options)]
        expected += [field.hint.to("bg")] if field.hint else []
        if isinstance(field, ChoiceBase):
            expected += [option.stop.to("bg") for option in field.options if option.stop]
    for words in expected:
        assert squeezed(words) in text, words


def test_a_question_that_depends_on_an_answer_says_so(sheets: dict[str, Path]) -> None:
    """Paper hides nothing: beside the phone stands after which answers it is needed."""
    needed = "отбелязахте „Обадете ми се по телефона“ или „Пратете ми съобщение на телефона“."
    assert squeezed(needed) in text_of(sheets["harmanli/pishete-ni"])


def test_verapdf_finds_nothing_against_pdf_ua(sheets: dict[str, Path]) -> None:
    """All checks of veraPDF's profile for ISO 14289-1 pass for every sheet."""
    verdicts = [line.split("\t") for line in against_pdf_ua(*sheets.values())]
    assert sorted(verdict[2] for verdict in verdicts) == sorted(map(str, sheets.values()))
    assert {verdict[0] for verdict in verdicts} == {"conforms"}
    assert all(int(verdict[1]) > 1000 for verdict in verdicts)


def test_verapdf_would_find_an_untagged_picture(tmp_path: Path) -> None:
    """The check itself can fail: the same kind of page without tags does not pass."""
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(typst.compile(b"Words without a title.", format="pdf", pdf_tags=False))
    *wrong, verdict = against_pdf_ua(bad)
    assert verdict.startswith("fails")
    assert len(wrong) > 2


def test_sheets_hold_their_letters_and_their_language(sheets: dict[str, Path]) -> None:
    """Every font is inside and one of ours, and a screen reader is told the language."""
    for place, path in sheets.items():
        rows = [row.split() for row in tool("pdffonts", path).splitlines()[2:]]
        assert {re.sub(r"^\w+\+|-\w+$", "", row[0]) for row in rows} == {"PTSans"}, place
        assert all(row[-5] == "yes" for row in rows), place
        assert language_of(path) == "bg", place


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Community Support Centre"),
        ("tr", "Toplumsal Destek Merkezi: ğüşıöçÇĞİŞ"),
        ("uk", "Центр громадської підтримки: їієґ"),
        ("ar", "مركز دعم المجتمع في هرمانلي"),
    ],
)
def test_the_fonts_have_the_letters_of_every_language(
    content: Content, tmp_path: Path, language: str, words: str
) -> None:
    """PDF/UA allows no letter that no font has, so such a sheet would not be made."""
    parts = PaperParts(content, "bg", translations("bg").gettext)
    data: dict[str, Any] = centre_leaflet(
        parts, content.centres["harmanli"], "https://opora.example/harmanli/"
    )
    changed = data | {"language": language, "heading": words, "title": words}
    printed = Typesetter(tmp_path).printed(Paper("x.pdf", "leaflet.typ", changed, most_pages=1))
    path = tmp_path / "leaflet.pdf"
    path.write_bytes(printed.pdf)
    assert info_of(path)["Title"] == words
    assert language_of(path) == language


def test_a_text_that_does_not_fit_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A leaflet that would need a second page stops the build with its name."""
    project = copy_project(tmp_path)

    def lengthen(centre: Any) -> Any:
        centre["summary"]["text"]["bg"] *= 40
        return centre

    change_yaml(project.root / HARMANLI, lengthen)
    assert "harmanli/listovka-harmanli.pdf: текстът не се побира на 1 страница" in said(
        project, capsys
    )


def test_another_process_sets_the_same_bytes(tmp_path: Path, site: Path) -> None:
    """Without the cache, on another day: no date and nothing random is in a sheet."""
    project = copy_project(tmp_path)
    shutil.rmtree(project.paper_cache("bg"))
    assert run(project, SOURCE_DATE_EPOCH="1000000000").returncode == 0
    made = {name: data for name, data in files_of(project.site).items() if name.endswith(".pdf")}
    before = {name: data for name, data in files_of(site).items() if name.endswith(".pdf")}
    assert made == {name: data for name, data in before.items() if name.startswith(CENTRES)}


def test_only_what_changed_is_set_anew(tmp_path: Path) -> None:
    """A changed phone sets the sheets of its centre again and leaves the others alone."""
    project = copy_project(tmp_path)
    build_site(project)
    before = times_of(project.paper_cache("bg"))
    build_site(project)
    assert times_of(project.paper_cache("bg")) == before
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
    build_site(project)
    after = times_of(project.paper_cache("bg"))
    kept = {name for name in before if after.get(name) == before[name]}
    sheets_of_sopot = len(list((project.site / "sopot").rglob("*.pdf")))
    assert len(kept) == sheets_of_sopot
    assert len(after) == len(before)
