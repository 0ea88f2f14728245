"""Photographs on their way through the editor: chosen on the computer, and shown."""

from __future__ import annotations

from mimetypes import guess_type
from typing import Final

from flask import abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from site_build.errors import BuildError
from site_editor.form_to_facts import Faults
from site_editor.photographs.placing import FOLDER
from site_editor.web.state import Editor

LONGEST_UPLOAD: Final = 30_000_000
"""Bytes: two photographs as a telephone makes them, beside all that was typed."""


def chosen_photographs(editor: Editor) -> tuple[MultiDict[str, str], Faults]:
    """The form that was sent, naming the photographs chosen with it, and what is no photograph."""
    request.max_content_length = LONGEST_UPLOAD
    form: MultiDict[str, str] = MultiDict(request.form)
    refused: Faults = {}
    for name, chosen in request.files.items():
        if chosen.filename:
            place = name.removesuffix("-chosen")
            try:
                form[place] = editor.waiting().add(chosen.stream, chosen.filename)
            except BuildError as error:
                refused[place] = [str(error)]
    return form, refused


def photograph(editor: Editor, centre: str, name: str) -> Response:
    """One that the centre shows, or that was chosen and waits."""
    file = editor.file(centre)
    data = editor.waiting().get(name)
    if data is None and name in [one.file for one in file.centre.photographs]:
        try:
            data = (file.project.content / FOLDER / name).read_bytes()
        except FileNotFoundError:
            abort(404)
    if data is None:
        abort(404)
    return Response(data, mimetype=guess_type(name)[0] or "image/jpeg")
