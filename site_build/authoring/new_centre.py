"""`python -m site_build new-centre`: facts from answers, written as a commented YAML file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from site_build.atomic_writing import write_all, write_whole
from site_build.authoring.answers import (
    UNFINISHED,
    keep_answers,
    kept_answers,
    put_answers_aside,
)
from site_build.authoring.completion import Data, SaidText, centre_id, complete
from site_build.authoring.new_centre_questions import asked_facts
from site_build.authoring.old_facts import memory_text
from site_build.authoring.renewal import renew
from site_build.authoring.spreadsheet.columns import names_of
from site_build.authoring.yaml_file import centre_yaml
from site_build.pages.moved import in_words, moves_text, moves_with
from site_build.project import Project
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.remembered import REMEMBERED
from site_model.facts.shared import Catalogues
from site_model.loading.loader import MOVED, Kept, load_content, read_written
from site_model.loading.yaml_lines import NotYamlError, parse_yaml
from site_model.problems import ContentError, LineFinder, problems_of
from site_model.prompts import BACK, Answers, Asker, GoBackError, NoAnswerError, agrees
from site_model.text.saved_files import NotTextError


def ask_centre(project: Path, centres: Path, catalogues: Catalogues, given: Iterable[str]) -> Data:
    """The facts of a centre as a person or a script tells them; `centres` has those there are.

    What a person answers is kept from answer to answer: an interruption loses nothing.
    """
    file = project / UNFINISHED
    asker = Asker(given, _unfinished(project), lambda answers: _keep(project, answers))
    while True:
        try:
            facts = asked_facts(asker, catalogues, lambda name: (centres / f"{name}.yml").exists())
            break
        except GoBackError:
            asker.back()
        except (KeyboardInterrupt, EOFError):
            if file.exists():
                print(f"\nОтговорите дотук са запазени в {file}. Продължете със същата команда.")
            raise KeyboardInterrupt from None
    if unused := asker.unused_options():
        raise NoAnswerError(f"няма въпрос с име „{'“, „'.join(unused)}“.")
    return facts


def _unfinished(project: Path) -> Answers:
    """The earlier answers, if the person wants to go on from there."""
    if not sys.stdin.isatty():
        return []
    print(f"Назад към предишния въпрос: {BACK} и Enter. Спиране: Ctrl-C, отговорите се пазят.")
    answers = kept_answers(project)
    if answers and agrees(f"Има недовършени отговори ({len(answers)}). Да продължим ли оттам?"):
        return answers
    put_answers_aside(project)
    return []


def _keep(project: Path, answers: Answers) -> None:
    if sys.stdin.isatty():
        keep_answers(project, answers)


def finished_centre(
    content: Path, facts: Data, today: date, catalogues: Catalogues
) -> tuple[Centre, SaidText]:
    """The facts as a centre, and the text that those rest on which name no source.

    Of a centre that is there already, what has changed does not keep its source and date. Raises
    ValidationError.
    """
    name = centre_id(facts)
    facts = renew(told_before(content, name), facts, str(today))
    said = SaidText(free_name(content / "sources", name, today), names_of(catalogues))
    said.add(f"Отговори на центъра, записани на {today}.")
    return Centre.model_validate(complete(facts, str(today), said)), said


def told_before(content: Path, name: str) -> Data:
    """The facts of a centre as its file holds them; none where there is none that can be read."""
    file = content / "centres" / f"{name}.yml"
    try:
        before = Centre.model_validate(parse_yaml(read_written(file)).data)
    except (OSError, NotTextError, NotYamlError, ValidationError):
        return {}
    return before.model_dump(mode="json", exclude_defaults=True)


def free_name(sources: Path, name: str, today: date) -> str:
    """A file of its own: what facts rest on is never written over."""
    names = (f"{name}.txt", f"{name}-{today}.txt")
    more = (f"{name}-{today}-{number}.txt" for number in range(2, 1000))
    return next(one for one in (*names, *more) if not (sources / one).exists())


News = Mapping[Path, str]
"""Files of a content folder, by their place in it, and what is to stand in them."""
Files = Mapping[Path, str | bytes | None]
"""The same with photographs; None for a file that is to go."""


def news_of(centre: Centre, said: SaidText) -> dict[Path, str]:
    """The centre's file, and the text on which those of its facts rest that name no source."""
    news = {Path("sources") / said.file: said.text} if len(said.lines) > 1 else {}
    return news | {Path("centres") / f"{centre.id}.yml": centre_yaml(centre)}


@dataclass(frozen=True)
class Joining:
    """A centre that joins a site: its files and those that remember it, what moves, in words."""

    centre: Centre
    news: News
    moved: str


def joining_centre(project: Project, content: Content, facts: Data, kept: Kept) -> Joining:
    """The same as the command would write, held against all facts; raises ContentError."""
    try:
        centre, said = finished_centre(project.content, facts, project.today, content.catalogues)
    except ValidationError as error:
        problems = problems_of(error, Centre, "отговорите", LineFinder({}))
        raise ContentError(problems) from None
    news, moves = news_of(centre, said), moves_with(content, centre)
    if moves:
        news[Path(MOVED)] = moves_text((*content.moved, *moves))
    tried = try_out(project.content, news, begun=True, kept=kept)
    news[Path(REMEMBERED)] = memory_text(project, tried)
    return Joining(centre, news, in_words(content, moves) if moves else "")


@contextmanager
def as_it_would_be(content: Path, news: Files, *, begun: bool) -> Iterator[Path]:
    """A content folder as it would be with what is to be written, until the end of the block.

    Of a site that is not `begun`, `content` is another's: its centres do not count.
    """
    with TemporaryDirectory() as folder:
        tried = Path(folder) / "content"
        left_out = () if begun else ("centres", "sources", "photographs")
        shutil.copytree(
            content, tried, ignore=lambda at, _: left_out if at == str(content) else (),
            copy_function=os.symlink,
        )  # fmt: skip
        for place, data in news.items():
            file = tried / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            if data is not None:
                file.write_bytes(data.encode() if isinstance(data, str) else data)
        yield tried


def try_out(content: Path, news: Files, *, begun: bool, kept: Kept | None = None) -> Content:
    """Read the whole content folder as it would be; raises ContentError.

    What is written is held against everything that is there already, before it is written.
    """
    with as_it_would_be(content, news, begun=begun) as tried:
        return load_content(tried, kept)


def write_news(content: Path, news: News) -> None:
    """Write the files; each is there as a whole or not at all.

    They come in order: facts never name a text that is not there yet.
    """
    write_all({content / place: text for place, text in news.items()}, lasting=True)


def keep_old(file: Path, folder: Path, now: datetime) -> Path:
    """Copy a file that is going to be replaced; returns the copy."""
    copy = folder / f"{file.stem}-{now:%Y%m%d-%H%M%S}{file.suffix}"
    write_whole(copy, file.read_bytes())
    return copy
