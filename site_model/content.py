"""All content of a site as one value: facts, forms, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from site_model.facts.centre import Centre
from site_model.facts.moved_addresses import Move
from site_model.facts.remembered import Remembered
from site_model.facts.search_words import SearchWords
from site_model.facts.shared import Catalogues, HelpLine, LawNote, ServiceKind, Site, TargetGroup
from site_model.facts.statements import AccessibilityResults, Authority
from site_model.forms.definition import FormDefinition
from site_model.forms.fingerprints import AcceptedVersion


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
    remembered: Remembered
    moved: tuple[Move, ...] = ()
    remembered_of: Mapping[str, Remembered] = field(default_factory=dict)
    """By centre, beside what is remembered of all."""

    @property
    def first_lines(self) -> tuple[HelpLine, HelpLine]:
        """The two that every page carries, the one for danger first."""
        return self.help_lines["emergency"], self.help_lines["child_line"]

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
