"""A centre and all that it has said of itself: services, programmes, people, history.

Names follow HSDS (Open Referral) where it has one. What a centre has not given is absent
(None or an empty tuple); nothing here has an invented default.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import EmailStr, Field, StringConstraints, field_validator, model_validator

from site_model.base import (
    Fact,
    FieldId,
    Figure,
    Frozen,
    Moment,
    PhoneNumber,
    Slug,
    Sourced,
    Text,
    dialled,
    refuse_repeats,
)
from site_model.hours import Rule, parsed_hours
from site_model.pictures import EasyReadLine, Photograph
from site_model.statements import StatementFacts


class Phone(Sourced):
    number: PhoneNumber

    @property
    def dialled(self) -> str:
        return dialled(self.number)


class Email(Sourced):
    address: EmailStr


LettersTravel = Literal["key", "password", "open"]


class Municipality(Sourced):
    """A municipality from which the people come whom the centre helps, as it says itself."""

    name: Text


class GroupServed(Sourced):
    """A target group of `content/target_groups.yml` that this centre names as its own."""

    group: FieldId


class OpeningHours(Sourced):
    """When a centre receives people: as `osm` (OpenStreetMap's syntax), in words, or both."""

    osm: str | None = None
    text: Text | None = None

    @field_validator("osm")
    @classmethod
    def _can_be_said(cls, value: str | None) -> str | None:
        if value is not None:
            parsed_hours(value)
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.osm or self.text):
            raise ValueError("липсват часовете: напишете ги в osm, в text или в двете")
        return self

    @property
    def rules(self) -> tuple[Rule, ...]:
        return parsed_hours(self.osm) if self.osm else ()


class Notice(Sourced):
    """A message that is shown until its last day is over, and then vanishes by itself.

    `closed` says that the centre receives nobody from `first` to `until`, both included.
    """

    text: Text
    first: date | None = None
    until: date
    closed: bool = False

    @model_validator(mode="after")
    def _days_agree(self) -> Self:
        if self.first and self.first > self.until:
            raise ValueError("първият ден (first) е след последния (until)")
        if self.closed and not self.first:
            raise ValueError("липсва first: от кой ден центърът е затворен")
        return self


class ServiceStatus(Sourced):
    """How a service stands now; after the day `until` nothing is said of it any more."""

    state: Literal["open", "limited", "paused"]
    until: date | None = None
    text: Text | None = None


class Service(Sourced):
    """What a centre gives, on a page of its own at `slug`.

    `checked_on` is when it was last held against the centre's own text; `next_check` is the day
    by which that is to be done again, where it differs from the rule of the site. `access` is
    whether people may come by themselves or need an assessment first. `kind` is one of
    `content/service_kinds.yml`, and there only if the text at `source` names it.
    """

    id: FieldId
    slug: Slug
    checked_on: Moment
    name: Text
    legal_name: Text | None = None
    description: Text
    where: Text | None = None
    access: Text | None = None
    groups: tuple[FieldId, ...] = ()
    kind: FieldId | None = None
    status: ServiceStatus | None = None
    next_check: date | None = None


class PartOf(Sourced):
    """The service to which the centre itself counts a programme."""

    service: FieldId


TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class ProgrammeDate(Sourced):
    """A day on which a programme takes place, with the local times if they are known."""

    day: date
    starts: TimeOfDay | None = None
    ends: TimeOfDay | None = None

    @model_validator(mode="after")
    def _times_agree(self) -> Self:
        if self.ends and not (self.starts and self.starts < self.ends):
            raise ValueError("краят (ends) трябва да е след началото (starts) в същия ден")
        return self


class Programme(Sourced):
    """A named course or initiative; without `part_of` the centre has not said of which service."""

    id: FieldId
    checked_on: Moment
    name: Text
    part_of: PartOf | None = None
    audience: Text | None = None
    description: Text | None = None
    format: Text | None = None
    groups: tuple[FieldId, ...] = ()
    dates: tuple[ProgrammeDate, ...] = ()
    next_check: date | None = None


class ReferralRoute(Sourced):
    """A way to the centre as the centre itself names it; `kind` picks the law shown beside it."""

    kind: Literal["child_protection", "institution", "self"]
    text: Text


class TeamRole(Sourced):
    title: Text
    count: Annotated[int, Field(ge=1, strict=True)]


class Event(Sourced):
    """A dated line of the centre's history; `as_of` says when, and may be `undated`."""

    text: Text


class Centre(Frozen):
    """A community support centre and all that it has said of itself, as of `checked_on`.

    `letters` is what its pages promise of the way that letters travel: closed with a `key` that
    only the centre has, with a `password` that the server knows as well, or `open`. The contact
    service does not start with settings that are weaker than this.
    """

    id: Slug
    checked_on: Moment
    next_check: date | None = None
    letters: LettersTravel = "key"
    name: Fact
    short_name: Text
    place: Text
    region: Fact | None = None
    municipalities: tuple[Municipality, ...] = ()
    summary: Fact
    phones: tuple[Phone, ...] = ()
    email: Email | None = None
    address: Fact | None = None
    opening_hours: OpeningHours | None = None
    notices: tuple[Notice, ...] = ()
    accessibility: Fact | None = None
    fee: Fact | None = None
    documents: Fact | None = None
    reply_time: Fact | None = None
    controller: Fact | None = None
    statements: StatementFacts = StatementFacts()
    building: tuple[Fact, ...] = ()
    area: Fact | None = None
    capacity: Figure | None = None
    figures: tuple[Figure, ...] = ()
    age_limit: Fact | None = None
    target_groups: tuple[GroupServed, ...] = ()
    services: tuple[Service, ...]
    programmes: tuple[Programme, ...] = ()
    topics: tuple[Fact, ...] = ()
    routes: tuple[ReferralRoute, ...] = ()
    team: tuple[TeamRole, ...] = ()
    principles: tuple[Fact, ...] = ()
    confidentiality: Fact | None = None
    funding: tuple[Fact, ...] = ()
    history: tuple[Event, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    easy_read: tuple[EasyReadLine, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        refuse_repeats((service.id for service in self.services), "service")
        refuse_repeats((service.slug for service in self.services), "slug")
        refuse_repeats((programme.id for programme in self.programmes), "programme")
        refuse_repeats((served.group for served in self.target_groups), "group")
        return self

    @property
    def phone(self) -> Phone | None:
        return self.phones[0] if self.phones else None
