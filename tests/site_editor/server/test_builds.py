"""What is said of the finished pages is true: wanted, being made, made, late."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pydantic import HttpUrl

from site_build.project import Project
from site_editor.server.builds import LATE, LONG, MADE, MADE_HERE, MAKING, Builds
from site_model.content import Content

ELSEWHERE = {"service_origin": HttpUrl("https://pisma.example.org")}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "build").mkdir()
    (tmp_path / "state").mkdir()
    return Project(tmp_path)


def begin(project: Project) -> None:
    """What opora-build.service does before it builds."""
    state = project.root / "state"
    (state / "wanted").rename(state / "begun")


def end(project: Project) -> None:
    time.sleep(0.02)  # a file's times are as coarse as the kernel's tick
    project.facts_report.write_text("")


def test_what_is_said_follows_the_build(project: Project, content: Content) -> None:
    """A change that comes during a build waits for the next one, though this one ends after it."""
    builds = Builds(project.root / "state")

    def said() -> str:
        return builds.sentence(project, content.site)

    assert said() == MADE
    builds.ask(project)
    assert said() == MAKING
    begin(project)
    assert said() == MAKING
    builds.ask(project)
    end(project)
    assert said() == MAKING
    begin(project)
    assert said() == MAKING
    end(project)
    assert said() == MADE


def test_an_old_report_is_of_no_new_build(project: Project, content: Content) -> None:
    builds = Builds(project.root / "state")
    end(project)
    builds.ask(project)
    time.sleep(0.02)
    begin(project)
    assert builds.sentence(project, content.site) == MAKING


def test_a_build_that_does_not_come_is_told(project: Project, content: Content) -> None:
    builds = Builds(project.root / "state")
    builds.ask(project)
    old = time.time() - LONG - 1
    os.utime(project.root / "state" / "wanted", (old, old))
    assert builds.sentence(project, content.site) == LATE


def test_pages_that_stand_elsewhere_are_not_called_published(
    project: Project, content: Content
) -> None:
    """Where only the service is on this server, somebody has yet to upload the pages."""
    site = content.site.model_copy(update=ELSEWHERE)
    assert Builds(project.root / "state").sentence(project, site) == MADE_HERE
