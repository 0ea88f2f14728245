"""The one module that knows Typst: data and a template of `paper/` become a tagged PDF."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import fontpkg_noto_sans_arabic
import fontpkg_pt_sans
import segno
import typst
from babel import Locale

from site_build.errors import BuildError
from site_build.pool import threads_were_started

TEMPLATES = Path(__file__).parent / "paper"
# Only these two, from pinned packages: a sheet has the same bytes on every machine.
FONTS = [str(font.ROOT / "files") for font in (fontpkg_pt_sans, fontpkg_noto_sans_arabic)]
LIBRARIES = ("typst", "segno", "fontpkg-pt-sans", "fontpkg-noto-sans-arabic")
VERSIONS = [version(name) for name in LIBRARIES]


@dataclass(frozen=True)
class Paper:
    """A sheet to be set: `file` is its place below a language's folder."""

    file: str
    template: str
    data: Mapping[str, Any]
    most_pages: int | None = None


@dataclass(frozen=True)
class PrintedPaper:
    """A finished sheet: what a link to it has to say, and its bytes."""

    file: str
    pages: int
    pdf: bytes

    @property
    def kilobytes(self) -> int:
        """Rounded up, in units of 1,024 bytes."""
        return -(-len(self.pdf) // 1024)


def forget_unused(cache: Path, used: Container[str]) -> None:
    """Remove from a cache of papers what no page of a build was printed with."""
    for path in cache.glob("*.pdf"):
        if path.name not in used:
            path.unlink()


class Typesetter:
    """Sets papers, and keeps each in `cache` until its data or a template changes.

    The compiler, which costs more than a sheet does, starts with the first new sheet.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._used: set[str] = set()
        self._templates = b"".join(path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ")))

    def printed(self, paper: Paper) -> PrintedPaper:
        """The sheet as PDF/UA-1; raises BuildError if it needs more pages than it may have."""
        kept = self._cache / f"{self._key(paper)}.pdf"
        self._used.add(kept.name)
        if not kept.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            unfinished = kept.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(self._compiled(paper))
            unfinished.replace(kept)
        pdf = kept.read_bytes()
        pages = _page_count(pdf)
        if paper.most_pages and pages > paper.most_pages:
            raise BuildError(
                f"{paper.file}: текстът не се побира на {paper.most_pages} страница "
                "и с най-малките букви. Съкратете фактите за този лист."
            )
        return PrintedPaper(paper.file, pages, pdf)

    @property
    def used(self) -> frozenset[str]:
        """The names in the cache of the sheets that this typesetter was asked for."""
        return frozenset(self._used)

    def _key(self, paper: Paper) -> str:
        """The name of a sheet in the cache: a hash of all that its bytes depend on."""
        text = json.dumps([VERSIONS, paper.template, paper.data], sort_keys=True)
        return hashlib.sha256(self._templates + text.encode()).hexdigest()

    def _compiled(self, paper: Paper) -> bytes:
        threads_were_started()
        try:
            pdf = self._compiler.compile(
                TEMPLATES / paper.template,
                format="pdf",
                sys_inputs={"data": json.dumps(_completed(paper.data), ensure_ascii=False)},
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            raise BuildError(f"{paper.file}: {error.message}") from error
        return cast(bytes, pdf)  # a list only for images of pages

    @cached_property
    def _compiler(self) -> typst.Compiler:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=FONTS
        )
        return typst.Compiler(root=TEMPLATES, font_paths=fonts)


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
