"""Pure: a text without one earlier change, where nothing later touched the same lines."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import PurePosixPath

from site_editor.files.versions import OverlapsError


def text_without(path: PurePosixPath, before: str, after: str, now: str | None) -> str:
    """The text of today without one change; raises OverlapsError."""
    if now is None:
        raise OverlapsError(path)
    if now == after:
        return before
    old, new, today = (text.splitlines(keepends=True) for text in (before, after, now))
    place = {-1: -1, len(new): len(today)}
    for block in SequenceMatcher(None, new, today, autojunk=False).get_matching_blocks():
        place |= {block.a + n: block.b + n for n in range(block.size)}
    for tag, start, end, first, last in reversed(
        SequenceMatcher(None, new, old, autojunk=False).get_opcodes()
    ):
        if tag == "equal":
            continue
        around = [place.get(line) for line in range(start - 1, end + 1)]
        lines = around[1:-1] if start < end else around
        at = lines[0]
        if at is None or lines != list(range(at, at + len(lines))):
            raise OverlapsError(path)
        if start < end and around[0] != at - 1 and around[-1] != at + end - start:
            raise OverlapsError(path)
        begin = at if start < end else at + 1
        today[begin : begin + end - start] = old[first:last]
    return "".join(today)
