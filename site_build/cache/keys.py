"""The keys under which a build remembers pages: hashes of everything that they are made of. They
serve „one telephone changed“ in docs/development/measurements/build.md.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from site_build.project import PACKAGE, Project
from site_model.content import Content
from site_model.facts.remembered import OWN, own_memory
from site_model.loading.loader import MOVED

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


Sources = Mapping[str, str]
"""A hash of every file that an operator writes, by its name, as `content/site.yml`."""


def sources_of(project: Project) -> Sources:
    """Taken before the files are read: what changes meanwhile has another hash the next time, so
    an outdated page can never stay.
    """
    folders = (project.content, project.root / "docs", project.catalogues)
    files = ((folder, file) for folder in folders for file in _files(folder))
    found = {_name(folder, file): _file_hash(file) for folder, file in files}
    return {**found, project.config.name: _file_hash(project.config)}


def keys_of(project: Project, content: Content, code: str, sources: Sources) -> dict[Place, str]:
    """The key of each centre's pages in each language, and of each language's common pages.

    `code` is the key of the code.
    """
    common = _common_key(project, code, sources)
    centres = {
        centre: " ".join(
            sources.get(f"content/{place}", "")
            for place in (f"centres/{centre}.yml", own_memory(centre))
        )
        for centre in content.centres
    }
    photographs = {
        centre.id: [
            sources.get(f"content/photographs/{photograph.file}", "")
            for photograph in centre.photographs
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


def _common_key(project: Project, code: str, sources: Sources) -> str:
    """A hash of what every page may depend on: the `code`, words, settings, the pages by hand,
    all content but the centres' own, and the day.
    """
    own = ("content/centres/", "content/photographs/", f"content/{OWN}/", f"content/{MOVED}")
    shared = (f"{name} {mark}" for name, mark in sources.items() if not name.startswith(own))
    return _key_of(code, str(project.today), *shared)


def _take_files(digest: hashlib._Hash, folder: Path) -> None:
    for file in _files(folder):
        digest.update(f"\n{_name(folder, file)}\n".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())


def _name(folder: Path, file: Path) -> str:
    return f"{folder.name}/{file.relative_to(folder).as_posix()}"


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, in order; those of Python's own cache are none."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(path, name) for name in sorted(names))


def _key_of(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _file_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
