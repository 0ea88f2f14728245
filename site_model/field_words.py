"""What each field of a centre's facts is called in Bulgarian, and what belongs in it.

One list for whatever shows fields to staff: comments in a YAML file, columns of a spreadsheet,
hints of an editor (JSON Schema), questions of `make new-centre`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from pydantic import BaseModel

from site_model.base import Fact, Figure, Sourced
from site_model.centre import (
    Centre,
    Email,
    Event,
    GroupServed,
    Municipality,
    Notice,
    OpeningHours,
    PartOf,
    Phone,
    Programme,
    ProgrammeDate,
    ReferralRoute,
    Service,
    ServiceStatus,
    TeamRole,
)
from site_model.pictures import EasyReadLine, Photograph
from site_model.statements import StatementFacts


class FieldWords(NamedTuple):
    """The name of a field, and a sentence or two on what belongs in it."""

    title: str
    explanation: str


_SOURCED: Final = {
    "source": FieldWords(
        "Източник", "Откъде е фактът: файл от content/sources и ред, например otgovori.txt:5."
    ),
    "as_of": FieldWords(
        "Към коя дата",
        "Само за стари факти: 2014, 2014-06 или 2014-06-04; „undated“, ако датата не се знае.",
    ),
}
_CHECKED: Final = FieldWords(
    "Проверено на", "Кога за последно това е сверено с центъра: 2026-11 или 2026-11-22."
)
_NEXT_CHECK: Final = FieldWords(
    "Следваща проверка", "До кой ден да се свери пак: 2027-05-31. Празно: по правилото на сайта."
)
_GROUPS: Final = FieldWords(
    "За кого", "Групите, за които е. Може само групи, които центърът е посочил за себе си."
)
_ID: Final = FieldWords(
    "Код", "Кратко име за връзките, с латински букви. Не го сменяйте, щом сайтът е публикуван."
)

_OF_STATEMENTS: Final = {
    "data_protection_officer": FieldWords(
        "Длъжностно лице по защита на данните", "Кой е и как се стига до него."
    ),
    "legal_basis": FieldWords(
        "Основание за данните", "На какво правно основание центърът работи с лични данни."
    ),
    "data_recipients": FieldWords(
        "Кой получава данните", "На кого центърът предава лични данни от писмата."
    ),
    "processors": FieldWords(
        "Кой обработва данните", "Фирми, които пазят или пренасят писмата от името на центъра."
    ),
    "mailbox_retention": FieldWords(
        "Колко се пазят писмата", "Колко време писмата остават в пощата на центъра."
    ),
    "complaints": FieldWords("Оплаквания", "Къде и как човек може да се оплаче в самия център."),
    "accessibility_status": FieldWords(
        "Достъпност: състояние", "Какво казва центърът за достъпността на страниците си."
    ),
    "accessibility_enforcement": FieldWords(
        "Достъпност: жалби", "Към кой орган може да се обърне човек, ако центърът не отговори."
    ),
}

_OF_CENTRE: Final = {
    "id": FieldWords(
        "Код на центъра",
        "Името в адреса на страниците: малки латински букви и тирета, например harmanli.",
    ),
    "checked_on": _CHECKED,
    "next_check": _NEXT_CHECK,
    "letters": FieldWords(
        "Как пътуват писмата",
        "key: заключени с ключ, който има само центърът; password: с парола; open: незаключени. "
        "Сървърът не тръгва, ако настройките му пазят по-малко от обещаното.",
    ),
    "name": FieldWords("Име", "Пълното име, например Център за обществена подкрепа, Харманли."),
    "short_name": FieldWords("Кратко име", "За менюта и заглавия, например ЦОП Харманли."),
    "place": FieldWords("Населено място", "Градът или селото, в което е центърът."),
    "region": FieldWords("Област", "Областта, в която е центърът, например област Хасково."),
    "municipalities": FieldWords(
        "Общини", "Общините, от които идват хората, на които центърът помага, както сам казва."
    ),
    "summary": FieldWords(
        "С две думи", "Едно-две прости изречения: на кого и с какво помага центърът."
    ),
    "phones": FieldWords("Телефони", "Първият стои на всяка страница."),
    "email": FieldWords("Имейл", "Имейлът, който центърът показва на всички."),
    "address": FieldWords("Адрес", "Улица и номер, и как се стига дотам."),
    "opening_hours": FieldWords("Работно време", "Кога може да се дойде или да се звънне."),
    "notices": FieldWords("Съобщения", "Изчезват сами след последния си ден."),
    "accessibility": FieldWords(
        "Достъп с количка", "Има ли рампа, асансьор, стъпала, тоалетна – както е наистина."
    ),
    "fee": FieldWords("Такса", "Плаща ли се. „Безплатно“ се пише само ако центърът го е казал."),
    "documents": FieldWords(
        "Документи", "Какво да носи човек. „Не са нужни“ само ако центърът го е казал."
    ),
    "reply_time": FieldWords("До кога отговаряте", "За колко дни центърът отговаря на писмо."),
    "controller": FieldWords(
        "Кой отговаря за личните данни", "Администраторът: доставчикът на услугата или общината."
    ),
    "statements": FieldWords(
        "За декларациите", "Отговори за страниците „Лични данни“, „Достъпност“ и „Оплаквания“."
    ),
    "building": FieldWords("Сградата", "Къде е и каква е: по едно изречение."),
    "area": FieldWords("За кои места", "Хора откъде може да ползват центъра, с едно изречение."),
    "capacity": FieldWords("Капацитет", "Колко случая или хора наведнъж."),
    "figures": FieldWords("Числа", "Други числа, които центърът е дал за себе си."),
    "age_limit": FieldWords("Възраст", "За деца до каква възраст са услугите, с едно изречение."),
    "target_groups": FieldWords("На кого помагаме", "Групите хора, на които центърът помага."),
    "services": FieldWords("Услуги", "Какво предлага центърът; всяка услуга има своя страница."),
    "programmes": FieldWords("Програми", "Курсове, групи и инициативи с име."),
    "topics": FieldWords("Теми", "Теми, по които центърът говори с хората."),
    "routes": FieldWords("Пътища до центъра", "Кой може да насочи човек към центъра и как."),
    "team": FieldWords("Екип", "Длъжности и по колко души, без имена."),
    "principles": FieldWords("Как работим", "Обещания на центъра към хората: по едно изречение."),
    "confidentiality": FieldWords(
        "Поверителност", "Какво казва центърът за тайната. До него сайтът показва и границата ѝ."
    ),
    "funding": FieldWords("Финансиране", "Кой плаща работата на центъра и откога."),
    "history": FieldWords("История", "Събития с дата: кога е открит, кой го е създал."),
    "photographs": FieldWords("Снимки", "Файловете се слагат в content/photographs."),
    "easy_read": FieldWords("Лесно за четене", "Изречения с лесни думи, всяко с картинка."),
}

Words = Mapping[type, Mapping[str, FieldWords]]

FIELD_WORDS: Final[Words] = {
    Sourced: _SOURCED,
    Centre: _OF_CENTRE,
    StatementFacts: _OF_STATEMENTS,
    Fact: {"text": FieldWords("Текст", "Какво казва центърът, с прости думи.")},
    Figure: {
        "value": FieldWords("Число", "Цяло число, с цифри."),
        "unit": FieldWords("Какво се брои", "Думите след числото, например „работещи случая“."),
    },
    Phone: {"number": FieldWords("Телефон", "С кода на населеното място: 0373 9 10 76.")},
    Email: {"address": FieldWords("Имейл", "Например ime@primer.bg.")},
    OpeningHours: {
        "osm": FieldWords(
            "По правилата на OpenStreetMap",
            "Например Mo-Fr 09:00-17:00; PH off. Може и само с думи.",
        ),
        "text": FieldWords("С думи", "Например: В делник от 9 до 17 часа."),
    },
    Notice: {
        "text": FieldWords("Съобщение", "Едно-две изречения."),
        "first": FieldWords("От ден", "Например 2026-12-24."),
        "until": FieldWords("До ден", "Последният ден, включително: 2027-01-02."),
        "closed": FieldWords("Затворено ли е", "Дали в тези дни центърът не приема никого."),
    },
    ServiceStatus: {
        "state": FieldWords("Състояние", "Дали услугата работи сега."),
        "until": FieldWords("До ден", "След него за състоянието не се казва нищо."),
        "text": FieldWords("Пояснение", "Едно изречение."),
    },
    ProgrammeDate: {
        "day": FieldWords("Ден", "Например 2027-03-15."),
        "starts": FieldWords("Начало", "Например 14:00."),
        "ends": FieldWords("Край", "Например 16:00."),
    },
    Municipality: {"name": FieldWords("Община", "Само името, например Карлово.")},
    GroupServed: {
        "group": FieldWords("Група", "Една от групите, които сайтът знае (target_groups.yml).")
    },
    Service: {
        "id": _ID,
        "slug": FieldWords("Адрес на страницата", "Малки латински букви и тирета."),
        "checked_on": _CHECKED,
        "name": FieldWords("Услуга", "Просто име, например Разговори с психолог."),
        "legal_name": FieldWords(
            "Име в документите", "Както е по закон, например Психологическо консултиране."
        ),
        "kind": FieldWords(
            "Вид услуга",
            "По него хората я намират, както и да я наричате. Един от видовете, които сайтът знае "
            "(service_kinds.yml); ако никой не е точно вашият, оставете празно.",
        ),
        "description": FieldWords("Какво е", "Какво става на срещата, с прости думи."),
        "where": FieldWords("Къде", "В центъра, у дома, в училище."),
        "groups": _GROUPS,
        "access": FieldWords(
            "Как се стига", "Направо ли идва човек, или е нужна предварителна оценка и направление."
        ),
        "status": FieldWords("Сега", "Дали услугата работи, и до кога важи това."),
        "next_check": _NEXT_CHECK,
    },
    PartOf: {"service": FieldWords("Услуга", "Името или кодът на услугата, ако е част от нея.")},
    Programme: {
        "id": _ID,
        "checked_on": _CHECKED,
        "name": FieldWords("Програма", "Името без кавички, например Моят избор."),
        "part_of": FieldWords("Част от", "Услугата, към която центърът брои програмата."),
        "audience": FieldWords("За хора", "За кого е, с думи: ученици и родители."),
        "description": FieldWords("Какво е", "Какво се прави, с прости думи."),
        "format": FieldWords("Как се провежда", "Курс в група, беседи, консултиране."),
        "groups": _GROUPS,
        "dates": FieldWords("Дати", "Дните, в които се провежда, ако са известни."),
        "next_check": _NEXT_CHECK,
    },
    ReferralRoute: {
        "kind": FieldWords("Вид", "Кой закон стои до него на страницата."),
        "text": FieldWords("Път", "Например: Чрез отдел „Закрила на детето“ (ОЗД)."),
    },
    TeamRole: {
        "title": FieldWords("Длъжност", "Без имена: психолог, социален работник."),
        "count": FieldWords("Колко души", "Цяло число."),
    },
    Event: {"text": FieldWords("Събитие", "Какво е станало, с едно изречение.")},
    Photograph: {
        "name": FieldWords("Име на снимката", "Както я нарича центърът."),
        "file": FieldWords("Файл", "Файл от content/photographs: jpg, png или webp, до 80 KB."),
        "alt": FieldWords("Какво се вижда", "За хора, които не виждат снимката."),
        "credit": FieldWords("Автор", "Кой е снимал, ако трябва да се каже."),
    },
    EasyReadLine: {
        "part": FieldWords("Част", "Къде стои: за центъра, за кого е или какво прави."),
        "pictogram": FieldWords("Картинка", "Коя картинка стои до изречението."),
        "text": FieldWords("Изречение", "Една мисъл с лесни думи."),
    },
}

CHOICE_WORDS: Final[dict[tuple[type[BaseModel], str], dict[str, str]]] = {
    (Centre, "letters"): {
        "key": "заключени с ключ на центъра",
        "password": "заключени с парола",
        "open": "незаключени",
    },
    (ServiceStatus, "state"): {
        "open": "работи",
        "limited": "работи с ограничения",
        "paused": "спряна за времето",
    },
    (ReferralRoute, "kind"): {
        "child_protection": "закрила на детето",
        "institution": "друга институция",
        "self": "човек сам",
    },
    (EasyReadLine, "part"): {"about": "за центъра", "whom": "за кого", "what": "какво прави"},
    (EasyReadLine, "pictogram"): {
        "alarm": "тревога",
        "adoption": "осиновяване",
        "baby": "бебе",
        "calm": "спокойствие",
        "child": "дете",
        "class": "клас",
        "family": "семейство",
        "home": "дом",
        "hurt": "болка",
        "identity_card": "лична карта",
        "law": "закон",
        "letter": "писмо",
        "money": "пари",
        "park": "парк",
        "people": "хора",
        "phone": "телефон",
        "place": "място",
        "pregnant": "бременност",
        "question": "въпрос",
        "talk": "разговор",
        "wheelchair": "количка",
        "work": "работа",
    },
}
"""What the values of a choice are called, by the model and field that hold it."""


def words_of(model: type[BaseModel], field: str, known: Words = FIELD_WORDS) -> FieldWords:
    """What a field is called and what belongs in it; raises KeyError where nobody has said."""
    for part in model.__mro__:
        if field in known.get(part, {}):
            return known[part][field]
    raise KeyError(
        f"{model.__name__}.{field}: say what it is in site_model/field_words.py (facts) "
        "or site_model/form_words.py (forms)"
    )
