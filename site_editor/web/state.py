"""What the pages of one run of the editor share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from pathlib import Path
from time import time_ns
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from site_build.cache.keys import code_key
from site_build.cache.store import Store
from site_build.output.publish import Stamp, stamps
from site_build.pipeline import Project
from site_editor.draft import CentreFile, centre_file
from site_editor.files.history import History
from site_editor.photographs.waiting import Waiting
from site_editor.preview import Previews
from site_editor.web.deployment import Deployment
from site_model.content import Content
from site_model.loading.loader import Kept, load_content

Answer = str | Response | tuple[str, int]
MOST_KEPT = 2_000
RESTARTED = (
    "Редакторът е пускан наново, след като отворихте страницата. Нищо не е изгубено: натиснете "
    "бутона още веднъж."
)
MEANWHILE = (
    "Някой промени файла точно сега, затова нищо не е записано. Написаното от вас е тук: "
    "погледнете промените и натиснете пак."
)
MOMENT = 2_000_000_000
"""Nanoseconds, the coarsest time of a file: FAT counts by two seconds."""


class FactCache:
    """Values read from files, by the whole text of the file; `of_builds` are those that a build has
    kept.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self.of_builds: Kept | None = None

    def get(self, key: str) -> Any:
        if key not in self._kept and self.of_builds:
            self.put(key, self.of_builds.get(key))
        return self._kept.get(key)

    def put(self, key: str, value: Any) -> None:
        while len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = value


@dataclass(frozen=True)
class Editor:
    """The project as it is at this moment, and where the editor runs."""

    project: Callable[[], Project]
    deployment: Deployment
    kept: FactCache = field(default_factory=FactCache)
    previews: Previews = field(default_factory=Previews)
    _read: dict[Path, tuple[Mapping[str, Stamp], Content]] = field(default_factory=dict)

    def content(self) -> Content:
        """All facts as they stand; raises ContentError. Read anew when a file has changed."""
        project = self.project()
        folder = project.content
        now = stamps(folder)
        stamped, content = self._read.get(folder, ({}, None))
        if content is None or now != stamped:
            self.kept.of_builds = self.kept.of_builds or Store(project.kept / "facts", code_key())
            content = load_content(folder, self.kept)
            # What was written this moment can be written once more with the same stamp.
            settled = max((time for _, time in now.values()), default=0) < time_ns() - MOMENT
            self._read[folder] = (now if settled else {}, content)
        return content

    def file(self, name: str) -> CentreFile:
        """A centre of the project as it stands; raises NotFound for another name."""
        content = self.content()
        if name not in content.centres:
            raise NotFound
        return centre_file(self.project(), content, name, self.kept)

    def is_ours(self, token: str) -> bool:
        """Whether a form was made by this run of the editor."""
        return compare_digest(token.encode(), self.deployment.token().encode())

    def history(self) -> History:
        """What was changed, as the person who asks may see and change it."""
        return self.deployment.history(self.project())

    def waiting(self) -> Waiting:
        """Photographs that were chosen and are not published yet."""
        return Waiting(self.deployment.waiting(self.project()))
