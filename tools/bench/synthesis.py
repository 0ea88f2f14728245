"""A project with any number of centres, shaped like the real ones and true of none.

Each centre is one of the real centres with every sentence's words in another order: pages are as
long and as various as real ones, and nothing on them can be taken for a fact.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import yaml

from site_build.pipeline import Project
from site_model.loading.yaml_lines import parse_yaml
from tests.support.project import ROOT, set_languages

LANGUAGES = {
    "bg": "languages:\n  - {code: bg, scope: full, read_by_native: true}\n",
    "en": "  - {code: en, scope: full, read_by_native: false}\n",
}


def synthesise(target: Path, centres: int) -> Project:
    """A project below `target` with so many centres, in Bulgarian and English."""
    for name in ("docs", "locale"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copytree(
        ROOT / "content",
        target / "content",
        ignore=shutil.ignore_patterns("centres", "photographs"),
    )
    shutil.copy(ROOT / "mkdocs.yml", target)
    (target / "build" / "pages" / "bg").mkdir(parents=True)
    project = Project(target)
    set_languages(project, "".join(LANGUAGES.values()))
    models = [
        parse_yaml(path.read_text(encoding="utf-8")).data
        for path in sorted((ROOT / "content" / "centres").glob("*.yml"))
    ]
    (project.content / "centres").mkdir()
    for number in range(centres):
        write_centre(project, number, models[number % len(models)])
    return project


def write_centre(project: Project, number: int, model: dict[str, Any]) -> Path:
    """One centre made from the facts of a real one."""
    name = f"centre-{number}"
    shuffle = random.Random(number)  # noqa: S311 - the same pages in every run
    facts = _shuffled(model, shuffle) | {
        "id": name,
        "short_name": {"bg": f"ЦОП {number}", "en": f"Centre {number}"},
        "photographs": [],
    }
    file = project.content / "centres" / f"{name}.yml"
    text = yaml.dump(facts, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")
    return file


def _shuffled(value: Any, shuffle: random.Random) -> Any:
    match value:
        case {"bg": str()}:
            return {code: _words(value[code], shuffle) for code in LANGUAGES if code in value}
        case dict():
            return {key: _shuffled(inner, shuffle) for key, inner in value.items()}
        case list():
            return [_shuffled(inner, shuffle) for inner in value]
    return value


def _words(text: str, shuffle: random.Random) -> str:
    words = text.split()
    shuffle.shuffle(words)
    return " ".join(words)
