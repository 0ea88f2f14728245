"""The guide for staff, followed word by word: from an empty folder and a spreadsheet to letters."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pysequoia import Profile, Tsk

from contact_service.settings.service import load_settings
from site_build.authoring.spreadsheet.columns import CENTRE_SHEET
from site_model.loading.loader import load_content
from tests.support.pages.built_pages import OF_EVERY_CENTRE, main_words, page
from tests.support.project import ROOT, SHORTEST_LETTER, application
from tests.support.waiting import PATIENCE

GUIDE = (ROOT / "docs" / "guide" / "nov-tsentar.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(make .*)\n```$", GUIDE, re.MULTILINE)
TOLD = {
    "Телефони": {"A3": "0817 1 23 45", "A4": "0888 12 34 56"},
    "На кого помагаме": {"A3": "Родители", "A4": "Ученици"},
    "Услуги": {"A3": "Разговори", "C3": "Говорим с вас за това, което ви тревожи."},
    "Екип": {"A3": "психолог", "B3": 2},
    "Общини": {"A3": "Бяла"},
}


class Follower:
    """Somebody who types the commands of the guide, in folders of the test."""

    def __init__(self, folder: Path) -> None:
        self.sheet = folder / "tsentar.xlsx"
        self.project = folder / "moyat-sait"
        self.here = ROOT

    def types(self, command: str) -> str:
        """Type a command of the guide where its reader is; returns what it says."""
        words = [
            word.replace("../moyat-sait", str(self.project)).replace(
                "tsentar.xlsx", str(self.sheet)
            )
            for word in shlex.split(command)
        ]
        done = subprocess.run(
            [words[0], "RUN_NEEDS=", *words[1:]],
            cwd=self.here,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fills_in(self) -> None:
        """Write the answers where the guide says."""
        book = load_workbook(self.sheet)
        for name, cells in TOLD.items():
            for place, value in cells.items():
                book[name][place] = value
        answers = {"Населено място": "Бяла", "Накратко": "Помагаме на деца и родители."}
        for row in book[CENTRE_SHEET].iter_rows():
            if row[0].value in answers:
                row[2].value = answers[row[0].value]
        book.save(self.sheet)

    def changes(self, old: str, new: str) -> None:
        book = load_workbook(self.sheet)
        cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value == old]
        cells[0].value = new
        book.save(self.sheet)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """The guide followed from its first command to its last; the demo is tested elsewhere."""
    follower = Follower(tmp_path_factory.mktemp("guide"))
    empty, begin, run, again, replace, build = COMMANDS
    follower.types(empty)
    follower.fills_in()
    assert "Попитайте центъра" in follower.types(f"{begin} YES=1")
    follower.here, follower.sheet = follower.project, follower.project / "tsentar.xlsx"
    assert run == "make run"
    follower.types(again)
    follower.changes("0817 1 23 45", "0817 6 54 32")
    follower.types(f"{replace} YES=1")
    follower.types(build)
    return follower


def test_the_guide_ends_with_a_whole_site(done: Follower) -> None:
    """All pages of a centre at the root, its menu, a page for its service, help and search."""
    site = done.project / "site"
    assert len(list(site.rglob("index.html"))) >= OF_EVERY_CENTRE + 1
    assert "Помагаме на деца и родители." in main_words(site, "")
    assert "Говорим с вас за това" in main_words(site, "uslugi/razgovori")
    assert "Родители" in main_words(site, "na-kogo-pomagame")
    assert "психолог: 2" in main_words(site, "ekip-i-istoriya")


def test_what_was_changed_in_the_second_spreadsheet_is_on_the_pages(done: Follower) -> None:
    """The new telephone stands there; everything else stayed, with its source."""
    contacts = main_words(done.project / "site", "kontakti")
    assert "0817 6 54 32 0888 12 34 56" in contacts
    centre = load_content(done.project / "content").centres["byala"]
    assert centre.name.source.file == "byala.txt"
    assert len(centre.target_groups) == 2


def test_its_forms_take_letters(done: Follower, tmp_path: Path) -> None:
    """With settings as the guide gives them, a letter to the new centre is accepted."""
    key = Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)
    (tmp_path / "centre.asc").write_text(str(key.extract_certificate()), encoding="utf-8")
    toml = (
        f'site_folder = "{done.project / "site"}"\n'
        f'content_folder = "{done.project / "content"}"\n'
        f'database = "sqlite:///{tmp_path / "outbox.sqlite3"}"\n'
        '[smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "o@example.org"\n'
        '[[centres.byala.recipients]]\naddress = "a@example.org"\n'
        'seal = "openpgp"\nkey = "centre.asc"\n'
    )
    secret = {"OPORA_SECRET": "a secret for tests only, 32 signs or more"}
    for form in ("pishete-ni", "nasochvane"):
        assert page(done.project / "site", form).xpath("//form[@method='post']")
    (form,) = page(done.project / "site", "pishete-ni").xpath("//form[@method='post']")
    origin = {"Origin": "https://opora.example"}
    with application(load_settings(toml, secret, tmp_path)) as app:
        client = app.test_client()
        sent = client.post(form.get("action"), data=SHORTEST_LETTER, headers=origin)
        assert sent.status_code == 303
        assert "Прието" in client.get(sent.headers["Location"]).text
