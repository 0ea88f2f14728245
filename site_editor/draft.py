"""A change of facts before it counts: what it would write, in words, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from site_build.authoring.completion import SaidText, complete
from site_build.authoring.new_centre import Files, as_it_would_be, try_out
from site_build.authoring.renewal import renew
from site_build.authoring.spreadsheet.changes import Change, Facts, changes, facts_of
from site_build.authoring.spreadsheet.columns import names_of
from site_build.pipeline import Project, try_site
from site_editor.doubts import consequences, doubts
from site_editor.facts_to_form import lists_of
from site_editor.files.git import read_exactly
from site_editor.files.splice import splice_facts
from site_editor.files.versions import is_picture
from site_editor.form_to_facts import Faults
from site_editor.hours.form import HOURS_TITLE
from site_editor.hours.week import lines_of
from site_editor.origin import FromDocument, Origin
from site_editor.plain_words import plainly, shorten
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.contacts import OpeningHours
from site_model.field_metadata import words_of
from site_model.loading.loader import Kept, read_written
from site_model.loading.yaml_lines import parse_yaml
from site_model.problems import ContentError, Problem, names_known_at, sentence_for
from site_model.types import SOURCE_LANGUAGE

Names = Mapping[str, str]
LONGEST_NAME: Final = 160
NO_FILES: Final[Mapping[Path, bytes | None]] = {}
"""Photographs by their place below the content folder; None for one that goes."""


CHECKED: Final = ("services", "programmes")
"""Lists whose items have a day of checking of their own."""


class FaultyError(Exception):
    """Facts that may not stand so; `faults` are the sentences, "" for those of no one part."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("\n".join(one for some in faults.values() for one in some))
        self.faults = faults


@dataclass(frozen=True)
class CentreFile:
    """A centre's file as it was read: its text, to the sign, and its data."""

    project: Project
    content: Content
    name: str
    text: str
    data: dict[str, Any]
    kept: Kept | None = None

    @property
    def place(self) -> Path:
        return Path("centres") / f"{self.name}.yml"

    @property
    def centre(self) -> Centre:
        return self.content.centres[self.name]


def centre_file(
    project: Project, content: Content, name: str, kept: Kept | None = None
) -> CentreFile:
    """Read a centre's file anew; raises OSError and what reading a text raises."""
    file = project.content / "centres" / f"{name}.yml"
    data = parse_yaml(read_written(file)).data
    return CentreFile(project, content, name, read_exactly(file), data, kept)


@dataclass(frozen=True)
class Draft:
    """What is to be written, and what stands there now; `asks` where a fact needs its source."""

    title: str
    news: Files
    known: Files
    changes: tuple[Change, ...]
    asks: bool
    content: Content | None = None
    """All facts as they would be, where they differ in this centre alone."""
    doubts: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What the change is called, so that a person knows it again."""
        said = [str(one) for one in self.changes]
        more = f" (и още {len(said) - 1})" if len(said) > 1 else ""
        return shorten(f"{self.title}. {said[0] if said else ''}", LONGEST_NAME) + more


def draft_of(
    file: CentreFile,
    title: str,
    fields: Sequence[str],
    told: Mapping[str, Any],
    origin: Origin,
    *,
    files: Mapping[Path, bytes | None] = NO_FILES,
) -> Draft | None:
    """The draft of these fields told anew, or None where they say what stands there already.

    `files` are the photographs that come and go with them. Raises FaultyError.
    """
    today = str(file.project.today)
    after = {name: one for name, one in file.data.items() if name not in fields} | dict(told)
    if after == file.data:
        return None
    names = names_of(file.content.catalogues)
    said = origin.source_text(file.project.content, file.name, file.project.today, names)
    header = len(said.lines)
    # One value that changed says nothing of the others: no day of checking is raised.
    whole = complete(_new_today(renew(file.data, after, None), today), today, said)
    own = {name: whole[name] for name in fields if name in after}
    asks = said.facts > 0 if isinstance(said, FromDocument) else len(said.lines) > header
    return _draft(file, title, after | own, said if asks else None, files)


def _new_today(facts: dict[str, Any], today: str) -> dict[str, Any]:
    """A service or programme that is told for the first time was checked on this day."""
    told = {kind: facts[kind] for kind in CHECKED if kind in facts}
    return facts | {
        kind: [one if "id" in one else {"checked_on": today} | one for one in items]
        for kind, items in told.items()
    }


def still_true(file: CentreFile, what: str) -> Draft | None:
    """The draft of „Още е вярно“: all of the centre, or an item as services.social."""
    today = str(file.project.today)
    kind, _, code = what.partition(".")
    if not code:
        return _draft(file, "Още е вярно: всичко за центъра", _checked(file.data, today), None)
    items = file.data.get(kind)
    if kind not in CHECKED or not isinstance(items, list):
        raise LookupError(what)
    found = [one for one in items if one.get("id") == code]
    if not found:
        raise LookupError(what)
    made = [_checked(one, today) if one in found else one for one in items]
    name = found[0]["name"][SOURCE_LANGUAGE]
    return _draft(file, f"Още е вярно: „{name}“", file.data | {kind: made}, None)


def _checked(item: Mapping[str, Any], today: str) -> dict[str, Any]:
    """The same, checked today; a day of the next check that has come says nothing any more."""
    made = dict(item) | {"checked_on": today}
    if str(made.get("next_check", "9")) <= today:
        del made["next_check"]
    return made


def _draft(
    file: CentreFile,
    title: str,
    after: dict[str, Any],
    said: SaidText | None,
    files: Mapping[Path, bytes | None] = NO_FILES,
) -> Draft | None:
    if after == file.data:
        return None
    try:
        Centre.model_validate(after)
    except ValidationError as error:
        raise FaultyError(_faults(error, _names(file))) from None
    text = splice_facts(file.text, after)
    texts = {Path("sources") / said.file: said.text} if said and said.lines else {}
    there = {place: _photograph(file, place) for place in files}
    moved = {place: data for place, data in files.items() if data != there[place]}
    news: Files = {**texts, file.place: text, **moved}
    try:
        content = try_out(file.project.content, news, begun=True, kept=file.kept)
    except ContentError as error:
        raise FaultyError(faults_in(error.problems, file, text)) from None
    known: Files = {file.place: file.text, **there}
    new = content.centres[file.name]
    return Draft(
        title,
        news,
        known,
        _in_words(file, content),
        said is not None,
        content,
        doubts(file.centre, new, file.project.today),
        consequences(file.centre, new),
    )


def _photograph(file: CentreFile, place: Path) -> bytes | None:
    try:
        return (file.project.content / place).read_bytes()
    except FileNotFoundError:
        return None


def taken_back(file: CentreFile, title: str, texts: Files) -> Draft:
    """The draft of texts that stood in the files before; raises FaultyError."""
    try:
        content = try_out(file.project.content, texts, begun=True, kept=file.kept)
    except ContentError as error:
        sentences = [plainly(str(problem), _names(file)) for problem in error.problems]
        raise FaultyError({"": sentences}) from None
    known: Files = {
        name: _photograph(file, name)
        if is_picture(name)
        else read_exactly(file.project.content / name)
        for name in texts
    }
    return Draft(title, texts, known, _in_words(file, content), False, content)


def _in_words(file: CentreFile, content: Content) -> tuple[Change, ...]:
    found = changes_between(facts_of(file.centre), facts_of(content.centres[file.name]), content)
    # Told last: that something was checked today goes without saying.
    last = words_of(Centre, "checked_on").title
    return tuple(sorted(found, key=lambda one: one.where.endswith(last)))


def changes_between(old: Facts, new: Facts, content: Content) -> list[Change]:
    """What is different, in the words of the form: hours as readers will read them."""
    known = [one.get("file") for one in old.get("photographs", ())]
    before, after = _readable(old, known), _readable(new, known)
    found = changes(before, after, names_of(content.catalogues), sources=False)
    return [replace(one, where=one.where.replace(_OF_HOURS, HOURS_TITLE)) for one in found]


def _readable(facts: Facts, known: Sequence[str | None]) -> Facts:
    """The same with words for what no person reads: rules of hours, names of photographs."""
    made = dict(facts)
    hours = made.get("opening_hours", {})
    if lines := lines_of(hours.get("osm", "")):
        made["opening_hours"] = hours | {"osm": "; ".join(lines)}
    if "photographs" in made:
        made["photographs"] = [
            one | {"file": SHOWN if one["file"] in known else CHOSEN} if "file" in one else one
            for one in made["photographs"]
        ]
    return made


SHOWN: Final = "снимката досега"
CHOSEN: Final = "новата снимка"
_OF_HOURS: Final = words_of(OpeningHours, "osm").title


def _names(file: CentreFile) -> Names:
    """What the things are called that facts name by codes."""
    lists = lists_of(file.content.catalogues, file.centre)
    return {code: name for names in lists.values() for code, name in names.items()}


def _faults(error: ValidationError, names: Names) -> Faults:
    found: Faults = {}
    for item in error.errors():
        sentence = plainly(sentence_for(item, names_known_at(Centre, item["loc"])), names)
        found.setdefault("-".join(map(str, item["loc"])), []).append(sentence)
    return found


def faults_in(problems: Sequence[Problem], file: CentreFile, text: str) -> Faults:
    """Problems of the content folder by the part of the form; of another file under ""."""
    parsed = parse_yaml(text)
    found: Faults = {}
    for problem in problems:
        own = problem.file.endswith(file.place.as_posix())
        place = parsed.lines.place_of(problem.line) if own else ()
        name = "-".join(map(str, place))
        sentence = _named(parsed.data, place) + problem.sentence if own else str(problem)
        found.setdefault(name, []).append(plainly(sentence, _names(file)))
    return found


def _named(data: Any, place: Sequence[str | int]) -> str:
    """The service or programme at a place, as people call it; it may stand on another page."""
    if len(place) < 2 or place[0] not in CHECKED:
        return ""
    name = data[place[0]][place[1]].get("name")
    return f"„{name[SOURCE_LANGUAGE]}“: " if isinstance(name, dict) else ""


def try_pages(project: Project, news: Files) -> None:
    """Make every page with what is to be written, and keep none.

    Raises ContentError or BuildError where the site would not be built.
    """
    with as_it_would_be(project.content, news, begun=True) as folder:
        try_site(replace(project, facts=folder))
