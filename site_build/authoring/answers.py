"""Answers to the questions of a new centre, kept from one to the next, and how far they lead.

The terminal and the editor keep them in one file: what is begun here is gone on with there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from site_build.atomic_writing import write_whole
from site_build.authoring.completion import Data
from site_build.authoring.new_centre_questions import asked_facts
from site_model.facts.shared import Catalogues
from site_model.prompts import Answers, Question

UNFINISHED: Final = "nedovarsheni-otgovori.json"
"""The file in a project's folder that holds answers while questions are asked."""


def kept_answers(project: Path) -> Answers:
    """What was answered so far; nothing where there is no file, or one that is no such file."""
    try:
        text = (project / UNFINISHED).read_text(encoding="utf-8")
        return [(str(key), str(answer)) for key, answer in json.loads(text)]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def keep_answers(project: Path, answers: Answers) -> None:
    """Write what was answered so far; a file that holds no answers is put aside first."""
    if not kept_answers(project):
        put_answers_aside(project)
    write_whole(project / UNFINISHED, json.dumps(answers, ensure_ascii=False, indent=0))


def put_answers_aside(project: Path) -> None:
    """Begin anew; the answers till now stay in a file of another name."""
    file = project / UNFINISHED
    if file.exists():
        file.replace(file.with_suffix(".old.json"))


class _OpenError(Exception):
    """Here the answers end."""


class Answered:
    """The questions as far as they have good answers. `question` is the one that has none; where
    every one has, it is None, and `facts` are what was told.
    """

    def __init__(
        self, answers: Answers, catalogues: Catalogues, taken: Callable[[str], bool]
    ) -> None:
        """`taken` says whether there is a centre of this id already."""
        self._left = list(answers)
        self.so_far: list[tuple[Question, str]] = []
        self.question: Question | None = None
        self.typed: str | None = None
        """What was answered to `question`, and is not good."""
        self.facts: Data | None = None
        with suppress(_OpenError):
            self.facts = asked_facts(self._answer, catalogues, taken)

    def _answer(self, question: Question) -> Any:
        """The next answer with the key of the question: those between were of what is gone."""
        keys = [key for key, _ in self._left]
        if question.key in keys:
            at = keys.index(question.key)
            answer = self._left[at][1]
            del self._left[: at + 1]
            if question.choices:  # numbers count in the list of this moment
                answer = "; ".join(question.parts(answer))
            told = answer or question.default
            if not question.fault(told):
                self.so_far.append((question, answer))
                return question.value(told) if told else None
            self.typed = answer
        self.question = question
        raise _OpenError

    def at(self, place: int) -> tuple[Question, str | None]:
        """The question at a place, and what was answered to it; raises LookupError."""
        if place < len(self.so_far):
            return self.so_far[place]
        if place > len(self.so_far) or self.question is None:
            raise LookupError(place)
        return self.question, self.typed

    def with_answer(self, place: int, answer: str) -> tuple[Answers, int]:
        """All answers with another one at a place, and the place to go on from.

        A thing of several whose name is taken away goes with all that was told of it.
        """
        key = self.at(place)[0].key
        before = [(question.key, one) for question, one in self.so_far]
        later = [*before[place + 1 :], *self._left]
        again = [number for number, (other, _) in enumerate(later) if other == key]
        if not answer and again:
            return [*before[:place], *later[again[0] :]], place
        return [*before[:place], (key, answer), *later], place + 1
