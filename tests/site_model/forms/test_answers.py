"""What was answered: cleaned, in the form's order, in the words of that day."""

from __future__ import annotations

import pytest

from site_model.content import Content
from site_model.forms.filled import FilledForm
from site_model.text.cleaning import clean
from tests.support.content.sent_forms import filled, form_of, sent, wording, written

CLEANED = {
    "line ends": ("а\r\nб\rв\nг", "а\nб\nв\nг"),
    "ends": (" \t\r\n а б \u00a0\n", "а б"),
    "control characters": ("а\x00\x07\x1b[31mб\x7f", "а[31mб"),
    "tab": ("а\tб", "а б"),
    "bidi": ("\u202eгън\u202c\u2066а\u2069\u200f\u200e\u061c", "гъна"),
    "zero width": ("а\u200b\u200d\ufeffб\u00ad", "аб"),
    "private use": ("а\ue000б", "аб"),
    "lone surrogate": ("а\ud800б", "аб"),
    "decomposed letters": ("и\u0306", "й"),
    "signs of other languages stay": ("Çağla Їжак „…“ № 5 – 😀", "Çağla Їжак „…“ № 5 – 😀"),
    "nothing": (None, ""),
}


@pytest.mark.parametrize(("typed", "kept"), CLEANED.values(), ids=CLEANED)
def test_a_text_keeps_what_can_be_read_and_nothing_else(typed: str | None, kept: str) -> None:
    """Nothing that could make the sheet say something else than what was sent stays."""
    assert clean(typed) == kept


def test_a_second_cleaning_changes_nothing() -> None:
    """What is clean is clean."""
    for typed, _ in CLEANED.values():
        assert clean(clean(typed)) == clean(typed)


def test_every_typed_answer_is_cleaned(content: Content) -> None:
    """Each text of a form goes through the cleaning before it is kept."""
    typed = ("institution", "sender_name", "post", "safe_time", "child", "settlement", "need")
    form = filled(content, "referral", **{field: " А\u202e\x00\r\nБ " for field in typed})
    values = {answer.field_id: answer.values for answer in form.answers}
    assert {field: values[field] for field in typed} == dict.fromkeys(typed, ("А\nБ",))


@pytest.mark.parametrize(
    ("name", "changed"), [("contact", {"contact_way": "call"}), ("referral", {})]
)
def test_answers_stand_in_the_order_of_the_form_with_its_labels(
    content: Content, name: str, changed: dict[str, str]
) -> None:
    """Sopot, which has facts for every choice, is asked every question of the YAML, where a call
    is wanted.
    """
    form = filled(content, name, **changed)
    found = [(a.field_id, a.label, a.safe_contact) for a in form.answers]
    assert found == [
        (field["id"], field["label"]["bg"], field.get("safe_contact", False))
        for field in written(name)["fields"]
    ]


def test_answers_hold_the_words_that_were_chosen(content: Content) -> None:
    """Choices are kept as their labels, a ticked box as ✓, texts as they were written."""
    form = filled(
        content,
        "contact",
        contact_way="email",
        email="ime@primer.bg",
        services=["reintegration", "individual"],
    )
    assert form.errors == {}
    assert {a.field_id: a.values for a in form.answers} == {
        "danger": ("Не",),
        "writer": ("Родител или човек, който се грижи за дете",),
        "name": (),
        "contact_way": ("Пишете ми на имейл",),
        "phone": (),
        "email": ("ime@primer.bg",),
        "safe_time": (),
        "services": ("Срещи, разговори и консултации", "Връщане на дете у дома"),
        "settlement": (),
        "message": ("Детето не иска да ходи на училище.",),
        "understood": ("✓",),
    }


def test_nothing_sent_is_nothing_answered(content: Content) -> None:
    """An empty form has every question that hangs on no answer, and no value."""
    for name in ("contact", "referral"):
        answers = FilledForm(form_of(content, name)).answers
        assert len(answers) == len([one for one in written(name)["fields"] if "show_if" not in one])
        assert not [answer for answer in answers if answer.values]


def options(content: Content, name: str, centre: str, field: str) -> list[tuple[str, str]]:
    """The choices of a question as a centre offers them; none where it is not asked."""
    asked = form_of(content, name, centre).fields.get(field)
    return [(o.id, o.label.to("bg")) for o in asked.options] if asked else []


CHOICES = {
    "families read plain services": (
        "contact",
        "harmanli",
        "services",
        [
            ("psychological", "Разговори с психолог"),
            ("social", "Разговори със социален работник"),
        ],
    ),
    "institutions read legal services": (
        "referral",
        "harmanli",
        "services",
        [
            ("psychological", "Психологическо консултиране"),
            ("social", "Социално консултиране"),
        ],
    ),
    "institutions read the legal services of Sopot": (
        "referral",
        "sopot",
        "services",
        [
            ("individual", "Индивидуални социални услуги"),
            ("mediation", "Посредничество при общуването с институции"),
            ("group", "Групови социални услуги"),
            ("reintegration", "Реинтеграция"),
        ],
    ),
    "institutions read legal groups": (
        "referral",
        "sopot",
        "groups",
        [
            ("families_at_risk", "Деца и семейства в риск"),
            ("pupils", "Ученици"),
            (
                "school",
                "Деца, необхванати от образователната система, в риск от отпадане или отпаднали "
                "от училище, и техните семейства",
            ),
            ("parents", "Родители"),
            ("reunification", "Деца от институции и биологичните им семейства (реинтеграция)"),
        ],
    ),
    "programmes": (
        "referral",
        "sopot",
        "programmes",
        [
            ("family_planning", "Семейно планиране"),
            ("my_choice", "Моят избор"),
            ("parenting", "Родителски умения"),
            ("peers", "Връстници обучават връстници"),
            ("back_to_class", "Да се върнем в клас"),
            ("family_support", "Семейна подкрепа"),
            ("foster_care", "Приемна грижа"),
            ("adoption", "Осиновяване"),
        ],
    ),
}


@pytest.mark.parametrize(("name", "centre", "field", "expected"), CHOICES.values(), ids=CHOICES)
def test_choices_come_from_the_facts_of_the_centre(
    content: Content, name: str, centre: str, field: str, expected: list[tuple[str, str]]
) -> None:
    """Families choose among plain names and institutions among legal ones."""
    assert options(content, name, centre, field) == expected


def test_harmanli_offers_all_its_eight_groups_to_institutions(content: Content) -> None:
    """Each of the eight target groups of the seed can be chosen in a referral."""
    assert len(options(content, "referral", "harmanli", "groups")) == 8


def test_a_question_without_facts_is_not_asked(content: Content) -> None:
    """Harmanli names no programmes, so its referral has every question but that one."""
    asked = list(form_of(content, "referral", "harmanli").fields)
    every = [field["id"] for field in written("referral")["fields"]]
    assert asked == [field for field in every if field != "programmes"]


def test_a_choice_of_another_centre_is_not_offered(content: Content) -> None:
    """What Sopot offers cannot be asked of Harmanli."""
    form = form_of(content, "contact", "harmanli")
    said = FilledForm(form, sent("contact", services="mediation")).errors
    assert said == {"services": wording("contact", "services", "not_offered")}
