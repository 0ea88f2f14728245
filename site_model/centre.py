"""A centre and all that it has said of itself: services, programmes, people, history.

Names follow HSDS (Open Referral) where it has one. What a centre has not given is absent
(None or an empty tuple); nothing here has an invented default.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import EmailStr, Field, model_validator

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


class GroupServed(Sourced):
    """A target group of `content/target_groups.yml` that this centre names as its own."""

    group: FieldId


class Service(Sourced):
    """What a centre gives, on a page of its own at `slug`.

    `checked_on` is when it was last held against the centre's own text.
    """

    id: FieldId
    slug: Slug
    checked_on: Moment
    name: Text
    legal_name: Text | None = None
    description: Text
    where: Text | None = None
    groups: tuple[FieldId, ...] = ()


class PartOf(Sourced):
    """The service to which the centre itself counts a programme."""

    service: FieldId


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
    letters: LettersTravel = "key"
    name: Fact
    short_name: Text
    place: Text
    summary: Fact
    phones: tuple[Phone, ...] = ()
    email: Email | None = None
    address: Fact | None = None
    opening_hours: Fact | None = None
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
