"""Pure: every text of a centre's file in one language, beside the Bulgarian text that it is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from site_build.translation.texts import texts_in
from site_editor.sections import Section, section_of
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.field_metadata import words_of
from site_model.loading.loader import Loc
from site_model.memory import old_translations
from site_model.problems import models_within
from site_model.types import SOURCE_LANGUAGE, Fact, Text

OF_THE_CENTRE: Final = Section("ime", "Име и място на центъра", ())


@dataclass(frozen=True)
class Translated:
    """A text as two languages have it; `words` is "" where there is no translation.

    `place` is what it is called in forms and files: services.social.name. `was` is the Bulgarian
    text that the translation was made of, where that is another one now.
    """

    loc: Loc
    place: str
    section: Section
    where: str
    bulgarian: str
    words: str
    was: str = ""

    @property
    def old(self) -> bool:
        return bool(self.was)


Old = Mapping[tuple[str, str], str]
"""What was translated, by Bulgarian text and translation, where the text is another now."""


def translated_texts(
    data: Mapping[str, Any], language: str, old: Old = MappingProxyType({})
) -> tuple[Translated, ...]:
    """All texts of a centre's file in the order of the pages; `old` is of `old_texts`."""
    found = []
    for loc, text in texts_in(data):
        words = {
            code: " ".join(one.split()) for code, one in Text.model_validate(text).root.items()
        }
        bulgarian, said = words[SOURCE_LANGUAGE], words.get(language, "")
        section = section_of(str(loc[0])) or OF_THE_CENTRE
        place, where = ".".join(_codes(data, loc)), ": ".join(_titles(data, loc))
        was = old.get((bulgarian, said), "")
        found.append(Translated(loc, place, section, where, bulgarian, said, was))
    return tuple(found)


def old_texts(content: Content, centre: str) -> dict[str, Old]:
    """The translations of a centre that are of an older text, by language."""
    alone = replace(content, centres={centre: content.centres[centre]})
    found: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for one in old_translations(alone):
        if one.file == f"centres/{centre}.yml":
            key = " ".join(one.bulgarian.split()), " ".join(one.words.split())
            found[one.language][key] = one.was
    return {**found}


def _codes(data: Any, loc: Loc) -> Iterator[str]:
    """The steps to a text; of a list the code of the item, or its number from 1."""
    for step in loc:
        data = data[step]
        code = data.get("id") if isinstance(data, dict) and isinstance(step, int) else None
        yield str(code or (step + 1 if isinstance(step, int) else step))


def _titles(data: Any, loc: Loc) -> Iterator[str]:
    """The same in the words of the pages, as „Услуги № 1: Име“; of a fact its text says nothing."""
    model: Any = Centre
    for step, behind in zip(loc, (*loc[1:], None), strict=True):
        data = data[step]
        if isinstance(step, int) or (model is Fact and step == "text" and len(loc) > 1):
            continue
        title = words_of(model, step).title
        yield (
            title if not isinstance(behind, int) else f"{title} {_label(data[behind], behind, loc)}"
        )
        model = next(iter(models_within(model.model_fields[step].annotation)), model)


def _label(item: Any, number: int, loc: Sequence[str | int]) -> str:
    """What an item of a list is called: its name, but where that is the text itself."""
    name = item.get("name") if isinstance(item, dict) and loc[-1] != "name" else None
    named = name.get(SOURCE_LANGUAGE) if isinstance(name, dict) else None
    return f"„{' '.join(str(named).split())}“" if named else f"№ {number + 1}"
