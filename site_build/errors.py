"""What can go wrong between facts and site, beyond the facts themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from site_model.text.system_errors import reason_of


class BuildError(Exception):
    """The site cannot be built; the text says what to fix, a line for each thing."""


def sentence_of(error: BaseException, more: str = " Подробно: --debug") -> str:
    """One sentence for a person: which file, and what to fix; never a traceback.

    Where nobody has foreseen the error, it ends with where there is `more`.
    """
    file = _file_of(error)
    at = f"{file}: " if file else ""
    match error:
        case OSError():
            return f"{at}{reason_of(error)}."
        case UnicodeDecodeError():
            return f"{at}файлът не е записан като UTF-8. Запишете го отново с това кодиране."
        case MemoryError():
            return f"{at}паметта на компютъра не стига. Затворете други програми и опитайте пак."
        case RecursionError():
            return f"{at}нещо е вложено твърде дълбоко, за да се прочете."
        case _:
            what = " ".join(str(error).split())
            return f"{at}неочаквана грешка ({type(error).__name__}: {what}).{more}"


def _file_of(error: BaseException) -> str:
    """The file that the error names, or the one that was in hand where it was raised."""
    if isinstance(error, OSError) and error.filename is not None:
        return str(error.filename)
    return next((str(path) for path in _paths_in_hand(error)), "")


def _paths_in_hand(error: BaseException) -> Iterator[Path]:
    """Paths that the functions knew through which the error came, the innermost first."""
    frames = []
    trace = error.__traceback__
    while trace:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    for frame in reversed(frames):
        known: dict[str, Any] = frame.f_locals
        yield from (known[name] for name in ("self", "path", "file") if _is_path(known.get(name)))


def _is_path(value: object) -> bool:
    return isinstance(value, Path)
