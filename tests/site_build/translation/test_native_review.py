"""The kit for a native reader: a sheet goes out, is filled in by a person, and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from site_build.__main__ import main
from site_build.errors import BuildError
from site_build.native_review.answers import Answer, Kind, Verdict, judge_answers, texts_of
from site_build.native_review.applying import apply
from site_build.native_review.command import report_lines
from site_build.native_review.files import edit_text
from site_build.native_review.sentences import Sentence, sentences
from site_build.native_review.sheet import read_sheet, write_sheet
from site_model.facts.remembered import REMEMBERED
from site_model.loading.loader import load_content
from site_model.memory import old_translations
from tests.support.project import ONLY_BULGARIAN, copy_project

TURKISH = "  - {code: tr, scope: main, read_by_native: false}\n"
ARABIC = TURKISH.replace("tr", "ar")
TRANSLATION, ANSWER, MARK = 3, 4, 6
"""Columns of the sheet, counted from 0."""


class Kit:
    """A site in Bulgarian and another language, and a sheet of some of its sentences in the
    reader's hands.
    """

    def __init__(self, folder: Path, code: str = "tr") -> None:
        languages = ONLY_BULGARIAN + TURKISH.replace("tr", code)
        made = copy_project(folder / "site", languages=languages)
        self.project = replace(made, catalogues=made.root / "locale")
        content = load_content(self.project.content)
        self.language = content.site.language(code)
        self.numbers = {line.id: str(line.number) for line in content.help_lines.values()}
        self.found = sentences(self.project, code)
        self.fact = self.first(
            lambda one: (
                {spot.file for spot in one.spots}
                == {"content/forms/contact.yml", "content/forms/referral.yml"}
            )
        )
        self.word = self.first(lambda one: "%(moment)s" in one.translation)
        self.line = self.first(lambda one: one.translation.startswith("- "))
        self.options = self._options()
        self.few = list({one: 0 for one in (self.fact, self.word, self.line, *self.options)})
        self.file = folder / f"prevod-{code}.xlsx"

    def first(self, is_it: Callable[[Sentence], bool]) -> Sentence:
        """The first sentence that is meant and not too short to be changed a little."""
        return next(one for one in self.found if len(one.translation) > 24 and is_it(one))

    def _options(self) -> list[Sentence]:
        """The answers to choose from for one question."""
        lists: dict[object, list[Sentence]] = {}
        for one in self.found:
            spot = one.spots[0]
            if "options" in spot.at:
                lists.setdefault((spot.file, spot.at[: spot.at.index("options")]), []).append(one)
        return next(list(same) for same in lists.values() if len(same) > 2)

    def texts(self, one: Sentence) -> tuple[str, str]:
        """Both texts as the sheet shows them."""
        bulgarian, translation = texts_of(one, self.numbers)
        return bulgarian.shown, translation.shown

    def row(self, one: Sentence, **said: str) -> Answer:
        """A row as it comes back, with what a person changed in it."""
        row = Answer("ред 7", one.id, *self.texts(one), answer="", remark="")
        return replace(row, **said)

    def judged(self, *rows: Answer) -> list[Verdict]:
        """Verdicts of rows, beside few sentences: one of all takes a second."""
        few = {one.id: one for one in self.few}
        few |= {one.id: one for one in self.found if one.id in {row.id for row in rows}}
        return judge_answers(rows, list(few.values()), self.language, self.numbers)

    def fill(self, change: Callable[[Worksheet], None]) -> list[Verdict]:
        """What a sheet says after a person has worked in it with a spreadsheet program."""
        given = [self.fact, self.word, self.line, self.found[-1]]
        write_sheet(self.file, self.language, given, self.numbers)
        book = load_workbook(self.file)
        change(book.worksheets[0])
        book.save(self.file)
        return self.read()

    def read(self) -> list[Verdict]:
        return judge_answers(read_sheet(self.file), self.found, self.language, self.numbers)

    def files(self) -> dict[str, list[str]]:
        """The lines of every file that a translation may stand in."""
        root = self.project.root
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8").split("\n")
            for folder in ("content", "docs", "locale")
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in (".yml", ".po", ".md")
        }


def cells_of(sheet: Worksheet, one: Sentence) -> tuple:  # type: ignore[type-arg]
    """The cells of a sentence's row, from the first, which is number 0."""
    return next(row for row in sheet.iter_rows() if row[MARK].value == one.id)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """A site that stays as it is."""
    return Kit(tmp_path_factory.mktemp("kit"))


@pytest.fixture
def sheet_of(kit: Kit, tmp_path: Path) -> Kit:
    """The same, with a sheet of its own."""
    own = copy(kit)
    own.file = tmp_path / "prevod-tr.xlsx"
    return own


def test_better_texts_reach_their_places_and_nothing_else_changes(tmp_path: Path) -> None:
    """A text of facts (wherever it stands), an interface word and a line of a page; the site that
    they make passes its check. Pages say that a native has read them only when all that keeps
    people safe was read and the organiser says so.
    """
    kit = Kit(tmp_path)
    _, fact = kit.texts(kit.fact)
    _, line = kit.texts(kit.line)

    def change(sheet: Worksheet) -> None:
        cells_of(sheet, kit.fact)[ANSWER].value = f"  {fact}\xa0tamam\n"
        cells_of(sheet, kit.word)[ANSWER].value = "{ moment } alındı (Bulgaristan saati)"
        cells_of(sheet, kit.line)[ANSWER].value = f'{line} "x"'

    # The same words are remembered of another text: they are no old translation here.
    memory = kit.project.content / REMEMBERED
    known = yaml.safe_load(memory.read_text(encoding="utf-8"))
    mark = sha256(f"{fact} tamam".encode()).hexdigest()[:8]
    known["translations"]["Друг текст"] = {"tr": mark}
    memory.write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    old = list(old_translations(load_content(kit.project.content)))
    before, verdicts = kit.files(), kit.fill(change)
    with pytest.raises(BuildError, match="изречения за безопасността"):
        apply(kit.project, kit.language, verdicts, kit.found, native=True)
    assert kit.files() == before
    verdicts += kit.judged(*(kit.row(one, answer="OK") for one in kit.found if one.is_safety))
    apply(kit.project, kit.language, verdicts, kit.found, native=True)
    changed = {
        name: [new for old, new in zip(before[name], lines, strict=True) if old != new]
        for name, lines in kit.files().items()
        if before[name] != lines and name != "content/remembered.yml"
    }
    assert {name: len(lines) for name, lines in changed.items()} == {
        "content/forms/contact.yml": 1,
        "content/forms/referral.yml": 1,
        "content/site.yml": 1,
        "locale/tr.po": 1,
        kit.line.spots[0].file: 1,
    }
    assert changed["content/forms/contact.yml"][0].endswith(f'tr: "{fact} tamam"')
    assert changed["content/site.yml"] == ["  - {code: tr, scope: main, read_by_native: true}"]
    assert changed["locale/tr.po"] == ['msgstr "%(moment)s alındı (Bulgaristan saati)"']
    assert changed[kit.line.spots[0].file] == [f"- {line} “x”"]
    assert list(old_translations(load_content(kit.project.content))) == old
    kit.found = sentences(kit.project, "tr")
    assert [one for one in kit.read() if one.answer.answer and one.kind is not Kind.FINE] == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Bulgaristan saatiyle alındı", "липсва {moment}"),
        ("{moment} {sender} alındı (Bulgaristan saati)", "{sender} е в повече"),
        ("{moment} {moment} alındı (Bulgaristan saati)", "{moment} е в повече"),
        ("{moment} alındı {{ config }}", "в повече"),
        ("{moment} alındı {% include x %}", "в повече"),
        ("%(moment)s alındı (Bulgaristan saati)", "липсва {moment}"),
        ("{moment} <b>alındı</b> (Bulgaristan saati)", "не се пишат знаците < >"),
        ("{moment} **alındı** (Bulgaristan saati)", "не се пишат знаците *"),
        ("# {moment} alındı (Bulgaristan saati)", "не може да започва с #"),
        ("{moment} не е добре казано, май?", "други букви"),
        ("{moment} al", "много по-кратко"),
        ("{moment} alındı (Bulgaristan saati 12)", "числата"),
    ],
)
def test_what_would_do_harm_is_refused(kit: Kit, answer: str, why: str) -> None:
    """A lost or invented value, markup, code, another number, a remark in the wrong column."""
    (verdict,) = kit.judged(kit.row(kit.word, answer=answer))
    assert (verdict.kind, why in verdict.words) == (Kind.REFUSED, True), verdict.words


def test_the_bulgarian_text_is_no_translation(kit: Kit) -> None:
    """Copied from the column beside."""
    (verdict,) = kit.judged(kit.row(kit.word, answer=kit.texts(kit.word)[0]))
    assert "това е българският текст" in verdict.words


@pytest.mark.parametrize(
    "answer",
    ["OK", " ок. ", "Да", "✓", "EVET", "نعم", "Tamam!", "Yes", "так", "👍🏽", "OK, OK", ""],
)
def test_yes_counts_as_read(kit: Kit, answer: str) -> None:
    """However it is written, also as the translation once more."""
    row = kit.row(kit.fact, answer=answer or kit.texts(kit.fact)[1])
    assert kit.judged(row)[0].kind is Kind.FINE


def test_tags_stay_around_their_words(kit: Kit) -> None:
    """What opens comes before what closes; values may change places."""
    bulgarian, words = (
        "От {{ a }} до {{ b }}: <b>край</b>.",
        "{{ a }} ile {{ b }}: <b>son</b> arası.",
    )
    one = replace(kit.line, bulgarian=bulgarian, translation=words)
    right, wrong = (
        judge_answers([kit.row(one, answer=said)], [one], kit.language, kit.numbers)[0]
        for said in ("{2} ve {1}: {3}son{4} arası.", "{1} ve {2}: {4}son{3} arası.")
    )
    assert right.words == "{{ b }} ve {{ a }}: <b>son</b> arası."
    assert "скобите { } са в друг ред" in wrong.words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  bg: Б\n  tr: Eski söz  # note\n", 'a:\n  bg: Б\n  tr: "Yeni: #söz"  # note\n'),
        ("a: {bg: Б, tr: 'Eski, söz'}\n", 'a: {bg: Б, tr: "Yeni: #söz"}\n'),
        ("a:\n  tr: >-\n    Eski\n    söz\n\n  bg: Б\n", 'a:\n  tr: "Yeni: #söz"\n\n  bg: Б\n'),
        (
            "# ş\r\na:\r\n  tr: Eski\r\n  bg: Б\r\n",
            '# ş\r\na:\r\n  tr: "Yeni: #söz"\r\n  bg: Б\r\n',
        ),
        ('a:\n  "tr": "Eski\n    söz"\n  bg: Б', 'a:\n  "tr": "Yeni: #söz"\n  bg: Б'),
        ("a:\n  bg: Б\n  tr: |\n    Eski\n# end\n", 'a:\n  bg: Б\n  tr: "Yeni: #söz"\n# end\n'),
    ],
)
def test_yaml_keeps_all_but_the_value(before: str, after: str) -> None:
    """Comments, other fields, line ends, however the value was written."""
    assert edit_text("x.yml", before, {("a", "tr"): "Yeni: #söz"}) == after


def test_rows_know_themselves(sheet_of: Kit) -> None:
    """Sorted, taken out, with the hidden column gone or a translation emptied: each answer still
    belongs to its sentence, and what has no answer is not read.
    """
    better = f"{sheet_of.texts(sheet_of.line)[1]} tamam"

    def change(sheet: Worksheet) -> None:
        cells_of(sheet, sheet_of.fact)[ANSWER].value = "OK"
        cells_of(sheet, sheet_of.word)[TRANSLATION].value = None
        cells_of(sheet, sheet_of.line)[ANSWER].value = better
        cells_of(sheet, sheet_of.line)[MARK].value = None
        sheet.delete_rows(cells_of(sheet, sheet_of.found[-1])[0].row)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        for number, values in enumerate(reversed(rows), 3):
            for place, value in enumerate(values, 1):
                sheet.cell(number, place).value = value

    verdicts = sheet_of.fill(change)
    said = {one.sentence: one for one in verdicts}
    assert said[sheet_of.fact].kind is Kind.FINE
    assert "изтрит" in said[sheet_of.word].words
    assert said[sheet_of.line].words == f"- {better}"
    report = "\n".join(report_lines(verdicts, sheet_of.found, sheet_of.language))
    assert f"Прочетени: 2 от {len(sheet_of.found)}" in report
    assert f"Не са в таблицата: {len(sheet_of.found) - 3}" in report


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"translation": "Başka bir metin"}, "сменен на „Başka bir metin“"),
        ({"translation": "Başka bir metin", "answer": "OK"}, "сменен на"),
        ({"translation": "", "answer": "OK"}, "изтрит"),
        ({"bulgarian": "Друг български текст", "answer": "OK"}, "не са на изречението"),
        ({"broken": "има формула"}, "има формула"),
    ],
)
def test_a_row_changed_elsewhere_is_named_and_not_written(
    kit: Kit, said: dict[str, str], why: str
) -> None:
    """Only text in the column for answers changes a translation; OK never does."""
    verdict = kit.judged(kit.row(kit.fact, **said))[0]
    assert (verdict.kind, why in verdict.words) == (Kind.REFUSED, True), verdict.words


@pytest.mark.parametrize("moved", [1, 40])
def test_texts_sorted_without_the_hidden_mark_reach_no_other_sentence(kit: Kit, moved: int) -> None:
    """A few such rows are found by their texts; many stop the reading."""
    some = kit.found[:80]
    rows = [kit.row(one, answer=f"{kit.texts(one)[1]} x") for one in some]
    mixed = [
        replace(row, id=other.id) for row, other in zip(rows, rows[moved:] + rows, strict=False)
    ]
    if moved > 1:
        with pytest.raises(BuildError, match="колоните са разместени"):
            judge_answers(mixed, some, kit.language, kit.numbers)
    else:
        verdicts = judge_answers(mixed[:2], some, kit.language, kit.numbers)
        assert [one.sentence for one in verdicts] == some[:2]


@pytest.mark.parametrize(
    "change",
    [
        lambda said: f"Evet, {said}",
        lambda said: f"ok {said}",
        lambda said: f"Hayır. {said}",
        lambda _: "Çocuklar böyle konuşmaz, bence daha kısa söylemek gerek",
        lambda said: f"{said} {said} {said} {said} {said}",
    ],
)
def test_what_looks_like_a_remark_is_not_written(kit: Kit, change: Callable[[str], str]) -> None:
    """It begins with a yes or no, has almost no word of the old one, or is several times longer."""
    row = kit.row(kit.fact, answer=change(kit.texts(kit.fact)[1]))
    assert kit.judged(row)[0].kind is Kind.REFUSED


def test_another_answer_to_the_same_question_is_no_translation(kit: Kit) -> None:
    """Somebody slipped by a row."""
    one, two = kit.options[:2]
    verdict = kit.judged(kit.row(one, answer=kit.texts(two)[1]))[0]
    assert (verdict.kind, "преводът на" in verdict.words) == (Kind.REFUSED, True)


def test_what_readers_write_elsewhere_is_named(sheet_of: Kit) -> None:
    """Notes beside cells, other columns, a copy of the sheet, cells made one; a formula refuses
    its own row, and the row that explains the columns is none.
    """

    def change(sheet: Worksheet) -> None:
        fact, word, line = (
            cells_of(sheet, one) for one in (sheet_of.fact, sheet_of.word, sheet_of.line)
        )
        fact[ANSWER].comment = Comment("тук е грубо", "Ани")
        fact[1].value = "не се вижда"
        sheet.cell(fact[0].row, 9).value = "питайте ме"
        word[ANSWER].value = "=1+1"
        copied = sheet.parent.copy_worksheet(sheet)
        cells_of(copied, sheet_of.line)[ANSWER].value = "OK"
        cells_of(copied, sheet_of.word)[ANSWER].value = None
        below = cells_of(copied, sheet_of.found[-1])[0].row
        copied.merge_cells(start_row=line[0].row, end_row=below, start_column=5, end_column=5)

    verdicts = sheet_of.fill(change)
    report = "\n".join(report_lines(verdicts, sheet_of.found, sheet_of.language))
    for words in ("тук е грубо", "не се вижда", "питайте ме", "формула"):
        assert words in report
    refused = [one for one in verdicts if one.kind is Kind.REFUSED]
    assert [one.sentence for one in refused] == [sheet_of.word]
    read = {one.sentence for one in verdicts if one.kind is Kind.FINE}
    assert read == {sheet_of.line, sheet_of.found[-1]}


def test_a_sentence_that_changed_since_is_refused(kit: Kit) -> None:
    """The Bulgarian or the translation: nobody has read what stands there now."""
    row = kit.row(kit.fact, answer=f"{kit.texts(kit.fact)[1]} tamam")
    changed = {
        "българският текст е сменен": replace(kit.fact, bulgarian="Друго"),
        "междувременно: „Başka“": replace(kit.fact, translation="Başka"),
    }
    for why, now in changed.items():
        verdict = judge_answers([row], [now], kit.language, kit.numbers)[0]
        assert (verdict.kind, why in verdict.words) == (Kind.REFUSED, True)


def test_yes_in_another_language_replaces_nothing(kit: Kit) -> None:
    """The same word in every row is no translation of all of them."""
    verdicts = kit.judged(*(kit.row(one, answer="Uygundur") for one in kit.found[:20]))
    assert {one.kind for one in verdicts} == {Kind.REFUSED}


def test_copied_rows_that_disagree_are_refused(kit: Kit) -> None:
    """The same answer twice is one answer."""
    fine, other = (kit.row(kit.word, answer=said) for said in ("OK", "{moment} kabul edildi, saat"))
    assert [one.kind for one in kit.judged(fine, other)] == [Kind.REFUSED] * 2
    assert [one.kind for one in kit.judged(fine, fine)] == [Kind.FINE] * 2


def test_remarks_are_kept_for_the_organiser(kit: Kit) -> None:
    """With the sentence and its places, and nothing in them that a terminal obeys."""
    verdicts = kit.judged(kit.row(kit.fact, remark="звучи\x1b[31m грубо"))
    assert verdicts[0].kind is Kind.REMARK
    report = "\n".join(report_lines(verdicts, kit.found, kit.language))
    assert "звучи[31m грубо" in report
    assert re.search(r"content/forms/contact\.yml:\d+", report)


def test_arabic_is_laid_out_from_the_right(tmp_path: Path) -> None:
    """Its columns too; and an address keeps the unseen signs that hold it together."""
    kit = Kit(tmp_path, "ar")
    kit.fill(lambda _: None)
    sheet = load_workbook(kit.file).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    assert sheet.page_setup.orientation == "landscape"
    one = next(one for one in kit.found if "\u2066112.mvr.bg\u2069" in one.translation)
    typed = one.translation.replace("\u2066", "").replace("\u2069", "").replace(" ", "  ", 1)
    assert kit.judged(kit.row(one, answer=typed))[0].kind is Kind.FINE
    assert kit.judged(kit.row(one, answer=f"{typed} نعم"))[0].words == f"{one.translation} نعم"


def test_the_gravest_comes_first(kit: Kit) -> None:
    """Safety before forms, forms before children's pages, those before the rest; each pair of
    sentences once.
    """
    sections = list(dict.fromkeys(one.section for one in kit.found))
    assert sections == [
        *("danger", "law", "promise", "receipt", "exit", "lines"),
        *("forms", "children", "rest"),
    ]
    assert len({one.id for one in kit.found}) == len(kit.found)


def test_the_command_writes_and_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet where the person is; a file that there is not, or of another language, is named."""
    project = copy_project(tmp_path / "site", languages=ONLY_BULGARIAN + TURKISH + ARABIC)
    monkeypatch.setenv("OPORA_HERE", str(tmp_path))
    at = ["--project", str(project.root)]
    assert main(["review", "tr", *at]) == 0
    assert main(["review", "TR", "prevod-tr.xlsx prevod-tr.xlsx", *at]) == 0
    assert "Прочетени: 0 от" in capsys.readouterr().out
    assert main(["review", "ar", "prevod-tr.xlsx", *at]) == 1
    assert "LANGUAGE=tr" in capsys.readouterr().err
    for typed, why in (
        (["tr", "--apply"], "FILE="),
        (["tr", "prevod-tr.xlsx", "--read-by-native=yes"], "APPLY=yes"),
        (["tr", "prevod-tr.xlsx", "--apply=maybe"], "„maybe“ не се разбира"),
    ):
        assert main(["review", *typed, *at]) == 1
        assert why in capsys.readouterr().err
    assert main(["review", "fr", *at]) == 1
    assert "Има: tr (турски), ar (арабски)" in capsys.readouterr().err
