"""Where readers meet a form."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import model_validator

from site_model.base import FieldId, Frozen

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


class LinkedFrom(Frozen):
    """Where readers meet a form: pages of the centre, its menu or its footer, its programmes."""

    pages: tuple[LinkingPage, ...] = ()
    programmes: tuple[FieldId, ...] = ()

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.pages or self.programmes):
            raise ValueError(
                "напишете откъде се стига до формуляра: pages, например [contacts], или programmes"
            )
        if {"menu", "footer"} <= set(self.pages):
            raise ValueError("изберете menu или footer: едното стига, те са на всяка страница")
        return self
