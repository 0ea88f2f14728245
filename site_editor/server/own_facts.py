"""The one way to the files on a server: of one centre, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from contact_service.logs import get_logger
from site_build.project import Project
from site_editor.files.history import History
from site_editor.files.versions import Data, OutsideError, Version
from site_editor.origin import is_told_by
from site_editor.server.access import Session
from site_model.facts.remembered import OWN
from site_model.loading.yaml_lines import NotYamlError, parse_yaml

THE_OPERATORS: Final = frozenset({"id", "letters"})
"""Fields that say which centre it is and how its letters are sealed: no one's who only edits."""
WRITTEN: Final = ("centres", "sources", "photographs", OWN)
"""Folders of content/ in which something is written, as in opora-edit.service."""

Files = Mapping[PurePosixPath, Data]

log = get_logger("opora.edit")


class OwnHistory(History):
    """The changes of a session's centre: its file, and what only that rests on or shows."""

    def __init__(self, project: Project, kept: Path, session: Session) -> None:
        super().__init__(project, kept)
        self._centres = project.content / "centres"
        self._session = session

    def publish(self, new: Files, known: Files, title: str, by: str) -> Version:
        """Write what belongs to the centre, and log which fields changed, without their values.

        Raises OutsideError for anything else, and what `History.publish` does.
        """
        centre = self._session.centre
        own = PurePosixPath("centres", f"{centre}.yml")
        before, after = (_facts(side.get(own, known.get(own))) for side in (known, new))
        fields = sorted(
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        )
        if not before or not after or THE_OPERATORS & set(fields):
            raise OutsideError(str(own))
        of_others = self._of_others()
        had, has = _photographs(before), _photographs(after) | of_others
        if (_photographs(after) - had) & of_others:
            raise OutsideError("photographs")  # whose they are shows them, and takes them away
        for path, data in new.items():
            is_new = known.get(path) is None
            match path.parts:
                case ("centres", _) if path == own and data is not None:
                    continue
                case (folder, name) if folder == OWN and name == own.name and data is not None:
                    continue
                case ("sources", name) if is_new == bool(data) and is_told_by(name, centre):
                    continue
                case ("photographs", name) if is_new and name in has:
                    continue
                case ("photographs", name) if data is None and name in had - has:
                    continue
            raise OutsideError(str(path))
        version = super().publish(new, known, title, by)
        log.info("changed", centre=centre, session=self._session.name, fields=fields)
        return version

    def _of_others(self) -> set[str]:
        """What other centres' files name as a photograph."""
        own = f"{self._session.centre}.yml"
        files = (file for file in self._centres.glob("*.yml") if file.name != own)
        return set[str]().union(*(_photographs(_facts(file.read_text())) for file in files))


def _facts(text: Data) -> dict[str, Any]:
    """What a file says; nothing, where it is no file of facts."""
    try:
        facts = parse_yaml(text).data if isinstance(text, str) else None
    except NotYamlError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _photographs(facts: Mapping[str, Any]) -> set[str]:
    return {str(one.get("file")) for one in facts.get("photographs", ())}
