"""Site and service on one origin, with settings that a test chooses, and its addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path

import pytest
from pysequoia import Tsk
from sqlalchemy import select
from werkzeug.serving import make_server

from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tables import deliveries
from site_model.types import SOURCE_LANGUAGE
from tests.support.processes import answering
from tests.support.project import ROOT
from tests.support.service.service_parts import Instance
from tools.demo.front_server import origin

CONTACT = "/harmanli/pishete-ni/"


@dataclass(frozen=True)
class Place:
    """Where a site answers, and the paths of all its pages and of one that does not exist.

    `opened` gives the letter that was taken last, as Harmanli reads it.
    """

    url: str
    paths: tuple[str, ...]
    opened: Callable[[], str] = str

    def in_language(self, *codes: str) -> tuple[str, ...]:
        """The pages of some of the languages; those of Bulgarian have no code before them."""
        return tuple(path for path in self.paths if _language(path) in codes)

    def of_each_template(self, code: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        """One page of each template, in one language: centres share theirs, and services."""
        pages: dict[tuple[str, ...], str] = {}
        for path in self.in_language(code):
            steps = path.removeprefix(f"/{code}").strip("/").split("/")
            if len(steps) > 1:  # of a centre, whose name says nothing; nor does a service's
                steps = ["", steps[1], *("" for _ in steps[2:])]
            pages.setdefault(tuple(steps), path)
        return tuple(pages.values())

    def of_every_kind(self) -> tuple[str, ...]:
        """Every Bulgarian page, and one of each template in Arabic, which is mirrored.

        What the other languages have beside is other words.
        """
        return (*self.in_language(SOURCE_LANGUAGE), *self.of_each_template("ar"))


def _language(path: str) -> str:
    first = path.split("/")[1]
    return first if len(first) == 2 else SOURCE_LANGUAGE


@contextmanager
def serving(
    folder: Path, site: Path, settings: str = "", *, content: Path = ROOT / "content"
) -> Iterator[Place]:
    """Serve the built site and the service until the end of the block.

    The centre of Harmanli can take letters, that of Sopot cannot (its key is missing).
    `settings` are lines of TOML for the top of the settings file.
    """
    key = Tsk.generate(user_id="centre")
    (folder / "centre.asc").write_text(str(key.extract_certificate()))
    outbox = f"sqlite:///{folder / 'outbox.sqlite3'}"
    recipients = "".join(
        f'[[centres.{name}.recipients]]\naddress = "{name}@example.org"\n'
        f'seal = "openpgp"\nkey = "{file}"\n'
        for name, file in (("harmanli", "centre.asc"), ("sopot", "missing.asc"))
    )
    (folder / "service.toml").write_text(
        f'site_folder = "{site}"\ncontent_folder = "{content}"\n'
        f'database = "{outbox}"\nsecret = "{"s" * 32}"\n{settings}\n'
        '[smtp]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        f'sender = "opora@example.org"\n{recipients}'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPORA_SETTINGS", str(folder / "service.toml"))
        app = origin()
    with ExitStack() as ending:
        ending.callback(app.extensions["close"])
        port = ending.enter_context(answering(make_server("127.0.0.1", 0, app, threaded=True)))
        opened = partial(_newest, outbox, Instance(folder, "", key, ending))
        yield Place(f"http://127.0.0.1:{port}", tuple(paths(site)), opened)


def _newest(url: str, centre: Instance) -> str:
    """The letter that was taken last."""
    with closing(Outbox(url)) as outbox, outbox.reading() as connection:
        newest = select(deliveries.c.content).order_by(deliveries.c.id.desc()).limit(1)
        content = connection.execute(newest).scalar_one()
    return centre.open(message_from_bytes(content, policy=default))


def paths(site: Path) -> list[str]:
    """Every page of the site, and one that does not exist."""
    folders = sorted(page.parent.relative_to(site) for page in site.rglob("index.html"))
    pages = [f"/{folder.as_posix()}/" if folder.parts else "/" for folder in folders]
    return [*pages, "/no-such-page"]
