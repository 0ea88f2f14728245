"""The facts that all centres share: help lines, target groups, kinds of services, the law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    model_validator,
)

from site_model.facts.centre import Centre
from site_model.facts.statements import Authority
from site_model.field_metadata import CatalogueName
from site_model.field_types import Day, MailAddress, WebAddress
from site_model.i18n.languages import SiteLanguage
from site_model.text.telephones import dial_string
from site_model.types import (
    SOURCE_LANGUAGE,
    AnchorId,
    FieldId,
    Frozen,
    Moment,
    PhoneNumber,
    Text,
    refuse_repeats,
)


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


@dataclass(frozen=True)
class GroupOfCentre:
    """A group as one centre's pages show it, with who says what.

    `plain` is for families; of a group of the list `own` is what the centre calls it, where it
    has said that, and `legal` what the law and institutions do.
    """

    id: str
    plain: Text
    own: Text | None = None
    legal: Text | None = None

    @property
    def by_law(self) -> Text | None:
        """`legal`, where nothing else on the page says the same."""
        return self.legal if self.legal not in (self.plain, self.own) else None

    @property
    def formal(self) -> Text:
        """What schools and institutions read."""
        return self.legal or self.plain


def groups_of(centre: Centre, listed: Mapping[str, TargetGroup]) -> Mapping[str, GroupOfCentre]:
    """The groups that a centre serves, by their codes: of the list, and of its own."""
    found = {}
    for served in centre.target_groups:
        if known := listed.get(served.group):
            own = served.name if served.name != known.plain else None
            found[served.group] = GroupOfCentre(served.group, known.plain, own, known.legal)
        elif served.name:
            found[served.group] = GroupOfCentre(served.group, served.name)
    return found


class ServiceKind(Coded):
    """What kind of service it is, so that people find it whatever each centre calls it.

    `source` is who names it so: the law, or a centre's own text in `content/sources`.
    """

    source: str
    checked_on: Moment
    next_check: Day | None = None


class WithoutVoice(Frozen):
    """How a deaf or speech-impaired person reaches a line, and the address to register at."""

    text: Text
    address: WebAddress


class HelpLine(Frozen):
    """A number to call. `label` says in words what else only a colour would say."""

    id: AnchorId
    number: PhoneNumber
    more_numbers: tuple[PhoneNumber, ...] = ()
    label: Text
    name: Text
    call_if: Text
    about: Text
    without_voice: WithoutVoice | None = None
    source: str
    checked_on: Moment
    next_check: Day | None = None

    @property
    def dialled(self) -> str:
        return dial_string(self.number)

    @property
    def more(self) -> tuple[Mapping[str, str], ...]:
        """The further numbers, each as it is written and as it is dialled."""
        return tuple({"number": n, "dialled": dial_string(n)} for n in self.more_numbers)


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
    next_check: Day | None = None
    way: Way | None = None


def _bulgarian_first(languages: tuple[SiteLanguage, ...]) -> tuple[SiteLanguage, ...]:
    refuse_repeats((language.code for language in languages), "език")
    if not languages or (languages[0].code, languages[0].scope) != (SOURCE_LANGUAGE, "full"):
        raise ValueError("първият език е bg, с scope: full: на него е целият сайт")
    return languages


class Licence(Frozen):
    """Under which licence others may use the data, and where its text stands."""

    name: Text
    url: WebAddress


def _origin_alone(url: WebAddress) -> WebAddress:
    if url.scheme != "https" or url.path not in (None, "/") or url.query or url.fragment:
        raise ValueError("тук е само https:// и името на сървъра, например https://pisma.primer.bg")
    return url


ServiceOrigin = Annotated[WebAddress, AfterValidator(_origin_alone)]


class Site(Frozen):
    """Settings of the public site that both the build and the service need.

    `exit_url` is where a person lands who leaves in a hurry: a site that anybody may read.
    Facts are checked again every `check_every_months`, unless they name a day of their own.
    `service` says whether a contact service takes what forms are filled in with; with "none" the
    pages show telephones and paper forms instead. `service_path` is where it stands, and
    `service_origin` on what server if that is not the site's own address.
    Without `data_licence` the page about the data says that nobody has chosen one yet.
    `security_contact` takes reports of faults in the site's security, by security.txt (RFC 9116).
    `source_url` is where readers get the source of what runs here (EUPL-1.2, article 5).
    """

    name: Text
    url: WebAddress
    languages: Annotated[tuple[SiteLanguage, ...], AfterValidator(_bulgarian_first)]
    exit_url: WebAddress
    service: Literal["here", "none"] = "here"
    service_path: Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/-]*[a-z0-9]$")] = "/send"
    service_origin: ServiceOrigin | None = None
    data_licence: Licence | None = None
    security_contact: MailAddress | None = None
    source_url: WebAddress | None = None
    check_every_months: Annotated[int, Field(ge=1, le=120, strict=True)] = 12

    @model_validator(mode="after")
    def _security_txt_is_found(self) -> Self:
        if self.security_contact and (self.url.path or "/") != "/":
            raise ValueError(
                "security_contact: файлът security.txt се търси само в корена на адреса, а сайтът "
                f"е в „{self.url.path}“. Махнете реда и помолете този, който поддържа корена, "
                "да обяви там кого да търсят"
            )
        return self

    @model_validator(mode="after")
    def _none_stands_nowhere(self) -> Self:
        if not self.takes_letters and self.service_origin:
            raise ValueError(
                "service: none казва, че сайтът не приема писма, а service_origin – къде отиват. "
                "Махнете единия от двата реда"
            )
        return self

    @property
    def takes_letters(self) -> bool:
        """Whether there is a service; without one no page may offer a form to fill in."""
        return self.service != "none"

    @property
    def codes(self) -> list[str]:
        """The languages of the site by code, Bulgarian first."""
        return [language.code for language in self.languages]

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


def _one_without_voice(lines: tuple[HelpLine, ...]) -> tuple[HelpLine, ...]:
    for line in lines:
        if line.without_voice and line.id != "emergency":
            raise ValueError(f"„{line.id}“: without_voice е само за 112; другото напишете в about")
    return lines


class HelpLines(Frozen):
    lines: Annotated[
        tuple[HelpLine, ...],
        AfterValidator(_each_once("emergency", "child_line")),
        AfterValidator(_one_without_voice),
    ]


class TargetGroups(Frozen):
    groups: Annotated[tuple[TargetGroup, ...], AfterValidator(_each_once())]


class ServiceKinds(Frozen):
    kinds: Annotated[tuple[ServiceKind, ...], AfterValidator(_each_once())]


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
        AfterValidator(_each_once("data_protection")),
    ]
