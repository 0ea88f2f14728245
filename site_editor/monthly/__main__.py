"""`python -m site_editor.monthly`, on a server `opora todo`: what there is to do for centres."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from site_build.authoring.new_project import is_project
from site_build.command_line import FOLDER
from site_build.project import Project
from site_editor.draft import centre_file
from site_editor.monthly.wording import todo_lines
from site_editor.todo import todo
from site_model.command_line import Parser
from site_model.content import Content
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from site_model.terminal import plain_output


def main(arguments: list[str] | None = None) -> int:
    """Print the lists; returns the exit code."""
    options = _parser().parse_args(arguments)
    project = Project(options.project.resolve())
    if not is_project(project.root):
        print(f"В {project.root} няма сайт. Проверете папката (PROJECT).", file=sys.stderr)
        return 1
    try:
        content = load_content(project.content)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    if options.centre not in (None, *content.centres):
        known = ", ".join(content.centres)
        print(f"Няма център „{options.centre}“. Има: {known}.", file=sys.stderr)
        return 1
    lists = dict(_lists(project, content, options.centre))
    with plain_output():
        if options.json:
            print(json.dumps(lists))
        else:
            print("\n\n".join("\n".join(lines) for lines in lists.values()))
    return 0


def _lists(
    project: Project, content: Content, wanted: str | None
) -> Iterator[tuple[str, list[str]]]:
    for name, centre in content.centres.items():
        if wanted in (None, name):
            waiting = todo(centre_file(project, content, name))
            yield name, list(todo_lines(centre, waiting, project.today))


def _parser() -> Parser:
    description = "Опора: какво има за вършене по сайта на всеки център."
    parser = Parser(prog="python -m site_editor.monthly", description=description)
    parser.add_argument("--project", default=Path.cwd(), **FOLDER)
    parser.add_argument("--centre", metavar="КОД", help="само за този център")
    parser.add_argument("--json", action="store_true", help="за програма: редовете на всеки център")
    return parser


if __name__ == "__main__":
    sys.exit(main())
