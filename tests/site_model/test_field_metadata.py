"""What stands beside the fields of models is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel, RootModel

from site_model.facts.centre import Centre
from site_model.field_metadata import Asked, Choices, Prompt, metadata
from site_model.forms.definition import FormDefinition
from site_model.problems import models_within


def models(top: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and all that its fields are made of."""
    found = [top]
    for model in found:
        for field in model.model_fields.values():
            inner = [one for one in models_within(field.annotation) if one not in found]
            found += [one for one in dict.fromkeys(inner) if not issubclass(one, RootModel)]
    return found


OF_CENTRE = models(Centre)


def values(annotation: Any) -> Iterator[Any]:
    """All that a choice can be."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from values(part)


@pytest.mark.parametrize("model", [*OF_CENTRE, *models(FormDefinition)])
def test_every_field_has_its_words(model: type[BaseModel]) -> None:
    """A name and an explanation in Bulgarian."""
    for name, field in model.model_fields.items():
        for words in (field.title, field.description):
            assert words, name
            assert any("а" <= letter <= "я" for letter in words.lower()), (name, words)


@pytest.mark.parametrize("model", OF_CENTRE)
def test_every_choice_has_a_name(model: type[BaseModel]) -> None:
    """Staff read and choose each value in Bulgarian, and no value that there is not."""
    for name, field in model.model_fields.items():
        choices = metadata(field, Choices)
        assert list(values(field.annotation)) == list(choices.words if choices else ()), name


@pytest.mark.parametrize("model", OF_CENTRE)
def test_other_fields_that_are_named_are_there(model: type[BaseModel]) -> None:
    """A question that another field answers, and one that comes after another, name a field."""
    for field in model.model_fields.values():
        asked, prompt = metadata(field, Asked), metadata(field, Prompt)
        named = {asked.unless if asked else "", prompt.after if prompt else ""} - {""}
        assert named <= set(model.model_fields)
