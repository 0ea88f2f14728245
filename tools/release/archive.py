"""A release: the source archive of a clean tree, licences, list of parts and check sums.

The same commit gives the same bytes (https://reproducible-builds.org/), as long as the same
versions of git, zlib and the pinned packages make them.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from site_model.version import version
from tools.release.licences import licences, table
from tools.release.pinned import ROOT, ReleaseError
from tools.release.sbom import sbom

DIST = ROOT / "dist"
SUMS = "SHA256SUMS"
CHANGELOG, PUBLIC_CODE = ROOT / "CHANGELOG.md", ROOT / "publiccode.yml"


def make_release() -> tuple[Path, ...]:
    """Make all files of the release in dist/, which then holds nothing else; check sums last.

    Raises ReleaseError with what to fix; then dist/ stays as it was.
    """
    refuse_unclean(_git("status", "--porcelain").decode())
    number = version()
    day = released_on(CHANGELOG.read_text(encoding="utf-8"), number)
    refuse_other_version(yaml.safe_load(PUBLIC_CODE.read_text(encoding="utf-8")), number, day)
    listed = licences()
    if lacking := [each.package.name for each in listed if not each.accepted]:
        raise ReleaseError(f"Not accepted: {', '.join(lacking)}. See: make licences")
    name = f"opora-{number}"
    made = datetime.fromisoformat(_git("log", "-1", "--format=%cI").decode().strip())
    files = {
        f"{name}.tar.gz": source_archive(name),
        f"{name}.cdx.json": sbom(listed, number, made).encode(),
        f"{name}-licences.md": table(listed).encode(),
    }
    files[SUMS] = check_sums(files).encode()
    return _put(files)


def refuse_unclean(status: str) -> None:
    """Raise ReleaseError where git has something to say about the tree."""
    if status:
        raise ReleaseError(
            f"What is not committed would be missing from the archive:\n{status.rstrip()}\n"
            "Commit it, or put it aside: git stash --include-untracked"
        )


def released_on(changelog: str, number: str) -> str:
    """The day that CHANGELOG.md gives a version; raises ReleaseError where there is none."""
    if found := re.search(rf"^## \[{re.escape(number)}\] - (\d{{4}}-\d\d-\d\d)$", changelog, re.M):
        return found[1]
    raise ReleaseError(
        f"CHANGELOG.md has no version {number} with a day. Write below „## [Unreleased]“: "
        f"## [{number}] - YYYY-MM-DD, or raise `version` in pyproject.toml"
    )


def refuse_other_version(public_code: dict[str, Any], number: str, day: str) -> None:
    """Raise ReleaseError where publiccode.yml speaks of another release."""
    for field, wanted in (("softwareVersion", number), ("releaseDate", day)):
        if str(public_code.get(field)) != wanted:
            raise ReleaseError(f"publiccode.yml: write {field}: {wanted!r}")


def source_archive(name: str) -> bytes:
    """All that is committed, below a folder `name`, as .tar.gz without the time of packing."""
    tar = _git("archive", "--format=tar", f"--prefix={name}/", "HEAD")
    return gzip.compress(tar, mtime=0)


def check_sums(files: dict[str, bytes]) -> str:
    """Lines as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())


def _put(files: dict[str, bytes]) -> tuple[Path, ...]:
    """Exchange dist/ for a folder with these files, once all are written."""
    new = DIST.with_name("dist.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for name, data in files.items():
        (new / name).write_bytes(data)
    shutil.rmtree(DIST, ignore_errors=True)
    new.rename(DIST)
    return tuple(DIST / name for name in files)


def _git(*arguments: str) -> bytes:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode().strip()
        raise ReleaseError(f"A release is made in a git repository: {said}")
    return done.stdout
