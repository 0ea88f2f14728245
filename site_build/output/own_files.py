"""Files of the build in the finished site whose names begin with a dot, among those of others."""

from __future__ import annotations

from pathlib import Path

from site_build.atomic_writing import write_whole


def keep_own(file: Path, text: str | None, mark: str) -> bool:
    """Write a file that begins with `mark`, or take ours away where there is no text any more.

    Returns False for a file that begins otherwise: somebody else wrote it, and it stays.
    """
    if file.exists() and not file.read_bytes().startswith(mark.encode()):
        return text is None
    if text is None:
        file.unlink(missing_ok=True)
        return True
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text)
    return True
