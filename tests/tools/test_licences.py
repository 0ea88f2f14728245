"""Everything that is installed is pinned by hash, and what a server runs may go out with Opora."""

from __future__ import annotations

import json
from email.message import Message
from pathlib import Path

import pytest

from tests.support.project import ROOT
from tools.release.licences import Licensed, licences, may_go_out, said_by, table
from tools.release.pinned import ALL, Pinned, ReleaseError, read_pinned

PACKAGE = Pinned("package", "1", ("00",), "", True)


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_requirement_has_version_and_hashes(file: Path) -> None:
    """Each line of each file names one version and SHA-256 sums of 64 hexadecimal signs."""
    packages = read_pinned(file)
    assert packages
    for package in packages:
        assert all(len(bytes.fromhex(digest)) == 32 for digest in package.sha256), package.name


@pytest.mark.parametrize("line", ["flask>=3", "flask==3.1", "flask>=3 --hash=sha256:00"])
def test_what_is_not_pinned_is_found(tmp_path: Path, line: str) -> None:
    """A line without version or hash is refused with the command that fixes it."""
    file = tmp_path / "requirements.txt"
    file.write_text(f"# by hand\n{line}\n")
    with pytest.raises(ReleaseError, match=r"flask is not pinned\. Run: make lock"):
        read_pinned(file)


def test_npm_packages_have_their_integrity() -> None:
    """The lock file of the checkers has a SHA-512 sum of each package."""
    lock = json.loads((ROOT / "tests/node/package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert len(packages) > 100
    assert [n for n, each in packages.items() if not each["integrity"].startswith("sha512-")] == []


def test_what_a_server_runs_may_go_out() -> None:
    """Every package says its licence, and it is an accepted one."""
    listed = licences()
    assert len(listed) > 50
    assert [(each.package.name, each.expression) for each in listed if not each.accepted] == []


def test_the_list_names_each_with_its_licence() -> None:
    """The table that a release carries."""
    lines = table([Licensed(PACKAGE, "MIT"), Licensed(PACKAGE, "")]).splitlines()
    assert lines[2:] == ["| package | 1 | MIT |", "| package | 1 | ? |"]


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR Apache-2.0) AND LGPL-3.0-only", True),
        ("AGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("LGPL-3.0-only WITH Classpath-exception-2.0", False),
    ],
)
def test_an_expression_is_judged_by_its_parts(expression: str, may: bool) -> None:
    """Of a choice one part is enough; of what holds together each must be accepted."""
    assert may_go_out(expression) is may


@pytest.mark.parametrize(
    ("lines", "expression"),
    [
        ([("License-Expression", "MIT"), ("License", "GPL-3.0-only")], "MIT"),
        ([("License", "BSD-3-Clause")], "BSD-3-Clause"),
        ([("License", "?"), ("Classifier", "License :: OSI Approved :: MIT License")], "MIT"),
        ([("Classifier", "License :: OSI Approved :: BSD License")], ""),
        ([("License", "UNKNOWN")], ""),
        ([], ""),
    ],
)  # fmt: skip
def test_what_metadata_says(lines: list[tuple[str, str]], expression: str) -> None:
    """The expression before the free text, that before the classifiers; a family is no licence."""
    metadata = Message()
    for name, value in lines:
        metadata[name] = value
    assert said_by(metadata) == expression


def test_another_version_than_the_pinned_is_refused() -> None:
    """Its licence may be another one."""
    with pytest.raises(ReleaseError, match=r"but 0\.0\.1 is pinned"):
        _ = Pinned("flask", "0.0.1", (), "", True).metadata
    with pytest.raises(ReleaseError, match="is not installed"):
        _ = Pinned("no-such-package-here", "1", (), "", True).metadata
    assert Pinned("no-such-package-here", "1", (), "", False).metadata is None
