"""What a build writes for people: what waits for translators and what waits for the centres."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from site_build.atomic_writing import write_whole
from site_build.cache.keys import Place
from site_build.page_files import Record
from site_build.paper.typesetting import PaperNotice
from site_build.project import Project
from site_build.reports.facts import facts_listing
from site_build.translation.gaps import Gaps, Marked, gaps_of, listing
from site_build.translation.texts import in_content, text_places
from site_model.content import Content
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE


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
    places: Mapping[str, tuple[str, ...]] = text_places(in_content(project)) if wanted else {}
    lines = [line for each in gaps for line in listing(each, places)]
    facts = "\n".join(facts_listing(content, project.today))
    write_whole(project.facts_report, f"{facts}\n")
    write_whole(project.report, "\n".join(lines) + "\n")
    return gaps


def write_papers(project: Project, records: Mapping[Place, Record]) -> None:
    """Write what is to be fixed of the sheets of each centre."""
    found: dict[str, list[str]] = defaultdict(list)
    for (language, centre), record in records.items():
        for notice in record.notices:
            found[centre] += _sentences(notice, in_bulgarian(language))
    write_whole(project.papers_report, json.dumps(found, ensure_ascii=False, indent=0))


def _sentences(notice: PaperNotice, language: str) -> Iterator[str]:
    sheet = f"Листът {notice.file} ({language})"
    if notice.why:
        yield f"{sheet} го няма: {notice.why}"
    for sign, words in notice.lost:
        yield f"{sheet} излиза без „{sign}“: буквите за печат нямат такъв знак. Стои в „{words}“."


def papers_of(project: Project, centre: str) -> tuple[str, ...]:
    """What the last build had to say of a centre's sheets; nothing where there was none."""
    try:
        found = json.loads(project.papers_report.read_text(encoding="utf-8"))
        return tuple(map(str, found.get(centre, ())))
    except (OSError, ValueError, AttributeError, TypeError):
        return ()


def _gaps(project: Project, content: Content, language: str, records: Iterable[Record]) -> Gaps:
    shown: Marked = defaultdict(set)
    lacking: list[str] = []
    for record in records:
        lacking += record.lacking
        for text, pages in record.untranslated.items():
            shown[text].update(pages)
    docs = project.root / "docs"
    return gaps_of(docs, project.catalogues, content, language, shown=shown, lacking=lacking)
