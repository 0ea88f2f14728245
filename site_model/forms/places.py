"""Where readers meet a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import model_validator

from site_model.field_metadata import Choices, words
from site_model.types import FieldId, Frozen

PLACED_FORMS: Final = ("contact", "referral")
"""The two forms that every centre has, because pages lead to them in sentences of their own."""

LinkingPage = Literal[
    "menu",
    "footer",
    "home",
    "services",
    "programmes",
    "support",
    "questions",
    "children",
    "institutions",
    "contacts",
    "about",
    "feedback",
]


LINKING_PAGES: Final[Mapping[LinkingPage, str]] = {
    "menu": "менюто на всяка страница",
    "footer": "дъното на всяка страница",
    "home": "„Начало“",
    "services": "„Услуги и програми“",
    "programmes": "„Програми“",
    "support": "„Как да получите подкрепа“",
    "questions": "„Въпроси и отговори“",
    "children": "„За деца“",
    "institutions": "„За училища и институции“",
    "contacts": "„Контакти“",
    "about": "„Екип и история“",
    "feedback": "„Похвали и оплаквания“",
}


class LinkedFrom(Frozen):
    """Where readers meet a form: pages of the centre, its menu or its footer, its programmes."""

    pages: Annotated[
        tuple[LinkingPage, ...],
        words("Страници", "Кои страници водят дотук: менюто (menu) и дъното (footer) са на всяка."),
        Choices(LINKING_PAGES),
    ] = ()
    programmes: Annotated[
        tuple[FieldId, ...], words("Програми", "Програмите, за които е формулярът.")
    ] = ()

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.pages or self.programmes):
            raise ValueError(
                "напишете откъде се стига до формуляра: pages, например [contacts], или programmes"
            )
        if {"menu", "footer"} <= set(self.pages):
            raise ValueError("изберете menu или footer: едното стига, те са на всяка страница")
        return self
