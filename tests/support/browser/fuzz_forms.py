"""Forms with conditions as Hypothesis draws them, and what a reader may do with them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import FormDefinition
from tests.support.project import real_content

CONTENT = real_content()
OPTIONS = ("a", "b", "c")


Questions = list[dict[str, Any]]


def _text(words: str) -> dict[str, str]:
    return {"bg": words}


@st.composite
def forms_with_answers(draw: st.DrawFn) -> tuple[Questions, list[tuple[str, str]]]:
    """A form of two to seven questions, each perhaps asked after a choice above, and answers."""
    fields: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(["choice", "choices", "choice", "short_text", "consent"]))
        asked: dict[str, Any] = {
            "id": f"q{number}",
            "kind": kind,
            "label": _text(f"Въпрос {number}"),
            "used_by": _text("Никой."),
            "why": _text("За проба."),
            "errors": {"missing": _text("Липсва"), "not_offered": _text("Не")},
        }
        if kind in ("choice", "choices"):
            asked["options"] = [{"id": name, "label": _text(name)} for name in OPTIONS]
        if kind == "short_text":
            asked |= {"max_length": 9, "errors": {"too_long": _text("Дълго")}}
        if kind == "consent":
            asked["errors"] = {"missing": _text("Липсва")}
        above = [item["id"] for item in fields if item["kind"] in ("choice", "choices")]
        if above and draw(st.integers(0, 3)):
            answers = draw(st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True))
            asked["show_if"] = {draw(st.sampled_from(above[-2:])): answers}
        fields.append(asked)
    steps = draw(
        st.lists(
            st.sampled_from([asked["id"] for asked in fields]).flatmap(
                lambda name: st.tuples(st.just(name), st.sampled_from((*OPTIONS, "y")))
            ),
            min_size=1,
            max_size=14,
        )
    )
    return fields, steps


def bound(fields: Questions) -> CentreForm:
    """The form of a centre with these questions."""
    contact = CONTENT.forms["contact"]
    definition = FormDefinition.model_validate(
        contact.model_dump(exclude={"fields"}) | {"id": "drawn", "fields": fields}
    )
    return centre_form(definition, CONTENT.centres["sopot"], CONTENT.groups, "bg")
