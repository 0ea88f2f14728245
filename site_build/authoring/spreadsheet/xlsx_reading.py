"""Reads the cells of an .xlsx file one after another (ECMA-376, part 1, section 18).

openpyxl holds every formatted cell in memory, also those that are empty: one that is formatted
in the last row takes a gigabyte. Here only what holds something is kept. Names are taken
without their namespace, so that „Strict“ files are read as well.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from site_build.authoring.spreadsheet.sheet import ErrorValue, Formula, Sheet, column_number
from site_build.errors import BuildError

LARGEST_SHEET: Final = 250_000_000
"""Bytes of a sheet unpacked: formatting for each of 1,048,576 rows takes a third of that."""
LARGEST_PART: Final = 20_000_000
MOST_CELLS: Final = 200_000
"""That hold something; the facts of a centre take some hundreds."""

_BUILT_IN: Final[Mapping[int, str]] = (
    dict.fromkeys((14, 15, 22, *range(27, 32), *range(50, 55), 57, 58), "d.m.y")
    | {16: "d.m.y", 17: "m.y", 55: "m.y", 56: "d.m.y"}
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "h:mm")
)
"""Formats of days and times that files name by number only (section 18.8.30)."""


class _TooLargeError(Exception):
    """More than the facts of a centre can be."""


def read_spreadsheet(file: Path) -> dict[str, Sheet]:
    """What each sheet holds, by its name; raises BuildError for what is no such file."""
    _refuse_while_open(file)
    try:
        with file.open("rb") as data, zipfile.ZipFile(data) as packed:
            return _Book(packed).sheets()
    except FileNotFoundError:
        raise BuildError(f"{file}: няма такъв файл.") from None
    except _TooLargeError:
        raise BuildError(
            f"{file.name}: файлът е твърде голям за факти на един център. Вземете нова таблица и "
            "пренесете в нея само отговорите."
        ) from None
    except (
        *(zipfile.BadZipFile, KeyError, ValueError, IndexError, EOFError),
        *(expat.ExpatError, NotImplementedError, RuntimeError, OSError, zlib.error),
    ) as error:
        raise BuildError(
            f"{file.name}: не може да се прочете като електронна таблица. {_fix(file, error)}"
        ) from None


def _refuse_while_open(file: Path) -> None:
    """What is not saved yet is not in the file; Excel and LibreOffice leave a mark beside it."""
    if file.name.startswith(("~$", ".~lock.")):
        raise BuildError(
            f"{file.name}: това е знакът, че таблицата е отворена. Запишете я, затворете я и "
            "напишете нейното име."
        )
    for mark in (f"~${file.name}", f".~lock.{file.name}#"):
        if (file.parent / mark).exists():
            raise BuildError(
                f"{file.name}: таблицата е отворена в Excel или LibreOffice, а незаписаното не е "
                "във файла. Запишете я, затворете я и опитайте пак. Ако не е отворена никъде, "
                f"изтрийте „{mark}“ до нея."
            )


def _fix(file: Path, error: Exception) -> str:
    """What to do with a file that is something else."""
    if isinstance(error, OSError) and not isinstance(error, zipfile.BadZipFile):
        return f"Компютърът казва: {error.strerror}."
    save = "запишете го като „Работна книга на Excel (.xlsx)“ и дайте новия файл"
    with file.open("rb") as data:
        head = data.read(1_000_000)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in head or isinstance(error, RuntimeError):
            return "Заключен е с парола: отворете го, махнете паролата и го запишете отново."
        return f"Той е в стария вид на Excel (.xls): отворете го, {save}."
    if head.startswith(b"PK"):
        return f"Отворете го с Excel или LibreOffice, {save}."
    return f"Ако е CSV или друг текст, вземете празна таблица и пренесете отговорите; иначе {save}."


class _Book:
    """The parts of a file."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._names: list[tuple[str, str]] = []
        self._from_1904 = False
        self._styles: list[str] = []
        self._strings: list[str] = []
        self._left = MOST_CELLS

    def sheets(self) -> dict[str, Sheet]:
        parts = [
            target for kind, _, target in self._related("") if kind.endswith("/officeDocument")
        ]
        main = parts[0]
        self._parse(main, self._in_book)
        related = {name: (kind, target) for kind, name, target in self._related(main)}
        for kind, part in related.values():
            if kind.endswith("/sharedStrings"):
                self._read_strings(part)
            elif kind.endswith("/styles"):
                self._read_styles(part)
        return {
            title: self._sheet(related[name][1])
            for title, name in self._names
            if related[name][0].endswith("/worksheet")
        }

    def _related(self, part: str) -> list[tuple[str, str, str]]:
        """The kind, the name and the place of each part that one names."""
        folder, _, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        found: list[tuple[str, str, str]] = []
        if relations not in self._packed.namelist():
            return found

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                place = target[1:] if target.startswith("/") else f"{folder}/{target}"
                place = posixpath.normpath(place).lstrip("/")
                found.append((attributes["Type"], attributes["Id"], place))

        self._parse(relations, start)
        return found

    def _in_book(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self._from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            self._names.append((attributes["name"], attributes["id"]))

    def _read_styles(self, part: str) -> None:
        formats: dict[int, str] = dict(_BUILT_IN)
        inside: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            inside.append(tag)
            if tag == "numFmt" and "numFmts" in inside:
                formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif tag == "xf" and "cellXfs" in inside:
                self._styles.append(_parts_of(formats.get(int(attributes.get("numFmtId", 0)), "")))

        self._parse(part, start, lambda _: inside.pop())

    def _read_strings(self, part: str) -> None:
        parts: list[str] = []
        inside: list[str] = []

        def end(tag: str) -> None:
            inside.pop()
            if tag == "si":
                self._strings.append(_unescaped("".join(parts)))
                parts.clear()

        def text(data: str) -> None:
            if inside[-1] == "t" and "rPh" not in inside:  # rPh says how signs are pronounced
                parts.append(data)

        self._parse(part, lambda tag, _: inside.append(tag), end, text)

    def _sheet(self, part: str) -> Sheet:
        rows: dict[int, dict[int, Any]] = {}
        merged: list[str] = []
        reader = _Cells(self._strings, self._styles, self._from_1904)

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "mergeCell":
                merged.append(attributes["ref"])
            else:
                reader.start(tag, attributes)

        def end(tag: str) -> None:
            if tag == "c" and (value := reader.value()) not in (None, ""):
                self._left -= 1
                if self._left < 0:
                    raise _TooLargeError
                rows.setdefault(reader.row, {})[reader.column] = value
            reader.end(tag)

        self._parse(part, start, end, reader.text, LARGEST_SHEET)
        return Sheet(rows, tuple(merged), self._comments(part))

    def _comments(self, part: str) -> dict[tuple[int, int], str]:
        """What was noted beside cells (section 18.7)."""
        found: dict[tuple[int, int], str] = {}
        at, inside = (0, 0), ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal at, inside
            inside = tag
            if tag == "comment":
                name = attributes["ref"]
                at = (int(re.sub(r"\D", "", name)) - 1, column_number(name))

        def end(_tag: str) -> None:
            nonlocal inside
            inside = ""

        def text(data: str) -> None:
            if inside == "t":
                found[at] = found.get(at, "") + data

        for kind, _, target in self._related(part):
            if kind.endswith("/comments"):
                self._parse(target, start, end, text)
        return found

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], Any],
        end: Callable[[str], Any] = lambda _: None,
        text: Callable[[str], Any] = lambda _: None,
        largest: int = LARGEST_PART,
    ) -> None:
        """Hand the elements of a part on as they come, their names without namespaces."""
        if self._packed.getinfo(part).file_size > largest:
            raise _TooLargeError
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def plain(name: str) -> str:
            return name.rpartition(" ")[2]

        def no_doctype(*_: Any) -> None:
            raise ValueError("a document type in a spreadsheet")

        parser.StartDoctypeDeclHandler = no_doctype
        parser.StartElementHandler = lambda name, attributes: start(
            plain(name), {plain(key): value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda name: end(plain(name))
        parser.CharacterDataHandler = text
        with self._packed.open(part) as data:
            parser.ParseFile(data)


class _Cells:
    """Gathers the parts of one cell after the other."""

    def __init__(self, strings: list[str], styles: list[str], from_1904: bool) -> None:
        self._strings, self._styles = strings, styles
        self._first_day = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self.row = self.column = -1
        self._inside = ""
        self._begin({})

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._parts: list[str] = []
        self._formula: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
        elif tag == "c":
            name = attributes.get("r")
            self.column = column_number(name) if name else self.column + 1
            self._begin(attributes)
        elif tag == "f":
            self._formula = []
        self._inside = tag

    def text(self, data: str) -> None:
        if self._inside in ("v", "t"):
            self._parts.append(data)
        elif self._inside == "f" and self._formula is not None:
            self._formula.append(data)

    def end(self, _tag: str) -> None:
        self._inside = ""

    def value(self) -> Any:
        """The cell that has just ended, as a plain value."""
        if self._formula is not None:
            return Formula("=" + "".join(self._formula))
        written = "".join(self._parts)
        return self._read(written) if written else None

    def _read(self, written: str) -> Any:
        match self._kind:
            case "s":
                value: Any = self._strings[int(written)]
            case "inlineStr" | "str":
                value = _unescaped(written)
            case "b":
                value = written == "1"
            case "e":
                value = ErrorValue(written)
            case "d":
                value = datetime.fromisoformat(written).date()
            case _:
                value = self._number(written)
        return value

    def _number(self, written: str) -> Any:
        number = float(written)
        parts = self._styles[self._style] if self._style < len(self._styles) else ""
        if not parts or number < 0:
            return int(number) if number.is_integer() else number
        if parts == "h" or number < 1:
            minutes = round(number % 1 * 24 * 60) % (24 * 60)
            return time(minutes // 60, minutes % 60)
        day = (self._first_day + timedelta(days=int(number))).date()
        return day if "d" in parts else day.isoformat()[: 7 if "m" in parts else 4]


def _parts_of(code: str) -> str:
    """What a format shows: "d" with a day in it, "my" and "y" without, "h" a time, "" a number."""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.lower())
    if re.search("general|@|[0#?]", plain.replace("ss.0", "")):
        return ""
    if "d" in plain:
        return "d"
    if "y" in plain:
        return "my" if "m" in plain else "y"
    return "h" if re.search("[hs]", plain) else "d" if "m" in plain else ""


def _unescaped(text: str) -> str:
    """Signs that XML cannot hold, as the format spells them (section 22.9.2.19)."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda sign: chr(int(sign[1], 16)), text)
