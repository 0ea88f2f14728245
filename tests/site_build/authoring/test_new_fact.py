"""A new fact is one edit of a model: whatever shows facts to staff takes it from there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from openpyxl import load_workbook

from tests.support.content.told import ANSWERS, options
from tests.support.project import ROOT

IMPORTS: Final = """
from typing import Annotated, Literal
from site_model.field_metadata import Asked, Choices, CodeOf, Prompt, words
from site_model.field_types import Day, TimeOfDay, YesNo
from site_model.types import Fact, FieldId, Moment, PhoneNumber, Sourced, Text
"""
EDITS: Final = (
    (
        "centre.py",
        "class Centre(Frozen):",
        """class Room(Sourced):
    id: Annotated[FieldId, words("Код", "Кратко име.")]
    name: Annotated[Text, words("Стая", "Както я наричате."), Prompt()]
    size: Annotated[
        Literal["small", "large"] | None,
        words("Големина", "Колко хора побира."),
        Choices({"small": "за двама", "large": "за група"}),
        Prompt(),
    ] = None


""",
    ),
    (
        "centre.py",
        "    fee: Annotated[",
        """    wifi: Annotated[
        Fact | None,
        words("Мрежа за гости", "Има ли безжична мрежа."),
        Asked("Има ли при вас мрежа за гости?", of_all=True),
        Prompt("Хората питат и за това."),
    ] = None
    rooms: Annotated[
        tuple[Room, ...],
        words("Стаи", "Къде се срещате с хората."),
        Asked("Какви стаи имате?"),
        Prompt(),
    ] = ()
    opened: Annotated[Moment | None, words("Открит", "Кога."), Prompt()] = None
""",
    ),
    (
        "services.py",
        "    where: Annotated[",
        """    since: Annotated[
        Moment | None, words("Откога", "Кога е започнала."), Asked("Откога има „{name}“?"), Prompt()
    ] = None
    own_number: Annotated[PhoneNumber | None, words("Свой телефон", "Само за нея."), Prompt()] = (
        None
    )
    at: Annotated[TimeOfDay | None, words("В колко часа", "Начало."), Prompt()] = None
    free: Annotated[YesNo | None, words("Безплатна ли е", "Да или не."), Prompt()] = None
""",
    ),
    (
        "people.py",
        "    count: Annotated[",
        """    works_with: Annotated[
        tuple[FieldId, ...], words("С кого работи", "Групите хора."), CodeOf("groups"), Prompt()
    ] = ()
""",
    ),
    (
        "statements.py",
        "    complaints: Annotated[",
        """    archive: Annotated[
        Fact | None, words("Архив", "Къде стоят."), Asked("Къде пазите старите писма?")
    ] = None
""",
    ),
)
"""Facts that no centre has today: in which model each is written, and before which line."""

TOLD: Final = ANSWERS | {
    "wifi": "Има, питайте за паролата.",
    "rooms.name": "Синя стая",
    "rooms.size": "2",
    "opened": "2011 г.",
    "services.since": "март 2018 г.",
    "services.own_number": "0888 65 43 21",
    "services.at": "9.30",
    "services.free": "да",
    "team.works_with": "1; 2",
}
TITLES: Final = {
    "centre.json": {"Мрежа за гости", "Стаи", "Открит"},
    "Service": {"Откога", "Свой телефон", "В колко часа", "Безплатна ли е"},
    "TeamRole": {"С кого работи"},
    "StatementFacts": {"Архив"},
    "Room": {"Стая", "Големина"},
}


class Longer:
    """Opora with more facts in its models, and a site that it began."""

    def __init__(self, folder: Path) -> None:
        self.code, self.site = folder / "opora", folder / "site"
        self.code.mkdir()
        self.site.mkdir()
        for name in ("site_model", "site_build"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, self.code / name, ignore=ignored)
        for path in ROOT.iterdir():
            if not (self.code / path.name).exists() and path.name not in (".git", "build", "site"):
                (self.code / path.name).symlink_to(path)
        for file, before, new in EDITS:
            path = self.code / "site_model" / "facts" / file
            text = path.read_text(encoding="utf-8")
            assert text.count(before) == 1
            text = text.replace(before, new + before)
            if IMPORTS not in text:
                begin = "from __future__ import annotations\n"
                text = text.replace(begin, begin + IMPORTS, 1)
            path.write_text(text, encoding="utf-8")

    def __call__(self, *words: str) -> str:
        """What a command on the site prints."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "site_build", *words, "--project", str(self.site)],
            cwd=self.code,
            env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(self.code)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @property
    def file(self) -> Path:
        return self.site / "content" / "centres" / "byala.yml"

    def facts(self) -> Any:
        return yaml.safe_load(self.file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Longer:
    """Where `new-centre` was told the new facts with the others."""
    longer = Longer(tmp_path_factory.mktemp("longer"))
    longer("new-centre", *options(TOLD))
    return longer


def test_it_is_asked_for_and_stands_in_the_commented_file(longer: Longer) -> None:
    """`new-centre` reads each answer as its type wants it; what is not told waits as a note."""
    facts, text = longer.facts(), longer.file.read_text(encoding="utf-8")
    assert facts["wifi"]["text"] == {"bg": "Има, питайте за паролата."}
    assert [(one["name"]["bg"], one["size"]) for one in facts["rooms"]] == [("Синя стая", "large")]
    assert facts["opened"] == "2011"
    [service] = facts["services"]
    told = (service["since"], service["own_number"], service["at"], service["free"])
    assert told == ("2018-03", "0888 65 43 21", "09:30", True)
    assert facts["team"][0]["works_with"] == ["violence", "school"]
    assert "# Мрежа за гости. Има ли безжична мрежа.\nwifi:" in text
    assert "#   since: Откога. Кога е започнала.\n" in text
    source = (longer.site / "content" / "sources" / "byala.txt").read_text(encoding="utf-8")
    assert "Мрежа за гости: Има, питайте за паролата.\n" in source
    assert "Стаи: Стая: Синя стая; Големина: за група\n" in source


def test_editors_complete_and_explain_it(longer: Longer) -> None:
    """The schema of the site names each in Bulgarian and in its own model."""
    schema = json.loads((longer.site / "schema" / "centre.json").read_text(encoding="utf-8"))
    for name, titles in TITLES.items():
        part = schema["$defs"].get(name, schema)
        known = {field["title"]: field["description"] for field in part["properties"].values()}
        assert titles <= set(known)
        assert all(known[title] for title in titles)


def test_it_goes_through_a_spreadsheet(longer: Longer, tmp_path: Path) -> None:
    """It has its row, its column or its sheet; what is written there comes back."""
    before = longer.facts()
    sheet = tmp_path / "byala.xlsx"
    longer("spreadsheet", str(sheet), "--centre", "byala")
    book = load_workbook(sheet)
    rows = {row[0].value: row for row in book["Център"].iter_rows()}
    assert rows["Открит"][2].value == "2011"
    titles = {cell.value: cell.column for cell in book["Услуги"][1]}
    values = {title: book["Услуги"].cell(3, at).value for title, at in titles.items()}
    assert [values[t] for t in ("Откога", "В колко часа", "Безплатна ли е")] == [
        *("03.2018", "09:30", "да")
    ]
    assert [cell.value for cell in book["Стаи"][3]][:3] == ["Синя стая", "за група", "sinya_staya"]
    rows["Мрежа за гости"][2].value = "Вече няма."
    book["Услуги"].cell(3, titles["Откога"]).value = "04.06.2014"
    book["Стаи"].append(["Зелена стая", "за двама"])
    book.save(sheet)
    longer("new-centre", "--from", str(sheet), "--yes")
    facts = longer.facts()
    assert facts["wifi"]["text"]["bg"] == "Вече няма."
    assert facts["services"][0]["since"] == "2014-06-04"
    rooms = [(one["id"], one.get("size")) for one in facts["rooms"]]
    assert rooms == [("sinya_staya", "large"), ("zelena_staya", "small")]
    assert facts["team"][0]["works_with"] == before["team"][0]["works_with"]


def test_what_is_not_told_is_asked_on_the_telephone(longer: Longer) -> None:
    """The report asks for each that is lacking, with its name, its star and its own words."""
    told = longer.file.read_text(encoding="utf-8")
    assert "· Архив: Къде пазите старите писма?" in longer("report")
    assert "Има ли при вас мрежа за гости?" not in longer("report")
    facts = longer.facts()
    del facts["wifi"], facts["rooms"], facts["services"][0]["since"]
    longer.file.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    lines = longer("report")
    longer.file.write_text(told, encoding="utf-8")
    assert "    ★ Мрежа за гости: Има ли при вас мрежа за гости?\n" in lines
    assert "    · Стаи: Какви стаи имате?\n" in lines
    assert "    · Откога: Откога има „Разговори с психолог“?\n" in lines


def test_an_old_translation_of_it_is_listed(longer: Longer) -> None:
    """A translation whose Bulgarian text has changed is named with its place."""
    facts = longer.facts()
    facts["wifi"]["text"] = {"bg": "Има.", "en": "There is."}
    longer.file.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    longer("remember")
    facts["wifi"]["text"]["bg"] = "Мрежата е за всички, без парола."
    longer.file.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    listed = longer("report")
    assert "wifi → text (английски): преводът е на „Има.“" in listed


def test_a_code_that_no_list_has_is_refused(longer: Longer) -> None:
    """A new field of codes is held against the list that it names, and the fix is said."""
    facts, before = longer.facts(), longer.file.read_text(encoding="utf-8")
    facts["team"][0]["works_with"] = ["violence", "nobody"]
    longer.file.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
    refused = longer.run("report")
    longer.file.write_text(before, encoding="utf-8")
    assert refused.returncode == 1
    assert (
        "„team → № 1 → works_with → № 2“: „nobody“ я няма сред групите на сайта" in refused.stderr
    )
