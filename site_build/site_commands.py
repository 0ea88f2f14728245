"""The commands of a site that has been begun: build, check, report and the others."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from site_build.atomic_writing import write_whole
from site_build.authoring.accept_forms import accept_forms, not_accepted
from site_build.authoring.new_project import shell_command
from site_build.authoring.old_facts import not_as_remembered, notices, remember
from site_build.authoring.photograph import put_photograph
from site_build.authoring.schema import stale_schemas, write_schemas
from site_build.command_line import AddCommand, named_file
from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.output.server_headers import install_headers
from site_build.pages.moved import in_words
from site_build.pipeline import build_site, try_site
from site_build.plain_mkdocs.build import write_for_engines
from site_build.progress import tell_person
from site_build.project import Project
from site_build.reports.facts import facts_listing, telephones_listing
from site_build.translation.catalogues import faults, update
from site_build.translation.gaps import summary
from site_build.translation.safety_table import SAFETY_TABLE, safety_table, stale_table
from site_build.translation.word_check import slips_of_facts, slips_of_interface
from site_model.content import Content
from site_model.facts.remembered import REMEMBERED
from site_model.loading.loader import ACCESSIBILITY_RESULTS, load_content
from site_model.loading.placeholders import left_in
from site_model.text.plurals import count_phrase
from site_model.urls import service_origin


def site_commands(command: AddCommand) -> None:
    """Add the commands of this module to the parser."""
    command("build", build, "прави готовия сайт в site/")
    words = "прави всяка страница, без да я запазва, и казва какво не е наред"
    check = command("check", _check, words, "Проверката намери нещо.")
    check.add_argument(
        "--to-publish",
        action="store_true",
        help="отказва и това, което е само пример: адреси, думи на чуждо място",
    )
    command("pages", _pages, "пише в build/ това, което четат MkDocs и подобните му")
    command("report", _report, "какво да се попита всеки център, какво е просрочено или спорно")
    accept = command(
        "accept-forms",
        _accept_forms,
        "записва версиите на формулярите в content/form_versions.yml; оттам нататък въпросите им "
        "се сменят само с по-голям номер. Дотогава формулярът е чернова и се сменя свободно",
        "Нищо не е прието.",
    )
    accept.add_argument("forms", nargs="*", metavar="ФОРМУЛЯР", help="само тези (иначе всички)")
    picture = command(
        "photograph",
        _photograph,
        "слага снимка в content/photographs: намалена, изправена и без скрити данни",
        "Снимката не е сложена.",
    )
    picture.add_argument("file", metavar="СНИМКА")
    kept = command(
        "remember",
        _remember,
        "запомня в content/remembered.yml на кой текст е всеки нов превод и какво пише под всеки "
        "нов източник; старите остават стари, освен във файловете, които са верни така",
        "Нищо не е запомнено.",
    )
    kept.add_argument("files", nargs="*", metavar="ФАЙЛ", help="верни са така, както са")
    _more_commands(command)


def _more_commands(command: AddCommand) -> None:
    """What developers and servers type."""
    table = f"{SAFETY_TABLE}, таблицата с изреченията за безопасност"
    words = f"изравнява locale/ и {table}, с думите на кода, шаблоните и content/"
    command("words", _words, words)
    wrong = "казва какво не е наред в думите: знаци, числа, термини, стари преводи, "
    command("check-words", _check_words, f"{wrong}{table}")
    command("schema", _schema, "пише schema/, по която редакторите подсказват и проверяват YAML")
    install = command(
        "install-headers",
        _install_headers,
        "проверява ред по ред заглавките на последно направения сайт и ги слага там, откъдето уеб "
        "сървърът на root ги взема",
        "Заглавките не са сменени.",
    )
    install.add_argument("target", type=Path, metavar="ПАПКА")
    letters = "единственият друг адрес, който може да приема писма, или нищо (иначе всеки)"
    install.add_argument("--letters", metavar="АДРЕС", help=letters)


def build(project: Project, _options: argparse.Namespace) -> int:
    started = time.perf_counter()
    built = build_site(project, tell_person)
    seconds = time.perf_counter() - started
    if not (project.content / ACCESSIBILITY_RESULTS).exists():
        print(
            f"content/{ACCESSIBILITY_RESULTS} още няма: "
            "декларациите за достъпност казват, че няма резултати от проверки."
        )
    print(
        f"Готово: {count_phrase(built.pages, 'страница', 'страници')} в site/ за {seconds:.1f} s."
    )
    if not built.content.site.takes_letters:
        print(
            "Сайтът не приема писма (service: none в content/site.yml): на мястото на формулярите "
            "са телефоните и листовете за отпечатване."
        )
        for centre in built.content.centres.values():
            if not centre.phones:
                file = f"content/centres/{centre.id}.yml"
                print(f"{file}: няма телефон, а без формуляр той е единственият път. Допишете го.")
    if elsewhere := service_origin(built.content.site):
        print(
            f"Писмата от формулярите отиват на {elsewhere} (service_origin в content/site.yml). "
            "Ако не е ваш адрес, не качвайте сайта."
        )
    if built.moved:
        print(in_words(built.content, built.moved))
    for name in built.not_ours:
        print(
            f"site/{name} не е от „Опора“ и остава, както е. Махнете го и направете сайта наново."
        )
    for gaps in built.gaps:
        print(summary(gaps))
    print(f"{built.facts} Подробно: {project.facts_report.relative_to(project.root)}")
    if any(gaps.texts or gaps.pages for gaps in built.gaps):
        print(f"Всичко без превод, с мястото му: {project.report.relative_to(project.root)}")
    _say_papers(built.papers)
    _say_drafts(project, built.content)
    return 0


def _check(project: Project, options: argparse.Namespace) -> int:
    content, papers = try_site(project)
    if stale := stale_schemas(project.root):
        fix = shell_command(project.root, "schema")
        raise BuildError(f"{', '.join(stale)}: не е по модела. Направете отново: {fix}")
    if options.to_publish and (examples := left_in(content)):
        raise BuildError("\n".join(["сайтът още не е за пред хора.", *examples]))
    centres, forms = len(content.centres), len(content.forms)
    print(
        f"content/ е наред: {count_phrase(centres, 'център', 'центъра')}, "
        f"{count_phrase(forms, 'формуляр', 'формуляра')}."
    )
    print("\n".join(telephones_listing(content)))
    _say_papers(papers)
    _say_drafts(project, content)
    return 0


def _say_papers(lines: Sequence[str]) -> None:
    if lines:
        print("\n".join(("Листове за печат, за които има какво да се поправи:", *lines)))


def _say_drafts(project: Project, content: Content) -> None:
    """What a site may be tried with, but not go out with; and what in it has grown old."""
    for line in notices(project, content):
        print(line)
    if drafts := not_accepted(content):
        accept = shell_command(project.root, "accept-forms")
        print(f"Още не са приети: {', '.join(drafts)}. Преди да излязат: {accept}")
    if examples := left_in(content):
        print("\n  ".join(["Преди сайтът да излезе:", *examples]))


def _accept_forms(project: Project, options: argparse.Namespace) -> int:
    print(f"Приети: {', '.join(accept_forms(project, options.forms))}.")
    return 0


def _photograph(project: Project, options: argparse.Namespace) -> int:
    put = put_photograph(named_file(options.file), project.content / "photographs")
    size = put.stat().st_size / 1000
    print(f"Готово: content/photographs/{put.name} ({size:.0f} KB).")
    print("Сега я впишете в „photographs“ на центъра, с описание (alt) за който не я вижда:")
    print(f'  - {{name: {put.stem}, file: {put.name}, alt: {{bg: "…"}}, source: "…"}}')
    return 0


def _remember(project: Project, options: argparse.Namespace) -> int:
    remember(project, load_content(project.content), options.files)
    print(f"Записано: {project.content.name}/{REMEMBERED}")
    return 0


def _pages(project: Project, _options: argparse.Namespace) -> int:
    with only_writer(project.lock):
        files = write_for_engines(project, load_content(project.content), project.built)
    print("\n".join(file.relative_to(project.root).as_posix() for file in files))
    return 0


def _report(project: Project, _options: argparse.Namespace) -> int:
    content = load_content(project.content)
    for line in (*facts_listing(content, project.today), *notices(project, content)):
        print(line)
    return 0


def _schema(project: Project, _options: argparse.Namespace) -> int:
    write_schemas(project.root)
    print("Готово: schema/")
    return 0


def _install_headers(project: Project, options: argparse.Namespace) -> int:
    install_headers(project.headers, options.target, options.letters)
    return 0


def _words(project: Project, options: argparse.Namespace) -> int:
    site = load_content(project.content).site
    update(project.root, project.catalogues, site.codes[1:])
    write_whole(project.root / SAFETY_TABLE, safety_table(project, site).encode())
    return _check_words(project, options)


def _check_words(project: Project, _options: argparse.Namespace) -> int:
    content = load_content(project.content)
    codes = content.site.codes
    wrong = [
        *map(str, faults(project.root, project.catalogues, codes[1:])),
        *map(str, slips_of_facts(project, codes)),
        *map(str, slips_of_interface(project, codes)),
        *not_as_remembered(project, content),
        *filter(None, [stale_table(project, content.site)]),
    ]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    print(f"Думите и {SAFETY_TABLE} са наред: {', '.join(codes)}.")
    return 0
