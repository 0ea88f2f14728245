"""A photograph is shown with its description and its size, or refused with a reason."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from site_build.__main__ import main
from site_build.authoring.old_facts import notices
from site_build.errors import BuildError
from site_build.pages.photographs import read_photographs
from site_build.pipeline import Project, build_site
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from tests.support.content.project_changes import SOPOT, replace_once
from tests.support.pages.built_pages import files_of, main_words, page
from tests.support.project import ROOT, copy_project

ABOUT = "sopot/ekip-i-istoriya"
LARGEST = 80_000  # bytes of a photograph, as the guides say
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
    assert path.stat().st_size > LARGEST


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


def test_command_makes_it_small_upright_and_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A photograph of a telephone, 12 million points, on its side, with its place: all fixed."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x8825] = {1: "N", 2: (42.0, 44.0, 0.0)}
    taken = tmp_path / "Сградата отпред.JPG"
    Image.frombytes("RGB", (400, 300), os.urandom(360_000)).resize((4000, 3000)).save(
        taken, "JPEG", exif=exif, comment=b"secret"
    )
    project = tmp_path / "project"
    (project / "content").mkdir(parents=True)
    (project / "content" / "site.yml").touch()
    command = ["photograph", str(taken), "--project", str(project)]
    assert main(command) == 0
    put = project / "content" / "photographs" / "sgradata-otpred.jpg"
    assert f"file: {put.name}" in capsys.readouterr().out
    assert put.stat().st_size <= LARGEST
    with Image.open(put) as image:
        assert image.height > image.width
        assert not image.getexif()
        assert not {"comment", "exif", "icc_profile", "photoshop"} & image.info.keys()
    assert taken.exists()
    assert main(command) == 1  # the name is taken
    assert "вече има" in capsys.readouterr().err


@pytest.mark.parametrize("make", [not_a_picture, no_file])
def test_command_says_what_is_no_photograph(
    tmp_path: Path, make: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A text with such a name, a file that is not there: one sentence, nothing put."""
    file = tmp_path / "given" / "snimka.jpg"
    file.parent.mkdir()
    make(file)
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "site.yml").touch()
    assert main(["photograph", str(file), "--project", str(tmp_path)]) == 1
    assert "не е сложена" in capsys.readouterr().err
    assert not (tmp_path / "content" / "photographs").exists()


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
    first = {name for name in files_of(project.site) if "staya" in name}
    painted(photographs(project) / "staya.png", compress_level=1)
    build_site(project)
    second = {name for name in files_of(project.site) if "staya" in name}
    assert len(first) == len(second) == 1
    assert first != second


def test_a_photograph_without_description_is_refused(tmp_path: Path) -> None:
    """The sentence names the file of facts, the line and what to write."""
    project = showing(tmp_path, "staya.jpg", alt=False)
    painted(photographs(project) / "staya.jpg")
    with pytest.raises(
        ContentError, match=r"sopot\.yml, ред \d+.*описание .alt.: напишете какво се вижда"
    ):
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
    """Nothing is fixed silently: the build stops and says what to do."""
    project = showing(tmp_path, "staya.png")
    make(photographs(project) / "staya.png")
    with pytest.raises(BuildError, match=f"content/photographs/staya.png: .*{sentence}"):
        build_site(project)


def test_a_photograph_may_take_80_kilobytes(tmp_path: Path) -> None:
    """And not one byte more."""
    project = showing(tmp_path, "staya.png")
    content = load_content(project.content)
    file = photographs(project) / "staya.png"
    painted(file)
    file.write_bytes(file.read_bytes().ljust(80_000))
    assert len(read_photographs(photographs(project), content)) == 1
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(BuildError, match="най-много 80 KB"):
        read_photographs(photographs(project), content)


@pytest.mark.parametrize("kind", ["exif", "xmp"])
@pytest.mark.parametrize("file", ["staya.jpg", "staya.png", "staya.webp"])
def test_hidden_data_are_found_in_every_kind_of_picture(
    tmp_path: Path, file: str, kind: str
) -> None:
    """Each format keeps them elsewhere, and editors write the place as XMP too."""
    project = showing(tmp_path, file)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">42,44.0N</x:xmpmeta>'
    if kind == "exif":
        with_place(photographs(project) / file)
    elif file.endswith("png"):
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        painted(photographs(project) / file, pnginfo=info)
    else:
        painted(photographs(project) / file, xmp=xmp)
    with pytest.raises(BuildError, match=f"{file}: снимката носи скрити данни"):
        read_photographs(photographs(project), load_content(project.content))


def test_a_photograph_that_nobody_describes_stops_nothing(tmp_path: Path) -> None:
    """Nobody sees it; its description is asked for, and every page goes out."""
    project = copy_project(tmp_path)
    painted(photographs(project) / "staya.jpg")
    said = list(notices(project, load_content(project.content)))
    assert any("staya.jpg: никой център не назовава тази снимка" in line for line in said)
    assert not read_photographs(photographs(project), load_content(project.content))


@pytest.mark.parametrize("goal", ["photograph"])
def test_make_asks_for_what_it_needs(goal: str) -> None:
    """Without FILE it would read the folder as a photograph."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/run-installed", goal, "FILE="],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode and f"make {goal} FILE=" in done.stderr
