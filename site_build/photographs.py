"""The centres' photographs: what may be shown is measured and named by its bytes, or refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from site_build.errors import BuildError
from site_model.facts import Content

LARGEST_BYTES: Final = 80_000
"""So that a page with a photograph in view stays below 100 KB."""

FOLDER: Final = "assets/photographs"
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
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
    picture, carries hidden data (which may tell where it was taken), or that no centre names.
    """
    named = {
        photograph.file
        for centre in content.centres.values()
        for photograph in centre.photographs
        if photograph.file
    }
    found = {path.name for path in folder.glob("*") if not path.name.startswith(".")}
    pictures: dict[str, Picture] = {}
    problems = [
        f"content/photographs/{name}: файлът липсва. Сложете го там или изтрийте „file“."
        for name in sorted(named - found)
    ]
    problems += [
        f"content/photographs/{name}: никой център не назовава тази снимка. "
        "Впишете я в „photographs“ с описание (alt) или изтрийте файла."
        for name in sorted(found - named)
    ]
    for name in sorted(named & found):
        try:
            pictures[name] = _picture(folder / name)
        except ValueError as error:
            problems.append(f"content/photographs/{name}: {error}.")
    if problems:
        raise BuildError("\n".join(problems))
    return pictures


def _picture(path: Path) -> Picture:
    from PIL import Image  # not loaded where there are no photographs

    data = path.read_bytes()
    if len(data) > LARGEST_BYTES:
        raise ValueError(
            f"снимката е {len(data) / 1000:.0f} KB, а може да е най-много "
            f"{LARGEST_BYTES // 1000} KB. Намалете я, например на 1000 точки ширина"
        )
    try:
        with Image.open(path, formats=_FORMATS) as image:
            image.load()
            width, height = image.size
            hidden = _HIDDEN_DATA & {str(key) for key in image.info}
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("файлът не се чете като снимка (JPEG, PNG или WebP)") from None
    if hidden:
        raise ValueError(
            "снимката носи скрити данни, които може да издават къде и кога е направена. "
            "Запазете я отново без тях (EXIF, XMP)"
        )
    mark = hashlib.sha256(data).hexdigest()[:8]
    return Picture(f"{path.stem}-{mark}{path.suffix}", data, width, height)
