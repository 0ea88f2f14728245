"""Answers as a centre would give them, and the command that takes them."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

from tests.support.commands import site_build

ANSWERS = {
    "place": "Бяла",
    "region": "област Русе",
    "municipalities": "Бяла; Ценово",
    "summary": "Помагаме на деца и родители с разговори.",
    "phones": "0817 1 23 45; 0888 12 34 56",
    "email": "tsop@byala.example",
    "address": 'ул. "Първа" 1',
    "opening_hours": "Mo-Fr 09:00-17:00; PH off",
    "capacity": "30 работещи случая",
    "age_limit": "За деца до 18 години.",
    "accessibility": "Има рампа при входа.",
    "target_groups": "1; 4",
    "services.name": "Разговори с психолог",
    "services.description": "Говорим за това, което ви тревожи.",
    "services.kind": "7",
    "services.groups": "2",
    "team.title": "психолог",
    "team.count": "2",
    "history.text": "Центърът отваря врати.",
    "history.as_of": "март 2018 г.",
    "letters": "2",
}


def options(answers: dict[str, str]) -> list[str]:
    """The answers as options of the command."""
    return [part for key, answer in answers.items() for part in ("--answer", f"{key}={answer}")]


def command(project: Path, *words: str, given: str = "") -> CompletedProcess[str]:
    """`python -m site_build` for a project, with `given` on its standard input."""
    return site_build(*words, "--project", str(project), given=given)


def written(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
