"""Pure: chosen photographs get their names among the facts, and files that nobody names go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from site_editor.photographs.waiting import NEW
from site_model.content import Content
from site_model.text.transliteration import latin_words

FOLDER: Final = Path("photographs")
Items = Sequence[Mapping[str, Any]]


def name_photographs(told: Items, centre: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The photographs as a centre's file names them, and by those names the ones that wait.

    A name says whose a photograph is, what it is called, and of which bytes it is: told twice, it
    is the same.
    """
    items, chosen = [], {}
    for one in told:
        item = dict(one)
        code = str(item.get("file", ""))
        if code.startswith(NEW):
            words = latin_words(str(item.get("name", ""))).split("-")[:5]
            mark = code.removeprefix(NEW)[:8]
            item["file"] = "-".join(filter(None, (centre, *words, mark))) + ".jpg"
            chosen[item["file"]] = code
        items.append(item)
    return items, chosen


def left_photographs(items: Items, content: Content, centre: str) -> list[str]:
    """Files that the centre names today, and nobody will once it names only those of `items`."""
    stays = {item.get("file") for item in items}
    for other in content.centres.values():
        stays |= {one.file for one in other.photographs if other.id != centre}
    named = (one.file for one in content.centres[centre].photographs)
    return list(dict.fromkeys(name for name in named if name and name not in stays))
