"""The facts: centres, help lines, target groups and the law that the pages quote.

Names follow HSDS (Open Referral) where it has one. What a centre has not
given is absent (None or an empty tuple); nothing here has an invented default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import (
    AfterValidator,
    EmailStr,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

from site_model.base import (
    SOURCE_LANGUAGE,
    Fact,
    FieldId,
    Figure,
    Frozen,
    Language,
    Moment,
    PhoneNumber,
    Slug,
    Sourced,
    Text,
    dialled,
    refuse_repeats,
)
from site_model.form import FormDefinition
from site_model.pictures import EasyReadLine
from site_model.search import SearchWords
from site_model.statements import AccessibilityResults, Authority, StatementFacts


class HasId(Protocol):
    """Anything with an id of its own."""

    @property
    def id(self) -> str: ...


Items = TypeVar("Items", bound=tuple[HasId, ...])


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


class Photograph(Sourced):
    """A photograph that a source only names; without `alt` there is nothing to show."""

    name: str
    alt: Text | None = None


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


class TargetGroup(Frozen):
    """Whom a centre helps: families read `plain`, schools and institutions `legal`."""

    id: FieldId
    plain: Text
    legal: Text


class WithoutVoice(Frozen):
    """How a deaf or speech-impaired person reaches a line, and the address to register at."""

    text: Text
    address: HttpUrl


class HelpLine(Frozen):
    """A number to call. `label` says in words what else only a colour would say."""

    id: FieldId
    number: PhoneNumber
    more_numbers: tuple[PhoneNumber, ...] = ()
    label: Text
    name: Text
    call_if: Text
    about: Text
    without_voice: WithoutVoice | None = None
    source: str
    checked_on: Moment

    @property
    def dialled(self) -> str:
        return dialled(self.number)

    @property
    def more(self) -> tuple[Mapping[str, str], ...]:
        """The further numbers, each as it is written and as it is dialled."""
        return tuple({"number": n, "dialled": dialled(n)} for n in self.more_numbers)


class Way(Frozen):
    """The steps that a law note describes, short enough to be drawn."""

    title: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=1)]


class LawNote(Frozen):
    """A sentence about the law, with where and when it was checked."""

    id: FieldId
    text: Text
    basis: Text
    source: str
    checked_on: Moment
    way: Way | None = None


def _bulgarian_first(languages: tuple[str, ...]) -> tuple[str, ...]:
    refuse_repeats(languages, "език")
    if languages[:1] != (SOURCE_LANGUAGE,):
        raise ValueError("първият език е bg: на него е целият сайт")
    return languages


class Site(Frozen):
    """Settings of the public site that both the build and the service need.

    `exit_url` is where a person lands who leaves in a hurry: a site that anybody may read.
    """

    name: Text
    url: HttpUrl
    languages: Annotated[tuple[Language, ...], AfterValidator(_bulgarian_first)]
    exit_url: HttpUrl
    service_path: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/-]*[a-z0-9]$")]


def _each_once(*needed: str) -> Callable[[Items], Items]:
    """A check that ids do not repeat and that those which the pages name are there."""

    def check(items: Items) -> Items:
        ids = [item.id for item in items]
        refuse_repeats(ids, "id")
        if lacking := sorted(set(needed) - set(ids)):
            raise ValueError(f"липсва „{'“, „'.join(lacking)}“; страниците го показват")
        return items

    return check


class HelpLines(Frozen):
    lines: Annotated[tuple[HelpLine, ...], AfterValidator(_each_once("emergency", "child_line"))]


class TargetGroups(Frozen):
    groups: Annotated[tuple[TargetGroup, ...], AfterValidator(_each_once())]


class Law(Frozen):
    notes: Annotated[
        tuple[LawNote, ...],
        AfterValidator(
            _each_once(
                "open_access",
                "specialised",
                "child_alone",
                "duty_to_notify",
                "ozd_hours",
                "data_rights",
                "data_complaint",
                "data_from_others",
                "accessibility_duty",
            )
        ),
    ]


class Authorities(Frozen):
    authorities: Annotated[
        tuple[Authority, ...],
        AfterValidator(_each_once("data_protection", "social_services_quality")),
    ]


@dataclass(frozen=True)
class Content:
    """The whole content folder, checked."""

    site: Site
    centres: Mapping[str, Centre]
    groups: Mapping[str, TargetGroup]
    help_lines: Mapping[str, HelpLine]
    law: Mapping[str, LawNote]
    authorities: Mapping[str, Authority]
    forms: Mapping[str, FormDefinition]
    accessibility: AccessibilityResults | None
    search: SearchWords
