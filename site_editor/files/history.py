"""What was changed in the facts: written whole or not at all, kept by name, taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from site_build.atomic_writing import write_all, write_whole
from site_build.authoring.old_facts import MEMORY_AT_FIRST
from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.project import Project
from site_editor.files.git import Git, read_exactly
from site_editor.files.taken_back import text_without
from site_editor.files.versions import (
    Change,
    ChangedMeanwhileError,
    Data,
    OutsideError,
    OverlapsError,
    Version,
    is_picture,
    read_change,
    version_of,
    written_change,
)
from site_model.facts.remembered import OWN, REMEMBERED


class History:
    """The changes of a project: commits where it is in a Git work tree, else files of its own.

    Those lie in instance/, which is for this computer alone: Git passes over it, no build reads
    it, `make clean` leaves it, and a web server knows only site/.
    """

    def __init__(self, project: Project, kept: Path | None = None) -> None:
        """`kept` is another folder for versions; then Git is not asked."""
        self._git = Git(project.root)
        self._content = project.content
        self._kept = kept or project.root / "instance" / "editor"
        self._journal = self._kept / "journal.json"
        self._lock = self._kept / "lock"
        self._in_git = kept is None and self._git.keeps(self._content)
        if self._journal.exists():
            with only_writer(self._lock, wait=True):
                self._settle()

    def publish(
        self,
        new: Mapping[PurePosixPath, Data],
        known: Mapping[PurePosixPath, Data],
        title: str,
        by: str,
    ) -> Version:
        """Write files, all or none, as one version.

        Paths are below content/; a file that is not in `known` must not be there. Raises
        OutsideError, ChangedMeanwhileError, OSError, or BuildError where Git refuses; then every
        file is what it was.
        """
        for path in new:
            self._file(path)
        with only_writer(self._lock, wait=True):
            self._settle()
            before = {path: self._data(path) for path in new}
            changed = tuple(path for path in new if before[path] != known.get(path))
            if changed:
                raise ChangedMeanwhileError(changed)
            texts = {str(path): (before[path], text) for path, text in new.items()}
            title = " ".join(title.split())
            change = Change(title, by, datetime.now(UTC).isoformat(), texts)
            if self._in_git:
                self._commit_by_hand([str(path) for path in new if before[path] is not None])
            write_whole(self._journal, written_change(change), lasting=True)
            try:
                return self._finish(change)
            except (OSError, BuildError):
                self._take_back(change)
                raise

    def versions(self) -> tuple[Version, ...]:
        """All versions, the newest first."""
        if self._in_git:
            return self._git.versions()
        files = sorted(self._kept.glob("versions/*.json"), reverse=True)
        return tuple(version_of(file.stem, read_change(file)) for file in files)

    def undo(self, version: Version) -> dict[PurePosixPath, Data]:
        """What files are to hold with one change taken back; raises OverlapsError.

        A photograph that the change brought goes, and so does a form, and a text of `sources` that
        it began, unless somebody changed it since or other facts name it.
        """
        found: dict[PurePosixPath, Data] = {}
        begun: list[PurePosixPath] = []
        for path, (was, after) in self._texts(version).items():
            now = self._data(path)
            before = MEMORY_AT_FIRST if was is None and str(path.parent) == OWN else was
            if before is None and not (is_picture(path) or path.parts[0] == "forms"):
                begun += [path] if path.parts[0] == "sources" and now == after else []
                continue
            if isinstance(before, str) and isinstance(after, str) and isinstance(now, str):
                found[path] = text_without(path, before, after, now)
            elif now == after:
                found[path] = before
            else:
                raise OverlapsError(path)
        return found | {path: None for path in begun if not self._is_named(path.name, found)}

    def _is_named(self, name: str, instead: Mapping[PurePosixPath, Data]) -> bool:
        """Whether a file of facts has the name of a text, with other texts for some files."""
        for file in self._content.rglob("*.yml"):
            path = PurePosixPath(file.relative_to(self._content).as_posix())
            if path.name == REMEMBERED or str(path.parent) == OWN:
                continue  # what is remembered of a text does not rest on it
            text = instead[path] if path in instead else self._data(path)
            if name in str(text):
                return True
        return False

    def _texts(self, version: Version) -> dict[PurePosixPath, tuple[Data, Data]]:
        if self._in_git:
            return self._git.texts(version)
        kept = read_change(self._kept / "versions" / f"{version.id}.json").texts
        return {PurePosixPath(name): texts for name, texts in kept.items()}

    def _file(self, path: PurePosixPath) -> Path:
        """Where a file lies; raises OutsideError."""
        name, content = str(path), self._content.resolve()
        file = (content / name).resolve()
        hidden = any(part.startswith(".") for part in path.parts)
        if not path.parts or hidden or re.search(r"[\\:\x00-\x1f]", name) or file.is_dir():
            raise OutsideError(name)
        if path.is_absolute() or not file.is_relative_to(content):
            raise OutsideError(name)
        return file

    def _data(self, path: PurePosixPath) -> Data:
        file = self._file(path)
        try:
            return file.read_bytes() if is_picture(path) else read_exactly(file)
        except FileNotFoundError:
            return None

    def _settle(self) -> None:
        """End what a process was killed in: as it was meant, or as if it had never begun."""
        if not self._journal.exists():
            return
        change = read_change(self._journal)
        now = {name: self._data(PurePosixPath(name)) for name in change.texts}
        is_own = all(now[name] in texts for name, texts in change.texts.items())
        if is_own and any(now[name] == after for name, (_, after) in change.texts.items()):
            self._finish(change)
        else:
            self._take_back(change)

    def _finish(self, change: Change) -> Version:
        files = {self._file(PurePosixPath(name)): new for name, (_, new) in change.texts.items()}
        write_all({file: new for file, new in files.items() if new is not None}, lasting=True)
        for file in (file for file, new in files.items() if new is None):
            file.unlink(missing_ok=True)
        for file in files:  # of a process that was killed
            for left in file.parent.glob(f".{file.name}.*.new"):
                left.unlink(missing_ok=True)
        name = self._commit(change) if self._in_git else self._keep(change)
        self._journal.unlink()
        return version_of(name, change)

    def _take_back(self, change: Change) -> None:
        """Give each file its text before, but for one that somebody else wrote since."""
        for name, (before, after) in change.texts.items():
            path = PurePosixPath(name)
            if self._data(path) != after or before == after:
                continue
            if before is None:
                self._file(path).unlink()
                self._git.run("rm", "-q", "--cached", "--", f"content/{path}", check=False)
            else:
                write_whole(self._file(path), before, lasting=True)
        self._journal.unlink()

    def _keep(self, change: Change) -> str:
        """The name of the version; the same where it was kept just before the process ended."""
        kept = sorted(self._kept.glob("versions/*.json"))
        if not kept or read_change(kept[-1]) != change:
            number = int(kept[-1].stem) + 1 if kept else 1
            kept.append(self._kept / "versions" / f"{number:06}.json")
            write_whole(kept[-1], written_change(change), lasting=True)
        return kept[-1].stem

    def _commit(self, change: Change) -> str:
        message = f"{change.title}\n\nChanged-By: {' '.join(change.by.split())}\n"
        return self._git.commit(change.texts, message)

    def _commit_by_hand(self, names: list[str]) -> None:
        """What somebody wrote into these files by hand is a change of its own, and stays theirs."""
        if names:
            self._git.commit(names, "Записано на ръка преди промяна в редактора")
