"""How people reach a centre: telephones, e-mail, places, hours, and messages on all of these."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import field_validator, model_validator

from site_model.facts.opening_hours.rules import parsed_hours
from site_model.facts.opening_hours.syntax import Rule
from site_model.field_metadata import words
from site_model.field_types import Day, MailAddress, OnePlace, YesNo
from site_model.text.telephones import dial_string
from site_model.types import PhoneNumber, Sourced, Text


class Phone(Sourced):
    number: Annotated[
        PhoneNumber,
        words(
            "Телефон", "Един номер с кода: 0373 9 10 76. Вътрешен номер се пише накрая: вътр. 12."
        ),
    ]

    @property
    def dialled(self) -> str:
        return dial_string(self.number)


class Email(Sourced):
    address: Annotated[MailAddress, words("Имейл", "Например ime@primer.bg.")]


class Municipality(Sourced):
    """A municipality from which the people come whom the centre helps, as it says itself."""

    name: Annotated[OnePlace, words("Община", "Само името, например Карлово.")]


class OpeningHours(Sourced):
    """When a centre receives people: as `osm` (OpenStreetMap's syntax), in words, or both."""

    osm: Annotated[
        str | None,
        words(
            "По правилата на OpenStreetMap",
            "Например Mo-Fr 09:00-17:00; PH off. Може и само с думи.",
        ),
    ] = None
    text: Annotated[Text | None, words("С думи", "Например: В делник от 9 до 17 часа.")] = None

    @field_validator("osm")
    @classmethod
    def _can_be_said(cls, value: str | None) -> str | None:
        if value is not None:
            parsed_hours(value)
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.osm or self.text):
            raise ValueError(
                "липсват часовете: напишете ги по дни (osm), с думи (text) или по двата начина"
            )
        return self

    @property
    def rules(self) -> tuple[Rule, ...]:
        return parsed_hours(self.osm) if self.osm else ()


class Notice(Sourced):
    """A message that is shown until its last day is over, and then vanishes by itself.

    `closed` says that the centre receives nobody from `first` to `until`, both included.
    """

    text: Annotated[Text, words("Съобщение", "Едно-две изречения.")]
    first: Annotated[Day | None, words("От ден", "Например 2026-12-24.")] = None
    until: Annotated[Day, words("До ден", "Последният ден, включително: 2027-01-02.")]
    closed: Annotated[
        YesNo, words("Затворено ли е", "Дали в тези дни центърът не приема никого.")
    ] = False

    @model_validator(mode="after")
    def _days_agree(self) -> Self:
        if self.first and self.first > self.until:
            raise ValueError("първият ден (first) е след последния (until)")
        if self.closed and not self.first:
            raise ValueError("липсва от кой ден центърът е затворен (first)")
        return self
