"""The facts that all centres share: help lines, target groups, kinds of services, the law; and
all content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
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
    FieldId,
    Frozen,
    Moment,
    PhoneNumber,
    Text,
    dialled,
    refuse_repeats,
)
from site_model.centre import Centre
from site_model.form import FormDefinition
from site_model.form_versions import AcceptedVersion
from site_model.languages import SiteLanguage
from site_model.search import SearchWords
from site_model.statements import AccessibilityResults, Authority


class HasId(Protocol):
    """Anything with an id of its own."""

    @property
    def id(self) -> str: ...


Items = TypeVar("Items", bound=tuple[HasId, ...])


class Coded(Frozen):
    """What centres name by its code: families read `plain`, schools and institutions `legal`."""

    id: FieldId
    plain: Text
    legal: Text


class TargetGroup(Coded):
    """Whom a centre helps."""


class ServiceKind(Coded):
    """What kind of service it is, so that people find it whatever each centre calls it.

    `source` is who names it so: the law, or a centre's own text in `content/sources`.
    """

    source: str
    checked_on: Moment
    next_check: date | None = None


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
    next_check: date | None = None

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
    next_check: date | None = None
    way: Way | None = None


def _bulgarian_first(languages: tuple[SiteLanguage, ...]) -> tuple[SiteLanguage, ...]:
    refuse_repeats((language.code for language in languages), "език")
    if not languages or (languages[0].code, languages[0].scope) != (SOURCE_LANGUAGE, "full"):
        raise ValueError("първият език е bg, с scope: full: на него е целият сайт")
    return languages


class Licence(Frozen):
    """Under which licence others may use the data, and where its text stands."""

    name: Text
    url: HttpUrl


def _origin_alone(url: HttpUrl) -> HttpUrl:
    if url.scheme != "https" or url.path not in (None, "/") or url.query or url.fragment:
        raise ValueError("тук е само https:// и името на сървъра, например https://pisma.primer.bg")
    return url


class Site(Frozen):
    """Settings of the public site that both the build and the service need.

    `exit_url` is where a person lands who leaves in a hurry: a site that anybody may read.
    Facts are checked again every `check_every_months`, unless they name a day of their own.
    `service_origin` is where the service stands if that is not the site's own address.
    Without `data_licence` the page about the data says that nobody has chosen one yet.
    `security_contact` takes reports of faults in the site's security, by security.txt (RFC 9116).
    `source_url` is where readers get the source of what runs here (EUPL-1.2, article 5).
    """

    name: Text
    url: HttpUrl
    languages: Annotated[tuple[SiteLanguage, ...], AfterValidator(_bulgarian_first)]
    exit_url: HttpUrl
    service_path: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/-]*[a-z0-9]$")]
    service_origin: Annotated[HttpUrl, AfterValidator(_origin_alone)] | None = None
    data_licence: Licence | None = None
    security_contact: EmailStr | None = None
    source_url: HttpUrl | None = None
    check_every_months: Annotated[int, Field(ge=1, strict=True)] = 12

    @model_validator(mode="after")
    def _security_txt_is_found(self) -> Self:
        if self.security_contact and (self.url.path or "/") != "/":
            raise ValueError(
                "security_contact: файлът security.txt се търси само в корена на адреса, а сайтът "
                f"стои в „{self.url.path}“. Махнете реда и помолете този, който поддържа корена, "
                "да обяви там кого да търсят"
            )
        return self

    def language(self, code: str) -> SiteLanguage:
        """The language of this code; raises StopIteration for one that the site does not have."""
        return next(language for language in self.languages if language.code == code)


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


class ServiceKinds(Frozen):
    kinds: Annotated[tuple[ServiceKind, ...], AfterValidator(_each_once())]


CatalogueName = Literal["groups", "kinds"]
Catalogues = Mapping[CatalogueName, Mapping[str, Coded]]
"""What centres may name by code, by the name of its list."""


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
    kinds: Mapping[str, ServiceKind]
    help_lines: Mapping[str, HelpLine]
    law: Mapping[str, LawNote]
    authorities: Mapping[str, Authority]
    forms: Mapping[str, FormDefinition]
    accessibility: AccessibilityResults | None
    search: SearchWords
    accepted_versions: Mapping[str, AcceptedVersion]

    @property
    def catalogues(self) -> Catalogues:
        return {"groups": self.groups, "kinds": self.kinds}

    @property
    def alone(self) -> Centre | None:
        """The only centre of the site, or None where there are several."""
        return next(iter(self.centres.values())) if len(self.centres) == 1 else None

    def centre_path(self, centre: str) -> str:
        """Where a centre's pages stand below the language's root: "harmanli/".

        A centre alone stands at the root itself: "".
        """
        return "" if self.alone else f"{centre}/"
