"""A site begun elsewhere: its own commands, and PROJECT= with the commands of Opora."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from site_build.authoring.new_project import give_commands
from site_model.loading.loader import load_content
from tests.support.content.told import ANSWERS, command, options, written
from tests.support.project import OWN_FORMS, ROOT, kept_by_builds
from tests.support.terminal import AtTerminal
from tests.support.waiting import PATIENCE

LEAST = options({key: ANSWERS[key] for key in ("place", "summary")})
TARGETS = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def make(
    folder: Path, *words: str, installed: str = "RUN_NEEDS="
) -> subprocess.CompletedProcess[str]:
    """`make` with the libraries that are here; other settings of make do not reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", installed, "DEV_NEEDS=", *words],
        cwd=folder,
        env=kept | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as `new-centre` begins it, in a folder whose name has a space and Cyrillic letters."""
    folder = tmp_path_factory.mktemp("site") / "моят сайт"
    folder.mkdir()
    done = command(folder, "new-centre", *LEAST)
    assert done.returncode == 0, done.stderr
    assert f"cd '{folder}' && make run" in done.stdout
    shutil.copytree(kept_by_builds() / "templates", folder / "build" / "kept" / "templates")
    return folder


@pytest.mark.parametrize("target", sorted(set(TARGETS)))
def test_project_is_used_or_refused(target: str, tmp_path: Path) -> None:
    """With PROJECT= every command works on that folder, or says that it does not know it."""
    done = make(ROOT, "-n", target, f"PROJECT={tmp_path}", "FILE=staya.jpg")
    if done.returncode:
        assert f"„{target}“ не е команда за сайт в друга папка (PROJECT)" in done.stderr
    else:
        lines = [
            line for line in done.stdout.splitlines() if ".venv/bin" in line or "/publish" in line
        ]
        assert all(str(tmp_path) in line for line in lines)
        assert lines or target == "help"


def test_a_site_has_commands_of_its_own(begun: Path) -> None:
    """They are listed in Bulgarian, work from its folder without a word of where it is, and
    without developers' tools; a file is where it was asked for.
    """
    listed = make(begun)
    for name in ("run", "build", "check", "report", "accept-forms", "publish", "new-centre"):
        assert re.search(rf"^  {name} +\S*[а-я]", listed.stdout, re.M), listed.stdout
    assert "mypy" not in listed.stdout
    checked = make(begun, "check")
    assert "content/ е наред" in checked.stdout
    assert "ruff" not in checked.stdout + checked.stderr
    assert "ЦОП Бяла" in make(begun, "report").stdout
    assert make(begun, "spreadsheet", "FILE=таблица 1.xlsx").returncode == 0
    assert (begun / "таблица 1.xlsx").exists()
    refused = make(begun, "torture")
    assert refused.returncode
    assert "„torture“ не е команда за сайт" in refused.stderr


def test_a_fault_is_said_in_bulgarian(begun: Path, tmp_path: Path) -> None:
    """`make check` names the file and the fix of a site that is not in order."""
    site = tmp_path / "site"
    shutil.copytree(begun, site)
    facts = site / "content" / "centres" / "byala.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("\nid: byala", "\nid: x y"))
    checked = make(site, "check")
    assert checked.returncode
    assert "byala.yml" in checked.stderr
    assert "Проверката намери нещо. Неща за поправяне" in checked.stderr


def test_forms_of_the_site_are_accepted(begun: Path, tmp_path: Path) -> None:
    """`accept-forms` writes down the forms of the site, not Opora's own; then nothing is asked."""
    site = tmp_path / "site"
    shutil.copytree(begun, site)
    form = (OWN_FORMS / "volunteers.yml").read_text(encoding="utf-8")
    form = re.sub(r"(?m)^centres: .*\n", "", form)
    (site / "content" / "forms" / "volunteers.yml").write_text(form, encoding="utf-8")
    before = (ROOT / "content" / "form_versions.yml").read_bytes()
    assert "Още не са приети: „volunteers“" in make(site, "check").stdout
    assert "„volunteers“" in make(ROOT, "accept-forms", f"PROJECT={site}").stdout
    assert "Още не са приети" not in make(site, "check").stdout
    assert (ROOT / "content" / "form_versions.yml").read_bytes() == before
    assert "volunteers" in load_content(site / "content").accepted_versions


def test_the_folder_is_under_git(begun: Path) -> None:
    """What is written by hand is to be kept, what is built is not; the first commit is said."""
    assert (begun / ".git").is_dir()
    (begun / "build" / "x.txt").write_text("x")
    git = ["git", "status", "--porcelain", "--untracked-files=all"]
    said = subprocess.run(git, cwd=begun, capture_output=True, text=True, check=True).stdout
    assert "content/centres/byala.yml" in said
    assert "Makefile" in said
    assert "build/" not in said


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A Makefile, a .gitignore and a repository that are there already stay as they are."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name in ("Makefile", ".gitignore"):
        (tmp_path / name).write_text("# свое\n", encoding="utf-8")
    done = command(tmp_path, "new-centre", *LEAST)
    assert done.returncode == 0, done.stderr
    assert "Git" not in done.stdout
    for name in ("Makefile", ".gitignore"):
        assert (tmp_path / name).read_text(encoding="utf-8") == "# свое\n"


def test_the_program_that_moved_away_is_said(begun: Path) -> None:
    """Where Opora is not any more the command says which line to change."""
    gone = make(begun, "check", "OPORA=../няма")
    assert gone.returncode
    assert "не е в тази папка: ../няма" in gone.stderr
    assert "ред OPORA в Makefile" in gone.stderr
    assert make(begun, "check", f"OPORA={ROOT}").returncode == 0


@pytest.mark.parametrize("name", ["а#б", "а$HOMEб", "папка с думи", "o'neil"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    """Opora is found whatever signs are in the name of its folder."""
    opora, site = tmp_path / name, tmp_path / "site"
    opora.mkdir()
    site.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("site_build.authoring.new_project.ROOT", opora)
        assert give_commands(site)
    (opora / "mkdocs.yml").touch()
    (opora / "Makefile").write_text("check:\n\t@pwd\n", encoding="utf-8")
    assert make(site, "check").stdout.strip() == str(opora)


@pytest.mark.parametrize("words", [("check",), ("build",), ("new-centre",), ("accept-forms",), ()])
def test_every_command_explains_itself_in_bulgarian(words: tuple[str, ...]) -> None:
    """--help has no English sentence, and neither has what is said of a word that is unknown."""
    explained = command(ROOT, *words, "--help")
    assert explained.returncode == 0
    assert "пише се:" in explained.stdout
    english = set(re.findall(r"(?<![\w./<=-])[a-z]{3,}(?: [a-z]{2,})+", explained.stdout))
    assert english <= {"python -m site_build"}, explained.stdout
    wrong = command(ROOT, *words, "--strange")
    assert wrong.returncode == 2
    assert "--strange" in wrong.stderr
    assert "Обяснение:" in wrong.stderr
    assert "unrecognized" not in wrong.stderr


def test_the_address_is_asked_for_and_an_example_is_never_published(tmp_path: Path) -> None:
    """Told or asked for, it stands in site.yml; without it build and check warn, and `publish` is
    refused before anything leaves the machine.
    """
    wrong = command(tmp_path, "new-centre", *LEAST, "--url", "opora.example")
    assert wrong.returncode == 1
    assert "„opora.example“ е само пример" in wrong.stderr
    assert written(tmp_path) == []
    assert command(tmp_path, "new-centre", *LEAST).returncode == 0
    shutil.copytree(kept_by_builds() / "templates", tmp_path / "build" / "kept" / "templates")
    assert "Преди сайтът да излезе:\n  content/site.yml, url:" in make(tmp_path, "check").stdout
    refused = make(tmp_path, "publish", "BRANCH=pages")
    assert refused.returncode
    assert "сайтът още не е за пред хора" in refused.stderr
    assert "url: https://opora.example/ е само пример" in refused.stderr
    second = [*options({"place": "Сопот", "summary": "Помагаме."}), "--answer", "url=tsop-byala.bg"]
    assert "няма въпрос с име „url“" in command(tmp_path, "new-centre", *second).stderr
    second[-2:] = ["--url", "tsop-byala.bg"]
    assert command(tmp_path, "new-centre", *second).returncode == 0
    assert "\nurl: https://tsop-byala.bg/\n" in (tmp_path / "content/site.yml").read_text("utf-8")
    assert "Преди сайтът да излезе" not in make(tmp_path, "check").stdout
    unbuilt = make(tmp_path, "publish", "BRANCH=pages")
    assert "В site/ още няма сайт. Напишете: make build" in unbuilt.stderr


def test_a_person_is_asked_for_the_address(tmp_path: Path, at_terminal: AtTerminal) -> None:
    """After the facts, and again where the answer is none."""
    person = at_terminal("site_build", "new-centre", "--project", str(tmp_path), *LEAST)
    for _ in range(60):
        person.waits_for(" > ")
        if "Адрес на сайта" in person.seen:
            break
        person.types("да\n" if "Да запиша ли?" in person.seen else "\n")
    person.types("opora.example\n")
    person.waits_for("е само пример")
    person.types("tsop-byala.bg\n")
    person.waits_for("make run")
    assert person.ends() == 0
    assert "\nurl: https://tsop-byala.bg/\n" in (tmp_path / "content/site.yml").read_text("utf-8")


@pytest.mark.parametrize("target", ["build", "check", "report", "accept-forms", "schema"])
def test_a_folder_without_a_site_is_said(target: str, tmp_path: Path) -> None:
    """A slip in PROJECT= is one sentence, and nothing is made there."""
    done = make(ROOT, target, f"PROJECT={tmp_path / 'sait'}")
    assert done.returncode
    assert f"в {tmp_path / 'sait'} няма сайт" in done.stderr
    assert written(tmp_path) == []
