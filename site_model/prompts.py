"""Questions as values, and who asks them: a person at the terminal, or a script line by line."""

from __future__ import annotations

import sys
import textwrap
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from getpass import getpass
from typing import Any, Final

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
    default. `empty` says what an empty answer means; `progress` how far one has come. Where
    there are `choices`, an answer is the code or the number of one. `about` is what was told that
    the question asks more of.
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
    progress: str = ""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: str = ""

    def parts(self, answer: str) -> list[str]:
        """An answer as single ones, codes instead of the numbers of choices."""
        found = [one.strip() for one in answer.split(";")] if self.several else [answer]
        codes = list(self.choices)
        return [
            codes[int(one) - 1] if one.isdecimal() and 0 < int(one) <= len(codes) else one
            for one in found
            if one
        ]

    def value(self, answer: str) -> Any:
        """The answer as its reader takes it, a list for `several`; raises as `check` does."""
        found = [self.check(part) for part in self.parts(answer)]
        return found if self.several else found[0]

    def fault(self, answer: str) -> str:
        """What is wrong with an answer, as a sentence; "" for a good one."""
        if not answer:
            return "нужен е отговор." if self.needed else ""
        try:
            self.value(answer)
        except ValidationError as error:
            return sentence_for(error.errors()[0], ())
        except ValueError as error:
            return f"{str(error).removesuffix('.')}."
        return ""


Ask = Callable[[Question], Any]
"""Asks until the answer is good; returns its value, or None for no answer."""


class NoAnswerError(Exception):
    """A needed answer did not come, or one from a script is wrong; the text says the fix."""


BACK: Final = "<"
"""What a person types to be asked the last question again."""

Answers = list[tuple[str, str]]
"""What was answered, one after the other, each with the key of its question."""


class GoBackError(Exception):
    """The person wants the previous question; the caller begins anew and comes as far as that."""


class Asker:
    """Asks at the terminal; answers given as options, or piped in line by line, come first.

    A person is asked again until the answer is good; a script is stopped.
    """

    def __init__(
        self,
        given: Iterable[str] = (),
        answered: Iterable[tuple[str, str]] = (),
        keep: Callable[[Answers], None] | None = None,
    ) -> None:
        """`given` are answers as `key=answer`; raises NoAnswerError for one without `=`.

        `answered` is what was answered before, in order. With `keep`, which is told of every
        answer, a person may go back.
        """
        self._before = deque(answered)
        self._answers: Answers = []
        self._keep = keep
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
            answer = self._known(question)
            if answer is None:
                answer = self._answer(question).strip()
            if answer == BACK and self._keep and self.person:
                if self._answers:
                    raise GoBackError
                print("  Това е първият въпрос.")
                continue
            told, answer = answer, answer or question.default
            sentence = question.fault(answer)
            if not sentence:
                self._answers.append((question.key, told))
                if self._keep and not self._before:
                    self._keep(self._answers)
                return question.value(answer) if answer else None
            if not self.person:
                raise NoAnswerError(f"{question.key} ({question.title}): {sentence}")
            print(f"  ✗ {sentence}")

    def back(self) -> None:
        """From now on answer as before, all but the last question."""
        self._before = deque(self._answers[:-1])
        self._answers = []

    def _known(self, question: Question) -> str | None:
        """What was answered to this question before; None once something else is asked."""
        if self._before and self._before[0][0] == question.key:
            answer = self._before.popleft()[1]
            if not question.fault(answer or question.default):
                return answer
        self._before.clear()
        return None

    def unused_options(self) -> list[str]:
        """Keys of options that no question asked for."""
        return [key for key, answers in self._given.items() if answers]

    def _answer(self, question: Question) -> str:
        if self._given[question.key]:
            return self._given[question.key].popleft()
        if not self.person:
            return sys.stdin.readline()
        far = f"{question.progress}. " if question.progress else ""
        print(f"\n{far}{question.title}")
        for line in (*question.why.splitlines(), *_numbered(question)):
            print(textwrap.fill(line, 88, initial_indent="  ", subsequent_indent="  "))
        empty = "нужен е отговор" if question.needed else question.empty
        if question.hidden:
            return getpass(f"  [{'остава същото' if question.default else empty}] > ")
        return input(f"  [{question.default or empty}] > ")


def _numbered(question: Question) -> list[str]:
    if not question.choices:
        return []
    how = "номерата с точка и запетая, например 1; 3." if question.several else "номера."
    named = (f"  {number}. {name}" for number, name in enumerate(question.choices.values(), 1))
    return [f"Напишете {how}", *named]


def agrees(question: str) -> bool:
    """Whether the person at the terminal says yes; asks until it is clear."""
    while True:
        answer = input(f"\n{question} [да/не] > ").strip().casefold()
        if answer in ("да", "д", "yes", "y"):
            return True
        if answer in ("не", "н", "no", "n"):
            return False
        print("  Напишете да или не.")
