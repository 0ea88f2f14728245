"""Questions as values, and who asks them: a person at the terminal, or a script line by line."""

from __future__ import annotations

import sys
import textwrap
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from getpass import getpass
from typing import Any

from pydantic import ValidationError

from site_model.problems import sentence_for

Check = Callable[[str], Any]
"""An answer as its reader takes it; raises ValidationError or ValueError."""


@dataclass(frozen=True)
class Question:
    """One question: what it is called, what form the answer has and why it is asked.

    `key` names it in options of the command. An empty answer is `default`; where that is empty
    too, the answer is none, unless the question is `needed`. Of `several` answers, between
    semicolons, each is checked. A `hidden` answer is not shown while it is typed, nor is its
    default. `empty` says what an empty answer means.
    """

    key: str
    title: str
    why: str
    check: Check = str
    default: str = ""
    needed: bool = False
    several: bool = False
    hidden: bool = False
    empty: str = "още не е посочено"

    def value(self, answer: str) -> Any:
        """The answer as its reader takes it, a list for `several`; raises as `check` does."""
        if not self.several:
            return self.check(answer)
        return [self.check(part) for one in answer.split(";") if (part := one.strip())]

    def fault(self, answer: str) -> str:
        """What is wrong with an answer, as a sentence; "" for a good one."""
        if not answer:
            return "нужен е отговор." if self.needed else ""
        try:
            self.value(answer)
        except ValidationError as error:
            return sentence_for(error.errors()[0], ())
        except ValueError as error:
            return f"{error}."
        return ""


Ask = Callable[[Question], Any]
"""Asks until the answer is good; returns its value, or None for no answer."""


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
        self.person = sys.stdin.isatty()

    def __call__(self, question: Question) -> Any:
        """The value of a good answer, or None where there is none."""
        while True:
            answer = self._answer(question).strip() or question.default
            sentence = question.fault(answer)
            if not sentence:
                return question.value(answer) if answer else None
            if not self.person:
                raise NoAnswerError(f"{question.key} ({question.title}): {sentence}")
            print(f"  ✗ {sentence}")

    def unused(self) -> list[str]:
        """Keys of options that no question asked for."""
        return [key for key, answers in self._given.items() if answers]

    def _answer(self, question: Question) -> str:
        if self._given[question.key]:
            return self._given[question.key].popleft()
        if not self.person:
            return sys.stdin.readline()
        print(f"\n{question.title}")
        for line in question.why.splitlines():
            print(textwrap.fill(line, 88, initial_indent="  ", subsequent_indent="  "))
        empty = "нужен е отговор" if question.needed else question.empty
        if question.hidden:
            return getpass(f"  [{'остава същото' if question.default else empty}] > ")
        return input(f"  [{question.default or empty}] > ")
