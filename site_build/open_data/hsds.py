"""Centres as HSDS 3.0, the data standard of Open Referral for services that help people.

https://docs.openreferral.org/ tells what each field means. HSDS has one language; here it
is Bulgarian. Left out, beside what a centre has not said: `assured_date` where the facts know
only the month, and `addresses`, which want a postal code and a province.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from site_build.edition import Edition
from site_build.open_data.ids import stable_id
from site_build.open_data.schedules import hsds_status, schedules
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.freshness import current_notices, current_status
from site_model.facts.services import Programme, Service
from site_model.facts.shared import Coded, GroupOfCentre, ServiceKind, TargetGroup, groups_of
from site_model.text.telephones import split_extension
from site_model.types import SOURCE_LANGUAGE, Fact, Text
from site_model.urls import COMMON_PAGES, service_slug

Record = dict[str, Any]

DATA = COMMON_PAGES["data"]
"""The folder of the files, below the site."""

GROUPS = "target_groups"
KINDS = "service_kinds"
_PER_DAY = len("2026-11-22")


def organization(edition: Edition, centre: Centre) -> Record:
    """A centre with all that belongs to it; its services stand in `services`, as the API of
    HSDS gives them for `full_service`.
    """
    id = stable_id("organization", centre.id)
    return basic_organization(edition, centre) | present(
        funding=[
            {
                "id": stable_id("funding", centre.id, number),
                "organization_id": id,
                "source": one_line(fact.text),
            }
            for number, fact in enumerate(centre.funding)
        ],
        phones=_phones(centre, "organization_id", id, "organization"),
        contacts=[
            {
                "id": stable_id("contact", centre.id, number),
                "organization_id": id,
                "title": one_line(role.title),
            }
            for number, role in enumerate(centre.team)
        ],
        locations=_locations(centre, id, edition.today),
        programs=[_program(centre, programme) for programme in centre.programmes],
        services=[service(edition, centre, item) for item in centre.services],
    )


def basic_organization(edition: Edition, centre: Centre) -> Record:
    """A centre in one line of a list."""
    return present(
        id=stable_id("organization", centre.id),
        name=one_line(centre.name.text),
        alternate_name=one_line(centre.short_name),
        description=one_line(centre.summary.text),
        email=centre.email.address if centre.email else None,
        website=edition.centre_url(centre.id),
    )


def service(edition: Edition, centre: Centre, item: Service) -> Record:
    """A service with all that belongs to it, but for its organization, which holds it."""
    id = stable_id("service", centre.id, item.id)
    return basic_service(edition, centre, item) | present(
        phones=_phones(centre, "service_id", id, "service", item.id),
        service_areas=[
            *_of_service("service_area", centre, item, "description", centre.area),
            *(
                {
                    "id": stable_id("service_area", centre.id, item.id, number),
                    "service_id": id,
                    "name": one_line(one.name),
                }
                for number, one in enumerate(centre.municipalities)
            ),
        ],
        service_at_locations=[
            {
                "id": stable_id("service_at_location", centre.id, item.id),
                "service_id": id,
                "description": one_line(item.where),
            }
        ]
        if item.where
        else None,
        required_documents=_of_service(
            "required_document", centre, item, "document", centre.documents
        ),
        attributes=[
            {
                "id": stable_id("attribute", centre.id, item.id, *name),
                "link_id": id,
                "link_entity": "service",
                "taxonomy_term_id": term["id"],
                "taxonomy_term": term,
            }
            for name, term in _terms(edition.content, centre, item)
        ],
    )


def _terms(
    content: Content, centre: Centre, item: Service
) -> Iterator[tuple[tuple[str, ...], Record]]:
    """The terms of a service, each with its name beside the service's."""
    served = groups_of(centre, content.groups)
    for group in item.groups:
        known = content.groups.get(group) or served[group]
        yield (group,), group_term(known, _owner(content, centre, group))
    if item.kind:
        yield (KINDS, item.kind), kind_term(content.kinds[item.kind])


def basic_service(edition: Edition, centre: Centre, item: Service) -> Record:
    """A service in one line of a list, as it stands on the day of the edition.

    `status` is a duty in HSDS: `active` where the centre names the service as one that it gives.
    """
    status = current_status(item, edition.today)
    alerts = [one_line(notice.text) for notice in current_notices(centre, edition.today)]
    return present(
        id=stable_id("service", centre.id, item.id),
        organization_id=stable_id("organization", centre.id),
        name=one_line(item.name),
        alternate_name=one_line(item.legal_name),
        description=one_line(item.description),
        url=edition.page_url(centre.id, service_slug(item.slug)),
        email=centre.email.address if centre.email else None,
        status=hsds_status(status.state if status else None),
        alert=" ".join(filter(None, [one_line(status.text) if status else None, *alerts])),
        application_process=" ".join(
            filter(
                None, [one_line(item.access), *(one_line(route.text) for route in centre.routes)]
            )
        ),
        fees_description=one_line(centre.fee),
        eligibility_description=one_line(centre.age_limit),
        assured_date=item.checked_on if len(item.checked_on) == _PER_DAY else None,
    )


def taxonomies(edition: Edition) -> Iterator[Record]:
    """Whom centres help, and of what kind their services are."""
    names = {
        GROUPS: "На кого помагат центровете за обществена подкрепа",
        KINDS: "Видове услуги на центровете за обществена подкрепа",
    }
    for id, name in names.items():
        yield {
            "id": stable_id("taxonomy", id),
            "name": name,
            "description": "Име за семействата; описанието е както го пишат институциите.",
            "uri": f"{edition.address}{DATA}/taxonomy_terms.json",
        }


def taxonomy_terms(content: Content) -> Iterator[Record]:
    """The terms of both taxonomies."""
    yield from (group_term(group) for group in content.groups.values())
    for centre in content.centres.values():
        for group in groups_of(centre, content.groups).values():
            if owner := _owner(content, centre, group.id):
                yield group_term(group, owner)
    yield from map(kind_term, content.kinds.values())


def _owner(content: Content, centre: Centre, group: str) -> tuple[str, ...]:
    """The centre of a group that is not in the list of all."""
    return () if group in content.groups else (centre.id,)


def group_term(group: TargetGroup | GroupOfCentre, owner: tuple[str, ...] = ()) -> Record:
    return _term(group, GROUPS, stable_id("taxonomy_term", *owner, group.id), owner)


def kind_term(kind: ServiceKind) -> Record:
    return _term(kind, KINDS, stable_id("taxonomy_term", KINDS, kind.id))


def _term(
    coded: Coded | GroupOfCentre, taxonomy: str, id: str, owner: tuple[str, ...] = ()
) -> Record:
    return {
        "id": id,
        "code": ".".join((*owner, coded.id)),
        "name": one_line(coded.plain),
        "description": one_line(coded.legal or coded.plain),
        "language": SOURCE_LANGUAGE,
        "taxonomy_id": stable_id("taxonomy", taxonomy),
    }


def page(records: Iterable[Record]) -> Record:
    """A whole list as the one page that the API of HSDS would give of it."""
    contents = list(records)
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def _program(centre: Centre, programme: Programme) -> Record:
    """HSDS wants a description; where the centre gave none, what it did say stands there."""
    told = (programme.description, programme.audience, programme.format, programme.name)
    return {
        "id": stable_id("program", centre.id, programme.id),
        "organization_id": stable_id("organization", centre.id),
        "name": one_line(programme.name),
        "description": next(one_line(text) for text in told if text),
    }


def _locations(centre: Centre, organization_id: str, today: date) -> list[Record]:
    """The one place of a centre, if it has said anything of it."""
    told = [centre.address] if centre.address else list(centre.building)
    id = stable_id("location", centre.id)
    location = present(
        schedules=schedules(centre, id, today),
        description=" ".join(one_line(fact) or "" for fact in told),
        accessibility=[
            {
                "id": stable_id("accessibility", centre.id),
                "location_id": id,
                "description": one_line(centre.accessibility),
            }
        ]
        if centre.accessibility
        else None,
    )
    if not location:
        return []
    return [{"id": id, "location_type": "physical", "organization_id": organization_id} | location]


def _phones(centre: Centre, link: str, id: str, *names: str) -> list[Record]:
    return [
        {"id": stable_id("phone", centre.id, *names, place), link: id, "number": number}
        | ({"extension": int(extension)} if extension else {})
        for place, phone in enumerate(centre.phones)
        for number, extension in (split_extension(phone.number),)
    ]


def _of_service(
    kind: str, centre: Centre, item: Service, field: str, fact: Fact | None
) -> list[Record]:
    """What the centre said of all of its services, as a record of one."""
    return (
        [
            {
                "id": stable_id(kind, centre.id, item.id),
                "service_id": stable_id("service", centre.id, item.id),
                field: one_line(fact),
            }
        ]
        if fact
        else []
    )


def one_line(words: Fact | Text | None) -> str | None:
    """A text in Bulgarian, with single spaces, or None."""
    text = words.text if isinstance(words, Fact) else words
    return " ".join(text.to(SOURCE_LANGUAGE).split()) if text else None


def present(**fields: Any) -> Record:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
