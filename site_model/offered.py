"""By whom and in which languages a form is offered: only where nothing of it is missing.

A form half in another language would ask a person to guess what they promise or tell. The
build and the service ask the same function, so both offer the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.bound_form import named_options
from site_model.centre import Centre
from site_model.facts import Content
from site_model.form import FormDefinition
from site_model.languages import texts_in

FORM_FOLDERS = ("site_model/", "contact_service/")
"""Where the interface words of a form and of the answers to it stand (see Catalogue.missing)."""


def forms_of(content: Content, centre: str) -> tuple[FormDefinition, ...]:
    """The forms that a centre offers, in the order of their files."""
    return tuple(form for form in content.forms.values() if form.offered_by(centre))


def offered(definition: FormDefinition, centre: Centre, content: Content, language: str) -> bool:
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
    for field in definition.fields:
        yield from (text for _, text in named_options(field, definition, centre, content.groups))
    for line in (content.help_lines["emergency"], content.help_lines["child_line"]):
        yield from (line.name, line.about)
