"""Builds that others make: asked for by a file, which systemd sees (deploy/systemd)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from site_build.project import Project
from site_model.facts.shared import Site
from site_model.urls import service_origin

LONG: Final = 15 * 60
"""Seconds after which somebody has to look why there is no new site."""

MADE = "Готовите страници вече са с промяната."
MADE_HERE = (
    "Готовите страници вече са с промяната, но сайтът стои на друго място: там са, щом техникът ги "
    "качи."
)
MAKING = (
    "Промяната е записана. Страниците се правят сега, най-често за минута-две. Отворете тази "
    "страница пак, за да видите дали са готови."
)
LATE = (
    "Промяната е записана, но страниците още не са направени. Обадете се на човека, който се грижи "
    "за сървъра."
)


class Builds:
    """`folder` is the editor's own. A build that begins moves `wanted` to `begun`, so that a
    change that comes during it is built after it.
    """

    def __init__(self, folder: Path) -> None:
        self._wanted, self._begun = folder / "wanted", folder / "begun"

    def ask(self, _project: Project) -> None:
        """Want a build of what is written now."""
        self._wanted.write_bytes(b"")

    def waits(self, project: Project) -> float | None:
        """For how many seconds a build has been wanted that is not there yet."""
        began = _time(self._begun, "st_ctime")  # when it was moved there
        if (wanted := _time(self._wanted, "st_mtime")) is not None:
            return time.time() - wanted
        made = _time(project.facts_report, "st_mtime") or 0  # what a build writes last
        return time.time() - began if began is not None and made <= began else None

    def sentence(self, project: Project, site: Site) -> str:
        """What a person may know of the finished pages."""
        waits = self.waits(project)
        if waits is not None:
            return MAKING if waits < LONG else LATE
        return MADE_HERE if service_origin(site) else MADE


def _time(file: Path, which: str) -> float | None:
    try:
        return float(getattr(file.stat(), which))
    except FileNotFoundError:
        return None
