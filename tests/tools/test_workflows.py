"""What Git hosts run are the commands of the Makefile, in files that the hosts take."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.support.project import ROOT

ACTIONS = (".github/workflows/site.yml", ".forgejo/workflows/site.yml")
GITLAB = ".gitlab-ci.yml"
SCHEMAS = {
    ACTIONS[0]: "vendor.github-workflows",
    ACTIONS[1]: "vendor.github-workflows",
    GITLAB: "vendor.gitlab-ci",
    ".github/renovate.json": "vendor.renovate",
}
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
INSTALL = "apt-get install -y -qq --no-install-recommends ca-certificates git make python3-venv"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in read(name)["jobs"].values() for step in job["steps"]]


def obeys(file: Path, schema: str) -> bool:
    from check_jsonschema import main  # seconds each time that a process of its own begins

    return CliRunner().invoke(main, ["--builtin-schema", schema, str(file)]).exit_code == 0


@pytest.mark.parametrize("name", SCHEMAS)
def test_hosts_take_the_files(name: str) -> None:
    """Each follows the schema that its host or tool publishes."""
    assert obeys(ROOT / name, SCHEMAS[name])


def test_the_schema_finds_a_fault(tmp_path: Path) -> None:
    """A job without a machine is refused."""
    file = tmp_path / "site.yml"
    text = (ROOT / ACTIONS[0]).read_text()
    file.write_text(text.replace("    runs-on: ubuntu-24.04\n", "", 1))
    assert not obeys(file, SCHEMAS[ACTIONS[0]])


@pytest.mark.parametrize("name", ACTIONS)
def test_no_weakness_is_known(name: str) -> None:
    """zizmor finds nothing: no word of a stranger in a command, no right too many."""
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--no-progress", ROOT / name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_run_only_make(name: str) -> None:
    """Each step gets the source, always in the same way, or runs `make` with targets that exist;
    no action of somebody else, and only one job may write.
    """
    getting = [step for step in steps(name) if step["name"] == "Get the source"]
    assert getting
    assert all(step == getting[0] for step in getting)
    assert INSTALL in getting[0]["run"].splitlines()
    others = [step for step in steps(name) if step not in getting]
    for step in others:
        lines = [line for line in step["run"].splitlines() if not line.startswith(("export", "#"))]
        assert lines
        refuse_other_than_make(lines)
    assert not [step for step in steps(name) if "uses" in step]
    rights = {job: each["permissions"] for job, each in read(name)["jobs"].items()}
    assert read(name)["permissions"] == {}
    assert rights.pop("publish") == {"contents": "write"}
    assert set(map(str, rights.values())) == {"{'contents': 'read'}"}


def refuse_other_than_make(lines: list[str]) -> None:
    for line in lines:
        found = re.fullmatch(r'make ([a-z-]+)( [A-Z]+="?\$?[A-Za-z]+"?)?', line)
        assert found, line
        assert found[1] in TARGETS, line


def test_gitlab_runs_only_make() -> None:
    """The same for GitLab, with the same packages before."""
    jobs = read(GITLAB)
    assert jobs["default"]["before_script"] == ["apt-get update -qq", INSTALL]
    scripts = [job["script"] for job in jobs.values() if isinstance(job, dict) and "script" in job]
    assert len(scripts) == 3
    for script in scripts:
        refuse_other_than_make(script)


def test_hosts_run_the_same() -> None:
    """Forgejo and GitHub differ in the name of the machine alone; all run check, test and audit."""
    github, forgejo = ((ROOT / name).read_text() for name in ACTIONS)
    assert github.replace("runs-on: ubuntu-24.04", "runs-on: docker") == forgejo
    local = (ROOT / ".ci" / "run").read_text()
    for text in (github, forgejo, (ROOT / GITLAB).read_text(), local):
        for target in ("check", "test", "audit"):
            assert re.search(rf"\bmake {target}\b", text)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with the script that publishes, and a built site of two pages."""
    source = tmp_path / "source"
    (source / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "publish", source / ".ci")
    (source / "Makefile").touch()
    (source / ".gitignore").write_text("/site/*\n/build/\n")
    git(source, "init", "-q", "--initial-branch", "main")
    git(source, "add", "-A")
    git(source, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "source")
    git(tmp_path, "clone", "-q", "--bare", str(source), "origin.git")
    return tmp_path / "origin.git"


@pytest.mark.parametrize("name", ACTIONS)
def test_the_source_arrives(origin: Path, tmp_path: Path, name: str) -> None:
    """The git lines of the step bring exactly the commit that is asked for."""
    step = next(step for step in steps(name) if step["name"] == "Get the source")
    lines = [line for line in step["run"].splitlines() if not line.startswith("apt-get")]
    folder = tmp_path / "opora"
    script = "\n".join(lines).replace("/opora", str(folder))
    commit = git(origin, "rev-parse", "HEAD")
    asked = {"SOURCE": f"file://{origin}", "COMMIT": commit, "TOKEN": "word"}
    subprocess.run(["sh", "-e", "-c", script], env=os.environ | asked, check=True)
    assert git(folder, "rev-parse", "HEAD") == commit
    assert "word" not in (folder / ".git" / "config").read_text()


@pytest.fixture
def built(origin: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "-q", str(origin), "work")
    work = tmp_path / "work"
    (work / "site" / ".well-known").mkdir(parents=True)
    (work / "build" / "headers").mkdir(parents=True)
    for name in ("index.html", ".gitkeep", ".well-known/security.txt"):
        (work / "site" / name).write_text(name)
    (work / "build" / "headers" / "_headers").write_text("/*\n")
    return work


def publish(work: Path, branch: str = "pages") -> subprocess.CompletedProcess[str]:
    command = [work / ".ci" / "publish", branch]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_branch_shows_the_site(origin: Path, built: Path) -> None:
    """The branch holds the site with its headers and nothing else, one commit; what is published
    already is not pushed again; the work tree stays as it was.
    """
    assert publish(built).returncode == 0
    listed = git(origin, "ls-tree", "-r", "--name-only", "pages").splitlines()
    assert listed == [".nojekyll", ".well-known/security.txt", "_headers", "index.html"]
    first = git(origin, "rev-parse", "pages")
    assert "вече показва" in publish(built).stdout
    assert git(origin, "rev-parse", "pages") == first
    (built / "site" / "index.html").write_text("changed")
    assert publish(built).returncode == 0
    assert git(origin, "show", "pages:index.html") == "changed"
    assert git(origin, "rev-list", "--count", "pages") == "1"
    assert git(built, "status", "--porcelain") == ""
    assert git(built, "rev-parse", "--abbrev-ref", "HEAD") == "main"


@pytest.mark.parametrize(("branch", "words"), [("main", "Изберете друг"), ("", "BRANCH=")])
def test_the_source_is_never_overwritten(
    origin: Path, built: Path, branch: str, words: str
) -> None:
    """The branch of the source, and no branch at all, are refused; also where no branch is checked
    out, as hosts do it.
    """
    git(built, "checkout", "-q", "--detach")
    before = git(origin, "rev-parse", "main")
    done = publish(built, branch)
    assert done.returncode != 0
    assert words in done.stderr
    assert git(origin, "rev-parse", "main") == before


def test_an_empty_site_is_not_published(origin: Path, built: Path) -> None:
    """Before the first build there is nothing to show; the branch stays away."""
    (built / "site" / "index.html").unlink()
    done = publish(built)
    assert done.returncode == 1
    assert "make build" in done.stderr
    assert git(origin, "branch", "--list", "pages") == ""


def test_without_an_answer_nothing_is_pushed(origin: Path, built: Path) -> None:
    """Where origin cannot be asked what the branch holds, the script stops."""
    git(built, "remote", "set-url", "origin", str(origin.with_name("gone.git")))
    git(built, "remote", "set-url", "--push", "origin", str(origin))
    assert publish(built).returncode not in (0, 2)
    assert git(origin, "branch", "--list", "pages") == ""
