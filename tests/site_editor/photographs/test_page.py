"""A photograph goes from the computer to the site: small, upright, without what it hides."""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from PIL import Image
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from site_build.pages.photographs import LARGEST_BYTES
from site_editor.files.versions import is_picture
from site_editor.photographs.waiting import Waiting
from site_editor.sections import PHOTOGRAPHS
from site_editor.web.filled import Filled
from tests.support.editor import OURS, Desk, Fields, words

PAGE = "/harmanli/snimki/"
ALT = "Стая с маса, четири стола и рисунки на стената."
SECRET = b"42 deg 44' N, Mama Maria"


def taken(size: tuple[int, int] = (1600, 1200), form: str = "JPEG") -> bytes:
    """As a telephone makes it: on its side, with the place, a comment and XMP."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (42.0, 44.0, 0.0), 3: "E", 4: (24.0, 45.0, 0.0)}
    small = Image.frombytes("RGB", (40, 30), os.urandom(3600))
    made = BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">42,44.0N</x:xmpmeta>'
    small.resize(size).save(made, form, exif=exif, comment=SECRET, xmp=xmp)
    return made.getvalue()


def choose(desk: Desk, fields: Fields, do: str, *data: bytes, name: str = "IMG_0001.jpg") -> Any:
    """Press a button with files chosen for the first photographs of the list."""
    sent: MultiDict[str, Any] = MultiDict()
    for field, values in (fields | {"do": do}).items():
        for value in values if isinstance(values, list) else [values]:
            sent.add(field, value)
    for at, one in enumerate(data):
        sent.add(f"photographs-{at}-file-chosen", (BytesIO(one), name))
    return desk.client.post(PAGE, data=sent, headers=OURS, content_type="multipart/form-data")


def new_item(desk: Desk) -> Fields:
    """The page with one empty photograph added, filled in."""
    added = choose(desk, desk.fields(desk.get(PAGE)), "add:photographs")
    told = {"photographs-0-name": "Стаята", "photographs-0-alt": ALT}
    return desk.fields(html.fromstring(added.text)) | told


def page_of(answer: TestResponse) -> html.HtmlElement:
    return html.fromstring(answer.text)


def assert_clean(data: bytes) -> None:
    """Small, and nothing of what the telephone wrote beside the pixels."""
    assert len(data) <= LARGEST_BYTES
    with Image.open(BytesIO(data)) as image:
        assert image.height > image.width
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & image.info.keys()
    for trace in (b"Mama", b"xmpmeta", b"GPS", b"Exif"):
        assert trace not in data


def test_photograph_is_published_and_taken_back(at_desk: Desk) -> None:
    """With its facts in one change; shown before it counts; „Върни“ takes both, to the byte."""
    before = at_desk.file().read_bytes()
    looked = choose(at_desk, new_item(at_desk), "look", taken())
    assert looked.status_code == 200, words(looked)
    assert "снимка" in words(looked) and ".jpg" not in words(looked)
    folder = at_desk.project.content / "photographs"
    assert not folder.exists()
    fields = at_desk.fields(page_of(looked)) | {"origin-post": "психолог"}
    back = choose(at_desk, fields, "edit")
    (shown,) = page_of(back).xpath("//main//img/@src")
    assert_clean(at_desk.client.get(shown, headers=OURS).data)

    published = choose(at_desk, fields, "publish")
    assert published.status_code == 303, words(published)
    (file,) = folder.iterdir()
    assert_clean(file.read_bytes())
    assert f"file: {file.name}" in at_desk.file().read_text()
    assert ALT in (at_desk.project.site / "harmanli/ekip-i-istoriya/index.html").read_text()
    assert "вече е записано" in words(choose(at_desk, fields, "publish"))

    page = at_desk.get("/harmanli/promeni/")
    version = page.xpath("//input[@name='version']/@value")[0]
    token = page.xpath("//input[@name='token']/@value")[0]
    sent = {"token": token, "version": version}
    undone = at_desk.client.post("/harmanli/promeni/", data=sent, headers=OURS)
    assert undone.status_code == 303, words(undone)
    assert at_desk.file().read_bytes() == before
    assert not list(folder.iterdir())


def test_replaced_or_removed_the_old_file_goes(at_desk: Desk) -> None:
    """A file that no centre names any more leaves the folder with the change."""
    folder = at_desk.project.content / "photographs"
    folder.mkdir()
    old = folder / "staya.jpg"
    Image.new("RGB", (64, 40), "#1d5c55").save(old)
    said = f"name: Стая, file: {old.name}, alt: {{bg: '{ALT}'}}"
    with at_desk.file().open("a") as file:
        file.write(f"photographs:\n  - {{{said}, source: '000_cee4bc3b0dd5abd9.txt:3'}}\n")
    page = at_desk.get(PAGE)
    (shown,) = page.xpath("//main//img/@src")
    assert at_desk.client.get(shown, headers=OURS).data == old.read_bytes()
    editor = at_desk.client.application.extensions["editor"]
    chosen = editor.waiting().add(BytesIO(taken()), "x.jpg")
    for value in (chosen, ""):
        typed = MultiDict(at_desk.fields(page) | {"photographs-0-file": value})
        filled = Filled.of_form(editor.file("harmanli"), PHOTOGRAPHS, typed)
        draft = filled.draft(editor.waiting(), with_origin=False)
        assert draft
        files = {place.name: data for place, data in draft.news.items() if is_picture(place)}
        assert files.pop(old.name) is None
        assert [isinstance(data, bytes) for data in files.values()] == [True] * bool(value)


def bomb() -> bytes:
    """Few bytes that would become 100 million points."""
    made = BytesIO()
    Image.new("1", (10_000, 10_000)).save(made, "PNG")
    return made.getvalue()


def archive() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("x.js", "alert(1)")
    return made.getvalue()


def gif() -> bytes:
    """A picture of another kind, which is a script as well."""
    return b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("това не е снимка".encode(), "не се чете като снимка"),
        (b"", "не се чете като снимка"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "не се чете"),
        (gif(), "не се чете като снимка"),
        (archive(), "не се чете като снимка"),
        (taken()[:3000], "не се чете като снимка"),
        (taken()[:20] + bytes(5000), "не се чете като снимка"),
        (bomb(), "твърде много точки"),
    ],
    ids=["text", "nothing", "svg", "gif", "zip", "cut", "broken", "bomb"],
)
def test_what_is_no_photograph_is_refused_in_words(
    reading: Desk, data: bytes, sentence: str
) -> None:
    """At its field; what was typed stays, and nothing of the file is kept."""
    waiting = reading.project.root / "instance" / "editor" / "photographs"
    before = set(waiting.glob("*"))
    answer = choose(reading, new_item(reading), "look", data)
    assert answer.status_code == 422
    page = page_of(answer)
    (said,) = page.xpath("//p[@id='photographs-0-file-error']")
    assert sentence in said.text
    assert reading.fields(page)["photographs-0-alt"] == ALT
    assert set(waiting.glob("*")) == before


def test_what_hides_behind_a_photograph_stays_behind(reading: Desk) -> None:
    """A photograph that is an archive or a page as well comes out as its pixels."""
    evil = taken() + archive() + b"<script>alert(1)</script>"
    answer = choose(reading, new_item(reading), "edit", evil)
    (shown,) = page_of(answer).xpath("//main//img/@src")
    answer = reading.client.get(shown, headers=OURS)
    assert_clean(answer.data)
    assert b"script" not in answer.data and b"x.js" not in answer.data
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_description_is_asked_for(reading: Desk) -> None:
    """A photograph that says nothing to those who do not see it is not published."""
    fields = new_item(reading) | {"photographs-0-alt": ""}
    answer = choose(reading, fields, "look", taken())
    assert answer.status_code == 422
    assert "няма описание" in words(answer)


def test_too_large_a_file_is_refused_in_words(reading: Desk) -> None:
    """Without reading it; other pages take far less."""
    answer = reading.client.post(
        PAGE,
        input_stream=BytesIO(bytes(31_000_000)),
        content_length=31_000_000,
        content_type="multipart/form-data; boundary=x",
        headers=OURS,
    )
    assert answer.status_code == 413
    assert "твърде голямо" in words(answer)


def test_only_so_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes, and what waits longer than a day; the newest are there."""
    monkeypatch.setattr("site_editor.photographs.waiting.MOST", 2)
    waiting = Waiting(tmp_path)
    codes = []
    for hours in (30, 3, 2, 1):
        codes.append(waiting.add(BytesIO(taken()), "x.jpg"))
        made = time.time() - hours * 3600
        os.utime(tmp_path / codes[-1], (made, made))
    codes.append(waiting.add(BytesIO(taken()), "x.jpg"))
    assert [code for code in codes if waiting.get(code)] == codes[-2:]


@pytest.mark.parametrize("name", ["new-00", "../site.yml", "new-" + "0" * 64, "cop1.jpg", "%2e%2e"])
def test_only_photographs_are_shown(reading: Desk, name: str) -> None:
    """No other file, by whatever name it is asked for."""
    answer = reading.client.get(f"{PAGE}{name}", headers=OURS)
    assert answer.status_code in (404, 308)


@pytest.mark.parametrize("code", ["new-" + "a" * 64, "new-../../../etc/passwd", "../sopot.yml"])
def test_what_nobody_chose_is_not_published(reading: Desk, code: str) -> None:
    """A name that waits no longer, or never did, is told at the field."""
    fields = new_item(reading) | {"photographs-0-file": code}
    answer = choose(reading, fields, "look")
    assert answer.status_code == 422
    assert page_of(answer).xpath("//p[starts-with(@id, 'photographs-0-file-error')]")
