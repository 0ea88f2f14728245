"""Publishing, in a process of its own: it tries a change, writes it, and makes the site.

`python -m site_editor.publishing` reads an `Order` and tells on lines of JSON how far it is. It is
no child of a terminal: who stops the editor does not stop it in the middle.
"""

from __future__ import annotations

import errno
import json
import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from site_build.authoring.answers import UNFINISHED
from site_build.authoring.new_centre import Files, as_it_would_be
from site_build.errors import BuildError, sentence_of
from site_build.pipeline import NotInPlaceError, build_site, build_tried
from site_build.progress import Tell
from site_build.project import Project
from site_editor.draft import Draft, FaultyError, try_pages
from site_editor.files.history import History
from site_editor.files.versions import ChangedMeanwhileError, Data, OutsideError, OverlapsError
from site_editor.plain_words import without_folders
from site_model.problems import ContentError

OUTSIDE: Final = (
    "Оттук се сменят само фактите на вашия център. Това се сменя на компютъра с папката на сайта. "
    "Нищо не е записано."
)
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Order:
    """What is to be published; without `news` the site alone is made. Where it is not `here` that
    facts are written and the site is made, the change is tried, and no more.
    """

    project: Project
    title: str = ""
    by: str = ""
    news: Files | None = None
    known: Files | None = None
    here: bool = True
    of_answers: bool = False
    """Whether it is made of the kept answers to the questions of a new centre, which then go."""

    @classmethod
    def of(cls, project: Project, draft: Draft, by: str) -> Order:
        """The order of a change that a person has looked at."""
        return cls(project, draft.called, by, draft.news, draft.known)

    def write(self, history: History) -> None:
        """Put the change into the files; raises what keeps it from being there."""
        history.publish(_posix(self.news), _posix(self.known), self.title, self.by)
        if self.of_answers:
            (self.project.root / UNFINISHED).unlink(missing_ok=True)


UNFORESEEN = "Причината е записана там, където е пуснат редакторът. Кажете на техника."


@dataclass(frozen=True)
class Ended:
    """How it ended: HTTP's number for it, and what a person has to know.

    Facts are written where it `is_written`; then only the site is missing, if something is.
    """

    status: int = 200
    sentences: tuple[str, ...] = ()
    is_written: bool = False
    is_overtaken: bool = False
    """Whether somebody else changed the files meanwhile."""


def ended_by(error: Exception) -> Ended:
    """What an error means to a person whose change it hindered."""
    match error:
        case NotInPlaceError():
            return Ended(409, ended_by(error.why).sentences, is_written=True)
        case ChangedMeanwhileError():
            return Ended(409, tuple(str(error).splitlines()), is_overtaken=True)
        case OutsideError():
            return Ended(403, (OUTSIDE,))
        case FaultyError() | OverlapsError() | BuildError() | ContentError():
            return Ended(409, tuple(without_folders(str(error)).splitlines()))
        case OSError() | MemoryError() | UnicodeDecodeError():
            status = 507 if getattr(error, "errno", None) in FULL else 500
            return Ended(status, (without_folders(sentence_of(error)),))
    logging.getLogger(__name__).error("unforeseen", exc_info=error)
    return Ended(500, (UNFORESEEN,))


def publish(order: Order, tell: Tell) -> Ended:
    """All of it, in this process."""
    try:
        _publish(order, tell)
    except Exception as error:  # whatever it is, the person who pressed has to know
        return ended_by(error)
    return Ended(is_written=True)


def _publish(order: Order, tell: Tell) -> None:
    project, news = order.project, order.news
    if news is None:
        if order.here:
            build_site(project, tell)
    elif order.here:
        tried = as_it_would_be(project.content, news, begun=True)
        build_tried(project, tried, lambda: order.write(History(project)), tell)
    else:
        try_pages(project, news)


def _posix(files: Files | None) -> dict[PurePosixPath, Data]:
    return {PurePosixPath(place.as_posix()): data for place, data in (files or {}).items()}


class Publication:
    """A process that publishes, as the editor's pages know it."""

    def __init__(self, order: Order, then: Callable[[Ended], Ended]) -> None:
        """`then` is called when it has ended, and may make something else of how."""
        self.order = order
        self.done = self.steps = 0
        self.ended: Ended | None = None
        self._then = then
        self._process = subprocess.Popen(
            [sys.executable, "-m", "site_editor.publishing"],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._follower = threading.Thread(target=self._follow)
        self._follower.start()

    def wait(self, seconds: float | None = None) -> Ended | None:
        """How it ended, or None where it has not ended in time."""
        self._follower.join(seconds)
        return self.ended

    def _follow(self) -> None:
        ended = Ended(500, ("Публикуването беше спряно отвън. Опитайте пак.",))
        with self._process as process:
            order, lines = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
            pickle.dump(self.order, order)
            order.close()
            for line in lines:
                said: dict[str, Any] = json.loads(line)
                if "steps" in said:
                    self.done, self.steps = said["done"], said["steps"]
                else:
                    ended = Ended(**said | {"sentences": tuple(said["sentences"])})
        self.ended = self._then(ended)


def main() -> None:
    """Publish what the other process orders."""
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that began this one
    said, sys.stdout = sys.stdout, sys.stderr  # nothing else is said on these lines

    def say(**words: Any) -> None:
        print(json.dumps(words), file=said, flush=True)

    say(**asdict(publish(order, lambda done, steps: say(done=done, steps=steps))))


if __name__ == "__main__":
    main()
