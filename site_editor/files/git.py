"""The one module that knows Git: commits of facts, and their texts."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath

from site_build.errors import BuildError
from site_editor.files.versions import Data, OverlapsError, Version, is_picture


def read_exactly(file: Path) -> str:
    """A file of the facts with its own line ends and marks, as `publish` wants it known."""
    return decode(file.read_bytes())


def decode(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # what Windows calls „Unicode“
    return data.decode("utf-16" if wide else "utf-8")


BUSY = (
    "Друга програма пази папката на сайта точно сега. Опитайте пак след минута; ако се повтори, "
    "кажете на техника: файлът index.lock е останал."
)
REFUSED = (
    "Промяната не може да се запише сред версиите на сайта. Причината е записана там, където е "
    "пуснат редакторът. Кажете на техника."
)


class Git:
    """The Git work tree that a project lies in, or may lie in."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keeps(self, content: Path) -> bool:
        """Whether changes of the content folder can be commits."""
        inside = self.run("rev-parse", "--is-inside-work-tree", check=False)
        ignored = self.run("check-ignore", "-q", "content/site.yml", check=False)
        own = not content.is_symlink()  # Git looks at nothing behind a link
        return own and inside is not None and ignored is None

    def versions(self) -> tuple[Version, ...]:
        """The commits of the content folder, the newest first."""
        form = "%x01%H%x02%cI%x02%an%x02%(trailers:key=Changed-By,valueonly,separator=%x2C)%x02%s"
        log = self.run(
            "log",
            "--no-merges",
            "--name-only",
            "--relative",
            f"--format={form}%x02",
            "--",
            "content",
            check=False,
        )
        return tuple(map(_commit, (log or "").split("\x01")[1:]))

    def texts(self, version: Version) -> dict[PurePosixPath, tuple[Data, Data]]:
        """What each file of a commit held before it, and after; raises OverlapsError."""
        found: dict[PurePosixPath, tuple[Data, Data]] = {}
        for path in version.files:
            before, after = (self._data(commit, path) for commit in (f"{version.id}~", version.id))
            if before is None and after is None:
                raise OverlapsError(path)
            found[path] = before, after
        return found

    def _data(self, commit: str, path: PurePosixPath) -> Data:
        data = self._said("cat-file", "--filters", f"{commit}:./content/{path}", check=False)
        return data if data is None or is_picture(path) else decode(data)

    def commit(self, names: Iterable[str], message: str) -> str:
        """Commit these files, without hooks or signing; what else is staged stays so.

        Returns the name of the last commit; raises BuildError.
        """
        paths = [f"content/{name}" for name in names]
        there = [path for path in paths if (self._root / path).exists()]
        self.run("add", "--intent-to-add", "--", *there)
        if self.run("diff", "--quiet", "HEAD", "--", *paths, check=False) is None:
            self.run("commit", "-q", "--no-verify", "--only", "-m", message, "--", *paths)
        return (self.run("rev-parse", "HEAD") or "").strip()

    def run(self, *words: str, check: bool = True) -> str | None:
        """What Git says, or None where it refuses; raises BuildError where it must not."""
        said = self._said(*words, check=check)
        return None if said is None else decode(said)

    def _said(self, *words: str, check: bool) -> bytes | None:
        env = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
        settings = ["core.hooksPath=" + os.devnull, "commit.gpgsign=false", "core.quotePath=false"]
        command = ["git", *(word for one in settings for word in ("-c", one))]
        try:
            if words[0] == "commit" and not self.run("config", "user.email", check=False):
                command += ["-c", "user.name=Opora", "-c", "user.email=opora@localhost"]
            done = subprocess.run(  # noqa: S603 - no shell, and the paths are checked
                [*command, "--literal-pathspecs", *words],
                cwd=self._root,
                capture_output=True,
                check=False,
                env=env,
            )
        except OSError:
            return None
        if done.returncode and check:
            said = " ".join(done.stderr.decode(errors="replace").split())
            logging.getLogger(__name__).error("git %s: %s", words[0], said)
            raise BuildError(BUSY if "index.lock" in said else REFUSED)
        return None if done.returncode else done.stdout


_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def _commit(entry: str) -> Version:
    """A version of what `git log` says of a commit."""
    id, when, author, by, title, names = entry.split("\x02")
    below = (name.removeprefix("content/") for name in names.split("\n") if name)
    paths = tuple(map(PurePosixPath, below))
    return Version(id, title, datetime.fromisoformat(when), by.strip() or author, paths)
