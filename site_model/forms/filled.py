"""A form of a centre with what somebody sent: what is wrong with it, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from site_model.forms.binding import CentreForm
from site_model.forms.conditions import asked_questions
from site_model.forms.definition import FOLLOW_UP, LEFT_OUT, TRAP, TRAP_TOLD
from site_model.forms.fingerprints import FORM_VERSION, read_marks, was_written
from site_model.forms.kinds import LONGEST_ANSWER, FormField
from site_model.forms.validation import chosen_answers
from site_model.text.cleaning import reader
from site_model.types import SOURCE_LANGUAGE

_written = reader(LONGEST_ANSWER)


@dataclass(frozen=True)
class Answer:
    """A question and what was answered to it, in the words of that day.

    What a person wrote is cleaned (`site_model.text.cleaning`) and stays as it was written.
    """

    field_id: str
    label: str
    values: tuple[str, ...]
    safe_contact: bool


@dataclass(frozen=True)
class Outdated:
    """What to say of a letter from a page whose questions have changed since it was opened.

    `questions` are new or have changed: (id, label), as far as they are asked. `gone` are the
    texts written in answer to questions that the form no longer has; `some_gone`: whether there
    are such questions at all.
    """

    questions: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    some_gone: bool


class FilledForm:
    """One form of one centre with what was sent; `data` is what was read of it, field by field.

    What was chosen is taken out at once where nobody knows what was meant: several answers where
    there can be one, or an answer to a question that has changed since the page was opened,
    because the same box may mean something else today. What was written stays. A letter that
    names no questions is read as one of now: pages of the time before they were named had the
    first versions.
    """

    def __init__(self, form: CentreForm, sent: Any = None) -> None:
        """`sent` is the MultiDict of a request; without it nothing is answered."""
        self.form = form
        self._parsed = form.parser(sent)
        said = (sent or {}).get(FORM_VERSION, form.marks)
        before, now = read_marks(said), read_marks(form.marks)
        changed = {name for name, mark in now.items() if before.get(name) != mark}
        for name in changed.union(self.answered_twice) & form.fields.keys():
            if not form.fields[name].is_written:
                self._parsed[name].process_data(None)
        self.data: dict[str, Any] = self._parsed.data
        gone = {name: mark for name, mark in before.items() if name not in now}
        texts = (_written(sent.get(name)) for name, mark in gone.items() if was_written(mark))
        asked = (item for item in form.labels.items() if item[0] in changed & self.asked)
        self.outdated = (
            None
            if said == form.marks
            else Outdated(tuple(asked), tuple(filter(None, texts)), bool(gone))
        )

    @cached_property
    def asked(self) -> frozenset[str]:
        """The ids of the questions that are asked, after what was chosen."""
        return asked_questions(
            self.form.fields.values(), lambda name: chosen_answers(self.data[name])
        )

    @property
    def answered_twice(self) -> frozenset[str]:
        """The ids of questions with several answers where there can be one."""
        return frozenset(
            name
            for name, field in self.form.fields.items()
            if not field.takes_several and len(set(self._parsed[name].raw_data or ())) > 1
        )

    @cached_property
    def errors(self) -> dict[str, str]:
        """The first error of each question that is asked, in the form's order."""
        definition, language = self.form.definition, self.form.language
        found = {}
        for name, field in self.form.fields.items():
            parsed = self._parsed[name]
            if name not in self.asked:
                continue
            if not self.data[name]:
                if self._is_needed(field):
                    found[name] = field.errors["missing"].to(language)
            elif not parsed.validate(self._parsed):
                found[name] = str(parsed.errors[0])
        # Some browsers fill the trap again on every page: anyone who was told of it, and sends
        # again, is a person.
        if self.data[TRAP] and not self.data[TRAP_TOLD]:
            found[TRAP] = definition.trap_filled.to(language)
        return found

    def _is_needed(self, field: FormField) -> bool:
        condition = field.required_when
        return field.required or bool(
            condition
            and condition.field in self.asked
            and condition.holds_for(chosen_answers(self.data[condition.field]))
        )

    @property
    def stops(self) -> dict[str, str]:
        """What the chosen answers that keep a letter back say, by the id of their question."""
        return {
            name: stop.to(self.form.language)
            for name, field in self.form.fields.items()
            if (stop := field.stop(self.data[name]))
        }

    @property
    def too_long_by(self) -> dict[str, int]:
        """By how many signs typed answers are longer than they may be."""
        return {
            name: over
            for name, field in self.form.fields.items()
            if (over := field.too_long_by(self.data[name]))
        }

    @property
    def unasked_answers(self) -> tuple[str, ...]:
        """The ids of questions that were answered though they are not asked."""
        return tuple(
            name for name in self.form.fields if name not in self.asked and self.data[name]
        )

    @property
    def untold_answers(self) -> frozenset[str]:
        """Those of which no page has said yet that their answers will not be sent."""
        return frozenset(self.unasked_answers).difference(self.data.get(LEFT_OUT) or ())

    @property
    def fields_to_send(self) -> Iterator[tuple[str, str]]:
        """The fields of a page that sends the same once more."""
        for name, field in self.form.fields.items():
            answer = self.data[name]
            if answer and field.is_written:
                yield name, answer
            elif answer:
                yield from ((name, "y" if one is True else one) for one in chosen_answers(answer))
        if self.data[TRAP] or self.data[TRAP_TOLD]:
            yield TRAP_TOLD, "y"
        for name in self.unasked_answers:
            yield LEFT_OUT, name
        if self.data[FOLLOW_UP]:
            yield FOLLOW_UP, self.data[FOLLOW_UP]
        yield FORM_VERSION, self.form.marks

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered, as staff read it."""
        return self.answers_in(SOURCE_LANGUAGE)

    def answers_in(self, language: str) -> tuple[Answer, ...]:
        """What was answered to the questions that are asked, in the form's order.

        An unanswered question has no values.
        """
        return tuple(
            Answer(
                name,
                field.label.to(language),
                field.answer_words(self.data[name], language),
                field.safe_contact,
            )
            for name, field in self.form.fields.items()
            if name in self.asked
        )
