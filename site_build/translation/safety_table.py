"""The safety sentences as one table for people, docs/izrecheniya.md, each in all languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from site_build.errors import BuildError
from site_build.project import Project
from site_build.translation.safety_sentences import SUBJECTS, SafetySentence, safety_sentences
from site_model.facts.shared import Site
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.problems import ContentError

SAFETY_TABLE = "docs/izrecheniya.md"

_HEAD = """\
# Изреченията, от които зависи безопасността

На всички езици на сайта, от най-тежкото надолу. Написани са от изворите си с `make words`; тук \
нищо не се променя на ръка. Кое изречение е такова, казва \
`site_build/translation/safety_sentences.py`.

`%(…)s` и `{{ … }}` са места, на които страницата слага номер, име или връзка. Където няма превод, \
страницата показва българския текст и го отбелязва.

"""


def safety_table(project: Project, site: Site) -> str:
    """The whole file, from the sources as they are now; raises BuildError."""
    titles = ("за какво", *(in_bulgarian(one.code) for one in site.languages), "откъде")
    rows = [titles, ("---",) * len(titles)]
    for sentence in safety_sentences(project, [one.code for one in site.languages]):
        rows.append(_row(sentence, site.languages))
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def stale_table(project: Project, site: Site) -> str | None:
    """A sentence, if the file does not say what the sources say.

    None where a catalogue cannot be read, which `words.faults` says.
    """
    file = project.root / SAFETY_TABLE
    try:
        table = safety_table(project, site)
    except BuildError as error:
        return str(error)
    except (ContentError, FileNotFoundError):
        return None
    if file.exists() and file.read_text(encoding="utf-8") == table:
        return None
    return f"{SAFETY_TABLE}: не е обновен след промяна на изречение в него. Обновете го: make words"


def _row(sentence: SafetySentence, languages: Sequence[SiteLanguage]) -> tuple[str, ...]:
    said = (_cell(sentence.texts.get(one.code), one.direction) for one in languages)
    return (SUBJECTS[sentence.subject], *said, f"`{sentence.place}`")


def _cell(text: str | None, direction: str) -> str:
    if text is None:
        return "–"
    plain = re.sub(r"([\\`*_|<\[])", r"\\\1", " ".join(text.split()))
    return f'<div dir="rtl">{plain}</div>' if direction == "rtl" else plain
