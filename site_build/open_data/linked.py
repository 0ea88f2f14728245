"""What a page says, once more as schema.org (JSON-LD), for search engines.

A block of data inside the page: browsers do not run it, so the Content-Security-Policy has
nothing to say of it, and `site_build.html.policy` lets just this type stand. A link to a file would
be seen by nobody: search engines read only what the page itself holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from site_build.edition import Edition
from site_build.open_data.hsds import DATA, present
from site_build.open_data.ids import stable_id
from site_build.open_data.schedules import specifications
from site_model.facts.centre import Centre
from site_model.facts.services import Service
from site_model.facts.shared import groups_of
from site_model.types import SOURCE_LANGUAGE, Fact, Text
from site_model.urls import service_slug, site_url

Node = dict[str, Any]


@dataclass(frozen=True)
class LinkedData:
    """The blocks of an edition. A text without translation is marked as Bulgarian."""

    edition: Edition

    def centre(self, centre: Centre) -> Markup:
        """For the home of a centre: the organization, how to reach it and what it gives."""
        services = [
            {"@type": "GovernmentService", "@id": _service_id(centre, item)}
            | present(name=self._said(item.name), url=self._service_url(centre, item))
            for item in centre.services
        ]
        return self._block(
            {"@type": "Organization"}
            | self._reference(centre)
            | present(
                alternateName=self._said(centre.short_name),
                description=self._said(centre.summary),
                email=centre.email.address if centre.email else None,
                address={"@type": "PostalAddress", "streetAddress": self._said(centre.address)}
                if centre.address
                else None,
                contactPoint=self._contact_points(centre),
                location=self._place(centre),
                **{"@reverse": {"provider": services}},
            )
        )

    def service(self, centre: Centre, item: Service) -> Markup:
        """For the page of a service: what it is, for whom, and who gives it."""
        served = groups_of(centre, self.edition.source.groups)
        audience = [
            {"@type": "Audience", "audienceType": self._said(served[group].plain)}
            for group in item.groups
        ]
        return self._block(
            {"@type": "GovernmentService", "@id": _service_id(centre, item)}
            | present(
                name=self._said(item.name),
                alternateName=self._said(item.legal_name),
                serviceType=self._said(self.edition.source.kinds[item.kind].plain)
                if item.kind
                else None,
                description=self._said(item.description),
                url=self._service_url(centre, item),
                areaServed=self._said(centre.area),
                audience=audience,
                provider={"@type": "Organization"} | self._reference(centre),
                availableChannel=[
                    {"@type": "ServiceChannel", "servicePhone": point}
                    for point in self._contact_points(centre)
                ],
            )
        )

    def help_lines(self) -> Markup:
        """For the page of help lines: whom to call, in the order of the page."""
        lines = self.edition.source.help_lines.values()
        points = [
            {
                "@type": "ListItem",
                "position": place,
                "item": {
                    "@type": "ContactPoint",
                    "name": self._said(line.name),
                    "description": self._said(line.about),
                    "telephone": line.dialled,
                },
            }
            for place, line in enumerate(lines, 1)
        ]
        return self._block({"@type": "ItemList", "itemListElement": points})

    def dataset(self, name: str, description: str, files: Iterable[str]) -> Markup:
        """For the page about the data: what there is, and under which licence."""
        root = site_url(self.edition.source.site, SOURCE_LANGUAGE)
        kinds = {"json": "application/json", "csv": "text/csv"}
        licence = self.edition.source.site.data_licence
        return self._block(
            {"@type": "Dataset"}
            | present(
                name=name,
                description=description,
                url=f"{self.edition.address}{DATA}/",
                license=str(licence.url) if licence else None,
                distribution=[
                    {
                        "@type": "DataDownload",
                        "contentUrl": f"{root}{DATA}/{file}",
                        "encodingFormat": kinds[file.rpartition(".")[2]],
                    }
                    for file in files
                ],
            )
        )

    def _reference(self, centre: Centre) -> Node:
        return {
            "@id": f"urn:uuid:{stable_id('organization', centre.id)}",
            "name": self._said(centre.name),
            "url": self.edition.centre_url(centre.id),
        }

    def _place(self, centre: Centre) -> Node | None:
        """Where and when people come, if the centre has said when."""
        hours = specifications(centre, self.edition.today)
        return {"@type": "Place", "openingHoursSpecification": hours} if hours else None

    def _contact_points(self, centre: Centre) -> list[Node]:
        return [{"@type": "ContactPoint", "telephone": phone.dialled} for phone in centre.phones]

    def _service_url(self, centre: Centre, item: Service) -> str:
        """The page of a service; a language with main pages alone leads to the Bulgarian."""
        edition = self.edition
        led = edition if edition.is_full else replace(edition, language=SOURCE_LANGUAGE)
        return led.page_url(centre.id, service_slug(item.slug))

    def _said(self, words: Fact | Text | None) -> str | Node | None:
        text = words.text if isinstance(words, Fact) else words
        if text is None:
            return None
        if self.edition.language in text.root:
            return " ".join(text.to(self.edition.language).split())
        bulgarian = " ".join(text.to(SOURCE_LANGUAGE).split())
        return {"@value": bulgarian, "@language": SOURCE_LANGUAGE}

    def _block(self, node: Node) -> Markup:
        context = ["https://schema.org", {"@language": self.edition.language}]
        text = json.dumps({"@context": context} | node, ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&":  # so that nothing can end the block or be taken for markup
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return Markup(f'\n\n<script type="application/ld+json">{text}</script>\n')  # noqa: S704


def _service_id(centre: Centre, item: Service) -> str:
    return f"urn:uuid:{stable_id('service', centre.id, item.id)}"
