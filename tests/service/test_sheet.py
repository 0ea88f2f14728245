"""The sheet that the staff read: order, labels, times; as text and as PDF, word for word."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from test_sealing_pdf import tool

from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.sheet import Submission, sheet_text, sofia_time
from site_model.bound_form import Answer

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
    """Head, the box with the wishes for safe contact, then every question as it was asked."""
    rule = "=" * 60
    assert sheet_text(submission()) == (
        "Пишете ни – Център Харманли\n"
        "Номер: DF4GJ-2UV79\n"
        "Прието: 22.11.2026 г., 00:30 ч. (българско време)\n"
        "Версия на формуляра: 3\n\n"
        f"{rule}\nКАК Е БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ С ЧОВЕКА\n\n"
        f"Кога е безопасно да звъним?\n    до обяд\n{rule}\n\n"
        "Как да се обръщаме към вас?\n    Мария\n\n"
        "Кога е безопасно да звъним?\n    до обяд\n\n"
        "Може ли гласово съобщение?\n    (без отговор)\n\n"
        "Какво търсите?\n    Психолог\n    Социален работник\n\n"
        "Имейл\n    (без отговор)\n\n"
        "Какво се случва?\n    Синът ми не иска да ходи на училище.\n    Не знам какво да правя.\n"
    )


def test_pdf_says_the_same_in_the_same_order(tmp_path: Path) -> None:
    """Every line of the text sheet stands in the PDF, in its order."""

    def lines(text: str) -> list[str]:
        words = re.sub("=+", "", text).split("\n")
        return [line.strip().casefold() for line in words if line.strip()]

    shown = lines(pdf_text(sheet_pdf(submission()), tmp_path))
    shown.remove("въпроси и отговори")
    assert shown[-1].replace("\f", "") == "df4gj-2uv79, страница 1 от 1"
    assert shown[:-1] == lines(sheet_text(submission()))


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
