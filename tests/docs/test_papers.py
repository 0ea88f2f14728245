"""The papers hold: what they name is there, and the map stays a map."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import ROOT

DEVELOPMENT = ROOT / "docs" / "development"
MAP = ROOT / "ARCHITECTURE.md"
CHANGELOG = ROOT / "CHANGELOG.md"
FOR_DEVELOPERS = [
    *(ROOT / f"{name}.md" for name in ("ARCHITECTURE", "CONTRIBUTING", "README", "SECURITY")),
    *sorted(DEVELOPMENT.rglob("*.md")),
]
FOR_PEOPLE = [
    paper
    for name in ("guide", "pictures")
    for paper in sorted((ROOT / "docs" / name).rglob("*.md"))
]
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
FENCE = re.compile(r"^ *```.*?^ *```$", re.M | re.S)
MADE = ("build/", "site/", "instance/", "dist/", "content/photographs/")
"""Folders of what commands and people make: nothing in them is in a checkout."""
MOST_MODULES = 14
PACKAGES = ("site_model", "site_build", "contact_service", "service_admin", "site_editor", "tools")


def read(paper: Path) -> str:
    return paper.read_text(encoding="utf-8")


def said_at(paper: Path) -> str:
    return str(paper.relative_to(ROOT))


def code(paper: Path) -> Iterator[str]:
    """What stands between backquotes in a sentence or a table."""
    return iter(re.findall(r"`([^`\n]+)`", FENCE.sub("", read(paper))))


def is_there(name: str) -> bool:
    """Whether what looks like a module, a file or a folder of the tree is one; else true."""
    name = re.sub(r"^\S*python -m ([\w.]+).*", r"\1", name)
    if re.match(rf"(?:{'|'.join(PACKAGES)})\.\w", name):
        module = ROOT / name.replace(".", "/")
        return module.is_dir() or module.with_suffix(".py").is_file()
    if re.fullmatch(r"[\w.-]+(?:/[\w./-]*|\.(?:py|js|mjs|css|html|md|yml|typ))", name):
        return name.startswith(MADE) or (ROOT / name).exists()
    return True


def anchors(paper: Path) -> set[str]:
    """The anchors that Git hosts make of headings: small letters, hyphens, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", read(paper)), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


@pytest.mark.parametrize("paper", [*FOR_DEVELOPERS, CHANGELOG, *FOR_PEOPLE], ids=said_at)
def test_links_lead_somewhere(paper: Path) -> None:
    """Each relative link leads to a file or folder that is there, and to a heading in it."""
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", read(paper))):
        if re.match(r"https?:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (paper.parent / name).resolve() if name else paper
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("paper", FOR_DEVELOPERS, ids=said_at)
def test_paths_are_there(paper: Path) -> None:
    """Each file, folder and module that a developers' paper names exists, by its whole path."""
    assert [name for name in code(paper) if not is_there(name)] == []


@pytest.mark.parametrize("paper", [*FOR_DEVELOPERS, CHANGELOG], ids=said_at)
def test_commands_are_there(paper: Path) -> None:
    """Each `make …` that a paper names is a target of the Makefile."""
    assert set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", read(paper), re.M)) <= TARGETS


def test_the_map_is_a_map() -> None:
    """At most 120 lines, with a link to each of the developers' papers."""
    assert len(read(MAP).splitlines()) <= 120
    linked = set(re.findall(r"\]\(docs/development/([^)]+)\)", read(MAP)))
    for paper in DEVELOPMENT.rglob("*.md"):
        folder = paper.parent.relative_to(DEVELOPMENT)
        name = f"{paper.relative_to(DEVELOPMENT)}"
        assert name in linked or f"{folder}/README.md" in linked, name


def test_layers_are_those_of_the_contracts() -> None:
    """The map draws each contract of layers that the check holds."""
    drawn = " ".join(read(MAP).split())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers":
            layers = re.sub(r"(?<![^ ])\w+\.", "", " → ".join(contract["layers"]))
            assert layers in drawn, contract["name"]


def modules() -> Iterator[Path]:
    """All that is written in Python here, tests too."""
    for package in (*PACKAGES, "tests"):
        for module in (ROOT / package).rglob("*.py"):
            if not {"node_modules", ".venv"} & set(module.parts):
                yield module


def test_no_folder_has_more_modules_than_one_sees_at_once() -> None:
    """Fourteen side by side."""
    found = Counter(one.parent for one in modules() if one.name != "__init__.py")
    assert len(found) > 50
    assert {folder: count for folder, count in found.items() if count > MOST_MODULES} == {}


def test_no_test_leans_on_another() -> None:
    """What two of them need lies in tests/support."""
    leans = re.compile(r"^(?:from|import) tests[.a-z_]*\.test_", re.M)
    assert [str(one) for one in modules() if leans.search(read(one))] == []


def rows(paper: Path) -> list[str]:
    """The first cell of each row of a paper's tables, without the heads."""
    cells = re.findall(r"^\| (.+?) \|", read(paper), re.M)
    heads = re.findall(r"^\| (.+?) \|.*\n\| ---", read(paper), re.M)
    return [cell for cell in cells if cell not in heads and cell != "---"]


def test_every_library_has_its_reason() -> None:
    """Each library that pyproject.toml and tests/node name has one row, and there are no others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    node = json.loads((ROOT / "tests" / "node" / "package.json").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    wanted = {
        re.match(r"[\w-]+", one)[0] for group in groups for one in group if isinstance(one, str)
    }  # type: ignore[index]
    wanted |= set(node["devDependencies"])
    told = [name.strip("`") for name in rows(DEVELOPMENT / "libraries.md")]
    assert sorted(told) == sorted(wanted)


def test_the_glossary_is_short() -> None:
    """Twenty words at most, each once."""
    told = rows(DEVELOPMENT / "glossary.md")
    assert 0 < len(told) <= 20
    assert len(set(told)) == len(told)


def test_measurements_are_dated() -> None:
    """Each table of figures says its day and the command that makes it."""
    for paper in (DEVELOPMENT / "measurements").glob("[!R]*.md"):
        assert re.search(r"\d{1,2} [A-Z][a-z]+ 20\d\d", read(paper)), paper.name
        assert re.search(r"`(?:make |python -m |pytest |node )[^`\n]+`", read(paper)), paper.name


def test_every_criterion_has_its_row() -> None:
    """The table of the Standard for Public Code has its sixteen criteria, each with an answer and
    what shows it; „yes“ lacks nothing, and whatever is not „yes“ says what is missing.
    """
    text = read(DEVELOPMENT / "standard-for-public-code.md")
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    table = table[2:]
    assert len(table) == 16
    for name, holds, evidence, missing in table:
        assert holds in ("yes", "in part", "no"), name
        assert evidence
        assert missing != "–" or holds == "yes", name
