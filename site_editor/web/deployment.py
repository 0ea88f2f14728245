"""Where the editor runs, on a computer or on a server, and what is different there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from site_build.pipeline import build_site
from site_build.project import Project
from site_editor.files.history import History


@dataclass(frozen=True)
class Deployment:
    """`token` is what a form that is sent now has to carry; `history` is the one way to the files.

    What is not said is as on one's own computer: everybody who comes may change every centre.
    """

    token: Callable[[], str]
    scheme: str = "http"
    history: Callable[[Project], History] = History
    waiting: Callable[[Project], Path] = lambda project: (
        project.root / "instance" / "editor" / "photographs"
    )
    """The folder of photographs that were chosen and are not published yet."""
    build: Callable[[Project], object] = build_site
    by: str = "на този компютър"
    built: Callable[[], str] = lambda: "Готовите страници вече са с промяната."
    """What is said of the pages after a change was published."""
    place: str = "Редакторът работи само на този компютър."
    forms: bool = False
    """Whether the forms may be changed, which are those of all centres."""
    begins: bool = False
    """Whether a centre may be begun, beside those that there are."""
    leave: str = ""
    """The endpoint that lets a person out, where they were let in."""
