"""Where a changed fact comes from: a person of the centre, or a text of content/sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from site_build.authoring.completion import SaidText
from site_build.authoring.new_centre import free_name
from site_build.authoring.spreadsheet.columns import Names
from site_build.wording.facts import day_words
from site_editor.doubts import says_another
from site_editor.form_to_facts import Faults
from site_editor.plain_words import shorten
from site_model.loading.loader import read_written, written_files
from site_model.text.cleaning import clean
from site_model.text.saved_files import NotTextError
from site_model.text.spellings import parse_day

LONGEST_POST: Final = 100
_LINES: Final = re.compile(r"\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?){0,19}")


@dataclass
class FromDocument(SaidText):
    """Facts that rest on lines of a text that is there already: nothing is written down."""

    place: str = ""
    facts: int = 0

    def add(self, _line: str) -> str:
        self.facts += 1
        return self.place


@dataclass(frozen=True)
class Origin:
    """The answer to „Откъде знаем това?“, as it was typed; `kind` is "person" or "document"."""

    kind: str = ""
    post: str = ""
    day: str = ""
    file: str = ""
    lines: str = ""

    def faults(self, today: date, files: Documents) -> Faults:
        """What is to be said yet, by the name of the field."""
        if self.kind == "document":
            return self._of_document(files)
        if self.kind != "person":
            return {"origin-kind": ["изберете откъде знаем това."]}
        found: Faults = {}
        if not any(map(str.isalpha, self.post)):
            found["origin-post"] = ["напишете длъжността на човека, например социален работник."]
        elif len(self.post) > LONGEST_POST:
            found["origin-post"] = [f"длъжността е най-много {LONGEST_POST} знака."]
        told = parse_day(self.day)
        if told is None:
            found["origin-day"] = ["напишете деня, например 28.11.2026."]
        elif told > today:
            found["origin-day"] = ["този ден още не е дошъл."]
        return found

    def _of_document(self, files: Documents) -> Faults:
        found: Faults = {}
        if self.file not in files:
            found["origin-file"] = ["изберете документа."]
        if not _LINES.fullmatch(self.lines):
            found["origin-lines"] = ["напишете на кой ред е, например 5, 5-7 или 5,9."]
        return found

    def doubts(self, content: Path, values: Sequence[str]) -> tuple[str, ...]:
        """What to ask where the lines of the document say nothing of any of the new values."""
        if self.kind != "document":
            return ()
        try:
            lines = read_written(content / "sources" / self.file).splitlines()
        except (OSError, NotTextError):
            return ()
        spans = [part.partition("-") for part in self.lines.split(",")]
        said = " ".join(
            line
            for first, _, last in spans
            for line in lines[max(int(first) - 1, 0) : int(last or first)]
        )
        odd = [value for value in values if value and says_another(said, value)]
        if not odd:
            return ()
        return (
            f"На ред {self.lines} на документа пише „{shorten(said)}“. Това не прилича на "
            f"„{shorten(odd[0])}“.",
        )

    def source_text(self, content: Path, centre: str, today: date, names: Names) -> SaidText:
        """The text on which facts are to rest that have no source."""
        if self.kind == "document":
            return FromDocument(self.file, names, place=f"{self.file}:{self.lines}")
        said = SaidText(free_name(content / "sources", centre, today), names)
        day = parse_day(self.day) or today
        post = " ".join(clean(self.post).split())
        told, written = day_words(day.isoformat()), day_words(today.isoformat())
        said.add(f"Казано от човек на центъра ({post}) на {told}, записано на {written}.")
        return said


Documents = dict[str, str]
"""The texts of content/sources by their names, each with its beginning."""


def is_told_by(name: str, centre: str) -> bool:
    """Whether a text is called as one that somebody of the centre told (`free_name`)."""
    return re.fullmatch(rf"{re.escape(centre)}(-\d{{4}}-\d\d-\d\d(-\d+)?)?\.txt", name) is not None


def documents(content: Path, others: Iterable[str]) -> Documents:
    """All texts on which facts may rest, but for what people of the centres `others` told."""
    found: Documents = {}
    for file in written_files(content / "sources", "*.txt"):
        if any(is_told_by(file.name, other) for other in others):
            continue
        try:
            lines = read_written(file).splitlines()
        except (OSError, NotTextError):
            continue
        first = next((line.strip() for line in lines if line.strip()), "")
        beginning = shorten(first)
        again = list(found.values()).count(beginning) + 1
        found[file.name] = beginning if again == 1 else f"{beginning} ({again})"
    return found
