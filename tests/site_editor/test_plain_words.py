"""Staff read no English: neither of a field's name, nor of a file's, nor of the system's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from site_editor.facts_to_form import Reader, lists_of
from site_editor.form_part import Part
from site_editor.form_to_facts import Telling, typed_tree
from site_editor.plain_words import plainly, shorten, without_folders
from site_editor.sections import SECTIONS, Section
from site_editor.web.app import create_app
from site_editor.web.filled import _fields
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.field_metadata import Asked, metadata
from site_model.problems import names_known_at, sentence_for
from tests.support.editor import HOST, OURS, words
from tests.support.project import ROOT

MODULES = (
    *("facts/centre.py", "facts/contacts.py", "facts/people.py", "facts/pictures.py"),
    *("facts/services.py", "facts/statements.py", "field_types.py", "loading/consistency.py"),
    "text/telephones.py",
)
"""Where what is wrong with a centre's facts is said."""
LATIN = re.compile(r"(?<![\w.@/-])[A-Za-z]{2,}(?![\w@]|\.\w)")
EXAMPLES = re.compile(r"\b(?:JPEG|PNG|WebP|heic|ime@primer\.bg)\b")
ODD = ("", "x1", "-1", "99999999999", "32.13.2020", "а" * 600, "a@", "<b>", "„", "0", "1.1.1800")


def raised(module: str) -> Iterator[str]:
    """The sentences with which a module refuses facts; what is put into them is left out."""
    tree = ast.parse((ROOT / "site_model" / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise | ast.Yield | ast.Return):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.JoinedStr):
                texts = [
                    one.value if isinstance(one, ast.Constant) else "…" for one in inner.values
                ]
                yield "".join(map(str, texts))
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.value


@pytest.mark.parametrize("module", MODULES)
def test_sentences_of_the_model_have_codes_only_in_brackets(module: str) -> None:
    """So that people who edit a file find the field, and those who use the editor read none."""
    said = [one for one in raised(module) if re.search("[а-я]{3}", one)]
    shown = [EXAMPLES.sub("", plainly(one, {})) for one in said]
    found = [one for one in shown if LATIN.search(one)]
    assert [one for one in found if "key (ключ" not in one and "password" not in one] == []


def leaves(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from leaves(part.parts)


def filled_parts(reader: Reader, section: Section) -> tuple[Part, ...]:
    """The parts of a section with an item in each list."""
    tree = typed_tree({})
    for _ in range(3):
        for part in leaves(reader.parts(Centre, tree, section.fields)):
            if part.kind == "many" and not part.parts:
                here = tree
                *above, last = part.name.split("-")
                for step in above:
                    here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
                here[last] = [{}]
    return reader.parts(Centre, tree, section.fields)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.slug)
def test_no_part_and_no_error_shows_latin(section: Section, content: Content) -> None:
    """Every title, explanation and choice; and what is said where each field is filled in oddly."""
    centre = content.centres["sopot"]
    reader = Reader(lists_of(content.catalogues, centre))
    parts = filled_parts(reader, section)
    said = [
        one for part in leaves(parts) for one in (part.title, part.hint, *part.choices.values())
    ]
    known = centre.model_dump(mode="json", exclude_defaults=True)
    fields = list(_fields(parts))
    for odd in ODD:
        tree = typed_tree({name: ["0" if name.endswith("-from") else odd] for name, _ in fields})
        telling = Telling()
        told = telling.fields(Centre, reader.parts(Centre, tree, section.fields), {})
        said += [one for some in telling.faults.values() for one in some]
        try:
            Centre.model_validate(known | told)
        except ValidationError as error:
            for item in error.errors():
                if item["loc"][-1] not in ("source", "id", "slug", "checked_on"):
                    sentence = sentence_for(item, names_known_at(Centre, item["loc"]))
                    said.append(plainly(sentence, {}).replace(odd, "") if odd else sentence)
    assert [one for one in said if LATIN.search(EXAMPLES.sub("", one))] == []


def test_questions_show_no_latin() -> None:
    """What the first page asks the centre."""
    asked = (metadata(field, Asked) for field in Centre.model_fields.values())
    assert not [one for one in asked if one and LATIN.search(plainly(one.question, {}))]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("/srv/opora/content/centres/a.yml: няма място.", "a.yml: няма място."),
        ("C:\\Opora\\content\\site.yml: не се чете.", "site.yml: не се чете."),
        ("content/centres/a.yml, ред 5: липсва.", "content/centres/a.yml, ред 5: липсва."),
        ("https://primer.bg/a/b", "https://primer.bg/a/b"),
        ("1/2 от хората и/или 3", "1/2 от хората и/или 3"),
    ],
)
def test_folders_of_the_computer_are_left_out(said: str, read: str) -> None:
    """The file is named, and not where the server has it."""
    assert without_folders(said) == read


def test_titles_end_with_a_whole_word() -> None:
    """Not in the middle of one."""
    text = "Помощ за деца с обучителни трудности и техните семейства, които живеят в общината"
    short = shorten(text)
    assert short.endswith("…") and len(short) <= 61
    assert text.startswith(short[:-1] + ",") or text.startswith(short[:-1] + " ")
    assert shorten("къс текст") == "къс текст"
    assert shorten("а" * 99) == "а" * 60 + "…"


def test_unforeseen_error_is_told_in_bulgarian() -> None:
    """The English of the program goes to its log, with no path on the page."""

    def broken() -> object:
        raise KeyError("some English words of a library")

    client = create_app(broken, {HOST}).test_client()  # type: ignore[arg-type]
    answer = client.get("/", headers=OURS)
    assert answer.status_code == 500
    assert not LATIN.search(words(answer))
