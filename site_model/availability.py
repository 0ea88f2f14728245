"""By whom and in which languages a form is offered: only where nothing of it is missing.

A form half in another language would ask a person to guess what they promise or tell. The
build and the service ask the same function, so both offer the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.forms.binding import fields_at
from site_model.forms.definition import FormDefinition
from site_model.i18n.languages import texts_in
from site_model.types import SOURCE_LANGUAGE, Text


def forms_of(content: Content, centre: str) -> tuple[FormDefinition, ...]:
    """The forms that a centre offers, in the order of their files."""
    return tuple(form for form in content.forms.values() if form.offered_by(centre))


def is_offered(definition: FormDefinition, centre: Centre, content: Content, language: str) -> bool:
    """Whether a centre offers a form in a language, as far as the content goes.

    The interface words of the language must be whole as well: see `form_words_missing`.
    """
    return (
        definition.offered_by(centre.id)
        and definition.meant_for(language)
        and not lacking(definition, centre, content, language)
    )


def lacking(
    definition: FormDefinition, centre: Centre, content: Content, language: str
) -> tuple[str, ...]:
    """The Bulgarian texts of a form and of the answers to it that have no translation."""
    if language == SOURCE_LANGUAGE:
        return ()
    used = _texts(definition, centre, content)
    untranslated = (text.to(SOURCE_LANGUAGE) for text in used if language not in text.root)
    return tuple(dict.fromkeys(untranslated))


def _texts(definition: FormDefinition, centre: Centre, content: Content) -> Iterator[Text]:
    yield from texts_in(definition)
    yield from (centre.name.text, centre.short_name)
    for field in fields_at(definition, centre, content.groups):
        yield from texts_in(field)
    for line in content.first_lines:
        yield from (line.label, line.name)
