"""Pure: the facts that a spreadsheet was made from, kept in it, so that nobody undoes a change.

They are whole, not a number made of them: so it can be said what has changed since.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable
from typing import Any, Final

MARK_SHEET: Final = "Опора"
MARK_WORDS: Final = "По този лист „Опора“ познава от кои факти е таблицата. Не го променяйте."
_IN_A_CELL: Final = 30_000
_LARGEST: Final = 20_000_000


def mark_of(facts: Any) -> list[str]:
    """The lines that hold the facts."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    packed = base64.b64encode(zlib.compress(text)).decode()
    return [packed[start : start + _IN_A_CELL] for start in range(0, len(packed), _IN_A_CELL)]


def facts_marked(lines: Iterable[object]) -> dict[str, Any] | None:
    """The facts that the lines hold, or None where they hold none."""
    try:
        packed = base64.b64decode("".join(map(str, lines)), validate=True)
        text = zlib.decompressobj().decompress(packed, _LARGEST)
        facts = json.loads(text)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
