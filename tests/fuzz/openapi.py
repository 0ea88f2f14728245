"""An OpenAPI description of the service, made from the same definitions as its forms."""

from __future__ import annotations

from typing import Any

from site_model.availability import is_offered
from site_model.content import Content
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import TRAP
from site_model.forms.kinds import (
    Choice,
    ChoiceBase,
    Choices,
    Consent,
    Day,
    EmailAddress,
    FormField,
    TypedText,
)
from site_model.i18n.catalogue_files import form_words_missing
from site_model.urls import form_action

FORM_TYPE = "application/x-www-form-urlencoded"
FORMATS = {"date": "date", "email": "email"}
# What a post may be answered with; 503 says that nothing can be taken now.
ANSWERS = ("303", "403", "413", "415", "422", "429", "503")


def openapi(content: Content) -> dict[str, Any]:
    """The description: an address for each form of each centre in each language, and the rest."""
    service = content.site.service_path
    paths: dict[str, Any] = {
        f"{service}/health": {"get": _answers("200")},
        f"{service}/receipt/{{token}}": {
            "get": {
                "parameters": [
                    {"name": "token", "in": "path", "required": True, "schema": _text(200)}
                ],
                **_answers("200", "404", "410"),
            }
        },
    }
    for language in (language.code for language in content.site.languages):
        for centre in content.centres.values():
            for definition in content.forms.values():
                whole = is_offered(definition, centre, content, language)
                if not whole or form_words_missing(language):
                    continue
                bound = centre_form(definition, centre, content.groups, language)
                address = form_action(content.site, language, centre.id, definition.id)
                paths[address] = {
                    "get": _answers("303"),
                    "post": {"requestBody": _body(bound), **_answers(*ANSWERS)},
                }
    return {"openapi": "3.1.0", "info": {"title": "Opora", "version": "1"}, "paths": paths}


def _body(bound: CentreForm) -> dict[str, Any]:
    properties = {field.id: _schema(field) for field in bound.fields.values()}
    schema = {
        "type": "object",
        "properties": {**properties, TRAP: {"type": "string", "maxLength": 0}},
        "required": [
            field.id for field in bound.fields.values() if field.required and not field.show_if
        ],
    }
    return {"required": True, "content": {FORM_TYPE: {"schema": schema}}}


def _schema(field: FormField) -> dict[str, Any]:
    """What is a right answer; schemathesis makes wrong ones from it as well."""
    offered = [option.id for option in field.options] if isinstance(field, ChoiceBase) else []
    match field:
        case Choice():
            return {"type": "string", "enum": offered}
        case Choices():
            return {"type": "array", "items": {"type": "string", "enum": offered}}
        case Consent():
            return {"type": "string", "enum": ["y"]}
        case Day() | EmailAddress():
            return {"type": "string", "format": FORMATS[field.kind]}
        case TypedText(max_length=longest):
            return _text(longest)
        case _:
            return {"type": "string"}


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _answers(*statuses: str) -> dict[str, Any]:
    return {"responses": {status: {"description": status} for status in statuses}}
