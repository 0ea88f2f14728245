"""A form as data: one definition, from which page, validation and mail are made."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from site_model.field_metadata import Choices, words
from site_model.field_types import YesNo
from site_model.forms.kinds import OFF, FormField, TypedText
from site_model.forms.places import PLACED_FORMS, LinkedFrom
from site_model.types import (
    SOURCE_LANGUAGE,
    FieldId,
    Frozen,
    Language,
    Slug,
    Text,
)

TRAP: Final = "homepage"

TRAP_TOLD: Final = "homepage_told"
"""Under this name a page says again that it has told of the filled trap, once."""

FOLLOW_UP: Final = "follow_up"
"""Under this name a page carries the number of the letter that this one goes on from."""

LEFT_OUT: Final = "left_out"
"""Under this name a page says again which answers it was told will not be sent."""

REVIEWED: Final = "reviewed"
"""The button under all answers, of a form that says `review`: they were read, and go."""

CHANGE: Final = "change"
"""The button beside an answer there: back to the form."""


class FormDefinition(Frozen):
    """A form of `content/forms`.

    `reader` decides the wording of choices that come from facts (families read the
    plain name, institutions the legal one). `before` stands above the first
    question. The trap is the field that people do not see and robots fill in.
    With `review` all answers are shown before they are sent, to be changed or printed.
    With `answers` the receipt has a code, with which the centre's answer is read on the site.
    `centres` offer it (left out: all of them), in `languages` (left out: in each language in
    which nothing of it is missing).
    """

    id: Annotated[FieldId, words("Код", "Името на файла без .yml: латински букви и долни черти.")]
    version: Annotated[
        int, Field(ge=1), words("Издание", "Расте с едно, когато въпросите се променят.")
    ]
    slug: Annotated[Slug, words("Адрес на страницата", "Малки латински букви и тирета.")]
    centres: Annotated[
        Annotated[tuple[Slug, ...], Field(min_length=1)] | None,
        words("Центрове", "Само за тези центрове; празно – за всички."),
    ] = None
    languages: Annotated[
        Annotated[tuple[Language, ...], Field(min_length=1)] | None,
        words("Езици", "Само на тези езици; празно – на всички, на които е преведен."),
    ] = None
    linked_from: Annotated[
        LinkedFrom, words("Откъде се стига", "Страници и програми, които водят дотук.")
    ]
    reader: Annotated[
        Literal["family", "institution"],
        words(
            "За кого е",
            "За семейства (family): с прости имена на услугите; за институции (institution): с "
            "имената по закон.",
        ),
        Choices(
            {
                "family": "семейства: услугите са с простите си имена",
                "institution": "институции: услугите са с имената по закон",
            }
        ),
    ]
    title: Annotated[Text, words("Заглавие", "Стои най-горе и в менюто.")]
    audience: Annotated[Text, words("За хора", "Кой попълва формуляра, с няколко думи.")]
    before: Annotated[
        tuple[Text, ...], words("Преди въпросите", "Какво трябва да знае човек, преди да пише.")
    ]
    submit: Annotated[Text, words("Бутон", "Какво пише на бутона за изпращане.")]
    next_steps: Annotated[
        tuple[Text, ...], words("Какво следва", "Какво става, след като писмото е прието.")
    ]
    personal_number_found: Annotated[
        Text, words("При ЕГН", "Какво се казва, когато в текста има число като ЕГН.")
    ]
    trap_label: Annotated[Text, words("Скрито поле", "Хората не го виждат; роботите го попълват.")]
    trap_filled: Annotated[Text, words("При попълнено скрито поле", "Какво се казва тогава.")]
    review: Annotated[
        YesNo,
        words(
            "Преглед преди изпращане",
            "Да, ако всички отговори се показват още веднъж, преди писмото да тръгне.",
        ),
    ] = False
    answers: Annotated[
        YesNo,
        words(
            "Отговор на сайта",
            "Да, ако центърът може да остави отговор, който човекът чете на сайта с код.",
        ),
    ] = False
    fields: Annotated[
        tuple[FormField, ...], Field(min_length=1), words("Въпроси", "В реда, в който се задават.")
    ]

    @field_validator("languages")
    @classmethod
    def _bulgarian_is_there(cls, languages: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if languages and SOURCE_LANGUAGE not in languages:
            raise ValueError("добавете bg: там водят връзките от другите езици")
        return languages

    @property
    def own(self) -> bool:
        """Whether it was added by an operator: pages lead to it only where it says so."""
        return self.id not in PLACED_FORMS

    def field(self, id: str) -> FormField:
        """The question with this id; raises KeyError for one that the form does not have."""
        for field in self.fields:
            if field.id == id:
                return field
        raise KeyError(id)

    def autocomplete(self, field: FormField) -> str:
        """What the browser may offer for an answer (HTML).

        Nothing on a form that families fill in: what a browser offers it has kept, for anyone who
        takes the telephone next. Names of institutions are no secret on their own computers.
        """
        if self.reader == "institution" and isinstance(field, TypedText):
            return field.autocomplete
        return OFF

    def offered_by(self, centre: str) -> bool:
        return self.centres is None or centre in self.centres

    def meant_for(self, language: str) -> bool:
        """Whether its author wants it in this language; the texts may still be missing."""
        return self.languages is None or language in self.languages

    @model_validator(mode="after")
    def _ids_hold_together(self) -> Self:
        seen: set[str] = set()
        for field in self.fields:
            if field.id in (TRAP, TRAP_TOLD):
                raise ValueError(f"името „{field.id}“ е запазено за скритото поле")
            if field.id in seen:
                raise ValueError(f"полето „{field.id}“ е написано два пъти")
            seen.add(field.id)
        return self
