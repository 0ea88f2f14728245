"""What all tests share: the real content, and the site built once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from site_build.pipeline import Project, build_site
from site_model.content import Content
from tests.support.processes import children, end_others, listen_to_signals
from tests.support.project import ROOT, add_form, copy_project, real_content
from tests.support.shared import folder_of_the_run, for_reading
from tests.support.typed import BULGARIAN_AND_ARABIC, type_in_a_hurry
from tests.support.waiting import PATIENCE

pytest_plugins = ["tests.support.service.fixtures"]

# The day for which tests build, 22 November 2026: facts grow overdue, tests must not.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1795305600")
# What aiosmtpd waits for its own server: 5 seconds, which a busy machine may take.
os.environ.setdefault("AIOSMTPD_CONTROLLER_TIMEOUT", str(PATIENCE))
# Examples are the same each time (`make fuzz` draws new ones), and slow ones are no fault.
settings.register_profile(
    "tests",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")
listen_to_signals()
folder_of_the_run()  # before there are workers, so that it is one for all of them


FOREIGN_SERVERS = {"postgres", "postgresql", "debian", "new_database", "server"}
"""Fixtures that start one."""

SLOW = ("fuzz/", "site_build/paper/", "site_editor/")
SLOW_MEANS = {"subprocess", "build_site", "copy_project", "Kit"}
"""Names of which a module of slow tests has one: it starts programs, or builds sites of its own."""

LONGEST = (
    *("system/test_install.py", "tools/", "service_admin/test_changeover.py", "system/"),
    "browser/access/",
)
"""What begins first, so that no worker has a long test alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What `make test-quick` leaves out: a browser, foreign servers and machines, second builds."""
    places = {item: item.path.relative_to(ROOT / "tests").as_posix() for item in items}
    for item, place in places.items():
        if place.startswith("browser/"):
            item.add_marker("browser")
        if place.startswith("system/") or FOREIGN_SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("system")
        if place.startswith(SLOW) or SLOW_MEANS & vars(item.module).keys():  # type: ignore[attr-defined]
            item.add_marker("slow")
    items.sort(key=lambda item: [not places[item].startswith(long) for long in LONGEST])


@pytest.fixture(autouse=True)
def _nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Anyone who opens a database closes it, and anyone who starts a process ends it.

    A service that stands for all tests of a session keeps its database open; of a test's own
    folder nothing may stay.
    """
    processes = children()
    yield
    assert not end_others(processes)
    if folder := (request.node.funcargs or {}).get("tmp_path"):  # none where it was interrupted
        assert _open_databases(folder) == set()


def _open_databases(folder: Path) -> set[str]:
    """The files of SQLite below a folder that this process holds open, as /proc tells it."""
    found = set()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            named = str(file.readlink())
            if "sqlite3" in named and named.startswith(f"{folder}/"):
                found.add(f"{file.name} {named}")
    return found


@pytest.fixture(scope="session")
def content() -> Content:
    """The real content folder."""
    return real_content()


@pytest.fixture(scope="session")
def site() -> Iterator[Path]:
    """The finished site of the real content, built once for all workers."""
    with for_reading("site", _real) as folder:
        yield Project(folder).site


@pytest.fixture(scope="session")
def own_project() -> Iterator[Project]:
    """The real project in Bulgarian with two forms more, built once for all workers."""
    with for_reading("own_forms", _with_forms) as folder:
        yield Project(folder)


@pytest.fixture(scope="session")
def as_typed() -> Iterator[Project]:
    """A project of Harmanli alone, typed on Windows in a hurry, built once for all workers."""
    with for_reading("typed", _in_a_hurry) as folder:
        yield Project(folder)


def _real(folder: Path) -> None:
    build_site(copy_project(folder, languages=None))


def _with_forms(folder: Path) -> None:
    project = copy_project(folder)
    for name in ("course", "volunteers"):
        add_form(project, name)
    build_site(project)


def _in_a_hurry(folder: Path) -> None:
    project = copy_project(folder, languages=BULGARIAN_AND_ARABIC)
    type_in_a_hurry(project)
    build_site(project)
