"""The sheet that the staff read as a PDF: Typst sets it from `sheet.typ`, in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import typst

from contact_service.submission import (
    ANSWER_HERE,
    ANSWER_SAFELY,
    FOLLOWED,
    UNANSWERED,
    Submission,
    numbers_kept,
    sheet_text,
    sofia_time,
)
from site_model.forms.filled import Answer

TEMPLATE = Path(__file__).with_name("sheet.typ").read_bytes()
# Read once. Only those that come with Typst: the sheet looks the same on every server.
FONTS = typst.Fonts(include_system_fonts=False)


def sheet_pdf(submission: Submission) -> bytes:
    """The sheet as a tagged A4 PDF (PDF/UA-1, ISO 14289), made in memory.

    Signs that no font has, as emoji, break PDF/UA-1: then it is tagged only, says so, and
    carries the sheet as text as well. Raises typst.TypstError.
    """
    try:
        return _compiled(_data(submission), "ua-1")
    except typst.TypstError:
        return _compiled({**_data(submission), "unshown": True}, "1.7")


def _compiled(data: dict[str, object], standard: typst.PDFStandard) -> bytes:
    # A compiler of its own for each sheet costs 0.4 ms and keeps no letter after it.
    compiler = typst.Compiler(
        TEMPLATE, font_paths=FONTS, sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)}
    )
    pdf, _ = compiler.compile_with_warnings(format="pdf", pdf_standards=[standard])
    return cast(bytes, pdf)  # a list only for images of pages


def _data(submission: Submission) -> dict[str, object]:
    """What the template shows, all of it as strings; nothing where there is nothing to say."""
    return {
        "answer_safely": ANSWER_SAFELY,
        "answer_here": (ANSWER_HERE, submission.answer_link) if submission.answer_link else None,
        "form": submission.form,
        "centre": submission.centre,
        "reference": submission.reference,
        "follows": (submission.follows, FOLLOWED) if submission.follows else None,
        "time": sofia_time(submission.accepted_at),
        "version": str(submission.form_version),
        "language": submission.filled_in,
        "count": submission.count,
        "safe": [_question(answer) for answer in submission.safe_contact],
        "answers": [_question(answer) for answer in submission.numbered],
        "unanswered": UNANSWERED,
        "note": submission.note,
        "unshown": False,
        "text": sheet_text(submission),
    }


def _question(answer: Answer) -> dict[str, object]:
    return {
        "label": answer.label,
        "values": [numbers_kept(value) for value in answer.values or (UNANSWERED,)],
    }
