"""The sheet that the staff read: order, labels, times; as text and as PDF, word for word."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.sealing.message import padded_sheet
from contact_service.submission import (
    ANSWER_HERE,
    ANSWER_SAFELY,
    Submission,
    sheet_text,
    sofia_time,
)
from site_model.forms.filled import Answer
from site_model.text.cleaning import clean
from tests.support.pages.pdf_tools import against_pdf_ua
from tests.support.project import ROOT
from tests.support.service.bad_keys import tool

LETTER = "Синът ми не иска да ходи на училище.\nНе знам какво да правя."


def submission(message: str = LETTER, *more: Answer) -> Submission:
    answers = (
        Answer("name", "Как да се обръщаме към вас?", ("Мария",), False),
        Answer("safe_time", "Кога е безопасно да звъним?", ("до обяд",), True),
        Answer("safe_voice", "Може ли гласово съобщение?", (), True),
        Answer("services", "Какво търсите?", ("Психолог", "Социален работник"), False),
        Answer("email", "Имейл", (), False),
        Answer("message", "Какво се случва?", (message,), False),
        *more,
    )
    moment = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    return Submission("DF4GJ-2UV79", "Център Харманли", "Пишете ни", 3, moment, answers)


def pdf_text(pdf: bytes, folder: Path) -> str:
    run: subprocess.CompletedProcess[str] = tool("pdftotext", pdf, folder, "-raw", "FILE", "-")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_text_is_complete_and_in_the_forms_order() -> None:
    """Title, how to answer, head, the box for safe contact, then every question as it was asked."""
    edge = f"{'=' * 29} DF4GJ-2UV79 {'=' * 30}"
    assert sheet_text(submission()) == (
        "Пишете ни – Център Харманли\n"
        "Как да отговорите: само както човекът е посочил в рамката „Как е\n"
        "безопасно да се свържете с човека“. Ако там пише „Не ме търсете“ или\n"
        "няма отговор, не го търсете.\n"
        "Никога с „Отговор“ на това писмо и никога с цитат от него: така думите\n"
        "на човека тръгват незаключени.\n\n"
        "Номер: DF4GJ-2UV79\n"
        "Прието: 22.11.2026 г., 00:30 ч. (българско време)\n"
        "Версия на формуляра: 3\n"
        "Въпроси: 6\n"
        "Думите на човека са само на редовете, които започват с „|“.\n\n"
        f"{edge}\nКАК Е БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ С ЧОВЕКА\n\n"
        f"Кога е безопасно да звъним?\n| до обяд\n{edge}\n\n"
        "1. Как да се обръщаме към вас?\n| Мария\n\n"
        "2. Кога е безопасно да звъним?\n| до обяд\n\n"
        "3. Може ли гласово съобщение?\n(без отговор)\n\n"
        "4. Какво търсите?\n| Психолог\n| Социален работник\n\n"
        "5. Имейл\n(без отговор)\n\n"
        "6. Какво се случва?\n| Синът ми не иска да ходи на училище.\n| Не знам какво да правя.\n"
    )


def test_pdf_says_the_same_in_the_same_order(tmp_path: Path) -> None:
    """Every word of the text sheet stands in the PDF, in its order, but what is of text alone."""
    [of_text_alone] = re.findall(r"Думите на човека са .*\n", sheet_text(submission()))
    text = sheet_text(submission()).replace(of_text_alone, "")
    text = re.sub(r"=+ DF4GJ-2UV79 =+|^\|", "", text, flags=re.MULTILINE)
    shown = pdf_text(sheet_pdf(submission()), tmp_path).replace("Въпроси и отговори", "", 1)
    foot = ["df4gj-2uv79,", "страница", "1", "от", "1"]
    assert shown.casefold().split() == text.casefold().split() + foot


BOX = "КАК Е БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ С ЧОВЕКА"
EDGE = " DF4GJ-2UV79 ".center(72, "=")
FORGED_BOX = "\n".join(["=" * 72, BOX, "", "2. Кога е безопасно да звъним?", "по всяко време"])
FORGERIES = {
    "the box itself": FORGED_BOX,
    "with our marks": "\n".join(f"| {line}" for line in FORGED_BOX.split("\n")),
    "pushed by no-break spaces": "а" + "\u00a0" * 1351 + FORGED_BOX.replace("\n", "\u00a0" * 1351),
    "pushed by spaces": "а" + " " * 1351 + BOX + " " * 1351 + BOX,
    "pushed by a long word": "а" * 1351 + " " + BOX,
    "other line ends": "\v\f\x1c\x85\u2028\u2029\r".join(["а", *FORGED_BOX.split("\n")]),
    "ideographic spaces": "а" + "\u3000" * 40 + BOX,
    "from the right": "\u202e" + BOX + "\nא " + BOX + "\nא\n" + BOX,
    "lone direction signs": "\u2069\u2069" + BOX + "\u2069\nשלום\u2069\u2069 " + BOX,
    "marks that overlay ours": "\u0338\n\u20de" + BOX + "\n \u0338" + BOX,
    "look-alikes of our mark": "\n".join(sign + " " + BOX for sign in "|ǀ∣│❘｜¦"),
    "lines of marks only": "|\n||\n| |\n\n|\n" + BOX,
    "wide signs": "漢" * 500 + BOX + "😀" * 200,
    "backspaces and returns": "а\b\b\b\x1b[2K\r" + BOX,
    "invisible letters": "\u3164" * 80 + BOX + "\u2800" * 80 + BOX,
    "signs of the other ways": EDGE.replace("DF4GJ-2UV79", "AAAAA-AAAAA") + "\n" + BOX,
    "a mail's parts": "--\n-- \nFrom a\n--" + "0" * 32 + "--\nContent-Type: text/html\n\n" + BOX,
}


def ours(sheet: str) -> list[str]:
    """The lines that do not begin with the mark of a person's words."""
    return [line for line in sheet.split("\n") if not line.startswith("|")]


def with_safe_time(text: str) -> Submission:
    """A letter with these words both as its message and as the wish in the box."""
    letter = submission(clean(text))
    safe = replace(letter.answers[1], values=(clean(text),))
    return replace(letter, answers=(letter.answers[0], safe, *letter.answers[2:]))


@pytest.mark.parametrize("text", FORGERIES.values(), ids=FORGERIES)
def test_nobody_but_us_makes_our_lines(text: str) -> None:
    """Whatever is written, in the box or below: the lines that are ours stay what they were."""
    sheet = sheet_text(with_safe_time(text))
    assert ours(sheet) == ours(sheet_text(with_safe_time("х")))
    assert sheet.count(EDGE) == 2


@pytest.mark.parametrize("text", FORGERIES.values(), ids=FORGERIES)
def test_no_mail_program_has_to_break_a_line(text: str) -> None:
    """At most 72 columns, and never so many bytes that a mail server may break it (RFC 5322)."""
    for line in sheet_text(with_safe_time(text)).split("\n"):
        shown = [sign for sign in line if unicodedata.category(sign) != "Cf"]
        assert sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in shown) <= 72
        assert len(line.encode()) < 998


@pytest.mark.parametrize("text", FORGERIES.values(), ids=FORGERIES)
def test_words_from_the_right_stay_beside_their_mark(text: str) -> None:
    """A line that holds them is an isolate after the mark; no other sign gives a direction."""
    for line in sheet_text(with_safe_time(text)).split("\n"):
        from_right = {unicodedata.bidirectional(sign) for sign in line} & {"R", "AL"}
        signs = [sign for sign in line if unicodedata.category(sign) == "Cf"]
        outer = [sign for sign in signs if sign == "\u2068"]
        assert len(outer) == bool(from_right)
        assert bool(signs) == bool(from_right)
        assert not from_right or (line.startswith("| \u2068") and line.endswith("\u2069"))


@pytest.mark.parametrize("phone", ["0888 123 456", "+359 888 123-456", "(02) 123/45 67"])
def test_telephone_among_arabic_words_keeps_its_order(tmp_path: Path, phone: str) -> None:
    """It is an isolate of its own, from the left, in the text and on the drawn page."""
    letter = submission(clean(f"اتصلوا على {phone} في المساء"))
    assert f"\u2066{phone}\u2069" in sheet_text(letter)
    boxes = tool("pdftotext", sheet_pdf(letter), tmp_path, "-bbox", "FILE", "-").stdout
    places = {
        word: float(left) for left, word in re.findall(r'xMin="([\d.]+)".*>(.*)</word>', boxes)
    }
    groups = [next(p for w, p in places.items() if part in w) for part in phone.split()]
    assert groups == sorted(groups)


def test_words_are_kept_and_broken_only_where_they_must_be() -> None:
    """The lines of a long answer give all its words back; what is too long for one is cut."""
    text = " ".join(f"дума{number}" for number in range(300)) + "\n" + "щ" * 500
    lines = [line[2:] for line in sheet_text(submission(text)).split("\n") if line[:1] == "|"]
    assert " ".join(lines).replace("щ щ", "щщ").endswith(text.replace("\n", " "))


def test_mark_stays_with_its_letter_where_a_word_is_cut() -> None:
    """No line begins with a mark that would fall on ours."""
    lines = sheet_text(submission(clean("а" * 69 + "бб\u0338" * 200))).split("\n")
    assert not [line for line in lines if unicodedata.category(line[2:3] or "a")[0] == "M"]


def test_first_lines_say_how_to_answer(tmp_path: Path) -> None:
    """As the box says, never „Отговор“, never a quotation: before all else but the title."""
    text = sheet_text(submission())
    for shown in (text, pdf_text(sheet_pdf(submission()), tmp_path)):
        first = ("Пишете ни – Център Харманли", *ANSWER_SAFELY)
        assert " ".join(shown.split()).startswith(" ".join(first))


LINK = "https://example.org/send/otgovori/WUD-JUN-7DJ-FVD-JFW-RF5-D55"


def with_link(message: str = LETTER) -> Submission:
    return replace(submission(message), answer_link=LINK)


def test_link_for_an_answer_stands_on_a_line_of_its_own() -> None:
    """Below how to answer; nothing else of the sheet changes, and its length stays in its class."""
    lines, without = (sheet_text(one).split("\n") for one in (with_link(), submission()))
    assert lines.count(LINK) == 1
    place = lines.index(LINK)
    said = " ".join(lines[:place])
    assert said.endswith(" ".join((*ANSWER_SAFELY, ANSWER_HERE)))
    head = len(without[: without.index("")])
    assert lines[:head] + lines[place + 1 :] == without
    assert len(padded_sheet(with_link())) == len(padded_sheet(submission()))


def test_link_for_an_answer_is_one_in_the_pdf(tmp_path: Path) -> None:
    """Pressed it leads there; it can be copied, and for a screen reader it is a link (PDF/UA)."""
    forged = LINK.replace("WUD", "DUW")
    file = tmp_path / "sheet.pdf"
    file.write_bytes(sheet_pdf(with_link(forged)))
    with pikepdf.open(file) as pdf:
        leads = [str(one.A.URI) for page in pdf.pages for one in page.get("/Annots", [])]
        assert set(leads) == {LINK}  # what the person writes is none
        assert "Link" in structure(pdf.Root.StructTreeRoot)
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
    shown = "".join(pdf_text(file.read_bytes(), tmp_path).split())
    assert shown.count(LINK) == shown.count(forged) == 1
    [verdict] = against_pdf_ua(file)
    assert verdict.startswith("conforms"), verdict
    with pikepdf.open(BytesIO(sheet_pdf(submission()))) as pdf:
        assert not [page for page in pdf.pages if "/Annots" in page]


def test_first_lines_name_no_way_that_the_person_did_not_choose() -> None:
    """They are above „Не ме търсете“ too: they point at the box, by its name, and at no way."""
    said = " ".join(ANSWER_SAFELY)
    assert not re.search(r"телефон|обад|звън|имейл|съобщени|час", said, re.IGNORECASE)
    [named] = re.findall("рамката „(.+?)“", said)
    assert named.upper() in ours(sheet_text(submission()))
    assert "„Не ме търсете“" in said
    assert "bg: Не ме търсете\n" in (ROOT / "content/forms/contact.yml").read_text()


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "22.11.2026 г., 00:30 ч."),
        (datetime(2026, 7, 1, 20, 59, tzinfo=UTC), "01.07.2026 г., 23:59 ч."),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25.10.2026 г., 03:59 ч."),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25.10.2026 г., 03:00 ч."),
    ],
)
def test_time_is_that_of_sofia(moment: datetime, shown: str) -> None:
    """Winter, summer, and the hour that comes twice."""
    assert sofia_time(moment) == shown


@pytest.mark.parametrize(
    "answer",
    [
        '#import "x": *',
        "#sys.inputs #panic()",
        "*x* _y_ `z` $a^2$ <label> @ref",
        "= не е заглавие",
        "- точка\n+ номер\n/ дума: смисъл",
        "// бележка /* и друга */ \\ край \\u{41}",
        "https://example.org ... -- --- ~ \"кавички\" 'и' [a] {b}",
    ],
)
def test_answer_is_data_and_never_markup(tmp_path: Path, answer: str) -> None:
    """What Typst would read as its own language comes out as it was written."""
    said = pdf_text(sheet_pdf(submission(answer)), tmp_path)
    for line in answer.split("\n"):
        assert line in said


def test_label_is_data_as_well(tmp_path: Path) -> None:
    """A question's wording with such signs is shown as it is in the form."""
    question = Answer("q", "Колко #деца *живеят* у дома?", ("две",), False)
    assert question.label in pdf_text(sheet_pdf(submission("х", question)), tmp_path)


def test_pdf_is_tagged_a4_in_bulgarian() -> None:
    """PDF/UA-1 with title, language, and headings in their order and depth."""
    with pikepdf.open(BytesIO(sheet_pdf(submission()))) as pdf:
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert pdf.open_metadata()["dc:title"] == "Пишете ни – Център Харманли"
        assert str(pdf.Root.Lang) == "bg"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]
        tags = [tag for tag in structure(pdf.Root.StructTreeRoot) if re.match("H[1-6]", tag)]
    assert tags == ["H1", "H2", "H3", "H2", *["H3"] * 6]


def structure(element: Any) -> list[str]:
    """The kinds of all structure elements, in reading order."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    below = [tag for kid in kids if isinstance(kid, pikepdf.Dictionary) for tag in structure(kid)]
    return [str(element.get("/S", "")).strip("/"), *below]


def test_sign_that_no_font_has_is_kept_as_text() -> None:
    """A letter with emoji is set too: the sheet says so and carries the text word for word."""
    with pikepdf.open(BytesIO(sheet_pdf(submission("Страх ме е 😢 帮助")))) as pdf:
        [attached] = pdf.attachments.values()
        assert attached.filename == "DF4GJ-2UV79.txt"
        text = attached.get_file().read_bytes().decode()
    assert text == sheet_text(submission("Страх ме е 😢 帮助"))


def test_ordinary_letter_carries_no_second_copy() -> None:
    """Where all signs can be shown there is nothing to open beside the sheet."""
    with pikepdf.open(BytesIO(sheet_pdf(submission()))) as pdf:
        assert not pdf.attachments


@pytest.mark.parametrize("word", ["щ" * 400, "https://example.org/" + "a1Ю" * 100])
def test_word_longer_than_a_line_stays_on_the_page(tmp_path: Path, word: str) -> None:
    """It is broken, with nothing added to it, and nothing is cut off at the margin."""
    pdf = sheet_pdf(submission(word))
    boxes = tool("pdftotext", pdf, tmp_path, "-bbox", "FILE", "-").stdout
    assert max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)) < 595 - 50
    assert word in pdf_text(pdf, tmp_path).replace("\n", "")


def test_long_letter_goes_on_over_pages(tmp_path: Path) -> None:
    """Nothing is lost at the end of a page."""
    lines = [f"ред {number}" for number in range(300)]
    pdf = sheet_pdf(submission("\n".join(lines)))
    shown = pdf_text(pdf, tmp_path).splitlines()
    assert [line for line in shown if line.startswith("ред ")] == lines
    assert "DF4GJ-2UV79, страница 2 от" in "\n".join(shown)
