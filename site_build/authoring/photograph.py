"""`photograph`: a photograph as the site wants it, small and without what it hides."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from site_build.atomic_writing import write_new
from site_build.errors import BuildError
from site_build.pages.photographs import FORMATS, LARGEST_BYTES
from site_model.text.transliteration import latin_words

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDES: Final = (1000, 800, 640, 480)
"""The longer side in pixels, the largest first that fits; no page shows a wider one."""
_QUALITIES: Final = (85, 75, 65)
MOST_PIXELS: Final = 50_000_000
"""A telephone's photograph has 12 to 50 million; read, these take 200 MB of memory."""


def put_photograph(file: Path, folder: Path) -> Path:
    """Write the photograph of a file into `folder`; returns the new one, and keeps the old one.

    It stands upright, and carries nothing but its pixels: no place, no time, no preview from
    before it was cut. Raises BuildError for a file that is no photograph, and for a name that is
    taken.
    """
    if file.is_dir():
        raise BuildError(f"{file} е папка. Кажете коя снимка от нея.")
    name = latin_words(file.stem)
    if not name:
        raise BuildError(f"{file.name}: дайте на файла име с букви, например sgradata.jpg.")
    target = folder / f"{name}.jpg"
    if target.exists():
        raise BuildError(f"content/photographs/{target.name} вече има. Дайте на файла друго име.")
    try:
        with file.open("rb") as stream:
            data = small_photograph(stream, file.name)
    except FileNotFoundError:
        raise BuildError(f"Няма файл {file}.") from None
    write_new(target, data)
    return target


def small_photograph(stream: IO[bytes], name: str) -> bytes:
    """A photograph as the site wants it, in JPEG; `name` is what a person calls the file.

    Raises BuildError with what to do.
    """
    return _small(_upright(stream, name))


def _upright(stream: IO[bytes], name: str) -> Image:
    from PIL import Image, ImageOps

    try:
        with Image.open(stream, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:  # known before they are read
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BuildError(
            f"{name} е с твърде много точки: над {MOST_PIXELS // 1_000_000} милиона. Намалете "
            "снимката в телефона или в програма за снимки и опитайте пак."
        ) from None
    except MemoryError:
        raise
    except Exception:  # whatever a strange file makes of its reader
        raise BuildError(
            f"{name} не се чете като снимка (JPEG, PNG или WebP). Снимка от телефон с име на "
            ".heic първо запишете като JPEG: отворете я в телефона и изберете „Сподели“ или "
            "„Запиши като“."
        ) from None
    plain = Image.new("RGB", upright.size, "white")  # a new one: what was hidden stays behind
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain


def _small(image: Image) -> bytes:
    for data in _tries(image):
        if len(data) <= LARGEST_BYTES:
            return data
    raise BuildError("Снимката не стана достатъчно малка. Изрежете част от нея и опитайте пак.")


def _tries(image: Image) -> Iterator[bytes]:
    for side in _SIDES:
        smaller = image.copy()
        smaller.thumbnail((side, side))
        for quality in _QUALITIES:
            made = BytesIO()
            smaller.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
            yield made.getvalue()
