"""Pure: what the questions of a form are, so that a change of them cannot go unnoticed.

A question's mark is made of all that gives an answer its meaning: kind, Bulgarian label, answers to
choose from and conditions; not of hints, reasons, wording of errors or translations. Accepted
versions stand in `content/form_versions.yml`. A page carries the marks of its questions, so that
the service knows when a letter comes from an older page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import Field, RootModel

from site_model.forms.definition import FormDefinition
from site_model.forms.kinds import FormField
from site_model.types import FieldId, Frozen

FORM_VERSION: Final = "form_version"
"""Under this name a page says which questions it asks."""


class AcceptedVersion(Frozen):
    """The version under which an operator accepted the questions that have this mark."""

    version: Annotated[int, Field(ge=1)]
    questions: str


class AcceptedVersions(RootModel[dict[FieldId, AcceptedVersion]]):
    """`content/form_versions.yml`: the accepted version of each form, by its id."""


def marks(definition: FormDefinition) -> str:
    """The marks of a form's questions, as its page carries them: `name.t1a2b3c phone.t…`."""
    return " ".join(f"{field.id}.{_mark(field)}" for field in definition.fields)


def whole_mark(definition: FormDefinition) -> str:
    """One mark for all questions and their order."""
    return hashlib.sha256(marks(definition).encode()).hexdigest()[:12]


def read_marks(text: str) -> dict[str, str]:
    """What a page said of its questions, by their ids; whatever else it is, no exception."""
    pairs = (part.partition(".") for part in text.split())
    return {name: mark for name, _, mark in pairs}


def was_written(mark: str) -> bool:
    """Whether a question that a page still had was answered in one's own words."""
    return mark.startswith("t")


def accepted_now(
    forms: Iterable[FormDefinition], before: Mapping[str, AcceptedVersion]
) -> dict[str, AcceptedVersion]:
    """The accepted versions once these forms are accepted; a form that is gone keeps its number."""
    now = {
        form.id: AcceptedVersion(version=form.version, questions=whole_mark(form)) for form in forms
    }
    return dict(before) | now


def _mark(field: FormField) -> str:
    written = "t" if field.is_written else "c"
    data = json.dumps(field.meaning(), ensure_ascii=False).encode()
    return written + hashlib.sha256(data).hexdigest()[:6]
