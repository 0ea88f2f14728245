"""The door out: the same pages from MkDocs's successor, of which we use nothing yet."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from site_build.pipeline import Project
from site_build.plain_mkdocs.build import write_for_engines
from site_model.loading.loader import load_content
from tests.support.pages.built_pages import files_of
from tests.support.project import ROOT, copy_project, skip_or_fail

Build = Callable[..., dict[str, bytes]]
ENGINES = ROOT / "tests" / "engines" / ".venv" / "bin"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real project in all languages, written for engines."""
    made = copy_project(tmp_path_factory.mktemp("engines"), languages=None)
    write_for_engines(made, load_content(made.content), made.built)
    return made


@pytest.fixture(scope="module")
def built(project: Project) -> Build:
    """What an engine makes of all languages, one after the other, by file."""

    def build(*command: str) -> dict[str, bytes]:
        shutil.rmtree(project.built, ignore_errors=True)
        codes = [language.code for language in load_content(project.content).site.languages]
        for code in codes:
            config = str(project.root / "build" / f"{code}.yml")
            done = subprocess.run(
                [*command, "build", "-f", config], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        return files_of(project.built)

    return build


@pytest.fixture(scope="module")
def of_mkdocs(built: Build) -> dict[str, bytes]:
    return built(sys.executable, "-m", "mkdocs")


def engine(name: str) -> str:
    """A command of tests/engines; skips where it is not installed."""
    if not (ENGINES / name).exists():
        skip_or_fail(f"{name} is needed: tests/install-tools")
    return str(ENGINES / name)


def without_generator(page: bytes) -> str:
    text, times = re.subn(r'<meta name="generator" content="[^"]*">', "", page.decode())
    assert times == 1
    return text


def test_properdocs_makes_the_same_site(of_mkdocs: dict[str, bytes], built: Build) -> None:
    """Every file of every language, byte for byte but for the mark of the generator."""
    of_properdocs = built(engine("properdocs"))
    assert sorted(of_properdocs) == sorted(of_mkdocs)
    different = [name for name in of_mkdocs if of_mkdocs[name] != of_properdocs[name]]
    pages = [name for name in different if name.endswith(".html")]
    assert len(pages) > 100
    assert [without_generator(of_mkdocs[name]) for name in pages] == [
        without_generator(of_properdocs[name]) for name in pages
    ]
    # Written at the time of the build: ours takes its place (site_build.output.sitemap).
    assert {Path(name).name for name in set(different) - set(pages)} <= {"sitemap.xml.gz"}
