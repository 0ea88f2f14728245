"""The keys under which a build remembers pages: hashes of everything that they are made of."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path

from site_build.project import PACKAGE, Project
from site_model.facts import Content

COMMON = "_"
"""Stands, in a Place, for the pages that belong to no centre."""

Place = tuple[str, str]
"""A language, and a centre or COMMON: whose pages they are."""


def code_key() -> str:
    """A hash of the code, its templates, and the libraries with their versions."""
    digest = hashlib.sha256(sys.version.encode())
    packages = find_spec("jinja2")
    if packages and packages.origin:
        libraries = Path(packages.origin).parent.parent
        names = sorted(path.name for path in libraries.glob("*.dist-info"))
        digest.update("\n".join(names).encode())
    for folder in (PACKAGE, PACKAGE.parent / "site_model"):
        _take_files(digest, folder)
    return digest.hexdigest()


def keys_of(project: Project, content: Content, code: str) -> dict[Place, str]:
    """The key of each centre's pages in each language, and of each language's common pages.

    `code` is the key of the code.
    """
    common = _common_key(project, code)
    centres = {
        centre: _file_hash(project.content / "centres" / f"{centre}.yml")
        for centre in content.centres
    }
    folder = project.content / "photographs"
    photographs = {
        centre.id: [
            _file_hash(folder / photograph.file)
            for photograph in centre.photographs
            if photograph.file and (folder / photograph.file).exists()
        ]
        for centre in content.centres.values()
    }
    alone = content.alone.id if content.alone else ""
    every = _key_of(common, *(f"{name} {mark}" for name, mark in centres.items()))
    keys: dict[Place, str] = {}
    for language in (each.code for each in content.site.languages):
        keys[language, COMMON] = _key_of(every, language)
        for centre, mark in centres.items():
            keys[language, centre] = _key_of(common, alone, mark, language, *photographs[centre])
    return keys


def _common_key(project: Project, code: str) -> str:
    """A hash of what every page may depend on: the `code`, words, settings, the pages by hand,
    all content but the centres' own, and the day.
    """
    digest = hashlib.sha256(f"{code}\n{project.today}".encode())
    digest.update(project.config.read_bytes())
    own = [project.content / "centres", project.content / "photographs"]
    for folder in (project.catalogues, project.root / "docs", project.content):
        _take_files(digest, folder, own)
    return digest.hexdigest()


def _take_files(digest: hashlib._Hash, folder: Path, without: Collection[Path] = ()) -> None:
    for file in _files(folder, without):
        digest.update(f"\n{folder.name}/{file.relative_to(folder)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())


def _files(folder: Path, without: Collection[Path]) -> Iterator[Path]:
    """The files below a folder, in order; those of Python's own cache are none."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name != "__pycache__" and Path(path, name) not in without
        )
        yield from (Path(path, name) for name in sorted(names))


def _key_of(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _file_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
