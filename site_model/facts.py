"""The facts: centres, help lines, target groups and the law that the pages quote.

Names follow HSDS (Open Referral) where it has one. What a centre has not
given is absent (None or an empty tuple); nothing here has an invented default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import EmailStr, Field, HttpUrl, StringConstraints

from site_model.base import (
    AsOf,
    Fact,
    FieldId,
    Figure,
    Frozen,
    Language,
    PhoneNumber,
    Slug,
    Sourced,
    Text,
    dialled,
)
from site_model.form import FormDefinition


class Phone(Sourced):
    number: PhoneNumber

    @property
    def dialled(self) -> str:
        return dialled(self.number)


class Email(Sourced):
    address: EmailStr


class GroupServed(Sourced):
    """A target group of `content/target_groups.yml` that this centre names as its own."""

    group: FieldId


class Service(Sourced):
    id: FieldId
    name: Text
    legal_name: Text | None = None
    description: Text
    where: Text | None = None
    groups: tuple[FieldId, ...] = ()


class Programme(Sourced):
    id: FieldId
    name: Text
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
    count: Annotated[int, Field(ge=1)]


class Event(Sourced):
    """A dated line of the centre's history; `as_of` says when, and may be `undated`."""

    text: Text


class Photograph(Sourced):
    """A photograph that a source only names; without `alt` there is nothing to show."""

    name: str
    alt: Text | None = None


class Centre(Frozen):
    id: Slug
    name: Text
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

    @property
    def phone(self) -> Phone | None:
        return self.phones[0] if self.phones else None


class TargetGroup(Frozen):
    """Whom a centre helps: families read `plain`, schools and institutions `legal`."""

    id: FieldId
    plain: Text
    legal: Text


class HelpLine(Frozen):
    id: FieldId
    number: PhoneNumber
    more_numbers: tuple[PhoneNumber, ...] = ()
    name: Text
    call_if: Text
    about: Text
    source: str
    checked_on: AsOf

    @property
    def dialled(self) -> str:
        return dialled(self.number)


class LawNote(Frozen):
    """A sentence about the law, with where and when it was checked."""

    id: FieldId
    text: Text
    basis: Text
    source: str
    checked_on: AsOf


class Site(Frozen):
    """Settings of the public site that both the build and the service need."""

    name: Text
    url: HttpUrl
    languages: tuple[Language, ...]
    service_path: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/-]*[a-z0-9]$")]


class HelpLines(Frozen):
    lines: tuple[HelpLine, ...]


class TargetGroups(Frozen):
    groups: tuple[TargetGroup, ...]


class Law(Frozen):
    notes: tuple[LawNote, ...]


@dataclass(frozen=True)
class Content:
    """The whole content folder, checked."""

    site: Site
    centres: Mapping[str, Centre]
    groups: Mapping[str, TargetGroup]
    help_lines: Mapping[str, HelpLine]
    law: Mapping[str, LawNote]
    forms: Mapping[str, FormDefinition]
