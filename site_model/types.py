"""The small types that facts and forms are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Final, TypeGuard
from zoneinfo import ZoneInfo

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

from site_model.field_metadata import ReadAs, words
from site_model.text.cleaning import clean, clean_from_the_right
from site_model.text.spellings import parse_day
from site_model.text.telephones import telephone

SOURCE_LANGUAGE: Final = "bg"
SOFIA: Final = ZoneInfo("Europe/Sofia")
"""Whose days and hours all facts and answers are in."""
Words = Callable[[str], str]
"""From an interface word, as the code has it in Bulgarian, to the language of a page."""
_FROM_THE_RIGHT: Final = frozenset(("ar", "fa", "he", "ps", "ur"))


class Frozen(BaseModel):
    """A value that never changes and refuses fields that it does not know."""

    # A build that finds all facts kept validates nothing, so it need not make the validators.
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _cleaned(cls, data: Any) -> Any:
        """Every text without signs that nobody sees, wherever it was written.

        Raises ValueError for one of more than `LONGEST_TEXT` signs.
        """
        return {key: _clean(value) for key, value in data.items()} if _is_plain(data) else data


def _is_plain(data: object) -> TypeGuard[dict[Any, Any]]:
    return isinstance(data, dict)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(_bounded(value))
    return [_clean(item) for item in value] if isinstance(value, list) else value


LONGEST_TEXT: Final = 20_000
"""Signs of one fact, some ten printed pages: beyond it no cell of a spreadsheet holds it, and the
checks of single kinds of facts take minutes.
"""


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            f"„{text[:40].strip()}…“ е твърде дълго: един текст е до {LONGEST_TEXT} знака. "
            "Съкратете го"
        )
    return text


Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _not_main(value: str) -> str:
    if value == "main":
        raise ValueError("„main“ е името на основната част на страницата; изберете друго")
    return value


AnchorId = Annotated[FieldId, AfterValidator(_not_main)]
"""An id that is also a place on a page."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class MissingTranslationError(LookupError):
    """A text was asked for in a language that it does not have."""


class Text(RootModel[dict[str, Sentence]]):
    """One text in several languages; the Bulgarian one is always there."""

    model_config = ConfigDict(
        frozen=True,
        coerce_numbers_to_str=True,
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
            return {key: _clean_in(key, text) for key, text in value.items()}
        return value

    def to(self, language: str) -> str:
        """The text in `language`; raises MissingTranslationError rather than falling back."""
        try:
            return self.root[language]
        except KeyError:
            raise MissingTranslationError(f"[{language}] {self.root[SOURCE_LANGUAGE]}") from None


_SOURCE = r"[\w.-]+:\d+(-\d+)?(,\d+(-\d+)?)*"
_MOMENT = r"\d{4}(-\d\d){0,2}"
_PHONE = r"(\D*\d){3,}.*"


def _pattern(pattern: str) -> WithJsonSchema:
    """For editors: what the check of a text asks of its form."""
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


MOST_LINES: Final = 10_000
"""Of one source: a text as long as that is no place any more at which somebody could look."""

TOO_MANY_LINES: Final = "източникът сочи твърде много редове. Напишете само тези, на които е фактът"


def _source(value: str) -> str:
    if not re.fullmatch(_SOURCE, value):
        raise ValueError(
            "източникът се пише „файл:ред“, например kniga.txt:5, "
            "а за няколко реда – kniga.txt:5-7,9"
        )
    lines = 0
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", value.partition(":")[2]):
        if max(len(first), len(last)) > len(str(MOST_LINES)):
            raise ValueError(TOO_MANY_LINES)
        if last and int(first) > int(last):
            raise ValueError(f"редовете {first}-{last} са наобратно")
        lines += int(last or first) - int(first) + 1
    if lines > MOST_LINES:
        raise ValueError(TOO_MANY_LINES)
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


def _clean_in(language: str, text: Any) -> Any:
    if not isinstance(text, str):
        return text
    text = _bounded(text)
    return clean_from_the_right(text) if language in _FROM_THE_RIGHT else clean(text)


FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 2100
"""Of what is written down. Beyond them computing with days ends (`date.max`), and „9999“ is how
people write that something has no end.
"""


def _moment(written: str) -> str:
    value = written
    if day := parse_day(written):
        value = day.isoformat()
    elif month := re.fullmatch(r"(\d{1,2})[./](\d{4})(?:\s*г\.?)?", written):
        value = f"{month[2]}-{int(month[1]):02}"
    elif year := re.fullmatch(r"(\d{4})\s*г\.?", written):
        value = year[1]
    try:
        if not re.fullmatch(_MOMENT, value):
            raise ValueError
        first = date.fromisoformat(value + "-01" * (2 - value.count("-")))
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise ValueError(
            f"„{written}“ не е дата от календара; пише се 2014, 2014-06 или 2014-06-04"
        ) from None
    return value


def _as_of(value: str) -> str:
    return value if value == "undated" else _moment(value)


Moment = Annotated[str, AfterValidator(_moment), _pattern(_MOMENT), ReadAs("moment")]
"""A year, a month or a day in ISO 8601."""

AsOf = Annotated[str, AfterValidator(_as_of), _pattern(f"undated|{_MOMENT}"), ReadAs("moment")]
"""A Moment, or the word `undated`."""


class Sourced(Frozen):
    """Anything that was read somewhere: where, and of what date where it is old."""

    source: Annotated[
        Source,
        words(
            "Източник",
            "Откъде е фактът: файл от content/sources и ред, например otgovori.txt:5. Празно: "
            "думите ви се записват и фактът сочи тях.",
        ),
    ]
    as_of: Annotated[
        AsOf | None,
        words(
            "Към коя дата",
            "Само за стари факти: 2014, 2014-06 или 2014-06-04; „undated“ („не се знае“ в "
            "таблица), ако датата не се знае.",
        ),
    ] = None


class Fact(Sourced):
    text: Annotated[Text, words("Текст", "Какво казва центърът, с прости думи.")]


class Figure(Sourced):
    value: Annotated[int, Field(ge=0, strict=True), words("Число", "Цяло число, с цифри.")]
    unit: Annotated[
        Text, words("Какво се брои", "Думите след числото, например „работещи случая“.")
    ]


def refuse_repeats(ids: Iterable[str], what: str) -> None:
    """Raise ValueError if an id stands twice; `what` names the thing in the sentence."""
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise ValueError(f"{what} „{item}“: написано е два пъти")
        seen.add(item)


PhoneNumber = Annotated[str, AfterValidator(telephone), _pattern(_PHONE), ReadAs("phone")]
"""One telephone, in the spelling of `site_model.text.telephones`."""
