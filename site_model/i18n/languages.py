"""The languages of the site, and what stands where a text has not been translated yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_not
from typing import Annotated, Any, Literal, TypeVar, cast

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BaseModel

from site_model.field_types import YesNo
from site_model.types import SOURCE_LANGUAGE, Frozen, Language, Text

START, END = "\ue000", "\ue001"
"""Around a Bulgarian text on a page of another language, until `site_build.html.untranslated`
makes of them what a browser understands. Private-use signs: no text holds them."""

Value = TypeVar("Value")

Scope = Literal["full", "main"]


def _known(code: str) -> str:
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"„{code}“ не е език, който познаваме; пише се като bg, en, tr") from None
    return code


class SiteLanguage(Frozen):
    """A language of the site.

    `full` has every page; `main` has the front page, one page of main information for each
    centre, the forms, and the pages of `docs/` that are marked `scope: main`.
    """

    code: Annotated[Language, AfterValidator(_known)]
    scope: Scope
    read_by_native: YesNo
    """Whether a native speaker has read the translation; pages say so until one has."""

    @property
    def own_name(self) -> str:
        """What its speakers call it: Türkçe."""
        return _own_name(self.code)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML writes it."""
        return str(Locale.parse(self.code).text_direction)


def locale_of(code: str) -> str:
    """The language as dates are written in it: English as Europe writes it, the day first."""
    return "en_GB" if code == "en" else code


@cache
def _own_name(code: str) -> str:
    name = Locale.parse(code).get_display_name() or code
    return name[0].upper() + name[1:]


def in_bulgarian(code: str) -> str:
    """What Bulgarian calls a language: турски."""
    return Locale.parse(code).get_display_name(SOURCE_LANGUAGE) or code


def flag_untranslated(text: str) -> str:
    """A Bulgarian text where a translation was wanted."""
    return f"{START}{text}{END}"


def strip_flags(text: str) -> str:
    """The same without marks, for what no browser shows as a page."""
    return text.replace(START, "").replace(END, "")


def texts_in(value: Any) -> Iterator[Text]:
    """Every text of a value made of models, tuples and mappings."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts_in(inner)


def with_language(value: Value, language: str) -> Value:
    """The same value in which every text has `language`: its own words, or marked Bulgarian."""
    if language == SOURCE_LANGUAGE:
        return value
    return cast(Value, _with_language(value, language))


def _with_language(value: Any, language: str) -> Any:
    """What holds no text without `language` is returned as it is, not copied."""
    made = value
    if isinstance(value, Text):
        if language not in value.root:
            spoken = flag_untranslated(value.to(SOURCE_LANGUAGE))
            made = Text.model_construct(value.root | {language: spoken})
    elif isinstance(value, BaseModel):
        inner = ((name, getattr(value, name)) for name in type(value).model_fields)
        if changed := _changed(inner, language):
            made = value.model_copy(update=changed)
    elif isinstance(value, Mapping):
        made = {**value, **_changed(value.items(), language)}
    elif isinstance(value, tuple):
        items = tuple(_with_language(item, language) for item in value)
        made = items if any(map(is_not, items, value)) else value
    elif is_dataclass(value) and not isinstance(value, type):
        inner = ((field.name, getattr(value, field.name)) for field in fields(value))
        made = replace(value, **_changed(inner, language))
    return made


def _changed(items: Iterable[tuple[Any, Any]], language: str) -> dict[Any, Any]:
    made = ((key, old, _with_language(old, language)) for key, old in items)
    return {key: new for key, old, new in made if new is not old}
