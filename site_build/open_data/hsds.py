"""Centres as HSDS 3.0, the data standard of Open Referral for services that help people.

https://docs.openreferral.org/ tells what each field means. HSDS has one language; here it
is Bulgarian. Left out, beside what a centre has not said: `assured_date` where the facts know
only the month, and `addresses`, which want a postal code and a province.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from site_build.open_data.ids import stable_id
from site_build.open_data.schedules import hsds_status, schedules
from site_model.addresses import centre_url, site_url
from site_model.base import SOURCE_LANGUAGE, Fact, Text
from site_model.centre import Centre, Programme, Service
from site_model.facts import Coded, Content, ServiceKind, TargetGroup
from site_model.freshness import current_notices, current_status

Record = dict[str, Any]

GROUPS = "target_groups"
KINDS = "service_kinds"
_PER_DAY = len("2026-11-22")


def organization(content: Content, centre: Centre, today: date) -> Record:
    """A centre with all that belongs to it; its services stand in `services`, as the API of
    HSDS gives them for `full_service`.
    """
    id = stable_id("organization", centre.id)
    return basic_organization(content, centre) | present(
        funding=[
            {
                "id": stable_id("funding", centre.id, number),
                "organization_id": id,
                "source": said(fact.text),
            }
            for number, fact in enumerate(centre.funding)
        ],
        phones=_phones(centre, "organization_id", id, "organization"),
        contacts=[
            {
                "id": stable_id("contact", centre.id, number),
                "organization_id": id,
                "title": said(role.title),
            }
            for number, role in enumerate(centre.team)
        ],
        locations=_locations(centre, id),
        programs=[_program(centre, programme) for programme in centre.programmes],
        services=[service(content, centre, item, today) for item in centre.services],
    )


def basic_organization(content: Content, centre: Centre) -> Record:
    """A centre in one line of a list."""
    return present(
        id=stable_id("organization", centre.id),
        name=said(centre.name.text),
        alternate_name=said(centre.short_name),
        description=said(centre.summary.text),
        email=centre.email.address if centre.email else None,
        website=centre_url(content, SOURCE_LANGUAGE, centre.id),
    )


def service(content: Content, centre: Centre, item: Service, today: date) -> Record:
    """A service with all that belongs to it, but for its organization, which holds it."""
    id = stable_id("service", centre.id, item.id)
    return basic_service(content, centre, item, today) | present(
        phones=_phones(centre, "service_id", id, "service", item.id),
        service_areas=[
            *_of_service("service_area", centre, item, "description", centre.area),
            *(
                {
                    "id": stable_id("service_area", centre.id, item.id, number),
                    "service_id": id,
                    "name": said(one.name),
                }
                for number, one in enumerate(centre.municipalities)
            ),
        ],
        service_at_locations=[
            {
                "id": stable_id("service_at_location", centre.id, item.id),
                "service_id": id,
                "description": said(item.where),
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
            for name, term in _terms(content, item)
        ],
    )


def _terms(content: Content, item: Service) -> Iterator[tuple[tuple[str, ...], Record]]:
    """The terms of a service, each with its name beside the service's."""
    for group in item.groups:
        yield (group,), group_term(content.groups[group])
    if item.kind:
        yield (KINDS, item.kind), kind_term(content.kinds[item.kind])


def basic_service(content: Content, centre: Centre, item: Service, today: date) -> Record:
    """A service in one line of a list, as it stands on the day `today`.

    `status` is a duty in HSDS: `active` where the centre names the service as one that it gives.
    """
    status = current_status(item, today)
    alerts = [said(notice.text) for notice in current_notices(centre, today)]
    address = f"{centre_url(content, SOURCE_LANGUAGE, centre.id)}uslugi/{item.slug}/"
    return present(
        id=stable_id("service", centre.id, item.id),
        organization_id=stable_id("organization", centre.id),
        name=said(item.name),
        alternate_name=said(item.legal_name),
        description=said(item.description),
        url=address,
        email=centre.email.address if centre.email else None,
        status=hsds_status(status.state if status else None),
        alert=" ".join(filter(None, [said(status.text) if status else None, *alerts])),
        application_process=" ".join(
            filter(None, [said(item.access), *(said(route.text) for route in centre.routes)])
        ),
        fees_description=said(centre.fee),
        eligibility_description=said(centre.age_limit),
        assured_date=item.checked_on if len(item.checked_on) == _PER_DAY else None,
    )


def taxonomies(content: Content) -> Iterator[Record]:
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
            "uri": f"{site_url(content.site, SOURCE_LANGUAGE)}danni/taxonomy_terms.json",
        }


def taxonomy_terms(content: Content) -> Iterator[Record]:
    """The terms of both taxonomies."""
    yield from map(group_term, content.groups.values())
    yield from map(kind_term, content.kinds.values())


def group_term(group: TargetGroup) -> Record:
    return _term(group, GROUPS, stable_id("taxonomy_term", group.id))


def kind_term(kind: ServiceKind) -> Record:
    return _term(kind, KINDS, stable_id("taxonomy_term", KINDS, kind.id))


def _term(coded: Coded, taxonomy: str, id: str) -> Record:
    return {
        "id": id,
        "code": coded.id,
        "name": said(coded.plain),
        "description": said(coded.legal),
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
        "name": said(programme.name),
        "description": next(said(text) for text in told if text),
    }


def _locations(centre: Centre, organization_id: str) -> list[Record]:
    """The one place of a centre, if it has said anything of it."""
    told = [centre.address] if centre.address else list(centre.building)
    id = stable_id("location", centre.id)
    location = present(
        schedules=schedules(centre, id),
        description=" ".join(said(fact) or "" for fact in told),
        accessibility=[
            {
                "id": stable_id("accessibility", centre.id),
                "location_id": id,
                "description": said(centre.accessibility),
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
        {
            "id": stable_id("phone", centre.id, *names, number),
            link: id,
            "number": phone.number,
        }
        for number, phone in enumerate(centre.phones)
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
                field: said(fact),
            }
        ]
        if fact
        else []
    )


def said(words: Fact | Text | None) -> str | None:
    """A text in Bulgarian, with single spaces, or None."""
    text = words.text if isinstance(words, Fact) else words
    return " ".join(text.to(SOURCE_LANGUAGE).split()) if text else None


def present(**fields: Any) -> Record:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
