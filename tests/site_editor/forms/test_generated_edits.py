"""Changes made by chance: what is written reads as it was meant, and keeps every comment."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from site_build.project import Project
from site_editor.draft import FaultyError
from site_editor.forms.drafting import FormFile, draft_form
from site_editor.forms.questions import KINDS, arrange_items, complete_form, loosen, new_question
from site_editor.web.state import FactCache
from site_model.loading.yaml_lines import parse_yaml
from site_model.text.saved_files import text_of
from tests.support.project import OWN_FORMS, ROOT, real_content

EXAMPLES = int(os.environ.get("OPORA_FUZZ_EXAMPLES", "24"))
KEPT = FactCache()
FORMS = [*sorted((ROOT / "content" / "forms").glob("*.yml")), *sorted(OWN_FORMS.glob("*.yml"))]
TEXTS = ("Ново", "a: b # не е бележка", "„Да“ – 'не'", "- 5", "да", "{x}", "0888", "мама и аз")


def change(form: dict[str, Any], random: Random) -> dict[str, Any]:
    """One press: a text, a move, something removed or added."""
    at = random.randrange(len(form["fields"]))
    question = form["fields"][at]
    match random.randrange(5):
        case 0:
            question["label"]["bg"] = random.choice(TEXTS)
        case 1:
            form["title"] = form["title"] | {random.choice(("bg", "tr")): random.choice(TEXTS)}
        case 2:
            arrange_items(form, random.choice(("up", "down", "remove")), f"fields-{at}")
        case 3 if question.get("options"):
            place = f"fields-{at}-options-{random.randrange(len(question['options']))}"
            arrange_items(form, random.choice(("up", "down", "remove")), place)
        case _:
            made = new_question(random.choice(list(KINDS)), form)
            texts = {name: {"bg": random.choice(TEXTS)} for name in ("label", "why", "used_by")}
            if "choice" in made["kind"]:
                made["options"] = [{"label": {"bg": text}} for text in TEXTS[:3]]
            form["fields"].append(made | texts)
    return loosen(complete_form(form))


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.lstrip().startswith("#")]


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_generated_edits_are_written_as_they_were_meant(file: Path) -> None:
    """Each draft reads as the form that was made; what may not stand is refused in words."""
    random = Random(file.stem)  # noqa: S311
    text = file.read_text(encoding="utf-8")
    data = parse_yaml(text_of(text.encode())).data
    form_file = FormFile(Project(ROOT), real_content(), file.stem, text, data, KEPT)
    written = 0
    for _ in range(EXAMPLES // len(FORMS)):
        form = copy.deepcopy(data)
        for _ in range(random.randrange(1, 4)):
            if form["fields"]:
                form = change(form, random)
        try:
            draft = draft_form(form_file, form, accept=random.random() < 0.3)
        except FaultyError as error:
            assert all(error.faults.values())
            continue
        if draft and (new := draft.news.get(form_file.place)):
            assert isinstance(new, str)
            written += 1
            read = parse_yaml(text_of(new.encode())).data
            assert read == form | {"version": read["version"]}
            assert [line for line in comments(text) if line in comments(new)] == comments(text)
    assert written
