"""`python -m site_build`: build the site, check the facts, begin a centre."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from site_build.around_engine import write_for_engines
from site_build.centre_commands import Command, centre_commands
from site_build.errors import BuildError
from site_build.forms_accepted import accept_forms, not_accepted
from site_build.report import facts_listing, summary
from site_build.schemas import stale_schemas, write_schemas
from site_build.stages import Project, build_site
from site_build.words import faults, update
from site_model.facts import Content
from site_model.interface import version
from site_model.loader import ACCESSIBILITY_RESULTS, load_content
from site_model.problems import ContentError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, 1 for what has to be mended, 130 interrupted."""
    options = _parser().parse_args(arguments)
    project = Project(options.project.resolve())
    if options.today:
        project = replace(project, today=options.today)
    try:
        return int(options.run(project, options))
    except ContentError as error:
        print(f"{options.failed} Неща за поправяне: {len(error.problems)}", file=sys.stderr)
        print(error, file=sys.stderr)
        return 1
    except BuildError as error:
        print(f"{options.failed.removesuffix('.')}:\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nПрекъснато. Нищо не е записано.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m site_build", description=__doc__)
    folder: dict[str, Any] = {
        "type": Path,
        "metavar": "FOLDER",
        "help": "the folder that holds mkdocs.yml and content/ (default: this one)",
    }
    parser.add_argument("--project", default=Path.cwd(), **folder)
    day: dict[str, Any] = {
        "type": date.fromisoformat,
        "metavar": "YYYY-MM-DD",
        "help": "the day for which the pages are made: what is overdue or over on it (default: "
        "the day of SOURCE_DATE_EPOCH, or today)",
    }
    parser.add_argument("--today", **day)
    parser.add_argument("--version", action="version", version=f"Опора {version()}")
    parser.set_defaults(run=_build, failed="Сайтът не е направен.")
    commands = parser.add_subparsers(metavar="command", title="commands (default: build)")

    def command(name: str, run: Command, words: str, failed: str = "") -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.add_argument("--project", default=argparse.SUPPRESS, **folder)
        added.add_argument("--today", default=argparse.SUPPRESS, **day)
        added.set_defaults(run=run, **({"failed": failed} if failed else {}))
        return added

    command("build", _build, "make site/")
    command("check", _check, "only read content/ and say what is wrong")
    command("pages", _pages, "write to build/ what MkDocs and engines like it read")
    command("report", _report, "what to ask each centre, what is overdue, what disagrees")
    accept = command(
        "accept-forms",
        _accept_forms,
        "write the versions of the forms to content/form_versions.yml; from then on their "
        "questions change only with a higher version. Until then a form is a draft, whose "
        "questions change freely",
        "Нищо не е прието.",
    )
    accept.add_argument("forms", nargs="*", metavar="FORM", help="only these forms (default: all)")
    command("words", _words, "bring locale/ up to the words of code and templates")
    command("check-words", _check_words, "say what is wrong in locale/")
    command("schema", _schema, "write schema/, from which editors complete and check YAML")
    centre_commands(command)
    return parser


def _build(project: Project, _options: argparse.Namespace) -> int:
    started = time.perf_counter()
    built = build_site(project)
    seconds = time.perf_counter() - started
    if not (project.content / ACCESSIBILITY_RESULTS).exists():
        print(
            f"content/{ACCESSIBILITY_RESULTS} още няма: "
            "декларациите за достъпност казват, че няма резултати от проверки."
        )
    print(f"Готово: {built.pages} страници в site/ за {seconds:.1f} s.")
    for gaps in built.gaps:
        print(summary(gaps))
    print(f"{built.facts} Подробно: {project.facts_report.relative_to(project.root)}")
    if any(gaps.texts or gaps.pages for gaps in built.gaps):
        print(f"Всичко без превод, с мястото му: {project.report.relative_to(project.root)}")
    _say_drafts(built.content)
    return 0


def _check(project: Project, _options: argparse.Namespace) -> int:
    content = load_content(project.content)
    if stale := stale_schemas(project.root):
        raise BuildError(f"{', '.join(stale)}: не е по модела. Направете отново: make schema")
    print(f"content/ е наред: {len(content.centres)} центъра, {len(content.forms)} формуляра.")
    _say_drafts(content)
    return 0


def _say_drafts(content: Content) -> None:
    if drafts := not_accepted(content):
        print(f"Още не са приети: {', '.join(drafts)}. Преди да излязат: make accept-forms.")


def _accept_forms(project: Project, options: argparse.Namespace) -> int:
    print(f"Приети: {', '.join(accept_forms(project, options.forms))}.")
    return 0


def _pages(project: Project, _options: argparse.Namespace) -> int:
    files = write_for_engines(project, load_content(project.content), project.built)
    print("\n".join(file.relative_to(project.root).as_posix() for file in files))
    return 0


def _report(project: Project, _options: argparse.Namespace) -> int:
    print("\n".join(facts_listing(load_content(project.content), project.today)))
    return 0


def _schema(project: Project, _options: argparse.Namespace) -> int:
    write_schemas(project.root)
    print("Готово: schema/")
    return 0


def _words(project: Project, options: argparse.Namespace) -> int:
    codes = _codes(project)
    update(project.root, project.catalogues, codes)
    return _check_words(project, options)


def _check_words(project: Project, _options: argparse.Namespace) -> int:
    codes = _codes(project)
    if wrong := list(faults(project.root, project.catalogues, codes)):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    print(f"{project.catalogues.name}/ е наред: {', '.join(codes)}.")
    return 0


def _codes(project: Project) -> list[str]:
    return [language.code for language in load_content(project.content).site.languages[1:]]


if __name__ == "__main__":
    sys.exit(main())
