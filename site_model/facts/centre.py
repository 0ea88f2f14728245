"""A centre and all that it has said of itself.

Names follow HSDS (Open Referral) where it has one. What a centre has not given is absent
(None or an empty tuple); nothing here has an invented default.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, field_validator, model_validator

from site_model.facts.contacts import Email, Municipality, Notice, OpeningHours, Phone
from site_model.facts.opening_hours.days import OpenDays
from site_model.facts.people import GroupServed, ReferralRoute, TeamRole
from site_model.facts.pictures import EasyReadLine, Photograph
from site_model.facts.services import CheckedOn, NextCheck, Programme, Service
from site_model.facts.statements import StatementFacts
from site_model.field_metadata import Asked, Choices, Prompt, words
from site_model.field_types import PlaceName, is_a_place
from site_model.types import AsOf, Fact, Figure, Frozen, Slug, Sourced, Text, refuse_repeats

LettersTravel = Literal["key", "password"]


class Event(Sourced):
    """A dated line of the centre's history; `as_of` says when, and may be `undated`."""

    text: Annotated[Text, words("Събитие", "Какво е станало, с едно изречение."), Prompt()]
    as_of: Annotated[
        AsOf | None,
        words(
            "Кога", "Денят, месецът или годината: 04.06.2014, 06.2014 или 2014; или „не се знае“."
        ),
        Prompt("Ако не се знае, напишете „не се знае“.", needed=True, after="text"),
    ] = None


def _in_a_place(region: Fact) -> Fact:
    is_a_place(region.text)
    return region


class Centre(Frozen):
    """A community support centre and all that it has said of itself, as of `checked_on`.

    `letters` is what its pages promise of the way that letters travel: closed with a `key` that
    only the centre has, or with a `password` that the server knows as well. The contact service
    does not start with settings that are weaker than this.
    """

    id: Annotated[
        Slug,
        words(
            "Код на центъра",
            "Името в адреса на страниците: малки латински букви и тирета, например harmanli.",
        ),
    ]
    checked_on: CheckedOn
    next_check: NextCheck = None
    letters: Annotated[
        LettersTravel,
        words(
            "Как пътуват писмата",
            "Заключени с ключ, който има само центърът (key), или с парола (password). Сървърът "
            "не тръгва, ако настройките му пазят по-малко от обещаното.",
        ),
        Choices({"key": "заключени с ключ на центъра", "password": "заключени с парола"}),
        Prompt(after="history"),
    ] = "key"
    name: Annotated[
        Fact, words("Име", "Пълното име, например Център за обществена подкрепа, Харманли.")
    ]
    short_name: Annotated[Text, words("Кратко име", "За менюта и заглавия, например ЦОП Харманли.")]
    place: Annotated[PlaceName, words("Населено място", "Градът или селото, в което е центърът.")]
    region: Annotated[
        Annotated[Fact, AfterValidator(_in_a_place)] | None,
        words("Област", "Областта, в която е центърът, например област Хасково."),
        Asked("В коя област сте?", of_all=True),
        Prompt(),
    ] = None
    municipalities: Annotated[
        tuple[Municipality, ...],
        words(
            "Общини", "Общините, от които идват хората, на които центърът помага, както сам казва."
        ),
        Prompt("По тях хората намират центъра в списъка. Няколко се делят с точка и запетая."),
    ] = ()
    summary: Annotated[
        Fact,
        words("Накратко", "Едно-две прости изречения: на кого и с какво помага центърът."),
        Prompt("Стои най-горе на началната страница."),
    ]
    phones: Annotated[
        tuple[Phone, ...],
        words("Телефони", "Първият е на всяка страница."),
        Asked("На кой телефон да ви търсят хората? Има ли и втори?", of_all=True),
        Prompt(
            "Това е най-прекият път до вас. С кода на населеното място, например 0373 9 10 76. "
            "Няколко се делят с точка и запетая."
        ),
    ] = ()
    email: Annotated[
        Email | None,
        words("Имейл", "Имейлът, който центърът показва на всички."),
        Asked("На кой имейл да ви пишат хората?", of_all=True),
        Prompt("Писмата от формулярите отиват на адрес, който се настройва отделно."),
    ] = None
    address: Annotated[
        Fact | None,
        words("Адрес", "Улица и номер, и как се стига дотам."),
        Asked("На коя улица и номер сте и как се стига дотам?", of_all=True),
        Prompt(),
    ] = None
    opening_hours: Annotated[
        OpeningHours | None,
        words("Работно време", "Кога може да се дойде или да се звънне."),
        Asked("В кои дни и от колко до колко часа приемате? А на празници?"),
        Prompt(
            "Например: В делник от 9 до 17 часа. Ако знаете правилата на OpenStreetMap, напишете "
            "Mo-Fr 09:00-17:00; PH off: тогава сайтът казва и дали сега е отворено."
        ),
    ] = None
    notices: Annotated[
        tuple[Notice, ...], words("Съобщения", "Изчезват сами след последния си ден.")
    ] = ()
    accessibility: Annotated[
        Fact | None,
        words("Достъп с количка", "Има ли рампа, асансьор, стъпала, тоалетна – както е наистина."),
        Asked("Може ли да се влезе с количка? Има ли рампа, асансьор, тоалетна?", of_all=True),
        Prompt("Хората питат, преди да тръгнат."),
    ] = None
    fee: Annotated[
        Fact | None,
        words("Такса", "Плаща ли се. „Безплатно“ се пише само ако центърът го е казал."),
        Asked("Плаща ли се за някоя от услугите?", of_all=True),
        Prompt("Ако не знаете, оставете празно: сайтът казва на хората да попитат."),
    ] = None
    documents: Annotated[
        Fact | None,
        words("Документи", "Какво да носи човек. „Не са нужни“ само ако центърът го е казал."),
        Asked("Нужни ли са документи за първата среща и кои?", of_all=True),
        Prompt("Ако не знаете, оставете празно."),
    ] = None
    reply_time: Annotated[
        Fact | None,
        words("До кога отговаряте", "За колко дни центърът отговаря на писмо."),
        Asked("До колко дни отговаряте на писмо?"),
    ] = None
    controller: Annotated[
        Fact | None,
        words(
            "Кой отговаря за личните данни",
            "Администраторът: доставчикът на услугата или общината.",
        ),
        Asked("Кой отговаря за личните данни: вие или общината?"),
    ] = None
    statements: Annotated[
        StatementFacts,
        words(
            "За декларациите", "Отговори за страниците „Лични данни“, „Достъпност“ и „Оплаквания“."
        ),
    ] = StatementFacts()
    building: Annotated[
        tuple[Fact, ...], words("Сградата", "Къде е и каква е: по едно изречение.")
    ] = ()
    area: Annotated[
        Fact | None,
        words("За кои места", "Откъде са хората, които може да ползват центъра, с едно изречение."),
        Asked("За кои общини работите?", unless="municipalities"),
    ] = None
    capacity: Annotated[
        Figure | None,
        words("Капацитет", "Колко случая или хора наведнъж."),
        Prompt("Число и какво се брои, например 30 работещи случая."),
    ] = None
    figures: Annotated[
        tuple[Figure, ...], words("Числа", "Други числа, които центърът е дал за себе си.")
    ] = ()
    age_limit: Annotated[
        Fact | None,
        words("Възраст", "За деца до каква възраст са услугите, с едно изречение."),
        Prompt(),
    ] = None
    target_groups: Annotated[
        tuple[GroupServed, ...],
        words("На кого помагаме", "Групите хора, на които центърът помага."),
        Asked("На кого помагате?", of_all=True),
        Prompt(),
    ] = ()
    services: Annotated[
        tuple[Service, ...],
        words("Услуги", "Какво предлага центърът; всяка услуга има своя страница."),
        Prompt(),
    ]
    programmes: Annotated[
        tuple[Programme, ...], words("Програми", "Курсове, групи и инициативи с име."), Prompt()
    ] = ()
    topics: Annotated[
        tuple[Fact, ...], words("Теми", "Теми, по които центърът говори с хората.")
    ] = ()
    routes: Annotated[
        tuple[ReferralRoute, ...],
        words("Пътища до центъра", "Кой може да насочи човек към центъра и как."),
        Asked(
            "Може ли човек да дойде сам? Кой друг насочва към вас и по какви стъпки?", of_all=True
        ),
        Prompt(),
    ] = ()
    team: Annotated[
        tuple[TeamRole, ...],
        words("Екип", "Длъжности и по колко души, без имена."),
        Asked("Кой работи при вас и по колко души?", of_all=True),
        Prompt(),
    ] = ()
    principles: Annotated[
        tuple[Fact, ...], words("Как работим", "Обещания на центъра към хората: по едно изречение.")
    ] = ()
    confidentiality: Annotated[
        Fact | None,
        words(
            "Поверителност",
            "Какво казва центърът за тайната. До него сайтът показва и границата ѝ.",
        ),
    ] = None
    funding: Annotated[
        tuple[Fact, ...], words("Финансиране", "Кой плаща работата на центъра и откога.")
    ] = ()
    history: Annotated[
        tuple[Event, ...],
        words("История", "Събития с дата: кога е открит, кой го е създал."),
        Prompt(),
    ] = ()
    photographs: Annotated[
        tuple[Photograph, ...], words("Снимки", "Файловете се слагат в content/photographs.")
    ] = ()
    easy_read: Annotated[
        tuple[EasyReadLine, ...],
        words("Лесно за четене", "Изречения с лесни думи, всяко с картинка."),
    ] = ()

    @field_validator("letters", mode="before")
    @classmethod
    def _letters_are_closed(cls, letters: object) -> object:
        if letters == "open":
            raise ValueError(
                "незаключени писма вече няма. Напишете key (ключ на центъра) или password (парола) "
                "според настройките на сървъра"
            )
        return letters

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        refuse_repeats((service.id for service in self.services), "код на услуга")
        refuse_repeats((service.slug for service in self.services), "адрес на услуга")
        refuse_repeats((programme.id for programme in self.programmes), "код на програма")
        refuse_repeats((served.group for served in self.target_groups), "група")
        return self

    @property
    def phone(self) -> Phone | None:
        return self.phones[0] if self.phones else None

    @property
    def open_days(self) -> OpenDays:
        """When it receives people, as it says in hours and in notices."""
        closed = tuple((one.first, one.until) for one in self.notices if one.closed and one.first)
        return OpenDays(self.opening_hours.rules if self.opening_hours else (), closed)
