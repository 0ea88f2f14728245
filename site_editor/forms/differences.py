"""Pure: what is different between two states of a form, in the words of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from site_build.authoring.spreadsheet.changes import Change
from site_editor.form_part import Part
from site_editor.forms.fields import Fields, told_fields
from site_editor.forms.questions import KINDS, Data, words_in
from site_model.forms.definition import FormDefinition
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE

FieldsOf = Callable[[Data, int | None], Fields]
"""The fields of a question of a form by its number, or of the form itself."""
_YES: Final = {"yes": "да", "": "не"}
_Said = dict[tuple[str, ...], tuple[str, str]]
"""Where a field is, in words, and what it says, by its place."""


def form_changes(old: Data, new: Data, fields_of: FieldsOf) -> list[Change]:
    """Every difference, those of the form itself first."""
    before, after = _values(old, fields_of), _values(new, fields_of)
    was, will = _labels(old), _labels(new)
    alone = was.keys() ^ will.keys()
    found = [
        Change("Въпроси", was.get(id, ""), will.get(id, ""))
        for id in {**was, **will}
        if id in alone
    ]
    for place in dict.fromkeys([*before, *after]):
        where, earlier = before.get(place, ("", ""))
        where, later = after.get(place, (where, ""))
        if earlier != later and place[0] not in alone:
            found.append(Change(where, earlier, later))
    orders = [[id for id in known if id not in alone] for known in (was, will)]
    if orders[0] != orders[1]:
        said = ("; ".join(will[id] for id in order) for order in orders)
        found.append(Change("Ред на въпросите", *said))
    return found


def older_translations(old: Data, new: Data, fields_of: FieldsOf) -> Iterator[str]:
    """Each text whose Bulgarian words are new and whose translations are not, with those."""
    before, after = _values(old, fields_of), _values(new, fields_of)
    for place, (where, said) in after.items():
        was = before.get(place, ("", ""))[1]
        if place[-1] == SOURCE_LANGUAGE and was and was != said:
            others = (key for key in after if key[:-1] == place[:-1] and key != place)
            same = [
                key[-1] for key in others if after[key][1] == before.get(key, ("", ""))[1] != ""
            ]
            if same:
                yield f"{where}: {', '.join(map(in_bulgarian, same))}"


def _labels(form: Data) -> dict[str, str]:
    return {one["id"]: words_in(one.get("label")) for one in form.get("fields", ()) if "id" in one}


def _values(form: Data, fields_of: FieldsOf) -> _Said:
    names = told_fields(FormDefinition)
    found = _of_parts(fields_of(form, None).parts(FormDefinition, form, names), ("",), "")
    for at, one in enumerate(form.get("fields", ())):
        model = KINDS[one["kind"]]
        parts = fields_of(form, at).parts(model, one, told_fields(model))
        found |= _of_parts(parts, (one.get("id", ""),), f"Въпрос „{words_in(one.get('label'))}“ – ")
    return found


def _of_parts(parts: Sequence[Part], place: tuple[str, ...], above: str) -> _Said:
    """What each field says; an item of a list stands under its own code."""
    found: _Said = {}
    for part in parts:
        here = (*place, part.base or part.name.rpartition("-")[2])
        where = f"{above}{part.title}"
        if part.kind in ("texts", "group", "many"):
            inside = {"texts": above, "group": f"{where} – ", "many": f"{where} № "}[part.kind]
            found |= _of_parts(part.parts, here, inside)
        else:
            found[here] = where, _words(part)
    return found


def _words(part: Part) -> str:
    if part.kind == "yes":
        return _YES[part.value]
    if part.kind == "list":
        return ", ".join(part.choices[one] for one in part.values)
    return part.choices.get(part.value, part.value)
