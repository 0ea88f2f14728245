"""`python -m site_build new-centre`: facts from answers, written as a commented YAML file."""

from __future__ import annotations

import sys
import textwrap
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from site_build.centre_file import centre_yaml
from site_build.errors import BuildError
from site_build.questions import Question, asked_facts
from site_model.centre import Centre
from site_model.completion import Data, SaidText, centre_id, completed
from site_model.facts import TargetGroup
from site_model.problems import sentence_for


class NoAnswerError(Exception):
    """A needed answer did not come, or one from a script is wrong; the text says the mend."""


class Asker:
    """Asks at the terminal; answers given as options, or piped in line by line, come first.

    A person is asked again until the answer is good; a script is stopped.
    """

    def __init__(self, given: Iterable[str] = ()) -> None:
        """`given` are answers as `key=answer`; raises NoAnswerError for one without `=`."""
        self._given: dict[str, deque[str]] = defaultdict(deque)
        for option in given:
            key, sign, answer = option.partition("=")
            if not sign:
                raise NoAnswerError(
                    f"„{option}“: отговорът се пише име=отговор, например place=Бяла"
                )
            self._given[key].append(answer)
        self._person = sys.stdin.isatty()

    def __call__(self, question: Question) -> Any:
        """The value of a good answer, or None where there is none."""
        while True:
            answer = self._answer(question).strip() or question.default
            if not answer and not question.needed:
                return None
            sentence = self._fault(question, answer)
            if not sentence:
                return question.value(answer)
            if not self._person:
                raise NoAnswerError(f"{question.key} ({question.title}): {sentence}")
            print(f"  ✗ {sentence}")

    def unused(self) -> list[str]:
        """Keys of options that no question asked for."""
        return [key for key, answers in self._given.items() if answers]

    def _answer(self, question: Question) -> str:
        if self._given[question.key]:
            return self._given[question.key].popleft()
        if not self._person:
            return sys.stdin.readline()
        print(f"\n{question.title}")
        for line in question.why.splitlines():
            print(textwrap.fill(line, 88, initial_indent="  ", subsequent_indent="  "))
        empty = question.default or ("нужен е отговор" if question.needed else "още не е посочено")
        return input(f"  [{empty}] > ")

    @staticmethod
    def _fault(question: Question, answer: str) -> str:
        if not answer:
            return "без този отговор страниците не стават."
        try:
            question.value(answer)
        except ValidationError as error:
            return sentence_for(error.errors()[0], ())
        except ValueError as error:
            return f"{error}."
        return ""


def ask_centre(centres: Path, groups: Mapping[str, TargetGroup], given: Iterable[str] = ()) -> Data:
    """The facts of a centre as a person or a script tells them; `centres` has those there are."""
    asker = Asker(given)
    facts = asked_facts(asker, groups, lambda name: (centres / f"{name}.yml").exists())
    if unused := asker.unused():
        raise NoAnswerError(f"няма въпрос с име „{'“, „'.join(unused)}“.")
    return facts


def finished_centre(content: Path, facts: Data, today: date) -> tuple[Centre, SaidText]:
    """The facts as a centre, and the text that those rest on which name no source.

    Raises ValidationError.
    """
    name = centre_id(facts)
    said = SaidText(_free_name(content / "sources", name, today))
    said.add(f"Отговори на центъра, записани на {today}.")
    return Centre.model_validate(completed(facts, str(today), said)), said


def _free_name(sources: Path, name: str, today: date) -> str:
    """A file of its own: what facts rest on is never written over."""
    names = (f"{name}.txt", f"{name}-{today}.txt")
    more = (f"{name}-{today}-{number}.txt" for number in range(2, 1000))
    return next(one for one in (*names, *more) if not (sources / one).exists())


def write_centre(content: Path, centre: Centre, said: SaidText, *, replace: bool = False) -> Path:
    """Write the centre's file and its text; both or none. Returns the file.

    Raises BuildError where there is such a centre already, unless it is to be replaced.
    """
    file = content / "centres" / f"{centre.id}.yml"
    if file.exists() and not replace:
        raise BuildError(
            f"content/centres/{file.name} вече има. Изберете друг код "
            "или кажете --replace, за да го смените с новия."
        )
    text = content / "sources" / said.file
    news = {file: centre_yaml(centre)}
    if len(said.lines) > 1:
        news[text] = said.text
    for path, words in news.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _beside(path).write_text(words, encoding="utf-8")
    for path in reversed(news):  # the text first: facts never name one that is not there
        _beside(path).replace(path)
    return file


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
