"""A photograph is shown with its description and its size, or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from built_pages import files_of, main_words, page
from PIL import Image
from project_changes import SOPOT, replace_once
from support import copy_project

from site_build.errors import BuildError
from site_build.photographs import LARGEST_BYTES
from site_build.stages import Project, build_site
from site_model.problems import ContentError

ABOUT = "sopot/ekip-i-istoriya"
ALT = "Стая с маса, четири стола и рисунки на стената"


def painted(path: Path, **extra: object) -> None:
    """A picture of 640 by 400 points in one colour."""
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (640, 400), "#1d5c55").save(path, **extra)


def noisy(path: Path) -> None:
    """A picture that cannot be pressed together, larger than the budget."""
    path.parent.mkdir(exist_ok=True)
    side = 400
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(path)
    assert path.stat().st_size > LARGEST_BYTES


def with_place(path: Path) -> None:
    """A picture that tells where it was taken, as telephones make them."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (42.0, 44.0, 0.0)}
    painted(path, exif=exif)


def not_a_picture(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("това не е снимка", encoding="utf-8")


def no_file(_: Path) -> None:
    """The facts name a picture that nobody gave."""


def showing(target: Path, file: str, *, alt: bool = True) -> Project:
    """A project in which Sopot shows its first photograph."""
    project = copy_project(target)
    said = f", alt: {{bg: '{ALT}'}}, credit: {{bg: Община Сопот}}" if alt else ""
    replace_once(project, SOPOT, "{name: cop1, ", f"{{name: cop1, file: {file}{said}, ")
    return project


def photographs(project: Project) -> Path:
    return project.content / "photographs"


def test_a_photograph_is_shown_with_its_description_and_size(tmp_path: Path) -> None:
    """Size in points, so that nothing jumps; loaded late; a name that changes with the bytes."""
    project = showing(tmp_path, "staya.jpg")
    painted(photographs(project) / "staya.jpg")
    build_site(project)
    (image,) = page(project.site, ABOUT).xpath("//main//img")
    assert image.get("alt") == ALT
    assert (image.get("width"), image.get("height")) == ("640", "400")
    assert image.get("loading") == "lazy"
    shown = project.site / image.get("src").removeprefix("/")
    assert shown.name != "staya.jpg"
    assert shown.read_bytes() == (photographs(project) / "staya.jpg").read_bytes()
    text = main_words(project.site, ABOUT)
    assert "Община Сопот" in text
    assert "още не са ни дадени: cop2, cop4." in text


def test_a_changed_photograph_has_another_name_and_the_old_one_goes(tmp_path: Path) -> None:
    """A browser never shows the old picture, and the site does not keep it."""
    project = showing(tmp_path, "staya.png")
    painted(photographs(project) / "staya.png")
    build_site(project)
    first = {name for name in files_of(project.site) if name.endswith(".png")}
    painted(photographs(project) / "staya.png", compress_level=1)
    build_site(project)
    second = {name for name in files_of(project.site) if name.endswith(".png")}
    assert len(first) == len(second) == 1
    assert first != second


def test_a_photograph_without_description_is_refused(tmp_path: Path) -> None:
    """The sentence names the file of facts, the line and what to write."""
    project = showing(tmp_path, "staya.jpg", alt=False)
    painted(photographs(project) / "staya.jpg")
    with pytest.raises(ContentError, match=r"sopot\.yml, ред \d+.*напишете в „alt“ какво се вижда"):
        build_site(project)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (noisy, "може да е най-много 80 KB"),
        (with_place, "скрити данни, които може да издават къде"),
        (not_a_picture, "не се чете като снимка"),
        (no_file, "файлът липсва"),
    ],
    ids=["too large", "tells its place", "no picture", "not there"],
)
def test_what_must_not_be_shown_is_refused(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    """Nothing is mended silently: the build stops and says what to do."""
    project = showing(tmp_path, "staya.png")
    make(photographs(project) / "staya.png")
    with pytest.raises(BuildError, match=f"content/photographs/staya.png: .*{sentence}"):
        build_site(project)


@pytest.mark.parametrize("file", ["staya.jpg", "staya.webp"])
def test_the_place_is_found_in_every_kind_of_picture(tmp_path: Path, file: str) -> None:
    """Each format keeps its hidden data elsewhere."""
    project = showing(tmp_path, file)
    with_place(photographs(project) / file)
    with pytest.raises(BuildError, match=f"{file}: снимката носи скрити данни"):
        build_site(project)


def test_a_photograph_that_nobody_describes_is_refused(tmp_path: Path) -> None:
    """A file beside the facts would be shown by nobody; its description is asked for."""
    project = copy_project(tmp_path)
    painted(photographs(project) / "staya.jpg")
    with pytest.raises(BuildError, match=r"staya\.jpg: никой център не назовава тази снимка"):
        build_site(project)
