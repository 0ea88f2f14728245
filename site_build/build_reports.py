"""What a build writes for people: what waits for translators and what waits for the centres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from site_build.gaps import gaps_of
from site_build.project import Project
from site_build.records import Record
from site_build.report import Gaps, Marked, facts_listing, listing
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.loader import text_places


def write_reports(
    project: Project, content: Content, records: Mapping[str, Iterable[Record]]
) -> tuple[Gaps, ...]:
    """Write both reports; returns what each language but Bulgarian lacks.

    `records` are those of each language.
    """
    gaps = tuple(
        _gaps(project, content, language, made)
        for language, made in records.items()
        if language != SOURCE_LANGUAGE
    )
    wanted = any(each.texts for each in gaps)
    places: Mapping[str, tuple[str, ...]] = text_places(project.content) if wanted else {}
    lines = [line for each in gaps for line in listing(each, places)]
    facts = "\n".join(facts_listing(content, project.today))
    project.facts_report.write_text(f"{facts}\n", encoding="utf-8")
    project.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return gaps


def _gaps(project: Project, content: Content, language: str, records: Iterable[Record]) -> Gaps:
    shown: Marked = defaultdict(set)
    lacking: list[str] = []
    for record in records:
        lacking += record.lacking
        for text, pages in record.untranslated.items():
            shown[text].update(pages)
    docs = project.root / "docs"
    return gaps_of(docs, project.catalogues, content, language, shown=shown, lacking=lacking)
