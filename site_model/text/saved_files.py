"""Pure: what people and their programs save, as text: so is read what a person writes."""

from __future__ import annotations

import codecs
from typing import Final

from site_model.text.cleaning import FROM_THE_RIGHT, strip_unseen

_KEPT: Final = FROM_THE_RIGHT + "".join(map(chr, range(0x20))) + "\x7f"
"""What `text_of` leaves: line ends and Tab have their place, other controls are refused later."""
_LINE_ENDS: Final = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")
_LEFT_BEHIND: Final = (".swp", ".swo", ".tmp", ".bak", ".orig", ".new", "~", "#")
_OF_WINDOWS: Final = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini"))


class NotTextError(ValueError):
    """Bytes are no text that we read; `line` counts from 1, the sentence says what to fix."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(sentence)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark, as Windows calls „Unicode“.

    Every line end is a line feed, every space a plain one, and signs that nobody sees are gone;
    numbers of lines stay true. Raises NotTextError.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        read = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise NotTextError(
            1 if wide else read.count(b"\n") + 1,
            "файлът не е записан като UTF-8. Запишете го отново с това кодиране: в Notepad "
            "„Запиши като…“, „Кодиране: UTF-8“.",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    return strip_unseen(text, _KEPT)


def is_left_behind(name: str) -> bool:
    """Whether a program left a file of this name, which nobody meant for the site.

    For instance .DS_Store, ._x.yml, Thumbs.db, ~$x.xlsx, .x.yml.new, .x.swp, x.yml~.
    """
    name = name.lower()
    return name.startswith((".", "~", "#")) or name.endswith(_LEFT_BEHIND) or name in _OF_WINDOWS
