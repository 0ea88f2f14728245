"""A form that cannot work is refused when it is read, not when somebody fills it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_model.content import Content
from site_model.forms.definition import TRAP
from tests.support.content.broken_content import (
    CONTACT,
    REFERRAL,
    Break,
    assert_said,
    content_copy,
    problems_in,
    replace_once,
)

NAME_ERROR = "      too_long: {bg: Името е по-дълго от 80 знака. Съкратете го}\n"
WRITER_ERROR = "      not_offered: {bg: Изберете един от отговорите кой пише}\n"

WHEN = "required_when: {field: contact_way, any_of: [email]}"

QUESTIONS = (
    Break(
        "unknown kind",
        CONTACT,
        "kind: long_text",
        "kind: long_txt",
        "  - id: message",
        "fields → № 11",
        "няма такъв вид поле „long_txt“. Видовете са: 'short_text', 'long_text', 'email', 'phone'",
    ),
    Break(
        "no kind",
        CONTACT,
        "    kind: long_text\n",
        "",
        "  - id: message",
        "fields → № 11",
        "липсва „kind“",
    ),
    Break(
        "no wording for a text that is too long",
        CONTACT,
        NAME_ERROR,
        "      missing: {bg: Напишете име}\n",
        "- id: name",
        "fields → № 3 → short_text",
        "в „errors“ липсва текст за: too_long.",
    ),
    Break(
        "no wording for an answer that was not offered",
        CONTACT,
        WRITER_ERROR,
        "",
        "- id: writer",
        "fields → № 2 → choice",
        "в „errors“ липсва текст за: not_offered.",
    ),
    Break(
        "no wording for a bad e-mail",
        CONTACT,
        '      not_email: {bg: "Напишете имейла изцяло, например ime@primer.bg"}\n',
        "",
        "  - id: email",
        "fields → № 6 → email",
        "в „errors“ липсва текст за: not_email.",
    ),
    Break(
        "no wording for an answer that became required",
        CONTACT,
        '    autocomplete: "off"\n',
        "    required: true\n",
        "- id: name",
        "fields → № 3 → short_text",
        "в „errors“ липсва текст за: missing.",
    ),
    Break(
        "wording for an error that does not exist",
        CONTACT,
        "too_long: {bg: Името е",
        "too_log: {bg: Името е",
        "too_log:",
        "fields → № 3 → errors → too_log → [key]",
        "тук може да пише само 'missing', 'too_long'",
    ),
    Break(
        "options written out and taken from facts",
        CONTACT,
        "    options_from: services\n",
        "    options_from: services\n    options: [{id: a, label: {bg: А}}]\n",
        "- id: services",
        "fields → № 9 → choices",
        "„options“, или „options_from“, точно едното",
    ),
    Break(
        "no options",
        CONTACT,
        "    options_from: services\n",
        "",
        "- id: services",
        "fields → № 9 → choices",
        "„options“, или „options_from“, точно едното",
    ),
    Break(
        "options from facts that do not exist",
        CONTACT,
        "options_from: services",
        "options_from: teachers",
        "options_from:",
        "fields → № 9 → options_from",
        "тук може да пише само 'services', 'programmes' или 'target_groups'.",
    ),
    Break(
        "an answer while open, without hours",
        CONTACT,
        'while_open: "Mo 08:00-12:00"',
        'while_open: "Mo"',
        'while_open: "Mo"',
        "fields → № 7 → options → № 2 → while_open",
        "тук се пишат дни и часове без дати, например Пн-Пт 09:00-12:00",
    ),
    Break(
        "an answer while open, in no week like any other",
        CONTACT,
        'while_open: "Mo 08:00-12:00"',
        'while_open: "Jul-Aug Mo 08:00-12:00"',
        'while_open: "Jul-Aug',
        "fields → № 7 → options → № 2 → while_open",
        "тук се пишат дни и часове без дати, например Пн-Пт 09:00-12:00",
    ),
    Break(
        "depends on an answer that not every centre has",
        CONTACT,
        "    options_from: services\n",
        "    show_if: {call_times: mon_morning}\n    options_from: services\n",
        "    show_if: {call_times: mon_morning}",
        "fields → № 9 → show_if",
        "„services“ зависи от отговор на „call_times“, който има само при център, отворен тогава.",
    ),
    Break(
        "depends on an unknown field",
        CONTACT,
        WHEN,
        "required_when: {field: contact_wey, any_of: [email]}",
        "    required_when: {field: contact_wey, any_of: [email]}",
        "fields → № 6 → required_when",
        "„email“ зависи от „contact_wey“, а по-горе няма такъв избор. Изборите по-горе са",
    ),
    Break(
        "depends on a field that is no choice",
        CONTACT,
        WHEN,
        "required_when: {field: name, any_of: [email]}",
        "    required_when: {field: name, any_of: [email]}",
        "fields → № 6 → required_when",
        "„email“ зависи от „name“, а по-горе няма такъв избор.",
    ),
    Break(
        "depends on a later field",
        CONTACT,
        WHEN,
        "required_when: {field: services, any_of: [email]}",
        "    required_when: {field: services, any_of: [email]}",
        "fields → № 6 → required_when",
        "„email“ зависи от „services“, а по-горе няма такъв избор.",
    ),
    Break(
        "depends on an unknown option",
        CONTACT,
        WHEN,
        "required_when: {field: contact_way, any_of: [email, fax]}",
        "    required_when: {field: contact_way, any_of: [email, fax]}",
        "fields → № 6 → required_when",
        "„email“ зависи от отговор, който „contact_way“ няма: fax. Отговорите са: „call“",
    ),
    Break(
        "is shown after an unknown field",
        CONTACT,
        WHEN,
        "show_if: {contact_wey: email}",
        "    show_if: {contact_wey: email}",
        "fields → № 6 → show_if",
        "„email“ зависи от „contact_wey“, а по-горе няма такъв избор.",
    ),
    Break(
        "is shown after a text",
        CONTACT,
        WHEN,
        "show_if: {name: email}",
        "    show_if: {name: email}",
        "fields → № 6 → show_if",
        "„email“ зависи от „name“, а по-горе няма такъв избор.",
    ),
    Break(
        "is shown after a later field",
        CONTACT,
        WHEN,
        "show_if: {services: [social]}",
        "    show_if: {services: [social]}",
        "fields → № 6 → show_if",
        "„email“ зависи от „services“, а по-горе няма такъв избор.",
    ),
    Break(
        "is shown after itself",
        CONTACT,
        WHEN,
        "show_if: {email: email}",
        "    show_if: {email: email}",
        "fields → № 6 → show_if",
        "„email“ зависи от „email“, а по-горе няма такъв избор.",
    ),
    Break(
        "is shown after an answer that is not offered",
        CONTACT,
        WHEN,
        "show_if: {contact_way: fax}",
        "    show_if: {contact_way: fax}",
        "fields → № 6 → show_if",
        "„email“ зависи от отговор, който „contact_way“ няма: fax. Отговорите са: „call“",
    ),
    Break(
        "is shown after an answer from facts",
        REFERRAL,
        "    options_from: programmes\n",
        "    show_if: {services: individual}\n    options_from: programmes\n",
        "    show_if:",
        "fields → № 14 → show_if",
        "„programmes“ зависи от „services“, чиито отговори идват от фактите",
    ),
    Break(
        "is shown after two answers at once",
        CONTACT,
        WHEN,
        "show_if: {contact_way: email, writer: parent}",
        "    show_if:",
        "fields → № 6 → show_if",
        "условието е едно: въпрос и отговорите му",
    ),
    Break(
        "is shown after no answer",
        CONTACT,
        WHEN,
        "show_if: {contact_way: []}",
        "    show_if:",
        "fields → № 6 → show_if → contact_way",
        "списъкът е празен.",
    ),
    Break(
        "is shown after what YAML takes for a truth",
        CONTACT,
        WHEN,
        "show_if: {contact_way: true}",
        "    show_if:",
        "fields → № 6 → show_if → contact_way",
        "тук се очаква списък",
    ),
    Break(
        "name that the service uses itself",
        CONTACT,
        "- id: settlement",
        "- id: ticket",
        "  - id: ticket",
        "fields → № 10 → id",
        "името „ticket“ е запазено. Изберете друго.",
    ),
    Break(
        "name that the library of forms uses itself",
        CONTACT,
        "- id: settlement",
        "- id: data",
        "  - id: data",
        "fields → № 10 → id",
        "името „data“ е запазено. Изберете друго.",
    ),
    Break(
        "no room for a single letter",
        CONTACT,
        "max_length: 80",
        "max_length: 0",
        "max_length: 0",
        "fields → № 3 → max_length",
        "числото трябва да е поне 1.",
    ),
)


@pytest.mark.parametrize("broken", QUESTIONS, ids=lambda broken: broken.name)
def test_a_wrong_question_is_said_with_its_place(tmp_path: Path, broken: Break) -> None:
    """A question that cannot be asked is named by file, line and place in the form."""
    assert_said(tmp_path, broken)


FORMS = {
    "duplicate field id": (
        CONTACT,
        "- id: settlement",
        "- id: message",
        "полето „message“ е написано два пъти",
    ),
    "name of the trap": (
        REFERRAL,
        "- id: institution\n",
        f"- id: {TRAP}\n",
        f"името „{TRAP}“ е запазено за скритото поле",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FORMS.values(), ids=FORMS)
def test_fields_that_do_not_hold_together_are_refused(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    """What no single question shows is said about the form, with the names of the fields."""
    content = content_copy(tmp_path)
    replace_once(content / file, old, new)
    problems = problems_in(content)
    assert [(p.file, p.sentence) for p in problems] == [(f"content/{file}", sentence + ".")]


def test_two_options_with_one_id_are_refused(tmp_path: Path) -> None:
    """Two answers that are sent as the same word could never be told apart."""
    content = content_copy(tmp_path)
    replace_once(content / CONTACT, "- id: relative", "- id: parent")
    assert any("„parent“" in p.sentence for p in problems_in(content))


@pytest.mark.parametrize("form", ["contact", "referral"])
def test_no_form_asks_for_what_it_must_not(content: Content, form: str) -> None:
    """No question asks for an ЕГН, a diagnosis or a picture."""
    labels = " ".join(field.label.to("bg") for field in content.forms[form].fields)
    assert not [word for word in ("ЕГН", "диагноз", "сним", "видео") if word in labels]


@pytest.mark.parametrize("form", ["contact", "referral"])
def test_danger_is_asked_first_and_stops_the_form(content: Content, form: str) -> None:
    """The first question is about danger now, and one of its answers stops with 112."""
    first = content.forms[form].fields[0]
    stops = [option.stop.to("bg") for option in first.options if option.stop]
    assert first.id == "danger"
    assert len(stops) == 1
    assert stops[0].startswith("Не изчаквайте и не попълвайте формуляр. Обадете се сега на 112.")


def test_nothing_is_offered_to_families(content: Content) -> None:
    """Whatever a form for them says: what a browser offers, it has kept for anyone who holds the
    device next. In a form for institutions a question may be offered something, and says what."""
    family, institution = content.forms["contact"], content.forms["referral"]
    telling = family.field("phone").model_copy(update={"autocomplete": "tel"})
    assert family.autocomplete(telling) == "off"
    assert institution.autocomplete(telling) == "tel"
    assert {institution.autocomplete(field) for field in institution.fields} > {"off", "tel"}
    assert institution.autocomplete(institution.field("danger")) == "off"
