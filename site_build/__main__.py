"""`python -m site_build`: build the site, check the facts, begin a centre."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from site_build.authoring.commands import centre_commands
from site_build.command_line import FOLDER, Command
from site_build.errors import BuildError, sentence_of
from site_build.native_review.command import review_command
from site_build.project import Project
from site_build.site_commands import build, site_commands
from site_model.command_line import Parser
from site_model.problems import ContentError
from site_model.version import version


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 for what has to be fixed, 130 interrupted."""
    options = _parser().parse_args(arguments)
    project = Project(options.project.resolve())
    if options.today:
        project = replace(project, today=options.today)
    try:
        if options.needs_a_site and not project.content.is_dir():
            begin = f"make new-centre PROJECT={project.root}"
            raise BuildError(
                f"в {project.root} няма сайт. Проверете папката или започнете: {begin}"
            )
        code = int(options.run(project, options))
        print(end="", flush=True)
        return code
    except BrokenPipeError:  # the reader has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python tries once more when it ends
        return 0
    except KeyboardInterrupt:
        print(f"\nПрекъснато. {options.failed}", file=sys.stderr)
        return 130
    except Exception as error:
        if options.debug:
            raise
        return _failed(options.failed, error)


def _failed(what: str, error: Exception) -> int:
    """Say what a person has to fix; returns the exit code."""
    match error:
        case ContentError():
            print(f"{what} Неща за поправяне: {len(error.problems)}", file=sys.stderr)
            print(error, file=sys.stderr)
        case BuildError():
            print(f"{what.removesuffix('.')}:\n{error}", file=sys.stderr)
        case _:
            print(f"{what.removesuffix('.')}:\n{sentence_of(error)}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    description = "Опора: прави сайта, преглежда фактите, започва център."
    parser = Parser(prog="python -m site_build", description=description)
    parser.add_argument("--project", default=Path.cwd(), **FOLDER)
    day: dict[str, Any] = {
        "type": date.fromisoformat,
        "metavar": "ГГГГ-ММ-ДД",
        "help": "за кой ден се правят страниците: какво е просрочено или минало тогава (иначе "
        "денят на SOURCE_DATE_EPOCH или днес)",
    }
    parser.add_argument("--today", **day)
    debug: dict[str, Any] = {"action": "store_true", "help": "показва къде в кода е грешката"}
    parser.add_argument("--debug", **debug)
    said = f"Опора {version()}"
    parser.add_argument("--version", action="version", version=said, help="казва версията")
    parser.set_defaults(run=build, failed="Сайтът не е направен.", needs_a_site=True)
    commands = parser.add_subparsers(metavar="КОМАНДА", title="команди (иначе build)")

    def command(name: str, run: Command, words: str, failed: str = "") -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.add_argument("--project", default=argparse.SUPPRESS, **FOLDER)
        added.add_argument("--today", default=argparse.SUPPRESS, **day)
        added.add_argument("--debug", default=argparse.SUPPRESS, **debug)
        added.set_defaults(run=run, **({"failed": failed} if failed else {}))
        return added

    site_commands(command)
    centre_commands(command)
    review_command(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
