"""What has grown old while something beside it changed, in sentences; and the file of memory."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import reduce
from operator import getitem
from typing import Any, Final

import yaml

from site_build.atomic_writing import write_whole
from site_build.authoring.new_project import on_a_server, shell_command
from site_build.errors import BuildError
from site_build.pages.photographs import unlisted_photographs
from site_build.project import Project
from site_build.reports.completeness import checked_in_future
from site_build.translation.texts import in_content, in_pages, text_places, texts_of_pages
from site_build.translation.word_check import slips_of_facts
from site_model.content import Content
from site_model.facts.remembered import REMEMBERED, Remembered
from site_model.i18n.languages import in_bulgarian
from site_model.loading.loader import Loc, read_written
from site_model.loading.yaml_lines import parse_yaml
from site_model.memory import (
    ChangedFact,
    OldTranslation,
    changed_facts,
    not_remembered,
    old_translations,
    remembering,
)
from site_model.types import SOURCE_LANGUAGE

_HEAD = """\
# Какво помни сайтът: на кой български текст е всеки превод и какво е пишело под всеки източник.
# По него се познава, че превод или източник е останал стар. Пише го командата remember;
# на ръка не се променя. Текстове: началото им; преводи: отпечатък.
"""

MEMORY_AT_FIRST: Final = """\
# На кой български текст е всеки превод на този център, сменен в редактора. На ръка не се променя.
translations:
"""
_KNOWN_BY: Final = 40
"""Signs by which an answer is known again: of a long fact only the beginning is remembered."""


def notices(project: Project, content: Content) -> Iterator[str]:
    """A line for each place that a person should look at; none of them stops a build."""
    yield from unlisted_photographs(project.content / "photographs", content)
    for centre in content.centres.values():
        for sentence in checked_in_future(centre, project.today):
            yield f"content/centres/{centre.id}.yml, {sentence}"
    if found := list(slips_of_facts(project, content.site.codes)):
        yield "За поглед: знаци, числа и думи. Сайтът се прави и с тях."
        yield from (f"  {slip}" for slip in found)
    yield from not_as_remembered(project, content)


def not_as_remembered(project: Project, content: Content) -> Iterator[str]:
    """Lines for translations and sources that have grown old, or are not remembered yet."""
    pages = texts_of_pages(project, content.site.codes)
    old, changed = tuple(old_translations(content, pages)), tuple(changed_facts(content))
    yield from _of_translations(project, old)
    if changed:
        yield "Сменено, а източникът и датата са старите. Напишете source и checked_on за новото:"
    for fact in changed:
        was = fact.was.partition(": ")[2]
        yield f"  {_fact_place(project, fact)}: беше „{was}“, с този източник: {fact.source}"
    command = shell_command(project.root, "remember")
    if files := sorted({one.file for one in old} | {one.file for one in changed}):
        names = " ".join(_named(project, file) for file in files)
        named = names if on_a_server() else f'FILE="{names}"'
        yield f"Ако са верни така: {command} {named}"
    elif new := not_remembered(content, pages):
        yield f"Нови преводи и факти: {new}. За да се знае после на какво са: {command}"


def _of_translations(project: Project, old: Collection[OldTranslation]) -> Iterator[str]:
    languages: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in old:
        languages[one.file, one.bulgarian, one.was].append(in_bulgarian(one.language))
    if languages:
        yield "Преводи на по-стар текст. Преведете ги наново:"
        places = text_places((*in_content(project), *in_pages(project, (SOURCE_LANGUAGE,))))
        for (file, bulgarian, was), named in languages.items():
            place = _place(places, project, file, bulgarian)
            yield f"  {place} ({', '.join(named)}): преводът е на „{was}“"


def remember(
    project: Project, content: Content, right: Collection[str], words: Collection[str] = ()
) -> None:
    """Write what is new into content/remembered.yml, and what is old in the files `right`, which
    are named as notices name them, or is one of the translations `words`. Raises BuildError for a
    file that there is not.
    """
    known = f"{project.content.name}/"
    files = {name.removeprefix(known) for name in right}
    for name in files:
        if not (project.root / _named(project, name)).is_file():
            raise BuildError(f"{name}: няма такъв файл. Пише се като content/centres/harmanli.yml.")
    text = memory_text(project, content, files, words)
    write_whole(project.content / REMEMBERED, text)


def memory_text(
    project: Project, content: Content, files: Collection[str] = (), words: Collection[str] = ()
) -> str:
    """The text of content/remembered.yml with what is new; `files` and `words` as above."""
    pages = texts_of_pages(project, content.site.codes)
    memory = remembering(content, files.__contains__, pages, words)
    return _HEAD + _yaml(memory.model_dump(mode="json"))


def own_memory_text(memory: Remembered) -> str:
    """The file of what is remembered of a centre's translations, a line for each."""
    translations = memory.model_dump(mode="json")["translations"]
    return MEMORY_AT_FIRST + textwrap.indent(_yaml(translations), "  ") * bool(translations)


def _yaml(data: Any) -> str:
    return str(yaml.safe_dump(data, allow_unicode=True, width=1000))


def _place(places: dict[str, tuple[str, ...]], project: Project, file: str, bulgarian: str) -> str:
    known = places.get(" ".join(bulgarian.split()), ())
    name = _named(project, file)
    return next((place for place in known if place.startswith(f"{name}:")), name)


def _named(project: Project, file: str) -> str:
    """A file as people name it: those of content/ are remembered without it, pages with docs/."""
    return file if file.startswith("docs/") else f"{project.content.name}/{file}"


def _fact_place(project: Project, fact: ChangedFact) -> str:
    """The line of the answer that is another now; of the whole fact where none is seen to be."""
    parsed = parse_yaml(read_written(project.content / fact.file))
    data = reduce(getitem, fact.place, parsed.data)
    answers = ((loc, " ".join(said.split())[:_KNOWN_BY]) for loc, said in _answers(data, ()))
    new = (loc for loc, said in answers if said in fact.now and said not in fact.was)
    line, _ = parsed.lines((*fact.place, *next(new, ())))
    return f"{project.content.name}/{fact.file}:{line} {fact.now.partition(':')[0]}"


def _answers(data: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _answers(value, (*loc, key))
    else:
        yield loc, str(data)
