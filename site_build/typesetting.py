"""The one module that knows Typst: data and a template of `paper/` become a tagged PDF."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import fontpkg_noto_sans_arabic
import fontpkg_pt_sans
import pikepdf
import typst

from site_build.errors import BuildError

TEMPLATES = Path(__file__).parent / "paper"
# Only these two, from pinned packages: a sheet has the same bytes on every machine.
FONTS = [str(font.ROOT / "files") for font in (fontpkg_pt_sans, fontpkg_noto_sans_arabic)]
VERSIONS = [version(name) for name in ("typst", "fontpkg-pt-sans", "fontpkg-noto-sans-arabic")]


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


class Typesetter:
    """Sets papers, and keeps each in `cache` until its data or a template changes.

    The compiler, which costs more than a sheet does, starts with the first new sheet.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._used: set[Path] = set()
        self._templates = b"".join(path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ")))

    def printed(self, paper: Paper) -> PrintedPaper:
        """The sheet as PDF/UA-1; raises BuildError if it needs more pages than it may have."""
        kept = self._cache / f"{self._key(paper)}.pdf"
        self._used.add(kept)
        if not kept.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(self._compiled(paper))
        pdf = kept.read_bytes()
        pages = _page_count(pdf)
        if paper.most_pages and pages > paper.most_pages:
            raise BuildError(
                f"{paper.file}: текстът не се побира на {paper.most_pages} страница "
                "и с най-малките букви. Съкратете фактите за този лист."
            )
        return PrintedPaper(paper.file, pages, pdf)

    def forget_unused(self) -> None:
        """Remove from the cache what this typesetter was not asked for."""
        for path in self._cache.glob("*.pdf"):
            if path not in self._used:
                path.unlink()

    def _key(self, paper: Paper) -> str:
        """The name of a sheet in the cache: a hash of all that its bytes depend on."""
        text = json.dumps([VERSIONS, paper.template, paper.data], sort_keys=True)
        return hashlib.sha256(self._templates + text.encode()).hexdigest()

    def _compiled(self, paper: Paper) -> bytes:
        try:
            pdf = self._compiler.compile(
                TEMPLATES / paper.template,
                format="pdf",
                sys_inputs={"data": json.dumps(paper.data, ensure_ascii=False)},
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


def _page_count(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)
