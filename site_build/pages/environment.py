"""The templates of an edition's pages, with all that they may ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from markupsafe import Markup

from site_build.edition import Edition
from site_build.open_data.linked import LinkedData
from site_build.pages.page_plan import Plan
from site_build.pages.photographs import FOLDER as PHOTOGRAPHS
from site_build.pages.photographs import Picture
from site_build.pages.pictograms import pictograms
from site_build.pages.today import Timely
from site_build.project import PACKAGE
from site_build.wording.facts import bulgarian, in_markdown, whole
from site_model.i18n.catalogue_files import CATALOGUES
from site_model.i18n.templates import template_environment
from site_model.types import SOURCE_LANGUAGE, Text
from site_model.urls import SLUGS, site_root


def page_environment(
    plan: Plan,
    pictures: Mapping[str, Picture],
    *,
    catalogues: Path = CATALOGUES,
    compiled: BytecodeCache | None = None,
) -> Environment:
    """As `template_environment`; a text that is not translated is marked, and `t` writes facts as
    Markdown in which no sign of theirs means more than itself.
    """
    edition = plan.edition

    def as_markdown(text: Text) -> Markup:
        return in_markdown(edition.translate(text))

    environment = template_environment(
        edition.language,
        PACKAGE / "pages" / "templates",
        catalogues=catalogues,
        mark=True,
        compiled=compiled,
    )
    environment.filters |= {
        "t": as_markdown,
        "date": edition.date,
        "bulgarian": bulgarian,
        "whole": whole,
    }
    bulgarian_root = site_root(edition.site, SOURCE_LANGUAGE)
    environment.globals |= {
        **_of_content(edition),
        "root": edition.root,
        "address": edition.address,
        "bulgarian_root": bulgarian_root,
        "slugs": SLUGS,
        "paths": {page.id: page.path for page in plan.linked},
        "titles": {page.id: page.title for page in plan.linked},
        "timely": Timely(edition),
        "linked_data": LinkedData(edition),
        "pictograms": pictograms(),
        "pictures": pictures,
        "pictures_root": f"{bulgarian_root}{PHOTOGRAPHS}/",
    }
    return environment


def _of_content(edition: Edition) -> dict[str, Any]:
    content, site = edition.content, edition.site
    return {
        "alone": content.alone,
        "centre_paths": {centre: content.centre_path(centre) for centre in content.centres},
        "groups": content.groups,
        "kinds": content.kinds,
        "forms": content.forms,
        "law": content.law,
        "authorities": content.authorities,
        "accessibility": content.accessibility,
        "help_lines": content.help_lines,
        "takes_letters": site.takes_letters,
        "exit_host": site.exit_url.host,
        "licence": site.data_licence,
        "source": site.source_url,
    }
