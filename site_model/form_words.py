"""What each field of a form's definition is called in Bulgarian, and what belongs in it."""

from __future__ import annotations

from typing import Final

from site_model.field_words import FieldWords, Words
from site_model.form import (
    ChoiceBase,
    Condition,
    FieldBase,
    FormDefinition,
    LongText,
    Option,
    TypedText,
)
from site_model.form_places import LinkedFrom

FORM_WORDS: Final[Words] = {
    FormDefinition: {
        "id": FieldWords("Код", "Името на файла без .yml: латински букви и долни черти."),
        "version": FieldWords("Издание", "Расте с едно, когато въпросите се променят."),
        "slug": FieldWords("Адрес на страницата", "Малки латински букви и тирета."),
        "centres": FieldWords("Центрове", "Само за тези центрове; без този ред – за всички."),
        "languages": FieldWords("Езици", "Само на тези езици; без този ред – където е преведен."),
        "linked_from": FieldWords("Откъде се стига", "Страници и програми, които водят дотук."),
        "reader": FieldWords(
            "За кого е", "family: за семейства, с прости имена; institution: с имената по закон."
        ),
        "title": FieldWords("Заглавие", "Стои най-горе и в менюто."),
        "audience": FieldWords("За хора", "Кой попълва формуляра, с няколко думи."),
        "before": FieldWords("Преди въпросите", "Какво трябва да знае човек, преди да пише."),
        "submit": FieldWords("Бутон", "Какво пише на бутона за изпращане."),
        "next_steps": FieldWords("Какво следва", "Какво става, след като писмото е прието."),
        "personal_number_found": FieldWords(
            "При ЕГН", "Какво се казва, когато в текста има число като ЕГН."
        ),
        "trap_label": FieldWords("Скрито поле", "Хората не го виждат; роботите го попълват."),
        "trap_filled": FieldWords("При попълнено скрито поле", "Какво се казва тогава."),
        "fields": FieldWords("Въпроси", "В реда, в който се задават."),
    },
    LinkedFrom: {
        "pages": FieldWords("Страници", "menu и footer са менюто и дъното на всяка страница."),
        "programmes": FieldWords("Програми", "Кодовете на програмите, за които е формулярът."),
    },
    FieldBase: {
        "id": FieldWords("Код", "Не го давайте никога на друг въпрос."),
        "kind": FieldWords("Вид", "Какво се отговаря: текст, избор, дата, съгласие."),
        "label": FieldWords("Въпрос", "Както го чете човекът."),
        "hint": FieldWords("Подсказка", "Едно изречение под въпроса."),
        "required": FieldWords("Нужен ли е", "true, ако без отговор писмото не може да тръгне."),
        "required_when": FieldWords("Нужен, когато", "При кой отговор на друг въпрос е нужен."),
        "show_if": FieldWords(
            "Пита се, когато", "Отговорът на друг въпрос, след който се пита: family: [yes]."
        ),
        "safe_contact": FieldWords(
            "За безопасна връзка", "true: отговорът стои най-отгоре в писмото до центъра."
        ),
        "errors": FieldWords(
            "Думи при грешка", "По едно изречение за всичко, което може да стане."
        ),
        "used_by": FieldWords("Кой го ползва", "Кой в центъра чете отговора."),
        "why": FieldWords("Защо питаме", "Показва се на всеки, който попита."),
    },
    TypedText: {
        "max_length": FieldWords("Най-много знаци", "До 10 000."),
        "autocomplete": FieldWords("Подсказване", "Какво може да предложи браузърът (HTML)."),
    },
    LongText: {"rows": FieldWords("Редове", "Колко високо е полето: от 2 до 30.")},
    ChoiceBase: {
        "options": FieldWords("Отговори", "Написани тук един по един."),
        "options_from": FieldWords("Отговори от", "Или взети от фактите на центъра."),
    },
    Option: {
        "id": FieldWords("Код", "Не го давайте никога на друг отговор."),
        "label": FieldWords("Отговор", "Както го чете човекът."),
        "stop": FieldWords("Спира с думите", "При този отговор формулярът казва това и не тръгва."),
    },
    Condition: {
        "field": FieldWords("Въпрос", "Кодът на избор по-горе."),
        "any_of": FieldWords("Отговори", "Кодовете на отговорите, при които важи."),
    },
}
