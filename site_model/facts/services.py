"""What a centre gives: services and programmes, each with how it stands now."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from site_model.facts.opening_hours.days import is_on_the_clock
from site_model.field_metadata import Asked, Choices, CodeOf, Prompt, words
from site_model.field_types import Day, TimeOfDay
from site_model.types import AnchorId, FieldId, Moment, Slug, Sourced, Text

CheckedOn = Annotated[
    Moment,
    words("Проверено на", "Кога за последно това е сверено с центъра: 2026-11 или 2026-11-22."),
]
NextCheck = Annotated[
    Day | None,
    words(
        "Следваща проверка",
        "До кой ден да се свери пак: 2027-05-31. Празно: по правилото на сайта.",
    ),
]
Code = Annotated[
    AnchorId,
    words(
        "Код", "Кратко име за връзките, с латински букви. Не го сменяйте, щом сайтът е публикуван."
    ),
]
Groups = Annotated[
    tuple[FieldId, ...],
    words("За кого", "Групите, за които е. Може само групи, които центърът е посочил за себе си."),
    CodeOf("groups"),
]


class ServiceStatus(Sourced):
    """How a service stands now; after the day `until` nothing is said of it any more."""

    state: Annotated[
        Literal["open", "limited", "paused"],
        words("Състояние", "Дали услугата работи сега."),
        Choices({"open": "работи", "limited": "работи с ограничения", "paused": "временно спряна"}),
    ]
    until: Annotated[Day | None, words("До ден", "След него за състоянието не се казва нищо.")] = (
        None
    )
    text: Annotated[Text | None, words("Пояснение", "Едно изречение.")] = None


class Service(Sourced):
    """What a centre gives, on a page of its own at `slug`.

    `checked_on` is when it was last held against the centre's own text; `next_check` is the day
    by which that is to be done again, where it differs from the rule of the site. `access` is
    whether people may come by themselves or need an assessment first. `kind` is one of
    `content/service_kinds.yml`, and there only if the text at `source` names it.
    """

    id: Code
    slug: Annotated[Slug, words("Адрес на страницата", "Малки латински букви и тирета.")]
    checked_on: CheckedOn
    name: Annotated[Text, words("Услуга", "Просто име, например Разговори с психолог."), Prompt()]
    legal_name: Annotated[
        Text | None,
        words("Име в документите", "Както е по закон, например Психологическо консултиране."),
        Asked("Как се нарича „{name}“ в документите?"),
    ] = None
    description: Annotated[
        Text, words("Какво е", "Какво става на срещата, с прости думи."), Prompt()
    ]
    where: Annotated[
        Text | None,
        words("Къде", "В центъра, у дома, в училище."),
        Asked("Къде се провежда „{name}“?"),
    ] = None
    access: Annotated[
        Text | None,
        words(
            "Как се стига", "Направо ли идва човек, или е нужна предварителна оценка и направление."
        ),
        Asked(
            "Нужна ли е предварителна оценка за „{name}“, или човек може да дойде направо?",
            of_all=True,
        ),
        Prompt(),
    ] = None
    groups: Annotated[Groups, Asked("За кого е „{name}“?", of_all=True), Prompt()] = ()
    kind: Annotated[
        FieldId | None,
        words(
            "Вид услуга",
            "По него хората я намират, както и да я наричате. Един от видовете, които сайтът "
            "знае (service_kinds.yml); ако никой не е точно вашият, оставете празно.",
        ),
        CodeOf("kinds"),
        Asked("Към кой вид от списъка (service_kinds.yml) спада „{name}“?"),
        Prompt(after="description"),
    ] = None
    status: Annotated[
        ServiceStatus | None,
        words("Сега", "Дали услугата работи, и до кога важи това."),
        Asked("Работи ли сега „{name}“: изцяло, частично или е спряна? До кога?", of_all=True),
    ] = None
    next_check: NextCheck = None


class PartOf(Sourced):
    """The service to which the centre itself counts a programme."""

    service: Annotated[FieldId, words("Услуга", "Името или кодът на услугата, ако е част от нея.")]


class ProgrammeDate(Sourced):
    """A day on which a programme takes place, with the local times if they are known."""

    day: Annotated[Day, words("Ден", "Например 2027-03-15.")]
    starts: Annotated[TimeOfDay | None, words("Начало", "Например 14:00.")] = None
    ends: Annotated[TimeOfDay | None, words("Край", "Например 16:00.")] = None

    @model_validator(mode="after")
    def _times_agree(self) -> Self:
        if self.ends and not (self.starts and self.starts < self.ends):
            raise ValueError("краят (ends) трябва да е след началото (starts) в същия ден")
        for hour in filter(None, (self.starts, self.ends)):
            if not is_on_the_clock(self.day, hour):
                raise ValueError(
                    f"на {self.day:%d.%m.%Y} няма {hour} часа: тогава часовникът минава от 03:00 "
                    "направо на 04:00. Напишете истинския час"
                )
        return self


class Programme(Sourced):
    """A named course or initiative; without `part_of` the centre has not said of which service."""

    id: Code
    checked_on: CheckedOn
    name: Annotated[Text, words("Програма", "Името без кавички, например Моят избор."), Prompt()]
    part_of: Annotated[
        PartOf | None, words("Част от", "Услугата, към която центърът брои програмата.")
    ] = None
    audience: Annotated[
        Text | None,
        words("За хора", "За кого е, с думи: ученици и родители."),
        Asked("За кого е „{name}“?", unless="groups"),
    ] = None
    description: Annotated[
        Text | None,
        words("Какво е", "Какво се прави, с прости думи."),
        Asked("Какво се прави в „{name}“?", of_all=True),
        Prompt(),
    ] = None
    format: Annotated[
        Text | None, words("Как се провежда", "Курс в група, беседи, консултиране.")
    ] = None
    groups: Groups = ()
    dates: Annotated[
        tuple[ProgrammeDate, ...],
        words("Дати", "Дните, в които се провежда, ако са известни."),
        Asked("Кога започва следващата група на „{name}“?"),
    ] = ()
    next_check: NextCheck = None
