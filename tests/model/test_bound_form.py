"""A form of a centre parses what was sent and says what to mend in the words of its YAML."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sent_forms import GOOD, bound, errors, form_of, wording, written
from werkzeug.datastructures import MultiDict

from site_model.facts import Content
from site_model.form import TRAP
from site_model.validators import SOFIA, parse_day

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
    assert list(form.errors(form.bind(MultiDict())).items()) == list(expected.items())


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


PHONES = ("0888 123 456", "+359 888 123 456", "(0373) 9-10-76", "0373/9 10 76", "112.12")
NOT_PHONES = ("1234", "1" * 16, "0888 123 456 вечер", "<0888123456>", "++359888123456")


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_may_be_written_as_people_write_it(content: Content, phone: str) -> None:
    """Spaces, brackets, dashes, a slash and a plus are part of a phone."""
    assert errors(content, "referral", phone=phone) == {}


@pytest.mark.parametrize("phone", NOT_PHONES)
def test_what_cannot_be_dialled_is_no_phone(content: Content, phone: str) -> None:
    """Letters, too few and too many digits are refused with the wording of the field."""
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
GOOD_DAYS = (
    "2026-03-01",
    "1.3.2026",
    "01.03.2026",
    "01.03.2026 г.",
    "01.03.2026г.",
    TODAY.isoformat(),
)
NO_DAYS = ("31.02.2026", "2026-13-01", "01.03.26", "03/01/2026", "вчера", "2026", "1.3.2026 13:00")
FUTURE = TODAY + timedelta(days=2)  # two, so that midnight during the test changes nothing


@pytest.mark.parametrize("day", GOOD_DAYS)
def test_a_day_may_be_written_in_both_ways(content: Content, day: str) -> None:
    """A day of the past or today passes as 2026-03-01 and as 1.3.2026."""
    assert errors(content, "referral", reported_on=day) == {}


@pytest.mark.parametrize("day", NO_DAYS)
def test_what_is_no_day_is_refused(content: Content, day: str) -> None:
    """A day that no calendar has, or words, give the wording for a bad date."""
    said = errors(content, "referral", reported_on=day)
    assert said == {"reported_on": wording("referral", "reported_on", "not_date")}


@pytest.mark.parametrize("day", [FUTURE.isoformat(), f"{FUTURE:%d.%m.%Y}"])
def test_a_day_in_the_future_is_refused(content: Content, day: str) -> None:
    """A report to the authorities cannot have been made tomorrow."""
    said = errors(content, "referral", reported_on=day)
    assert said == {"reported_on": wording("referral", "reported_on", "in_future")}


def test_both_ways_of_writing_mean_the_same_day() -> None:
    """3.1.2026 is the third of January."""
    assert parse_day("3.1.2026") == parse_day("2026-01-03")


@pytest.mark.parametrize("name", FORMS)
def test_the_hidden_field_catches_robots(content: Content, name: str) -> None:
    """Whoever fills in the trap gets its sentence; the trap is no answer."""
    assert errors(content, name, **{TRAP: "https://spam.example"}) == {
        TRAP: written(name)["trap_filled"]["bg"]
    }
    centre, form = bound(content, name, **{TRAP: "https://spam.example"})
    assert TRAP not in [answer.field_id for answer in centre.answers(form)]


def test_answers_that_nobody_asked_for_are_ignored(content: Content) -> None:
    """A field that the form does not have never reaches the answers."""
    centre, form = bound(content, "contact", egn="7523169263")
    assert centre.errors(form) == {}
    assert "7523169263" not in str(centre.answers(form))


def test_good_answers_are_the_least_that_passes(content: Content) -> None:
    """Each answer of the good forms is needed: without it there is an error."""
    for name, answers in GOOD.items():
        for field in answers:
            assert field in errors(content, name, **{field: []}), (name, field)
