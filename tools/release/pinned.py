"""What is pinned: the packages of a requirements file, each with its version and its hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
RUN = ROOT / "requirements.txt"
"""What a server runs; the other files are for the demo and for developers."""
ALL = (
    RUN,
    ROOT / "tools" / "demo" / "requirements.txt",
    ROOT / "tests" / "requirements.txt",
    ROOT / "tests" / "engines" / "requirements.txt",
)


class ReleaseError(Exception):
    """A release cannot be made; the text says what to do."""


@dataclass(frozen=True)
class Pinned:
    """One line of a requirements file. What is not `wanted` is for another machine or Python."""

    name: str
    version: str
    sha256: tuple[str, ...]
    marker: str
    wanted: bool

    @property
    def metadata(self) -> metadata.PackageMetadata | None:
        """What the installed package says of itself; None where it is not wanted here.

        Raises ReleaseError where another version is installed, or none.
        """
        if not self.wanted:
            return None
        try:
            found = metadata.metadata(self.name)
        except metadata.PackageNotFoundError:
            raise ReleaseError(f"{self.name} is not installed. Run: make check") from None
        if Version(found["Version"]) != Version(self.version):
            raise ReleaseError(
                f"{self.name} {found['Version']} is installed, but {self.version} is pinned. "
                "Run: make clean, then make check"
            )
        return found


def read_pinned(file: Path) -> tuple[Pinned, ...]:
    """The packages of a requirements file as `make lock` writes it, in its order.

    Raises ReleaseError for a line that pins no version or has no hash.
    """
    return tuple(_pinned(line, file) for line in _lines(file.read_text(encoding="utf-8")))


def _lines(text: str) -> Iterator[str]:
    """The logical lines: those that a backslash continues are one."""
    without_comments = re.sub(r"^\s*#.*\n", "", text, flags=re.M)
    yield from filter(None, without_comments.replace("\\\n", " ").splitlines())


def _pinned(line: str, file: Path) -> Pinned:
    words, *hashes = re.split(r"\s+--hash=sha256:", line.strip())
    requirement = Requirement(words)
    versions = [part.version for part in requirement.specifier if part.operator == "=="]
    if len(versions) != 1 or not hashes:
        raise ReleaseError(f"{file.name}: {requirement.name} is not pinned. Run: make lock")
    marker = requirement.marker
    return Pinned(
        canonicalize_name(requirement.name),
        versions[0],
        tuple(hashes),
        str(marker or ""),
        marker is None or marker.evaluate(),
    )
