"""An earlier change of forms, taken back: under a version that the questions of then may have."""

from __future__ import annotations

from typing import Final

from site_build.authoring.new_centre import Files, try_out
from site_build.authoring.spreadsheet.changes import Change
from site_build.project import Project
from site_editor.draft import Draft, FaultyError
from site_editor.files.git import read_exactly
from site_editor.files.splice import splice_facts
from site_editor.forms.drafting import VERSIONS, FormFile, form_file, with_version
from site_model.content import Content
from site_model.forms.fingerprints import AcceptedVersions
from site_model.loading.loader import Kept
from site_model.loading.yaml_lines import parse_yaml
from site_model.problems import ContentError

NOTHING: Final = "Тази промяна вече е върната или в нея няма какво да се върне."


def undone_forms(project: Project, content: Content, files: Files, title: str, kept: Kept) -> Draft:
    """The draft of what stood in files of forms before; raises FaultyError.

    Questions that were accepted under a version since come back under the next one; a form that
    was begun then goes.
    """
    if not files:
        raise FaultyError({"": [NOTHING]})
    accepted, versions = content.accepted_versions, files.get(VERSIONS)
    if isinstance(versions, str):
        accepted = AcceptedVersions.model_validate(parse_yaml(versions).data).root
    news, changes = dict(files), list[Change]()
    for place, text in files.items():
        if place == VERSIONS:
            continue
        file = form_file(project, content, place.stem, kept)
        if isinstance(text, str):
            after = with_version(parse_yaml(text).data, accepted.get(file.name))
            news[place] = splice_facts(text, after)
            changes += file.changes_to(after)
        else:
            changes += removal_of(file).changes
    try:
        try_out(project.content, news, begun=True, kept=kept)
    except ContentError as error:
        raise FaultyError({"": [str(problem) for problem in error.problems]}) from None
    there = (place for place in news if (project.content / place).exists())
    known = {place: read_exactly(project.content / place) for place in there}
    name = f"Върнато: {title.removeprefix('Върнато: ')}"
    return Draft(name, news, known, tuple(changes), asks=False)


def removal_of(file: FormFile) -> Draft:
    """The draft of a form that goes; its accepted version stays remembered."""
    change = Change("Формуляри", file.title, "")
    return Draft(
        "Махнат формуляр", {file.place: None}, {file.place: file.text}, (change,), asks=False
    )
