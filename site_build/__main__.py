"""`python -m site_build`: build the site, or only check the facts."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from site_build.errors import BuildError
from site_build.report import facts_listing, summary
from site_build.stages import Project, build_site
from site_build.words import faults, update
from site_model.loader import ACCESSIBILITY_RESULTS, load_content
from site_model.problems import ContentError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m site_build", description=__doc__)
    parser.add_argument(
        "command",
        nargs="?",
        default="build",
        choices=("build", "check", "report", "words", "check-words"),
        help="build: make site/ (the default); check: only read content/ and say what is wrong; "
        "report: what to ask each centre, what is overdue, what disagrees; "
        "words: bring locale/ up to the words of code and templates; check-words: say what is "
        "wrong in locale/",
    )
    parser.add_argument(
        "--project",
        type=Path,
        default=Path.cwd(),
        metavar="FOLDER",
        help="the folder that holds mkdocs.yml and content/ (default: this one)",
    )
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day for which the pages are made: what is overdue or over on it (default: the "
        "day of SOURCE_DATE_EPOCH, or today)",
    )
    options = parser.parse_args(arguments)
    project = Project(options.project.resolve())
    if options.today:
        project = replace(project, today=options.today)
    started = time.perf_counter()
    try:
        if options.command in ("words", "check-words"):
            return _words(project, options.command)
        if options.command == "check":
            content = load_content(project.content)
            print(
                f"content/ е наред: {len(content.centres)} центъра, {len(content.forms)} формуляра."
            )
        elif options.command == "report":
            print("\n".join(facts_listing(load_content(project.content), project.today)))
        else:
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
                print(
                    f"Всичко без превод, с мястото му: {project.report.relative_to(project.root)}"
                )
    except ContentError as error:
        print(f"Сайтът не е направен. Неща за поправяне: {len(error.problems)}", file=sys.stderr)
        print(error, file=sys.stderr)
        return 1
    except BuildError as error:
        print(f"Сайтът не е направен:\n{error}", file=sys.stderr)
        return 1
    return 0


def _words(project: Project, command: str) -> int:
    content = load_content(project.content)
    codes = [language.code for language in content.site.languages[1:]]
    if command == "words":
        update(project.root, project.catalogues, codes)
    if wrong := list(faults(project.root, project.catalogues, codes)):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    print(f"{project.catalogues.name}/ е наред: {', '.join(codes)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
