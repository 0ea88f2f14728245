"""Leaflets and paper forms: what they say, that they fit, and that every reader can use them."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typst
from lxml import html

from site_build.__main__ import main
from site_build.pages.page_plan import Plan
from site_build.paper.leaflets import centre_leaflet
from site_build.paper.letters import ARABIC, ORDINARY, for_paper
from site_build.paper.parts import PaperParts, line
from site_build.paper.sheets import papers
from site_build.paper.typesetting import Paper, Typesetter
from site_build.pipeline import build_site
from site_model.content import Content
from site_model.forms.binding import centre_form
from site_model.forms.kinds import ChoiceBase
from site_model.types import MissingTranslationError, Text
from site_model.urls import site_url
from tests.support.content.editions import edition_in
from tests.support.content.project_changes import HARMANLI, replace_once, run, times_of
from tests.support.pages.built_pages import change_yaml, files_of, page
from tests.support.pages.pdf_tools import (
    against_pdf_ua,
    codes_on,
    info_of,
    language_of,
    links_of,
    squeezed,
    text_of,
    tool,
)
from tests.support.project import copy_project

CENTRES = ("harmanli", "sopot")
CARD = "za-uchilishta-i-institutsii"
BAD = "bad.pdf"
LIMITS = ("длъжен по закон", "нуждае от закрила")


@dataclass(frozen=True)
class Verdict:
    """veraPDF's on one file: how many checks were made, and what is wrong."""

    conforms: bool
    checks: int
    wrong: list[str]


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


@pytest.fixture(scope="module")
def verdicts(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Verdict]:
    """veraPDF's on every sheet of the site, and on BAD: one start of Java for all tests."""
    bad = tmp_path_factory.mktemp("bad") / BAD
    bad.write_bytes(typst.compile(b"Words without a title.", format="pdf", pdf_tags=False))
    found: dict[Path, Verdict] = {}
    wrong: list[str] = []
    for said in against_pdf_ua(bad, *site.rglob("*.pdf")):
        word, *rest = said.split("\t")
        if word in ("conforms", "fails"):
            found[Path(rest[1])] = Verdict(word == "conforms", int(rest[0]), wrong)
            wrong = []
        else:
            wrong.append(said)
    return found


def test_each_sheet_is_there_in_english(
    sheets: dict[str, Path], english_sheets: dict[str, Path], verdicts: dict[Path, Verdict]
) -> None:
    """No word of theirs lacks its translation, or they would not be printed; all conform."""
    assert set(english_sheets) == set(sheets)
    assert {language_of(path) for path in english_sheets.values()} == {"en"}
    assert all(verdicts[path].conforms for path in english_sheets.values())


def test_a_missing_translation_stops_a_sheet(content: Content) -> None:
    """Paper has no mark for Bulgarian words in another language, as a page has: none is printed."""
    centre = content.centres["harmanli"]
    said = Text({"bg": "Помагаме на деца."})
    summary = centre.summary.model_copy(update={"text": said})
    with pytest.raises(MissingTranslationError):
        said.to("en")
    changed = replace(
        content,
        centres={**content.centres, centre.id: centre.model_copy(update={"summary": summary})},
    )
    printed = {}
    for name, each in (("as it is", content), ("untranslated", changed)):
        edition = edition_in(each, "en")
        printed[name] = {paper.file for _, paper in papers(edition, Plan(edition).pages)}
    leaflet = "harmanli/listovka-harmanli.pdf"
    assert printed["as it is"] - printed["untranslated"] == {leaflet}


@pytest.mark.parametrize("language", ["tr", "uk", "ar"])
def test_a_language_of_main_information_has_its_sheets(
    site: Path, content: Content, language: str, verdicts: dict[Path, Verdict]
) -> None:
    """A leaflet of each centre and each form, beside their pages, which link to them; no others,
    since the other pages are not there."""
    found = sheets_below(site / language, site / language)
    forms = [form.slug for form in content.forms.values()]
    places = {place for centre in CENTRES for place in (centre, *(f"{centre}/{f}" for f in forms))}
    assert set(found) == places
    assert {language_of(path) for path in found.values()} == {language}
    assert all(verdicts[path].conforms for path in found.values())
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


@pytest.mark.parametrize(
    ("sentence", "apart"),
    [
        ("الإثنين: {}, {} ثم", ("08:30–12:00", "13:00–17:00")),
        ("اتصل: {}. شكرا", ("0373 9 10 76 вътр. 12",)),
        ("اتصل {} أو {} الآن", ("+359 373 9 10 76 / 77", "(0373) 91076")),
        ("العنوان: {}", ("6450 Харманли, ул. „Изворна“ 15, вх. Б",)),
        ("البريد: {}.", ("123-deti@abv.bg",)),
        ("التاريخ {} و {} و {}", ("28.11.2026", "2026-11-28", "12–14")),
        ("السعر {} فقط و {}", ("12,50 лв", "1 200,50")),
    ],
)
def test_what_is_read_from_left_keeps_its_order(
    content: Content, tmp_path: Path, sentence: str, apart: tuple[str, ...]
) -> None:
    """Hours, telephones, addresses and dates in an Arabic line: each whole, the first rightmost."""
    parts = PaperParts(edition_in(content))
    data = centre_leaflet(parts, content.centres["harmanli"], "https://opora.example/harmanli/")
    data |= {"language": "ar", "columns": [], "lead": [line(sentence.replace("{}", "%s") % apart)]}
    printed = Typesetter(tmp_path).typeset(Paper("x.pdf", "leaflet.typ", data, most_pages=1))
    assert printed
    path = tmp_path / "leaflet.pdf"
    path.write_bytes(printed.pdf)
    words = html.fromstring(tool("pdftotext", "-bbox", path, "-")).xpath("//word")
    first = apart[0].split()[0]
    top = next(float(word.get("ymax")) for word in words if first in (word.text or ""))
    row = [word for word in words if abs(float(word.get("ymax")) - top) < 2]
    row.sort(key=lambda word: float(word.get("xmin")))
    seen = "".join("".join(word.text for word in row).split())
    places = [seen.index("".join(part.split())) for part in apart]
    assert places == sorted(places, reverse=True)


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
        counted = f"{pages} {'страница' if pages == 1 else 'страници'}"
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
    expected += ["112", "116 111", *LIMITS, "Проверено по текста на центъра"]
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
    for words in (*numbers, *(phone.number for phone in centre.phones), *LIMITS):
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
    form = centre_form(definition, centre, content.groups, "bg")
    for number, field in enumerate(form.fields.values(), 1):
        optional = "" if field.required or field.required_when else "(по желание)"
        expected.append(f"{number}. {field.label.to('bg')} {optional}")
        expected.append(field.why.to("bg"))
        expected += [field.hint.to("bg")] if field.hint else []
        if isinstance(field, ChoiceBase):
            expected += [option.label.to("bg") for option in field.options]
            expected += [option.stop.to("bg") for option in field.options if option.stop]
    for words in expected:
        assert squeezed(words) in text, words


def test_a_question_that_depends_on_an_answer_says_so(sheets: dict[str, Path]) -> None:
    """Paper hides nothing: beside the phone stands after which answers it is needed."""
    needed = "отбелязахте „Обадете ми се по телефона“ или „Пратете ми съобщение на телефона“."
    assert squeezed(needed) in text_of(sheets["harmanli/pishete-ni"])


def test_verapdf_finds_nothing_against_pdf_ua(
    sheets: dict[str, Path], verdicts: dict[Path, Verdict]
) -> None:
    """All checks of veraPDF's profile for ISO 14289-1 pass for every sheet."""
    for path in sheets.values():
        assert verdicts[path].conforms, (path, verdicts[path].wrong)
        assert verdicts[path].checks > 1000


def test_verapdf_would_find_an_untagged_picture(verdicts: dict[Path, Verdict]) -> None:
    """The check itself can fail: the same kind of page without tags does not pass."""
    (bad,) = (verdict for path, verdict in verdicts.items() if path.name == BAD)
    assert not bad.conforms
    assert len(bad.wrong) > 2


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
    parts = PaperParts(edition_in(content))
    data: dict[str, Any] = centre_leaflet(
        parts, content.centres["harmanli"], "https://opora.example/harmanli/"
    )
    changed = data | {"language": language, "heading": words, "title": words}
    printed = Typesetter(tmp_path).typeset(Paper("x.pdf", "leaflet.typ", changed, most_pages=1))
    assert printed
    path = tmp_path / "leaflet.pdf"
    path.write_bytes(printed.pdf)
    assert info_of(path)["Title"] == words
    assert language_of(path) == language


def test_a_text_that_does_not_fit_is_left_out_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The leaflet goes and its link with it, every page and every other sheet goes out; what to
    fix is said by each build until it is fixed.
    """
    project = copy_project(tmp_path)

    def lengthen(centre: Any) -> Any:
        centre["summary"]["text"]["bg"] *= 40
        return centre

    change_yaml(project.root / HARMANLI, lengthen)
    file = "harmanli/listovka-harmanli.pdf"
    for _ in range(2):
        capsys.readouterr()
        assert main(["--project", str(project.root)]) == 0
        assert f"{file}: текстът не се побира на 1 страница" in capsys.readouterr().out
    assert not (project.site / file).exists()
    home = (project.site / "harmanli" / "index.html").read_text(encoding="utf-8")
    assert "listovka" not in home
    assert len(list(project.site.rglob("listovka-*.pdf"))) == 1
    assert list(project.site.glob("harmanli/uslugi/*/*.pdf"))


RARE = "детето ѝ Ѝ и\u0300 ● → ✓ ☎ 😀 Αθήνα ə Ŵ ①"


def test_no_letter_stops_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rare letters and signs stand on paper as on the page, composed; the one that no font has is
    left out there, and build and check say in which file, line and field it stands: in the name,
    which is a heading, and in the summary.
    """
    project = copy_project(tmp_path)
    fields = ("name", "summary")

    def add(centre: Any) -> Any:
        for field in fields:
            centre[field]["text"]["bg"] = RARE
        return centre

    change_yaml(project.root / HARMANLI, add)
    lines = (project.root / HARMANLI).read_text(encoding="utf-8").splitlines()
    numbers = [n for n, line in enumerate(lines, 1) if "\\U0001F600" in line or "😀" in line]
    for command in ("check", "build"):
        assert main([command, "--project", str(project.root)]) == 0
        said = capsys.readouterr().out
        for field, number in zip(fields, numbers, strict=True):
            place = f"content/centres/harmanli.yml, ред {number}, поле „{field} → text → bg“"
            assert f"{place}: на хартия липсва „😀“" in said
    paper = text_of(project.site / "harmanli" / "listovka-harmanli.pdf")
    assert squeezed("детето ѝ Ѝ ѝ ● → ✓ ☎ Αθήνα ə Ŵ ①") in paper
    page = (project.site / "harmanli" / "index.html").read_text(encoding="utf-8")
    assert "😀" in page
    assert against_pdf_ua(project.site / "harmanli" / "listovka-harmanli.pdf")[0].startswith(
        "conforms"
    )


def test_a_letter_that_no_font_has_leaves_a_gap_that_is_seen() -> None:
    """A word is never changed in silence: letters become „…“, a sign goes without a trace."""
    shows = set("✓☎ѣ").__contains__
    for written, shown in (
        ("Център 北京, Бяла 😀.", "Център …, Бяла."),
        ("👨\u200d👩\u200d👧 семейство", "семейство"),
        ("✅ готово, 📞 112", "✓ готово, ☎ 112"),
        ("ѣ́ и ѣ\u0302", "ѣ́ и ѣ"),
        ("1\ufe0f\u20e3 първо", "1 първо"),
        ("и\u0306 и\u0300", "й ѝ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("😀", ""),
    ):
        assert for_paper(written, lambda sign: sign in "\u200cیѣ́" or shows(sign))[0] == shown


def test_paper_has_every_sign_that_is_never_asked_for(tmp_path: Path) -> None:
    """What counts as ordinary is there, in every style that sheets use."""
    every = (chr(number) for number in range(0x20, 0x3000))
    signs = "".join(sign for sign in every if re.match(f"[{ORDINARY}{ARABIC}]", sign))
    assert len(signs) > 450
    typesetter = Typesetter(tmp_path)
    assert typesetter.shows(signs)
    assert not typesetter.shows("😀")


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
