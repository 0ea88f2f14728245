"""The command `review`: a sheet for a native speaker, and what came back."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from site_build.atomic_writing import write_whole
from site_build.command_line import AddCommand, named_file
from site_build.errors import BuildError
from site_build.native_review.answers import Kind, Verdict, judge_answers
from site_build.native_review.applying import apply
from site_build.native_review.sentences import SECTIONS, Sentence, sentences
from site_build.project import Project
from site_model.content import Content
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.loading.loader import load_content
from site_model.text.cleaning import FROM_THE_RIGHT, clean
from site_model.text.plurals import count_phrase
from site_model.types import SOURCE_LANGUAGE


def review_command(command: AddCommand) -> None:
    """Add the command to the parser."""
    review = command(
        "review",
        _review,
        "прави таблица с преводите на един език за човек, за когото той е роден, и прочита какво "
        "е отговорил",
        "Нищо не е сменено.",
    )
    review.add_argument("language", nargs="?", default="", metavar="ЕЗИК", help="tr, uk, ar, en")
    review.add_argument(
        "files",
        nargs="*",
        metavar="ФАЙЛ.xlsx",
        help="върнати таблици, за да се прочетат; без тях се прави нова",
    )
    review.add_argument(
        "--apply", nargs="?", const="yes", default="", help="записва по-добрите преводи"
    )
    review.add_argument(
        "--read-by-native",
        nargs="?",
        const="yes",
        default="",
        help="с --apply: махва бележката „не е прочетен“ от страниците, ако всичко за "
        "безопасността е прочетено",
    )


def _review(project: Project, options: argparse.Namespace) -> int:
    # Here, because openpyxl takes as long to load as all that a build needs.
    from site_build.native_review.sheet import read_sheet, write_sheet

    files = [file for told in options.files for file in _files(told)]
    to_apply, native = _yes("APPLY", options.apply), _yes("READ", options.read_by_native)
    if to_apply and not files:
        raise BuildError("напишете коя таблица да се прочете: FILE=prevod-tr.xlsx.")
    if native and not to_apply:
        raise BuildError("добавете APPLY=yes: READ=yes е само за запис.")
    content = load_content(project.content)
    language = _language(content, options.language.strip().lower())
    found = sentences(project, language.code)
    numbers = {line.id: str(line.number) for line in content.help_lines.values()}
    if not files:
        file = named_file(f"prevod-{language.code}.xlsx")
        write_sheet(file, language, found, numbers)
        safety = sum(one.is_safety for one in found)
        print(f"Записано: {file}. Изречения: {len(found)}, за безопасността: {safety}.")
        return 0
    answers = [answer for file in files for answer in read_sheet(file)]
    _refuse_other_language(project, content, language, {one.id for one in answers})
    verdicts = judge_answers(answers, found, language, numbers)
    report = list(report_lines(verdicts, found, language))
    print("\n".join(report))
    file = project.work / f"review-{language.code}.txt"
    write_whole(file, "\n".join([*report, ""]))
    print(f"Същото е в {file.relative_to(project.root)}.")
    if to_apply:
        apply(project, language, verdicts, found, native=native)
    elif any(one.kind is Kind.BETTER for one in verdicts):
        print("Нищо не е сменено. За да се запишат по-добрите преводи, добавете APPLY=yes.")
    return 0


def _files(told: str) -> list[Path]:
    """The files of FILE, which may name several; a name may have spaces in it."""
    whole = named_file(told)
    names = re.split(r"(?<=\.xlsx)[\s,;]+", told.strip(), flags=re.IGNORECASE)
    return [whole] if whole.exists() else [named_file(name) for name in names if name]


def _yes(name: str, said: str) -> bool:
    if said.strip().casefold() not in ("", "yes", "да", "no", "не"):
        raise BuildError(f"напишете {name}=yes или махнете {name}: „{said}“ не се разбира.")
    return said.strip().casefold() in ("yes", "да")


def _refuse_other_language(
    project: Project, content: Content, language: SiteLanguage, ids: set[str]
) -> None:
    """A sheet is of the language of most of its rows, whatever it is called."""

    def known(code: str) -> int:
        return len(ids & {one.id for one in sentences(project, code)})

    if 2 * known(language.code) < len(ids - {""}):
        best = max(_others(content), key=lambda one: known(one.code))
        if known(best.code) > known(language.code):
            raise BuildError(
                f"напишете LANGUAGE={best.code}: таблицата е на езика {in_bulgarian(best.code)} "
                f"({best.code}), не {in_bulgarian(language.code)} ({language.code})."
            )


def _others(content: Content) -> list[SiteLanguage]:
    return [one for one in content.site.languages if one.code != SOURCE_LANGUAGE]


def _language(content: Content, code: str) -> SiteLanguage:
    known = next((one for one in _others(content) if one.code == code), None)
    if known is None:
        there = ", ".join(f"{one.code} ({in_bulgarian(one.code)})" for one in _others(content))
        raise BuildError(f"сайтът няма език „{code}“ (LANGUAGE). Има: {there or 'само български'}.")
    return known


def report_lines(
    verdicts: Sequence[Verdict], found: Sequence[Sentence], language: SiteLanguage
) -> Iterator[str]:
    """The report for the person who organises the reading."""
    yield f"Прочит на превода, {in_bulgarian(language.code)}."
    yield from _better(verdicts)
    if remarks := [one for one in verdicts if one.answer.remark.strip()]:
        yield "Бележки. За които няма по-добър превод, решете вие:"
        for one in remarks:
            yield f"  {one.answer.place}: {_line(one.answer.remark)}"
            yield f"    {_line(one.answer.bulgarian)}"
            yield f"    {_line(one.answer.translation)}"
            yield from (f"    {spot}" for spot in (one.sentence.spots if one.sentence else ()))
    if refused := [one for one in verdicts if one.kind is Kind.REFUSED]:
        yield "Не може да се запише така:"
        for one in refused:
            yield f"  {one.answer.place}: {one.words}"
            yield f"    {_line(one.answer.answer or one.answer.translation)}"
            yield from (f"    {spot}" for spot in (one.sentence.spots if one.sentence else ()))
    yield from _counts(verdicts, found)


def _line(typed: str) -> str:
    """What somebody typed, in one line of a report, with nothing that a terminal obeys."""
    return " ".join(clean(typed, FROM_THE_RIGHT).split())


def _better(verdicts: Sequence[Verdict]) -> Iterator[str]:
    better = [(one, one.sentence) for one in verdicts if one.kind is Kind.BETTER and one.sentence]
    if better:
        yield f"По-добри преводи: {len(better)}."
    for one, sentence in better:
        yield f"  {one.answer.place}: {', '.join(map(str, sentence.spots))}"
        yield f"    - {sentence.translation}"
        yield f"    + {one.words}"


def _read(verdicts: Sequence[Verdict]) -> set[Sentence]:
    return {one.sentence for one in verdicts if one.sentence and one.is_read}


def _counts(verdicts: Sequence[Verdict], found: Sequence[Sentence]) -> Iterator[str]:
    read = _read(verdicts)
    yield f"Прочетени: {len(read)} от {count_phrase(len(found), 'изречение', 'изречения')}."
    for section, title in SECTIONS.items():
        inside = [one for one in found if one.section == section]
        if inside:
            yield f"  {title}: {sum(one in read for one in inside)} от {len(inside)}"
    there = {one.sentence for one in verdicts if one.sentence}
    if missing := sum(one not in there for one in found):
        yield f"  Не са в таблицата: {missing}"
