"""Forms as a browser sends them: a filled-in one of each kind, to change one answer at a time."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from werkzeug.datastructures import MultiDict

from site_model.content import Content
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.filled import FilledForm
from tests.support.project import ROOT

GOOD = {
    "contact": {
        "danger": ["no"],
        "writer": ["parent"],
        "contact_way": ["none"],
        "message": ["Детето не иска да ходи на училище."],
        "understood": ["y"],
    },
    "referral": {
        "danger": ["no"],
        "institution_kind": ["school"],
        "institution": ["СУ „Христо Ботев“"],
        "sender_name": ["Мария Иванова"],
        "post": ["класен ръководител"],
        "phone": ["0888 123 456"],
        "child": ["И. П."],
        "age": ["age_7_10"],
        "settlement": ["Карлово"],
        "need": ["Често отсъства от училище."],
        "family_knows": ["yes"],
        "reported": ["no"],
        "understood": ["y"],
    },
}


def form_of(content: Content, name: str, centre: str = "sopot") -> CentreForm:
    """A form of a centre, in Bulgarian."""
    return centre_form(content.forms[name], content.centres[centre], content.groups, "bg")


def sent(name: str, /, **changed: str | list[str]) -> MultiDict[str, str]:
    """The good answers of a form with some of them changed; an empty list leaves one out."""
    answers = {k: [v] if isinstance(v, str) else v for k, v in changed.items()}
    return MultiDict(GOOD[name] | answers)


def filled(content: Content, name: str, /, **changed: str | list[str]) -> FilledForm:
    """The form of Sopot with good answers, some of them changed."""
    return FilledForm(form_of(content, name), sent(name, **changed))


def errors(content: Content, name: str, /, **changed: str | list[str]) -> dict[str, str]:
    """What the form of Sopot says about good answers with some of them changed."""
    return filled(content, name, **changed).errors


@cache
def written(name: str) -> dict[str, Any]:
    """The YAML of a form, read without the model."""
    text = (ROOT / "content" / "forms" / f"{name}.yml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def wording(name: str, field_id: str, code: str) -> str:
    """The sentence that the YAML of a form gives for an error of a field."""
    field = next(field for field in written(name)["fields"] if field["id"] == field_id)
    return str(field["errors"][code]["bg"])
