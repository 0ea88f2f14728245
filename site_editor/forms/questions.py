"""Pure: questions of a form as data: begun, completed, moved, removed, and what hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

from site_model.content import Content
from site_model.forms.definition import TRAP, TRAP_TOLD
from site_model.forms.kinds import ERRORS, ErrorCode, FieldBase, FormField
from site_model.loading.form_consistency import OTHER_PAGES, TAKEN_IDS
from site_model.text.transliteration import latin_words
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import CENTRE_SLUGS, COMMON_SLUGS

Data = Mapping[str, Any]
Form = dict[str, Any]

KINDS: Final[Mapping[str, type[FieldBase]]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind
    for kind in get_args(get_args(FormField)[0])
}
"""The kinds of questions by their code."""
LONGEST_ID: Final = 40
_LONGEST: Final = {"short_text": 200, "long_text": 2000}
"""How many signs an answer may have until somebody says otherwise."""


def mapping(value: Any) -> Data:
    return value if isinstance(value, Mapping) else {}


def words_in(text: Any, language: str = SOURCE_LANGUAGE) -> str:
    """What a text of data says in a language, on one line; "" for nothing."""
    return " ".join(str(mapping(text).get(language) or "").split())


def error_codes(question: Data) -> list[ErrorCode]:
    """What may be wrong with an answer to a question, as far as it is told."""
    kind = KINDS[question["kind"]]
    required = str(question.get("required", kind.model_fields["required"].default)).lower()
    known = {name: one for name, one in question.items() if name in kind.model_fields}
    asked = kind.model_construct(**known | {"required": required in ("true", "да")})
    possible = asked.possible_errors()
    return [code for code in ERRORS if code in possible]


def begun_form(title: str, content: Content) -> Form:
    """A form of one's own; what all forms say alike is as the contact form of the project has it.

    No address and no code is one that another page or form has, or had.
    """
    shared = {"submit", "next_steps", "personal_number_found", "trap_label", "trap_filled"}
    alike = content.forms["contact"].model_dump(mode="json", include=shared)
    codes = {*CENTRE_SLUGS, *OTHER_PAGES, *content.forms, *content.accepted_versions}
    forms = content.forms.values()
    addresses = {*CENTRE_SLUGS.values(), *COMMON_SLUGS, *(one.slug for one in forms)}
    made: Form = {
        "id": _free(latin_words(title, "_")[:LONGEST_ID].strip("_") or "formulyar", codes),
        "version": 1,
        "slug": _free(latin_words(title) or "formulyar", addresses, "-"),
        "linked_from": {"pages": ["contacts"]},
        "reader": "family",
        "title": {SOURCE_LANGUAGE: title},
        "before": [],
    }
    return made | alike | {"next_steps": alike["next_steps"][:1], "fields": []}


def new_question(kind: str, form: Data) -> Form:
    """A question of a kind; who reads the answer is as at the question before."""
    made: Form = {"kind": kind, "label": {}}
    if form["fields"]:
        made["used_by"] = dict(form["fields"][-1].get("used_by", {}))
    return made


def complete_form(form: Form) -> Form:
    """The same form with codes, longest answers and sentences on errors where they lack.

    A form that has all of them stays as it is.
    """
    done = [one for one in form["fields"] if "id" in one]
    taken = {*TAKEN_IDS, TRAP, TRAP_TOLD, *(one["id"] for one in done)}
    fields = []
    for question in form["fields"]:
        made = _complete_question(question, taken)
        taken.add(made.get("id", ""))
        fields.append(made)
    return form | {"fields": fields}


def _complete_question(question: Form, taken: Collection[str]) -> Form:
    code, kind = question["kind"], KINDS[question["kind"]]
    made = _with_id(question, taken)
    made = {name: one for name, one in made.items() if name in kind.model_fields}
    if code in _LONGEST and "max_length" not in made:
        made["max_length"] = _LONGEST[code]
    if made.get("options"):
        ids: set[str] = {one["id"] for one in made["options"] if "id" in one}
        options = []
        for option in made["options"]:
            options.append(_with_id(option, ids))
            ids.add(options[-1].get("id", ""))
        made["options"] = options
    said = mapping(made.get("errors"))
    lacking = {c: {SOURCE_LANGUAGE: ERRORS[c][1]} for c in error_codes(made) if not said.get(c)}
    if lacking:
        made["errors"] = {**said, **lacking}
    return made


def _with_id(item: Form, taken: Collection[str]) -> Form:
    label = words_in(item.get("label"))
    if item.get("id") or not label:
        return item
    return {"id": _free(latin_words(label, "_")[:LONGEST_ID].strip("_") or "vapros", taken), **item}


def _free(name: str, taken: Collection[str], joint: str = "_") -> str:
    names = (name, *(f"{name}{joint}{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def arrange_items(form: Form, what: str, place: str) -> str:
    """Add an item to a list of the form, or move or remove one, as up of fields-3-options-1.

    Returns the place of the item that is meant; raises ValueError or LookupError for one that is
    not there.
    """
    *above, last = place.split("-")
    here: Any = form
    for step in above:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if what == "add":
        items = here.setdefault(last, [])
        items.append({})
        return f"{place}-{len(items) - 1}"
    at = int(last)
    if not isinstance(here, list) or not 0 <= at < len(here):
        raise LookupError(place)
    item = here.pop(at)
    if what != "remove":
        at = max(0, at - 1) if what == "up" else min(len(here), at + 1)
        here.insert(at, item)
    return "-".join((*above, str(at)))


def answers_above(form: Data, at: int) -> dict[str, tuple[str, str]]:
    """Answers that a question may depend on: the words of each and its question, as
    question.answer.
    """
    return {
        f"{one['id']}.{option['id']}": (words_in(one["label"]), words_in(option["label"]))
        for one in form["fields"][:at]
        if "id" in one
        for option in one.get("options", ())
        if "id" in option
    }


CONDITIONS: Final = ("show_if", "required_when")


def conditions_in(value: Any) -> list[str]:
    """The answers that a condition names, each as question.answer."""
    named = mapping(value)
    pairs = {named["field"]: named.get("any_of")} if "field" in named else named
    found = []
    for field, answers in pairs.items():
        several = [answers] if isinstance(answers, str) else answers or ()
        found += [one if "." in one else f"{field}.{one}" for one in several]
    return found


def condition_words(form: Data, at: int) -> str:
    """When a question is asked: „само ако на „А“ е отговорено „Б“ или „В““; "" for always."""
    known = answers_above(form, at)
    said = conditions_in(form["fields"][at].get("show_if"))
    found = [known[one] for one in said if one in known]
    if not found:
        return "условието му вече не е по-горе" if said else ""
    answers = " или ".join(f"„{answer}“" for _, answer in found)
    return f"само ако на „{found[0][0]}“ е отговорено {answers}"


def hanging_on(form: Data, question: str, answer: str = "") -> list[str]:
    """The labels of the questions whose conditions name a question, or one answer of it."""
    begins = f"{question}.{answer}"
    return [
        words_in(one.get("label"))
        for one in form["fields"]
        for name in CONDITIONS
        if any(
            said == begins or (not answer and said.startswith(begins))
            for said in conditions_in(one.get(name))
        )
    ]


def loosen(form: Form) -> Form:
    """The form without conditions on what is not asked above any more."""
    fields: list[Form] = []
    for at, one in enumerate(form["fields"]):
        known = answers_above(form, at)
        lost = {name for name in CONDITIONS if set(conditions_in(one.get(name))) - known.keys()}
        fields.append({name: value for name, value in one.items() if name not in lost})
    return form | {"fields": fields}


def by_code(form: Data) -> Form:
    """The form with each question under its own code, and their order."""
    questions = {f"? {one.get('id', at)}": one for at, one in enumerate(form.get("fields", ()))}
    return {**form, **questions, "fields": list(questions)}


def rejoin(parts: Data) -> Form:
    """The form of such parts; a question that has no place in the order comes last."""
    keys = [key for key in parts if key.startswith("? ")]
    order = [key for key in parts["fields"] if key in keys]
    fields = [parts[key] for key in (*order, *(key for key in keys if key not in order))]
    return {key: one for key, one in parts.items() if key not in keys} | {"fields": fields}
