"""The kinds of questions that a form may ask.

A kind is a class: what may be wrong with its answers, how they are read, printed and marked, what
stands on paper. Its control is a template of `templates/kinds`. A new kind is one class more here,
named in `FormField` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Email

from site_model.facts.centre import Centre
from site_model.facts.opening_hours.days import share_time, week_times
from site_model.facts.opening_hours.rules import parsed_hours
from site_model.facts.shared import TargetGroup, groups_of
from site_model.field_metadata import Choices as InWords
from site_model.field_metadata import words
from site_model.field_types import YesNo
from site_model.forms.conditions import Condition, ShowIf
from site_model.forms.validation import (
    Validator,
    chosen_answers,
    does_not_stop,
    is_offered,
    is_past_day,
    is_phone,
    is_short_enough,
    no_personal_number,
)
from site_model.text.cleaning import reader
from site_model.text.spellings import day_spelled, plainly
from site_model.types import SOURCE_LANGUAGE, FieldId, Frozen, Text, Words, refuse_repeats

OFF: Final = "off"
"""What the browser may offer for an answer, and keep of it: nothing."""

LONGEST_ANSWER: Final = 10_000
"""Signs that any form may allow for one answer."""

LONGEST_DAY: Final = 60
"""Signs in the answer to a question for a day, which may say a little more than the day."""

MORE_LINES: Final = 4
"""Lines on paper beyond the rows on a screen: handwriting is larger."""

SIGNS_IN_A_LINE: Final = 160
"""Few answers are as long as they may be: a name has one line on paper, a sentence has two."""

ToWords = Callable[[Text], str]

ErrorCode = Literal[
    "missing", "too_long", "not_email", "not_phone", "not_offered", "not_date", "in_future"
]

ERRORS: Final[Mapping[ErrorCode, tuple[str, str]]] = {
    "missing": ("Когато няма отговор", "Отговорете на този въпрос"),
    "too_long": ("Когато отговорът е твърде дълъг", "Отговорът е твърде дълъг. Съкратете го"),
    "not_email": ("Когато не е имейл", "Напишете имейла изцяло, например ime@primer.bg"),
    "not_phone": ("Когато не е телефон", "Напишете телефона с цифри, например 0888 123 456"),
    "not_offered": ("Когато отговорът не е от изброените", "Изберете от изброените отговори"),
    "not_date": ("Когато не е ден", "Напишете деня с цифри, например 28.11.2026"),
    "in_future": ("Когато денят още не е дошъл", "Този ден още не е дошъл. Проверете го"),
}
"""When a sentence on an error is shown, and one that serves any question."""

_KIND: Final = words("Вид", "Какво се отговаря: текст, избор, дата, съгласие.")
_MAX_LENGTH: Final = words("Най-много знаци", "До 10 000.")
_REQUIRED: Final = words("Нужен ли е", "Да, ако без отговор писмото не може да тръгне.")


class Option(Frozen):
    """One answer of a choice. Picking one with `stop` keeps the form back with that text."""

    id: Annotated[FieldId, words("Код", "Не го давайте никога на друг отговор.")]
    label: Annotated[Text, words("Отговор", "Както го чете човекът.")]
    stop: Annotated[
        Text | None, words("Спира с думите", "При този отговор формулярът казва това и не тръгва.")
    ] = None
    while_open: Annotated[
        str | None,
        words(
            "Само ако е отворено",
            "Например Пн-Пт 9-12: отговорът го има само при център, който в обикновена седмица е "
            "отворен поне в част от това време. Празно: при всеки.",
        ),
    ] = None

    @field_validator("while_open")
    @classmethod
    def _is_of_a_week(cls, value: str | None) -> str | None:
        try:
            known = value is None or bool(week_times(parsed_hours(value)))
        except ValueError:
            known = False
        if not known:
            raise ValueError("тук се пишат дни и часове без дати, например Пн-Пт 09:00-12:00")
        return value

    def is_offered(self, open_times: Sequence[tuple[int, int]]) -> bool:
        """Whether a centre that is open then, in a week like any other, has this answer."""
        return self.while_open is None or share_time(
            week_times(parsed_hours(self.while_open)), open_times
        )


@dataclass(frozen=True)
class OnPaper:
    """What a paper form has below a question: boxes to tick, with what stops the form beside them,
    or lines to write on, and a sentence on how to answer.
    """

    boxes: tuple[tuple[str, str | None], ...] = ()
    lines: int = 0
    note: str | None = None


class Written(StringField):
    """What was typed; all of it where the field came several times."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = " / ".join(dict.fromkeys(valuelist))


class FieldBase(Frozen):
    """What every question has; where a kind does not say otherwise, it is a line to write on.

    `used_by` and `why` are shown to anyone who asks why we ask. `required` holds only while the
    question is asked: see `site_model.forms.conditions`.
    """

    called: ClassVar[str]
    """What the kind is called in Bulgarian."""

    is_written: ClassVar[bool] = True
    """Whether it is answered in one's own words, and not by choosing."""

    takes_several: ClassVar[bool] = False
    control: ClassVar[str] = "kinds/line.html"
    input_type: ClassVar[str] = "text"
    direction: ClassVar[str] = "auto"

    if TYPE_CHECKING:
        kind: str

    id: Annotated[FieldId, words("Код", "Не го давайте никога на друг въпрос.")]
    label: Annotated[Text, words("Въпрос", "Както го чете човекът.")]
    hint: Annotated[Text | None, words("Подсказка", "Едно изречение под въпроса.")] = None
    required: Annotated[YesNo, _REQUIRED] = False
    required_when: Annotated[
        Condition | None, words("Нужен, когато", "При кой отговор на друг въпрос е нужен.")
    ] = None
    show_if: Annotated[
        ShowIf | None,
        words("Пита се, когато", "Отговорът на въпрос по-горе, след който се пита този."),
    ] = None
    safe_contact: Annotated[
        YesNo,
        words(
            "За безопасна връзка", "Да, ако отговорът се показва най-отгоре в писмото до центъра."
        ),
    ] = False
    errors: Annotated[
        Mapping[ErrorCode, Text],
        words("Думи при грешка", "По едно изречение за всичко, което може да стане."),
    ] = Field(default_factory=dict)
    used_by: Annotated[Text, words("Кой го ползва", "Кой в центъра чете отговора.")]
    why: Annotated[Text, words("Защо питаме", "Показва се на всеки, който попита.")]

    def possible_errors(self) -> set[ErrorCode]:
        return {"missing"} if self.required or self.required_when else set()

    def at(self, _centre: Centre, _groups: Mapping[str, TargetGroup], _legal: bool) -> Self | None:
        """The question as a centre asks it; None where it has no facts to ask with."""
        return self

    def parser(self, _to: ToWords, _personal_number: str) -> Any:
        """What reads and checks an answer with WTForms; `to` takes a Text to the reader's words.

        `personal_number` is what the form says of an ЕГН.
        """
        raise NotImplementedError

    def answer_words(self, answer: Any, _language: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        """An answer in the words of a language, Bulgarian for staff; empty where there is none."""
        return (answer,) if answer else ()

    def too_long_by(self, _answer: Any) -> int:
        """By how many signs a typed answer is longer than it may be."""
        return 0

    def chosen_options(self, _answer: Any) -> list[Option]:
        """Which of the offered answers were chosen."""
        return []

    def stop(self, answer: Any) -> Text | None:
        """Why this answer keeps the letter back; None for one that does not."""
        return next((option.stop for option in self.chosen_options(answer) if option.stop), None)

    def meaning(self) -> list[object]:
        """All that gives an answer its meaning, for the question's mark."""
        conditions = (self.required_when, self.show_if)
        return [
            self.kind,
            self.label.to(SOURCE_LANGUAGE),
            self.required,
            *(condition.model_dump() if condition else None for condition in conditions),
        ]

    def on_paper(self, _to: ToWords, _: Words) -> OnPaper:
        return OnPaper(lines=1)

    @model_validator(mode="after")
    def _every_error_is_worded(self) -> Self:
        if lacking := sorted(self.possible_errors() - set(self.errors)):
            raise ValueError(f"в „errors“ липсва текст за: {', '.join(lacking)}")
        return self


class TypedText(FieldBase):
    spelled: ClassVar[Callable[[str], str]] = str

    max_length: Annotated[int, Field(ge=1, le=LONGEST_ANSWER), _MAX_LENGTH]
    autocomplete: Annotated[
        str,
        words(
            "Подсказване",
            "Какво може да предложи браузърът (HTML): само във формуляр за институции. За "
            "семейства винаги е „off“, за да не остава нищо на устройството.",
        ),
    ] = OFF

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"too_long"}

    def parser(self, to: ToWords, personal_number: str) -> Any:
        validators = [
            is_short_enough(self.max_length, to(self.errors["too_long"])),
            no_personal_number(personal_number),
            *self.own_checks(to),
        ]
        return Written(filters=[reader(self.max_length, type(self).spelled)], validators=validators)

    def own_checks(self, _to: ToWords) -> list[Validator]:
        return []

    def too_long_by(self, answer: Any) -> int:
        return max(0, len(answer or "") - self.max_length)


class ShortText(TypedText):
    called = "един ред"

    kind: Annotated[Literal["short_text"], _KIND]

    def on_paper(self, _to: ToWords, _: Words) -> OnPaper:
        return OnPaper(lines=-(-self.max_length // SIGNS_IN_A_LINE))


class LongText(TypedText):
    called = "няколко реда"
    control = "kinds/long_text.html"

    kind: Annotated[Literal["long_text"], _KIND]
    rows: Annotated[
        int, Field(ge=2, le=30), words("Редове", "Колко високо е полето: от 2 до 30.")
    ] = 8

    def on_paper(self, _to: ToWords, _: Words) -> OnPaper:
        return OnPaper(lines=self.rows + MORE_LINES)


class EmailAddress(TypedText):
    called = "имейл"
    input_type = "email"
    direction = "ltr"

    kind: Annotated[Literal["email"], _KIND]
    max_length: Annotated[int, _MAX_LENGTH] = 254

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_email"}

    def own_checks(self, to: ToWords) -> list[Validator]:
        return [Email(message=to(self.errors["not_email"]))]


class PhoneField(TypedText):
    called = "телефон"
    spelled = plainly
    input_type = "tel"
    direction = "ltr"

    kind: Annotated[Literal["phone"], _KIND]
    max_length: Annotated[int, _MAX_LENGTH] = 40

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_phone"}

    def own_checks(self, to: ToWords) -> list[Validator]:
        return [is_phone(to(self.errors["not_phone"]))]


class ChoiceBase(FieldBase):
    """Options are written out, or taken from the facts of the centre.

    A centre has those with `while_open` only as far as it is open then: no question asks for an
    hour at which nobody is there.
    """

    is_written = False
    control = "kinds/choice.html"

    options: Annotated[tuple[Option, ...], words("Отговори", "Написани тук един по един.")] = ()
    options_from: Annotated[
        Literal["services", "programmes", "target_groups"] | None,
        words("Отговори от", "Или взети от фактите на центъра."),
        InWords(
            {
                "services": "услугите на центъра",
                "programmes": "програмите на центъра",
                "target_groups": "хората, на които центърът помага",
            }
        ),
    ] = None

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_offered"}

    def at(self, centre: Centre, groups: Mapping[str, TargetGroup], legal: bool) -> Self | None:
        """With the options that the centre has; institutions read legal names."""
        named: Iterable[tuple[str, Text]]
        match self.options_from:
            case "services":
                services = centre.services
                named = ((s.id, (legal and s.legal_name) or s.name) for s in services)
            case "programmes":
                named = ((p.id, p.name) for p in centre.programmes)
            case "target_groups":
                served = groups_of(centre, groups).values()
                named = ((g.id, g.formal if legal else g.plain) for g in served)
            case None:
                hours = week_times(centre.open_days.rules)
                known = tuple(option for option in self.options if option.is_offered(hours))
                return self.model_copy(update={"options": known}) if known else None
        options = tuple(Option(id=key, label=label) for key, label in named)
        return self.model_copy(update={"options": options}) if options else None

    def checks(self, to: ToWords) -> list[Validator]:
        return [
            is_offered([option.id for option in self.options], to(self.errors["not_offered"])),
            does_not_stop(self.stop, to),
        ]

    def answer_words(self, answer: Any, language: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        return tuple(option.label.to(language) for option in self.chosen_options(answer))

    def chosen_options(self, answer: Any) -> list[Option]:
        return [option for option in self.options if option.id in chosen_answers(answer)]

    def meaning(self) -> list[object]:
        options = [(option.id, option.label.to(SOURCE_LANGUAGE)) for option in self.options]
        return [*super().meaning(), self.options_from, *options]

    def on_paper(self, to: ToWords, _: Words) -> OnPaper:
        boxes = ((to(o.label), to(o.stop) if o.stop else None) for o in self.options)
        return OnPaper(tuple(boxes), note=None if self.takes_several else _("Отбележете едно."))

    @model_validator(mode="after")
    def _options_are_unique(self) -> Self:
        refuse_repeats((option.id for option in self.options), "отговор")
        return self

    @model_validator(mode="after")
    def _one_source_of_options(self) -> Self:
        if bool(self.options) == bool(self.options_from):
            raise ValueError("изборът има или „options“, или „options_from“, точно едното")
        return self


class Choice(ChoiceBase):
    called = "един от няколко отговора"

    kind: Annotated[Literal["choice"], _KIND]

    def parser(self, to: ToWords, _personal_number: str) -> Any:
        return RadioField(choices=[], validate_choice=False, validators=self.checks(to))


class Choices(ChoiceBase):
    called = "един или няколко отговора"
    takes_several = True

    kind: Annotated[Literal["choices"], _KIND]

    def parser(self, to: ToWords, _personal_number: str) -> Any:
        return SelectMultipleField(choices=[], validate_choice=False, validators=self.checks(to))


class Day(FieldBase):
    called = "минал ден"
    direction = "ltr"

    kind: Annotated[Literal["date"], _KIND]

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_date", "in_future"}

    def parser(self, to: ToWords, _personal_number: str) -> Any:
        not_date, in_future = (to(self.errors[code]) for code in ("not_date", "in_future"))
        validators = [is_short_enough(LONGEST_DAY, not_date), is_past_day(not_date, in_future)]
        return Written(filters=[reader(LONGEST_DAY, day_spelled)], validators=validators)


class Consent(FieldBase):
    """A box to tick that something was read; always required."""

    called = "отметка, че нещо е прочетено"
    is_written = False
    control = "kinds/consent.html"

    kind: Annotated[Literal["consent"], _KIND]
    required: Annotated[YesNo, _REQUIRED] = True

    def parser(self, _to: ToWords, _personal_number: str) -> Any:
        return BooleanField()

    def answer_words(self, answer: Any, _language: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        return ("✓",) if answer else ()

    def on_paper(self, _to: ToWords, _: Words) -> OnPaper:
        return OnPaper(((_("Да"), None),))


FormField = Annotated[
    ShortText | LongText | EmailAddress | PhoneField | Choice | Choices | Day | Consent,
    Field(discriminator="kind"),
]
