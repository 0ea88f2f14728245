"""What staff type wrong is answered in Bulgarian, with the bound on its side and numbers agreed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from contact_service.settings.service import Settings, SettingsError, load_settings
from site_model.facts import shared
from site_model.facts.centre import Centre
from site_model.forms.definition import FormDefinition
from site_model.problems import models_within, sentence_for
from site_model.text.plurals import count_phrase
from tests.support.project import ROOT

LATIN_SENTENCE = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{1,},? [A-Za-z]{2,}")
READ_FROM_FILES = (
    *(Centre, FormDefinition, Settings, shared.Site, shared.HelpLines),
    *(shared.TargetGroups, shared.ServiceKinds, shared.Law, shared.Authorities),
)
BAD: tuple[Any, ...] = (
    *(None, True, 3.5, float("nan"), float("inf"), -1, 0, 10**30, "", "дума", "1" * 300, "0x10"),
    *([], [None], {}, {"x": 1}, {"bg": []}, {"kind": "x"}, [{"kind": 1}], {1, 2}, b"x"),
    *("2026-13-45", date(2026, 1, 1), datetime(2026, 1, 1, 12), "24:61"),
    *("http://[", "ftp://a.bg", "http://a.bg:x", "a@b", "a b@c.bg", "\ud800", "a\0b"),
)
CODE = ("site_model", "site_build", "contact_service", "service_admin", "site_editor", "tools")
COUNTS = re.compile(r"len\(|sum\(|count|waiting|given_up|ahead|num_|most_|_seconds")


def models() -> list[type[BaseModel]]:
    """Every model that a file is read into, and those inside them."""
    found: list[Any] = list(READ_FROM_FILES)
    for model in found:
        for field in model.model_fields.values():
            found += [inner for inner in models_within(field.annotation) if inner not in found]
    return found


def refusals(model: type[BaseModel]) -> Iterator[Any]:
    """Every error that a bad value in some field gives."""
    for name in model.model_fields:
        for bad in BAD:
            try:
                model.model_validate(bad if name == "root" else {name: bad})
            except ValidationError as error:
                yield from error.errors()


def test_no_value_of_any_field_is_answered_in_english() -> None:
    """Whatever is typed where, in shared, forms and settings, no sentence of a library is shown."""
    kinds = set()
    for model in models():
        for error in refusals(model):
            sentence = sentence_for(error, ())
            kinds.add(error["type"])
            assert re.search("[а-я]{3}", sentence), (model, error)
            assert not LATIN_SENTENCE.search(sentence), (model, sentence)
    assert len(kinds) > 20


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_error_is_said_in_english(kind: str) -> None:
    """Also kinds that no field of today can give, and errors of the standard library."""
    known = {
        "expected": "'a' or 'b'",
        "expected_tags": "'a', 'b'",
        "tag": "c",
        "pattern": "^[a-z]$",
    }
    context = {**known, "ge": 1, "le": 5, "error": ValueError("Input should be a valid thing")}
    error = {"type": kind, "loc": ("x",), "msg": "Input should be a valid thing", "input": "й"}
    assert not LATIN_SENTENCE.search(sentence_for({**error, "ctx": context}, ()))


@pytest.mark.parametrize(
    "toml", ["a", "a = ", "[a", 'a = "', "a = 1\na = 2", "= 1", "a = 1 b", "a = é"]
)
def test_a_file_that_is_no_toml_is_answered_in_bulgarian(tmp_path: Path, toml: str) -> None:
    """With its line where the reader of the file knows one; its own words are English."""
    with pytest.raises(SettingsError, match=r"не може да се прочете до (ред [12]|края му)") as said:
        load_settings(toml, {}, tmp_path)
    assert not LATIN_SENTENCE.search(str(said.value))


def test_a_bound_is_said_from_its_side() -> None:
    """„поне“ below, „най-много“ above."""
    said = {}
    for months in (0, 121):
        with pytest.raises(ValidationError) as refused:
            shared.Site.model_validate({"check_every_months": months})
        said[months] = [
            sentence_for(error, ())
            for error in refused.value.errors()
            if error["loc"] == ("check_every_months",)
        ]
    assert said[0] == ["числото трябва да е поне 1."]
    assert said[121] == ["числото може да е най-много 120."]


def test_one_is_said_with_its_own_word() -> None:
    """1 ред, 0 реда, 2 реда."""
    said = [count_phrase(number, "ред", "реда") for number in (0, 1, 2, 21)]
    assert said == ["0 реда", "1 ред", "2 реда", "21 реда"]


def test_a_count_stands_before_a_word_only_through_one_helper() -> None:
    """Elsewhere it stands after a colon, or before nothing that would have to agree with it."""
    found = [
        f"{path.relative_to(ROOT)}, {string.lineno}: {ast.unparse(value)}{after.value}"
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for value, after in zip(string.values, string.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue)
        and COUNTS.search(ast.unparse(value.value))
        and not ast.unparse(value.value).startswith("count_phrase(")
        and isinstance(after, ast.Constant)
        and re.match(r" (?!сек\.|от )[а-я]", str(after.value))
    ]
    assert found == []
