"""A form of a centre parses what was sent and says what to fix in the words of its YAML."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from site_model.content import Content
from site_model.forms.binding import centre_form
from site_model.forms.definition import TRAP
from site_model.forms.filled import FilledForm
from site_model.forms.html import form_page
from site_model.forms.kinds import Choice
from site_model.i18n.templates import template_environment
from site_model.text.spellings import parse_day
from site_model.types import SOFIA, Text
from tests.support.content.sent_forms import GOOD, errors, filled, form_of, sent, wording, written

FORMS = ("contact", "referral")
LONG_ADDRESS = "a" * 250 + "@primer.bg"

WRONG: dict[str, dict[str, dict[str, dict[str, str | list[str]]]]] = {
    "contact": {
        "danger": {"missing": {"danger": []}, "not_offered": {"danger": "maybe"}},
        "writer": {"missing": {"writer": ""}, "not_offered": {"writer": "robot"}},
        "name": {"too_long": {"name": "я" * 81}},
        "contact_way": {
            "missing": {"contact_way": []},
            "not_offered": {"contact_way": "pigeon"},
        },
        "phone": {
            "missing": {"contact_way": "call"},
            "too_long": {"phone": "1" * 41},
            "not_phone": {"phone": "няма"},
        },
        "email": {
            "missing": {"contact_way": "email"},
            "too_long": {"email": LONG_ADDRESS},
            "not_email": {"email": "ime.primer.bg"},
        },
        "call_times": {
            "not_offered": {
                "contact_way": "call",
                "phone": "0888 123 456",
                "call_times": ["first", "mon_morning"],
            }
        },
        "safe_time": {"too_long": {"safe_time": "я" * 201}},
        "services": {"not_offered": {"services": ["individual", "psychological"]}},
        "settlement": {"too_long": {"settlement": "я" * 81}},
        "message": {"missing": {"message": " \r\n "}, "too_long": {"message": "я" * 4001}},
        "understood": {"missing": {"understood": []}},
    },
    "referral": {
        "danger": {"missing": {"danger": []}, "not_offered": {"danger": "maybe"}},
        "institution_kind": {
            "missing": {"institution_kind": []},
            "not_offered": {"institution_kind": "bank"},
        },
        "institution": {"missing": {"institution": ""}, "too_long": {"institution": "я" * 161}},
        "sender_name": {"missing": {"sender_name": ""}, "too_long": {"sender_name": "я" * 121}},
        "post": {"missing": {"post": ""}, "too_long": {"post": "я" * 121}},
        "phone": {
            "missing": {"phone": ""},
            "too_long": {"phone": "1" * 41},
            "not_phone": {"phone": "123"},
        },
        "email": {"too_long": {"email": LONG_ADDRESS}, "not_email": {"email": "@primer.bg"}},
        "safe_time": {"too_long": {"safe_time": "я" * 201}},
        "child": {"missing": {"child": ""}, "too_long": {"child": "я" * 41}},
        "age": {"missing": {"age": []}, "not_offered": {"age": "age_99"}},
        "settlement": {"missing": {"settlement": ""}, "too_long": {"settlement": "я" * 81}},
        "groups": {"not_offered": {"groups": "foster"}},
        "services": {"not_offered": {"services": "psychological"}},
        "programmes": {"not_offered": {"programmes": "chess"}},
        "need": {"missing": {"need": ""}, "too_long": {"need": "я" * 3001}},
        "family_knows": {"missing": {"family_knows": []}, "not_offered": {"family_knows": "da"}},
        "reported": {"missing": {"reported": []}, "not_offered": {"reported": "da"}},
        "reported_on": {
            "not_date": {"reported_on": "миналия вторник"},
            "in_future": {"reported_on": "2999-01-01"},
        },
        "understood": {"missing": {"understood": []}},
    },
}
CASES = [
    pytest.param(name, field, code, changed, id=f"{name}-{field}-{code}")
    for name, fields in WRONG.items()
    for field, codes in fields.items()
    for code, changed in codes.items()
]


@pytest.mark.parametrize("name", FORMS)
def test_good_answers_have_no_errors(content: Content, name: str) -> None:
    """A form that is filled in as asked passes."""
    assert errors(content, name) == {}


@pytest.mark.parametrize(("name", "field", "code", "changed"), CASES)
def test_each_error_has_exactly_its_own_wording(
    content: Content, name: str, field: str, code: str, changed: dict[str, str | list[str]]
) -> None:
    """One wrong answer gives one error, in the sentence that stands beside the field."""
    assert errors(content, name, **changed) == {field: wording(name, field, code)}


@pytest.mark.parametrize("name", FORMS)
def test_every_worded_error_is_tried(name: str) -> None:
    """The table above holds each error that the YAML words, and no other."""
    worded = {f["id"]: set(f["errors"]) for f in written(name)["fields"]}
    assert {field: set(codes) for field, codes in WRONG[name].items()} == worded


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_says_all_that_is_missing_in_the_order_of_the_form(
    content: Content, name: str
) -> None:
    """All required questions are named at once, from the top to the bottom."""
    form = form_of(content, name)
    required = [f["id"] for f in written(name)["fields"] if "missing" in f["errors"]]
    expected = {field: wording(name, field, "missing") for field in required}
    if name == "contact":  # nobody chose how to be reached, so neither phone nor e-mail is asked
        del expected["phone"], expected["email"]
    assert list(FilledForm(form, MultiDict()).errors.items()) == list(expected.items())


LIMITS = [
    pytest.param(name, field["id"], field["max_length"], id=f"{name}-{field['id']}")
    for name in FORMS
    for field in written(name)["fields"]
    if "max_length" in field
]


@pytest.mark.parametrize(("name", "field", "limit"), LIMITS)
def test_a_text_of_exactly_the_allowed_length_passes(
    content: Content, name: str, field: str, limit: int
) -> None:
    """The limit itself is allowed, counted after line ends became one sign each."""
    assert errors(content, name, **{field: "я" * (limit - 1) + "."}) == {}
    assert errors(content, name, **{field: "я\r\n" * (limit // 2)}) == {}


PHONES = {
    "0888 123 456": "0888 123 456",
    "+359 888 123 456": "+359 888 123 456",
    "(0373) 9-10-76": "(0373) 9-10-76",
    "0373/9 10 76": "0373/9 10 76",
    "112.12": "112.12",
    "0888\u2011123\u2011456": "0888-123-456",  # the no-break hyphen of word processors
    "0888\u2013123\u2014456": "0888-123-456",
    "0888\u2212123\ufe63456": "0888-123-456",
    "\uff0b\uff13\uff15\uff19\u3000\uff18\uff18\uff18\uff11\uff12\uff13": "+359 888123",
    "(+359) 888 123 456": "(+359) 888 123 456",
    "+359 (0) 888 123 456": "+359 (0) 888 123 456",
    "\u202a+359\u00a0888\u00a0123\u202f456\u202c": "+359 888 123 456",  # as pasted from contacts
    "02/123 45 67 вътр. 12": "02/123 45 67 вътр. 12",
    "тел. 0888123456": "тел. 0888123456",
    "tel:+359888123456": "tel:+359888123456",
    "0888 123 456 вечер": "0888 123 456 вечер",
    "0888123456, 0899123456": "0888123456, 0899123456",
    "0888123456\r\n0899123456": "0888123456 0899123456",
    "++359888123456": "++359888123456",
    "<0888123456>": "<0888123456>",
    "0888*123*456": "0888*123*456",
    "О888 123 456": "О888 123 456",  # a letter in place of the nought
    "٠٨٨٨ ١٢٣ ٤٥٦": "0888 123 456",
    "0\ufe0f\u20e38\ufe0f\u20e38\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e3": "0⃣8⃣8⃣8⃣1⃣",
}
NOT_PHONES = ("1234", "1" * 16, "мама", "нямам телефон", "@viber", "+ ( ) - /")


@pytest.mark.parametrize(("typed", "kept"), PHONES.items())
def test_a_phone_may_be_written_as_people_and_programs_write_it(
    content: Content, typed: str, kept: str
) -> None:
    """Whatever a person could dial passes, and the sheet shows it with plain signs."""
    form = filled(content, "referral", phone=typed)
    assert form.errors == {}
    assert form.data["phone"] == kept


@pytest.mark.parametrize("phone", NOT_PHONES)
def test_what_cannot_be_dialled_is_no_phone(content: Content, phone: str) -> None:
    """Only letters, too few and too many digits are refused with the wording of the field."""
    said = errors(content, "referral", phone=phone)
    assert said == {"phone": wording("referral", "phone", "not_phone")}


@pytest.mark.parametrize(
    ("way", "needed"), [("call", "phone"), ("message", "phone"), ("email", "email"), ("none", None)]
)
def test_a_field_is_required_when_the_answer_above_asks_for_it(
    content: Content, way: str, needed: str | None
) -> None:
    """Who wants a call is asked for a phone, who wants an e-mail for an address, others not."""
    expected = {needed: wording("contact", needed, "missing")} if needed else {}
    assert errors(content, "contact", contact_way=way) == expected


@pytest.mark.parametrize(
    ("way", "given"), [("call", {"phone": "0888 123 456"}), ("email", {"email": "ime@primer.bg"})]
)
def test_a_field_that_became_required_passes_when_filled_in(
    content: Content, way: str, given: dict[str, str]
) -> None:
    """With the phone or the address that was asked for, nothing is wrong."""
    assert errors(content, "contact", contact_way=way, **given) == {}


@pytest.mark.parametrize("name", FORMS)
def test_danger_now_keeps_the_form_back(content: Content, name: str) -> None:
    """„Да“ to danger answers with its own text about 112; „вече се обадих“ does not."""
    options = written(name)["fields"][0]["options"]
    stop = next(option["stop"]["bg"] for option in options if option["id"] == "yes")
    assert errors(content, name, danger="yes") == {"danger": stop}
    assert errors(content, name, danger="called") == {}


TODAY = datetime.now(SOFIA).date()
GOOD_DAYS = {
    "2026-03-01": "01.03.2026",
    "1.3.2026": "01.03.2026",
    "01.03.2026": "01.03.2026",
    "01.03.2026 г.": "01.03.2026",
    "01.03.2026г.": "01.03.2026",
    "1. 3. 2026": "01.03.2026",
    "1-3-2026": "01.03.2026",
    "1\u20113\u20132026": "01.03.2026",
    "01/03/2026": "01.03.2026",
    "1 3 2026": "01.03.2026",
    "01.03.26": "01.03.2026",
    "2026/3/1": "01.03.2026",
    "1.\u00a03.\u00a02026": "01.03.2026",
    "１．３．２０２６": "01.03.2026",
    "٠١.٠٣.٢٠٢٦": "01.03.2026",
    "1 март 2026 г.": "01.03.2026",
    "1.III.2026": "01.03.2026",
    "1 March 2026": "01.03.2026",
    "1 Mart 2026": "01.03.2026",
    "1 березня 2026 року": "01.03.2026",
    "1.3.2026 13:00": "1.3.2026 13:00",
    "около 1.3.2026": "около 1.3.2026",
    TODAY.isoformat(): f"{TODAY:%d.%m.%Y}",
}
NO_DAYS = ("31.02.2026", "2026-13-01", "вчера", "2026", "1.3.6", "1 грозде 2026", "01.03.20261")
FUTURE = TODAY + timedelta(days=2)  # two, so that midnight during the test changes nothing


# Names without the day: of two workers one may begin before midnight, and one after it.
@pytest.mark.parametrize(("typed", "kept"), GOOD_DAYS.items(), ids=range(len(GOOD_DAYS)))
def test_a_day_may_be_written_as_people_write_it(content: Content, typed: str, kept: str) -> None:
    """A day of the past or today passes, and the sheet shows all of them in one way."""
    form = filled(content, "referral", reported_on=typed)
    assert form.errors == {}
    assert form.data["reported_on"] == kept


@pytest.mark.parametrize("day", NO_DAYS)
def test_what_is_no_day_is_refused(content: Content, day: str) -> None:
    """A day that no calendar has, or words, give the wording for a bad date."""
    said = errors(content, "referral", reported_on=day)
    assert said == {"reported_on": wording("referral", "reported_on", "not_date")}


@pytest.mark.parametrize("day", [FUTURE.isoformat(), f"{FUTURE:%d.%m.%Y}"], ids=["ISO", "typed"])
def test_a_day_in_the_future_is_refused(content: Content, day: str) -> None:
    """A report to the authorities cannot have been made tomorrow."""
    said = errors(content, "referral", reported_on=day)
    assert said == {"reported_on": wording("referral", "reported_on", "in_future")}


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])
def test_today_is_that_of_sofia(
    content: Content, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Wherever the server's clock stands; at any hour the day of one of these is another."""
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        today = datetime.now(SOFIA).date()
        assert errors(content, "referral", reported_on=today.isoformat()) == {}
        tomorrow = datetime.now(SOFIA).date() + timedelta(days=1)
        said = errors(content, "referral", reported_on=tomorrow.isoformat())
        midnight_was_passed = datetime.now(SOFIA).date() == tomorrow
        assert said.keys() == {"reported_on"} or midnight_was_passed
    time.tzset()


def test_both_ways_of_writing_mean_the_same_day() -> None:
    """3.1.2026 is the third of January."""
    assert parse_day("3.1.2026") == parse_day("2026-01-03")


@pytest.mark.parametrize("name", FORMS)
def test_the_hidden_field_catches_robots(content: Content, name: str) -> None:
    """Anyone who fills in the trap gets its sentence; the trap is no answer."""
    assert errors(content, name, **{TRAP: "https://spam.example"}) == {
        TRAP: written(name)["trap_filled"]["bg"]
    }
    form = filled(content, name, **{TRAP: "https://spam.example"})
    assert TRAP not in [answer.field_id for answer in form.answers]


def test_answers_that_nobody_asked_for_are_ignored(content: Content) -> None:
    """A field that the form does not have never reaches the answers."""
    form = filled(content, "contact", egn="7523169263")
    assert form.errors == {}
    assert "7523169263" not in str(form.answers)


def test_good_answers_are_the_least_that_passes(content: Content) -> None:
    """Each answer of the good forms is needed: without it there is an error."""
    for name, answers in GOOD.items():
        for field in answers:
            assert field in errors(content, name, **{field: []}), (name, field)


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("Обадете се сега на 112.", "Обадете се сега на 112"),
        ("Курсът е само за възрастни.", "С този отговор писмото не тръгва"),
    ],
)
def test_an_answer_that_stops_is_no_mistake(content: Content, said: str, heading: str) -> None:
    """Its words head the page; 112 comes first only where they name it, in any form."""
    whole = form_of(content, "contact")
    danger = whole.definition.field("danger")
    assert isinstance(danger, Choice)
    options = tuple(
        o.model_copy(update={"stop": Text({"bg": said}) if o.stop else None})
        for o in danger.options
    )
    others = tuple(f for f in whole.definition.fields if f.id != "danger")
    fields = (danger.model_copy(update={"options": options}), *others)
    definition = whole.definition.model_copy(update={"fields": fields})
    changed = centre_form(definition, whole.centre, content.groups, "bg")
    form = FilledForm(changed, sent("contact", danger="yes"))
    stops = form.stops
    assert stops == form.errors == {"danger": said}
    page = html.fromstring(
        form_page(
            template_environment("bg"),
            form,
            action="/x",
            home="/sopot/",
            help_lines=content.help_lines,
            errors=stops,
            stops=list(stops),
        )
    )
    box = page.get_element_by_id("errors")
    assert box.findtext("h2") == heading
    assert ("tel:112" in box.xpath(".//a/@href")) == ("112" in said)
    assert said in box.text_content()
    assert "поправяне" not in box.text_content()
