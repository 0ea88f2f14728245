"""A folder of its own for a site: what all centres share is copied there, without any centre."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from site_model.base import SOURCE_LANGUAGE

ROOT = Path(__file__).parent.parent

_SHARED = (
    "site.yml",
    "target_groups.yml",
    "service_kinds.yml",
    "help_lines.yml",
    "law.yml",
    "authorities.yml",
    "search.yml",
    "form_versions.yml",
    "forms",
)
_LANGUAGES = re.compile(r"^languages:\n(?:  - .*\n)+", re.MULTILINE)
_ONLY_BULGARIAN = """\
# Друг език се добавя с ред тук, когато фактите на центъра са преведени на него, например:
#   - {{code: en, scope: full, read_by_native: false}}
languages:
  - {{code: {code}, scope: full, read_by_native: true}}
"""


def is_project(root: Path) -> bool:
    """Whether a site has been begun in this folder."""
    return (root / "content" / "site.yml").exists()


def begin_project(root: Path) -> None:
    """Copy what a site needs beside its centres; Bulgarian alone, since nothing else is written.

    A file that is there already stays as it is.
    """
    for name in (*(f"content/{shared}" for shared in _SHARED), f"docs/{SOURCE_LANGUAGE}"):
        source, target = ROOT / name, root / name
        if source.is_dir():
            for file in source.iterdir():
                _copy(file, target / file.name)
        else:
            _copy(source, target)
    _copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    for folder in ("content/centres", "content/sources", "build/pages/bg", "site"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    settings = root / "content" / "site.yml"
    languages = _ONLY_BULGARIAN.format(code=SOURCE_LANGUAGE)
    text = _LANGUAGES.sub(lambda _: languages, settings.read_text(encoding="utf-8"))
    settings.write_text(text, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
