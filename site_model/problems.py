"""What is wrong in the content folder, said so that a person who is no programmer can fix it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from site_model.field_types import other_letter


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix: where it is and what to do.

    `line` counts from 1; in a spreadsheet `cell` says the place instead, as „лист „Услуги“, C5“,
    and `rank` in which order people come to it there.
    """

    file: str
    line: int
    field: str
    sentence: str
    cell: str = ""
    rank: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}, {self.cell or f'ред {self.line}'}"
        return (
            f"{where}, поле „{self.field}“: {self.sentence}"
            if self.field
            else f"{where}: {self.sentence}"
        )


class ContentError(Exception):
    """The content folder cannot be used; `problems` holds all that was found, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.file, one.rank, one)))
        super().__init__("\n".join(map(str, self.problems)))


_WHOLE_NUMBER = "тук се очаква цяло число."
_DATE = "датата се пише година-месец-ден, например 2026-11-21."
_ADDRESS = "тук се очаква адрес, който започва с https://."
_UNFORESEEN = "не е във вида, който се очаква тук. Вижте как е написано на друго такова място."
"""For errors that nobody foresaw: their own words are English, and never shown."""

_SENTENCES = {
    "missing": "липсва. Допишете го.",
    "string_type": "тук се очаква текст. Ако е думата true, false или null, оградете я с кавички.",
    "string_too_short": "е празно. Напишете текст или изтрийте реда.",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "finite_number": _WHOLE_NUMBER,
    "bool_type": "тук се очаква true (да) или false (не).",
    "bool_parsing": "тук се очаква true (да) или false (не).",
    "dict_type": "тук се очакват подредове „име: стойност“, например bg: „…“.",
    "model_type": "тук се очакват подредове „име: стойност“.",
    "model_attributes_type": "тук се очакват подредове „име: стойност“.",
    "tuple_type": "тук се очаква списък: всеки ред започва с тире.",
    "too_short": "списъкът е празен. Допишете поне един ред с тире.",
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "path_type": "тук се очаква път до файл или папка.",
    "url_parsing": _ADDRESS,
    "url_scheme": _ADDRESS,
    "url_type": _ADDRESS,
    "union_tag_not_found": "липсва „kind“ – видът на полето.",
}


def sentence_for(error: Any, allowed: Sequence[str]) -> str:
    """The Bulgarian sentence for one pydantic error; `allowed` are the names known there."""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(error["loc"][-1]), allowed, n=1)
            fix = f"Може би „{near[0]}“?" if near else "Изтрийте го."
            sentence = f"няма такова поле. {fix}"
        case "literal_error":
            sentence = f"тук може да пише само {context['expected'].replace(' or ', ' или ')}."
        case "union_tag_invalid":
            kinds = context["expected_tags"]
            sentence = f"няма такъв вид поле „{context['tag']}“. Видовете са: {kinds}."
        case "string_pattern_mismatch":
            joined = "долни черти (_)" if "_" in context["pattern"] else "тирета"
            got = str(error["input"])
            what = other_letter(got) or f"получено е „{got}“"
            sentence = f"тук се пишат само малки латински букви, цифри и {joined}; {what}."
        case "value_error" if "reason" in context:  # only the e-mail check gives a reason
            sentence = "това не прилича на имейл адрес, например ime@primer.bg."
        case "value_error" if re.search("[а-я]", str(context["error"])):  # a check of ours
            sentence = f"{context['error']}."
        case "greater_than_equal":
            sentence = f"числото трябва да е поне {context['ge']}."
        case "less_than_equal":
            sentence = f"числото може да е най-много {context['le']}."
        case kind:
            sentence = _SENTENCES.get(kind, _UNFORESEEN)
    return sentence


def names_known_at(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Field names that the models at the last step of `loc` know."""
    return tuple(dict.fromkeys(name for m in models_at(model, loc) for name in m.model_fields))


def models_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[Any]:
    """The models that hold the last step of `loc`."""
    here: list[Any] = [model]
    for step in loc[:-1]:
        fields = [m.model_fields[step] for m in here if step in m.model_fields]
        if fields:  # a list's number or a union's tag leads to no other model
            here = [inner for field in fields for inner in models_within(field.annotation)]
    return here


def models_within(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    parts = getattr(annotation, "__args__", ())
    return [inner for part in parts for inner in models_within(part)]


def problems_of(
    error: ValidationError, model: type[BaseModel], file: str, lines: LineFinder
) -> list[Problem]:
    """Each pydantic error as a Problem, with the line that `lines` finds for its place."""
    found = []
    for item in error.errors():
        line, path = lines(item["loc"])
        found.append(
            Problem(file, line, path, sentence_for(item, names_known_at(model, item["loc"])))
        )
    return found


def field_words(place: Sequence[str | int]) -> str:
    """The way to a value as people read it: building → № 1 → text."""
    return " → ".join(f"№ {step + 1}" if isinstance(step, int) else step for step in place)


class LineFinder:
    """Finds the line of a place in a parsed document from a map of paths to lines."""

    def __init__(self, line_of: dict[tuple[str | int, ...], int]) -> None:
        self._line_of = line_of

    def __call__(self, loc: Sequence[str | int]) -> tuple[int, str]:
        """Line and readable path; steps that are not in the document (union tags) are left out."""
        known: tuple[str | int, ...] = ()
        lost: list[str] = []
        for step in loc:
            if (*known, step) in self._line_of:
                known = (*known, step)
                lost.clear()
            else:
                lost.append(str(step))
        return self._line_of.get(known, 1), field_words((*known, *lost[-1:]))

    def place_of(self, line: int) -> tuple[str | int, ...]:
        """The deepest place that begins in a line; () where none does."""
        here = [place for place, known in self._line_of.items() if known == line]
        return max(here, key=len, default=())
