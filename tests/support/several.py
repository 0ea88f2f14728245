"""A project of six centres, made of the two real ones: enough for a directory of many pages."""

from __future__ import annotations

from pathlib import Path

from site_build.pipeline import Project
from tests.support.project import copy_project

LANGUAGES = (
    "languages:\n  - {code: bg, scope: full, read_by_native: true}\n"
    "  - {code: en, scope: full, read_by_native: false}\n"
)
NAMES = {"sopot": ("Сопот", "Sopot"), "harmanli": ("Харманли", "Harmanli")}
MADE_UP = {
    "banya": ("sopot", "Баня", ""),
    "hisarya": ("harmanli", "Хисаря", "Хисаря"),
    "rozino": ("harmanli", "Розино", "Карлово"),
    "klisura": ("harmanli", "Клисура", ""),
}
"""By id: the centre whose facts it has, its place, and the municipality that it names."""


def several_centres(target: Path) -> Project:
    """Six centres in Bulgarian and English; what is made up has no English name."""
    project = copy_project(target, languages=LANGUAGES)
    centres = project.content / "centres"
    for id, (model, place, municipality) in MADE_UP.items():
        facts = (centres / f"{model}.yml").read_text(encoding="utf-8")
        facts = facts.replace(f"\nid: {model}\n", f"\nid: {id}\n")
        for name in NAMES[model]:
            facts = facts.replace(f"подкрепа, {name}", f"подкрепа, {place}")
            facts = facts.replace(f"Centre, {name}", f"Centre, {place}")
            facts = facts.replace(f"ЦОП {name}", f"ЦОП {place}")
            facts = facts.replace(f"Support Centre {name}", f"Support Centre {place}")
        if municipality:
            named = f"{{name: {{bg: {municipality}}}, source: '000_cee4bc3b0dd5abd9.txt:7'}}"
            facts += f"\nmunicipalities: [{named}]\n"
        (centres / f"{id}.yml").write_text(facts, encoding="utf-8")
    return project
