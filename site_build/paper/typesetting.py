"""The one module that knows Typst: data and a template of `paper/` become a tagged PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import fontpkg_noto_sans_arabic
import fontpkg_pt_sans
import segno
import typst
from babel import Locale

from site_build.cache.store import Store
from site_build.pages.page import PrintedPaper
from site_build.paper import letters
from site_model.text.plurals import count_phrase

TEMPLATES = Path(__file__).parent / "templates"
# These two, and what Typst itself carries for rare letters; all from pinned packages: a sheet has
# the same bytes on every machine.
FONTS = [str(font.ROOT / "files") for font in (fontpkg_pt_sans, fontpkg_noto_sans_arabic)]
SCREEN = 110.0
"""Dots an inch of a sheet that is shown as a picture: its small letters can be read."""
LIBRARIES = ("typst", "segno", "fontpkg-pt-sans", "fontpkg-noto-sans-arabic")
VERSIONS = [version(name) for name in LIBRARIES]


@dataclass(frozen=True)
class Paper:
    """A sheet to be set: `file` is its place below a language's folder."""

    file: str
    template: str
    data: Mapping[str, Any]
    most_pages: int | None = None


_Sheet = tuple[bytes, int, str, tuple[tuple[str, str], ...]]
"""What is kept of a sheet, in the order of `kept_sheets`: plain values, which change with no class.
"""


@dataclass(frozen=True)
class PaperNotice:
    """What has to be fixed for a sheet: `why` it was left out, or which signs it does not show,
    each with the text that it stands in.
    """

    file: str
    why: str = ""
    lost: tuple[tuple[str, str], ...] = ()


def kept_sheets(cache: Path) -> Store:
    """Sheets, each as its bytes, number of pages and what is to be fixed of it.

    To set one costs more than to make all pages of its centre.
    """
    code = (Path(__file__), Path(letters.__file__), *sorted(TEMPLATES.glob("*.typ")))
    made_by = sha256(b"".join(path.read_bytes() for path in code)).hexdigest()
    return Store(cache, made_by + "".join(VERSIONS))


class Typesetter:
    """Sets papers, and keeps each in `cache` until its data or a template changes.

    The compiler, which costs more than a sheet does, starts with the first new sheet. In a `trial`
    it judges signs and sets nothing: every sheet is there and empty.
    """

    def __init__(self, cache: Path, *, trial: bool = False) -> None:
        self._kept = kept_sheets(cache)
        self._trial = trial
        self._notices: dict[str, PaperNotice | None] = {}

    def typeset(self, paper: Paper) -> PrintedPaper | None:
        """The sheet as PDF/UA-1; None, and a notice, for one that cannot be."""
        key = _key(paper)
        sheet: _Sheet | None = self._kept.get(key)
        if sheet is None:
            sheet = self._set(paper)
            self._kept.put(key, sheet)
        pdf, pages, why, lost = sheet
        self._notices[key] = PaperNotice(paper.file, why, lost) if why or lost else None
        return None if why else PrintedPaper(paper.file, pages, pdf)

    def pictures(self, paper: Paper) -> list[bytes]:
        """The pages of a sheet as PNG, for a screen; raises typst.TypstError or ValueError."""
        data = json.dumps(_completed(self._with_signs_of_paper(paper.data, {})))
        made = self._compiler.compile(
            TEMPLATES / paper.template, format="png", ppi=SCREEN, sys_inputs={"data": data}
        )
        return made if isinstance(made, list) else [cast(bytes, made)]  # one page alone

    @property
    def used(self) -> frozenset[str]:
        """The keys of the sheets that this typesetter was asked for."""
        return frozenset(self._notices)

    @property
    def notices(self) -> tuple[PaperNotice, ...]:
        """What is to be fixed of the sheets that this typesetter was asked for."""
        return tuple(notice for notice in self._notices.values() if notice)

    def _set(self, paper: Paper) -> _Sheet:
        lost: dict[tuple[str, str], None] = {}
        data = self._with_signs_of_paper(paper.data, lost)
        pdf, pages, why = (b"", 1, "") if self._trial else self._fitting(paper, data)
        return pdf, pages, why, tuple(lost)

    def _with_signs_of_paper(self, data: Any, lost: dict[tuple[str, str], None]) -> Any:
        """The same data with words that can be shown; what cannot is added to `lost`."""
        match data:
            case str():
                shown, signs = letters.for_paper(data, self.shows)
                lost.update(dict.fromkeys((sign, data) for sign in sorted(signs)))
                return shown
            case Mapping():
                return {
                    name: self._with_signs_of_paper(value, lost) for name, value in data.items()
                }
            case list() | tuple():
                return [self._with_signs_of_paper(value, lost) for value in data]
            case _:
                return data

    def _fitting(self, paper: Paper, data: Mapping[str, Any]) -> tuple[bytes, int, str]:
        """The bytes of a sheet and how many pages it has, or why there is none."""
        try:
            pdf = self._compiled(paper.template, json.dumps(_completed(data)))
        except (typst.TypstError, ValueError) as error:  # as a code too long to be drawn
            return b"", 0, f"не може да се набере ({error})."
        pages, most = _page_count(pdf), paper.most_pages
        if most and pages > most:
            why = (
                f"текстът не се побира на {count_phrase(most, 'страница', 'страници')} "
                "дори с най-малките букви. Съкратете фактите за този лист."
            )
            return b"", 0, why
        return pdf, pages, ""

    def _compiled(self, template: str, data: str, **more: str) -> bytes:
        pdf = self._compiler.compile(
            TEMPLATES / template,
            format="pdf",
            sys_inputs={"data": data, **more},
            pdf_standards=["ua-1"],
        )
        return cast(bytes, pdf)  # a list only for images of pages

    def shows(self, sign: str) -> bool:
        """Whether a sign can be shown: PDF/UA refuses one that no font has."""
        if sign not in self._shown:
            try:
                self._shown[sign] = bool(self._compiled("sign.typ", "{}", sign=sign))
            except typst.TypstError:
                self._shown[sign] = False
        return self._shown[sign]

    @cached_property
    def _shown(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(include_system_fonts=False, font_paths=FONTS)
        return typst.Compiler(root=TEMPLATES, font_paths=fonts)


def _key(paper: Paper) -> str:
    """A hash of all that a sheet's bytes depend on beside the code."""
    about = [paper.file, paper.template, paper.most_pages, paper.data]
    return sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _completed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with the way its language runs, and the QR code of the sheet's address, which
    takes long to make.
    """
    code = BytesIO()
    made = segno.make(data["web"]["address"], micro=False, error="m")
    made.save(code, kind="svg", xmldecl=False, border=4)
    return {
        **data,
        "rtl": Locale.parse(data["language"]).text_direction == "rtl",
        "web": {**data["web"], "code": code.getvalue().decode()},
    }


def _page_count(pdf: bytes) -> int:
    import pikepdf  # takes longer to load than a build without changes to make

    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)
