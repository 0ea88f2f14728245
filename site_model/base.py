"""The small types that facts and forms are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

SOURCE_LANGUAGE: Final = "bg"


class Frozen(BaseModel):
    """A value that never changes and refuses fields that it does not know."""

    # A build that finds all facts kept validates nothing, so it need not make the validators.
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True
    )


def _typographic(value: str) -> str:
    if '"' in value:
        raise ValueError('правите кавички (") не се ползват в текст; напишете „…“')
    return value


Sentence = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=True),
    AfterValidator(_typographic),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": '^[^"]*$'}),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class MissingTranslationError(LookupError):
    """A text was asked for in a language that it does not have."""


class Text(RootModel[dict[str, Sentence]]):
    """One text in several languages; the Bulgarian one is always there."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "required": [SOURCE_LANGUAGE],
            "propertyNames": {"pattern": "^[a-z]{2}$"},
        },
    )

    @model_validator(mode="before")
    @classmethod
    def _names_languages(cls, value: object) -> object:
        if isinstance(value, dict):
            for key in value:
                if not re.fullmatch(r"[a-z]{2}", str(key)):
                    raise ValueError(
                        f"„{key}“ не е език като bg или en. "
                        "Ако е част от изречение, оградете цялото изречение с кавички"
                    )
            if SOURCE_LANGUAGE not in value:
                raise ValueError("липсва текстът на български (bg)")
        return value

    def to(self, language: str) -> str:
        """The text in `language`; raises MissingTranslationError rather than falling back."""
        try:
            return self.root[language]
        except KeyError:
            raise MissingTranslationError(f"[{language}] {self.root[SOURCE_LANGUAGE]}") from None


_SOURCE = r"[\w.-]+:\d+(-\d+)?(,\d+(-\d+)?)*"
_MOMENT = r"\d{4}(-\d\d){0,2}"
_PHONE = r"\+?[\d /-]+"


def _pattern(pattern: str) -> WithJsonSchema:
    """For editors: what the check of a text asks of its form."""
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


def _source(value: str) -> str:
    if not re.fullmatch(_SOURCE, value):
        raise ValueError(
            "източникът се пише „файл:ред“, например kniga.txt:5, "
            "а за няколко реда – kniga.txt:5-7,9"
        )
    for first, last in re.findall(r"(\d+)-(\d+)", value.partition(":")[2]):
        if int(first) > int(last):
            raise ValueError(f"редовете {first}-{last} са наобратно")
    return value


class Source(RootModel[Annotated[str, AfterValidator(_source), _pattern(_SOURCE)]]):
    """Where a fact was read: a file of `content/sources` and its lines, as `file:3-5,9`."""

    model_config = ConfigDict(frozen=True)

    @property
    def file(self) -> str:
        return self.root.partition(":")[0]

    @property
    def lines(self) -> tuple[int, ...]:
        """Line numbers, counted from 1, in the order written."""
        numbers: list[int] = []
        for part in self.root.partition(":")[2].split(","):
            first, _, last = part.partition("-")
            numbers.extend(range(int(first), int(last or first) + 1))
        return tuple(numbers)


def _moment(value: str) -> str:
    try:
        if not re.fullmatch(_MOMENT, value):
            raise ValueError
        date.fromisoformat(value + "-01" * (2 - value.count("-")))
    except ValueError:
        raise ValueError(
            f"„{value}“ не е дата от календара; пише се 2014, 2014-06 или 2014-06-04"
        ) from None
    return value


def _as_of(value: str) -> str:
    return value if value == "undated" else _moment(value)


Moment = Annotated[str, AfterValidator(_moment), _pattern(_MOMENT)]
"""A year, a month or a day in ISO 8601."""

AsOf = Annotated[str, AfterValidator(_as_of), _pattern(f"undated|{_MOMENT}")]
"""A Moment, or the word `undated`."""


class Sourced(Frozen):
    """Anything that was read somewhere: where, and of what date where it is old."""

    source: Source
    as_of: AsOf | None = None


class Fact(Sourced):
    text: Text


class Figure(Sourced):
    value: Annotated[int, Field(ge=0, strict=True)]
    unit: Text


def refuse_repeats(ids: Iterable[str], what: str) -> None:
    """Raise ValueError if an id stands twice; `what` names the thing in the sentence."""
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise ValueError(f"{what} „{item}“ е написано два пъти")
        seen.add(item)


def _phone(value: str) -> str:
    if not re.fullmatch(_PHONE, value) or not 3 <= len(re.sub(r"\D", "", value)) <= 15:
        raise ValueError("телефонът се пише с 3 до 15 цифри, интервали и /, например 0373 9 10 76")
    return value


PhoneNumber = Annotated[str, AfterValidator(_phone), _pattern(_PHONE)]


def dialled(number: str) -> str:
    """The number as a `tel:` link needs it (RFC 3966): Bulgarian trunk 0 becomes +359."""
    digits = re.sub(r"[^\d+]", "", number)
    return "+359" + digits[1:] if digits.startswith("0") else digits
