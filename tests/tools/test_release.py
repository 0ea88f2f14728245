"""A release: the same bytes twice, from a clean tree only, and it builds the site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from contact_service.__main__ import main as service
from service_admin.__main__ import main as admin
from site_build.__main__ import main as build
from site_build.pipeline import Project
from site_model.version import version
from tests.support.project import ONLY_BULGARIAN, ROOT, copy_working_tree, set_languages
from tools.release.licences import licences
from tools.release.sbom import sbom

VERSION = version()
DAY = "2026-11-25"
GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as it is now, committed, with a day for the version."""
    tree = tmp_path_factory.mktemp("tree")
    copy_working_tree(ROOT, tree)
    changes = tree / "CHANGELOG.md"
    unreleased = "## [Unreleased]\n"
    dated = f"{unreleased}\n## [{VERSION}] - {DAY}\n"
    changes.write_text(changes.read_text().replace(unreleased, dated, 1))
    facts = tree / "publiccode.yml"
    facts.write_text(f"{facts.read_text()}releaseDate: {DAY}\n")
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "tree")
    return tree


@pytest.fixture
def tree(ready: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "-q", str(ready), "tree")
    return tmp_path / "tree"


@pytest.fixture(scope="module")
def released(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which the release was made; only to be read."""
    tree = tmp_path_factory.mktemp("released") / "tree"
    git(tree.parent, "clone", "-q", str(ready), "tree")
    done = release(tree)
    assert done.returncode == 0, done.stderr
    assert f"git tag --sign v{VERSION}" in done.stdout
    return tree


def release(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.release", "archive"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def files_of(tree: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (tree / "dist").iterdir()}


def files_below(folder: Path) -> set[str]:
    return {f"{file.relative_to(folder)}" for file in folder.rglob("*") if not file.is_dir()}


def files_of_git(tree: Path) -> set[str]:
    listed = ["git", "ls-files", "-z"]
    said = subprocess.run(listed, cwd=tree, capture_output=True, check=True, text=True).stdout
    return set(filter(None, said.split("\0")))


def pages_of(site: Path) -> set[Path]:
    return {file.relative_to(site) for file in site.rglob("*.html")}


def verified(tree: Path) -> bool:
    """Whether the check sums hold, as anyone who takes the release verifies them."""
    sums = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(sums, cwd=tree / "dist", capture_output=True, check=False)
    return done.returncode == 0


def test_twice_the_same(released: Path, tree: Path) -> None:
    """In another clone, and there again, every file has the same bytes; git sees none of them."""
    made = files_of(released)
    name = f"opora-{VERSION}"
    assert set(made) == {
        *(f"{name}.tar.gz", f"{name}.cdx.json", f"{name}-licences.md", "SHA256SUMS"),
    }
    for _ in range(2):
        assert release(tree).returncode == 0
        assert files_of(tree) == made
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=tree, capture_output=True, check=True).stdout == b""


def test_it_builds_the_site(released: Path, tmp_path: Path, site: Path) -> None:
    """Sums verify; the archive has every file, and unpacked in an empty folder builds the site with
    all its pages: in Bulgarian alone, since the other languages take a minute.
    """
    assert verified(released)
    with tarfile.open(released / "dist" / f"opora-{VERSION}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / f"opora-{VERSION}"
    assert files_below(unpacked) == files_of_git(released)
    set_languages(Project(unpacked), ONLY_BULGARIAN)
    command = [sys.executable, "-m", "site_build", "--today", "2026-11-22"]
    done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert pages_of(unpacked / "site") == {
        page for page in pages_of(site) if page.parts[0] not in ("en", "tr", "uk", "ar")
    }


def test_a_changed_archive_does_not_verify(released: Path, tree: Path) -> None:
    """One byte more, and the check of the sums fails."""
    shutil.copytree(released / "dist", tree / "dist")
    assert verified(tree)
    with (tree / "dist" / f"opora-{VERSION}.tar.gz").open("ab") as archive:
        archive.write(b"x")
    assert not verified(tree)


@pytest.mark.parametrize("name", ["README.md", "forgotten.txt"])
def test_an_unclean_tree_is_refused(tree: Path, name: str) -> None:
    """A changed file or a new one: the release would lack it. It is named, with the fix."""
    with (tree / name).open("a") as file:
        file.write("x\n")
    done = release(tree)
    assert done.returncode == 1
    assert name in done.stderr
    assert "git stash" in done.stderr
    assert not (tree / "dist").exists()


@pytest.mark.parametrize(
    ("file", "old", "words"),
    [
        ("CHANGELOG.md", f"## [{VERSION}] - {DAY}", f"CHANGELOG.md has no version {VERSION}"),
        ("publiccode.yml", f"releaseDate: {DAY}", "publiccode.yml: write releaseDate: "),
        ("publiccode.yml", f'softwareVersion: "{VERSION}"', "write softwareVersion: "),
        ("requirements.txt", "flask==3", "flask is not pinned. Run: make lock"),
    ],
)
def test_what_is_not_ready_is_refused(tree: Path, file: str, old: str, words: str) -> None:
    """A version without a day, papers that speak of another one, a package without a pin; what
    was made before stays.
    """
    (tree / "dist").mkdir()
    (tree / "dist" / "before").touch()
    path = tree / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, "flask>=3" if "flask" in old else ""))
    git(tree, "commit", "-qam", "broken")
    done = release(tree)
    assert done.returncode == 1
    assert words in done.stderr
    assert [each.name for each in (tree / "dist").iterdir()] == ["before"]


def test_without_git_it_is_refused(tree: Path) -> None:
    """In an unpacked archive there is nothing to make an archive from."""
    shutil.rmtree(tree / ".git")
    done = release(tree)
    assert done.returncode == 1
    assert "A release is made in a git repository" in done.stderr


def test_list_of_parts_follows_its_schema() -> None:
    """CycloneDX's own validator takes it, all that is pinned is in it with hashes and licence, the
    same bytes for the same time; and the validator finds a fault that is put in.
    """
    listed, made = licences(), datetime(2026, 11, 25, tzinfo=UTC)
    text = sbom(listed, VERSION, made)
    assert text == sbom(listed, VERSION, made)
    from cyclonedx.schema import SchemaVersion  # seconds, which other tests need not wait
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"library"', '"libary"', 1)) is not None
    parts = json.loads(text)
    names = {(part["name"], part["version"]) for part in parts["components"]}
    assert names == {(each.package.name, each.package.version) for each in listed}
    assert all(part["hashes"] and part["licenses"] for part in parts["components"])
    needs = {each["ref"]: each.get("dependsOn", []) for each in parts["dependencies"]}
    [flask] = [ref for ref in needs if ref.startswith("pkg:pypi/flask@")]
    assert [ref for ref in needs[flask] if ref.startswith("pkg:pypi/werkzeug@")]


def test_the_version_stands_in_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Both commands say that of pyproject.toml; publiccode.yml has the same."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
    for command in (service, admin, build):
        with pytest.raises(SystemExit) as ended:
            command(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr().out == f"Опора {VERSION}\n"
    assert public_code()["softwareVersion"] == VERSION


def public_code() -> dict[str, object]:
    return dict(yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8")))


def test_public_code_has_its_duties() -> None:
    """publiccode.yml has the mandatory keys of the standard (0.7) with values that it allows, and
    says what the project itself says: licence, languages, no maintainer that is not there.
    """
    facts = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    site = yaml.safe_load((ROOT / "content/site.yml").read_text(encoding="utf-8"))
    assert facts["publiccodeYmlVersion"] == "0.7"
    assert facts["name"]
    assert re.match(r"https://\S+$", facts["url"])
    assert facts["platforms"] == ["web"]
    assert facts["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert facts["softwareType"] == "standalone/web"
    assert facts["legal"]["license"] == project["license"]
    assert facts["maintenance"]["type"] in ("internal", "contract", "community", "none")
    assert ("contacts" in facts["maintenance"]) == (
        facts["maintenance"]["type"] in ("internal", "community")
    )
    assert facts["localisation"] == {
        "localisationReady": True,
        "availableLanguages": [language["code"] for language in site["languages"]],
    }
    for description in facts["description"].values():
        assert 0 < len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]
