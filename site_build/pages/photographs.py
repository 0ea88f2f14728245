"""The centres' photographs: what may be shown is measured and named by its bytes, or refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from site_build.errors import BuildError
from site_model.content import Content
from site_model.loading.loader import place_of, written_files

LARGEST_BYTES: Final = 80_000
"""So that a page with a photograph in view stays below 100 KB."""

FOLDER: Final = "assets/photographs"
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_HIDDEN_DATA: Final = {"exif", "xmp", "XML:com.adobe.xmp", "photoshop"}


@dataclass(frozen=True)
class Picture:
    """A file that may be shown: its name on the site, its bytes, and its size in pixels."""

    name: str
    data: bytes
    width: int
    height: int


def read_photographs(folder: Path, content: Content) -> dict[str, Picture]:
    """Every photograph that a centre shows, by its file name.

    Raises BuildError with a sentence for each file that is not there, is too large, is no
    picture, or carries hidden data (which may tell where it was taken).
    """
    named = {
        photograph.file: (f"centres/{centre.id}.yml", ("photographs", number, "file"))
        for centre in content.centres.values()
        for number, photograph in enumerate(centre.photographs)
        if photograph.file
    }
    found = {path.name for path in written_files(folder)}
    pictures: dict[str, Picture] = {}
    problems: list[str] = []

    def add(name: str, sentence: str) -> None:
        place = place_of(folder.parent, *named[name])
        problems.append(str(replace(place, sentence=f"content/photographs/{name}: {sentence}.")))

    for name in sorted(named.keys() - found):
        add(name, "файлът липсва. Сложете го там или изтрийте „file“")
    for name in sorted(named.keys() & found):
        try:
            pictures[name] = _picture(folder / name)
        except ValueError as error:
            add(name, str(error))
    if problems:
        raise BuildError("\n".join(problems))
    return pictures


def unlisted_photographs(folder: Path, content: Content) -> list[str]:
    """A sentence for each file that no centre names: it is not shown, and stops nothing."""
    named = {one.file for centre in content.centres.values() for one in centre.photographs}
    return [
        f"content/photographs/{path.name}: никой център не назовава тази снимка и тя не се "
        "показва. Впишете я в „photographs“ с описание (alt) или изтрийте файла."
        for path in written_files(folder)
        if path.name not in named
    ]


def _picture(path: Path) -> Picture:
    from PIL import Image  # not loaded where there are no photographs

    data = path.read_bytes()
    if len(data) > LARGEST_BYTES:
        raise ValueError(
            f"снимката е {len(data) / 1000:.0f} KB, а може да е най-много "
            f"{LARGEST_BYTES // 1000} KB. Махнете я оттук и я намалете с make photograph"
        )
    try:
        with Image.open(path, formats=FORMATS) as image:
            image.load()
            width, height = image.size
            hidden = _HIDDEN_DATA & {str(key) for key in image.info}
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("файлът не се чете като снимка (JPEG, PNG или WebP)") from None
    if hidden:
        raise ValueError(
            "снимката носи скрити данни, които може да издават къде и кога е направена. "
            "Махнете я оттук и я направете наново без тях с make photograph"
        )
    mark = hashlib.sha256(data).hexdigest()[:8]
    return Picture(f"{path.stem}-{mark}{path.suffix}", data, width, height)
