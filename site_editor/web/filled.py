"""A section as a person has filled it in, from page to page: nothing is kept on this side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from site_build.authoring.spreadsheet.changes import Change
from site_editor.changed import merge_facts
from site_editor.draft import CentreFile, Draft, FaultyError, changes_between, draft_of
from site_editor.facts_to_form import Reader, lists_of
from site_editor.form_part import BASED_ON, WITH_PARTS, Part
from site_editor.form_to_facts import Faults, Telling, arrange, typed_tree
from site_editor.origin import Documents, Origin, documents
from site_editor.photographs.placing import FOLDER, left_photographs, name_photographs
from site_editor.photographs.waiting import Waiting
from site_editor.sections import Section
from site_model.facts.centre import Centre

PHOTOGRAPHS: Final = "photographs"
WAITED_TOO_LONG: Final = "снимката чака твърде дълго и вече я няма. Изберете я пак."
OWN: Final = ("token", "do", "base", "sure")
"""Fields of the form that are no facts; those of `Origin` begin with „origin-“."""


@dataclass
class Filled:
    """`base` is what the person saw, `tree` what they typed, or what stands in the facts."""

    file: CentreFile
    section: Section
    base: dict[str, Any]
    tree: dict[str, Any]
    origin: Origin = field(default_factory=Origin)
    notes: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=dict)
    origin_faults: Faults = field(default_factory=dict)
    both: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @classmethod
    def of_file(cls, file: CentreFile, section: Section) -> Filled:
        """The section as the facts have it."""
        now = _only(file.data, section.fields)
        return cls(file, section, now, now)

    @classmethod
    def of_form(cls, file: CentreFile, section: Section, form: MultiDict[str, str]) -> Filled:
        """The section as it was typed, after the press of a button that adds, removes or moves.

        Raises ValueError, LookupError or RecursionError for what no page of ours sends.
        """
        typed = {name: values for name, values in form.lists() if not _is_own(name)}
        base = json.loads(form.get("base", "{}"))
        if not isinstance(base, dict):
            raise TypeError("base")
        base = _only(base, section.fields)
        others = {name: one for name, one in file.data.items() if name not in section.fields}
        Centre.model_validate(others | base)  # what a page of ours sent was read from such a file
        told = (form.get(f"origin-{name}", "") for name in ("kind", "post", "day", "file", "lines"))
        origin = Origin(*(" ".join(one.split()) for one in told))
        tree = typed_tree(typed)
        made = cls(file, section, base, tree, origin, sure=tuple(form.getlist("sure")))
        what, _, place = form.get("do", "").partition(":")
        if place:
            arrange(tree, what, place)
        return made

    @property
    def today(self) -> str:
        """The day, as it stands in „Кога“ till another is typed."""
        return f"{self.file.project.today:%d.%m.%Y}"

    @property
    def parts(self) -> tuple[Part, ...]:
        reader = Reader(lists_of(self.file.content.catalogues, self.file.centre))
        return reader.parts(Centre, self.tree, self.section.fields)

    @property
    def now(self) -> dict[str, Any]:
        return _only(self.file.data, self.section.fields)

    @property
    def base_text(self) -> str:
        return json.dumps(self.base)

    @cached_property
    def documents(self) -> Documents:
        others = [name for name in self.file.content.centres if name != self.file.name]
        return documents(self.file.project.content, others)

    def draft(self, waiting: Waiting, *, with_origin: bool) -> Draft | None:
        """What publishing would write; raises FaultyError. Sets what the next page has to say.

        None where nothing is to be written: also where another changed the same (`both`).
        """
        _leave_out_empty(self.tree, self.parts)
        telling = Telling()
        told = telling.fields(Centre, self.parts, self.base)
        if telling.faults:
            raise FaultyError(telling.faults)
        chosen: dict[str, str] = {}
        if PHOTOGRAPHS in told:
            told[PHOTOGRAPHS], chosen = name_photographs(told[PHOTOGRAPHS], self.file.name)
        facts = self._with_others(told)
        if self.both:
            return None
        files = self._photographs(facts, chosen, waiting)
        what = (self.file, self.section.title, self.section.fields, facts)
        draft = draft_of(*what, Origin(), files=files)
        if draft is None or not with_origin or not draft.asks:
            return draft
        self.origin_faults = self.origin.faults(self.file.project.today, self.documents)
        if self.origin_faults:
            return draft
        try:
            return draft_of(*what, self.origin, files=files)
        except FaultyError as error:
            sentences = [one for some in error.faults.values() for one in some]
            said = [one.replace(f"„{self.origin.file}“", "документът") for one in sentences]
            self.origin_faults = {"origin-lines": list(dict.fromkeys(said))}
            return draft

    def is_doubtful(self, draft: Draft, *, with_origin: bool) -> bool:
        """Whether there is something odd that the person has not been asked about."""
        self.doubts = draft.doubts
        if with_origin and draft.asks and not self.origin_faults:
            values = [one.new for one in draft.changes]
            self.doubts += self.origin.doubts(self.file.project.content, values)
        return not set(self.doubts) <= set(self.sure)

    def _photographs(
        self, facts: dict[str, Any], chosen: Mapping[str, str], waiting: Waiting
    ) -> dict[Path, bytes | None]:
        """The files that come and go with the facts; raises FaultyError."""
        if PHOTOGRAPHS not in self.section.fields:
            return {}
        items = facts.get(PHOTOGRAPHS, [])
        files: dict[Path, bytes | None] = {}
        for at, item in enumerate(items):
            if code := chosen.get(item.get("file", "")):
                data = waiting.get(code)
                if data is None:
                    raise FaultyError({f"{PHOTOGRAPHS}-{at}-file": [WAITED_TOO_LONG]})
                files[FOLDER / item["file"]] = data
        left = left_photographs(items, self.file.content, self.file.name)
        return files | {FOLDER / name: None for name in left}

    def _with_others(self, told: dict[str, Any]) -> dict[str, Any]:
        """What was told, with what others wrote meanwhile: that stays, and the page says so.

        Two who changed the same list may each have meant another item: nobody's is written over.
        """
        now, before = self.now, dict(self.base)
        found = merge_facts(before, now, told)
        written = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        for name, side in product(written, (self.base, self.tree)):
            side.pop(name, None)
            side.update(_only(now, (name,)))
        self.both = found.both
        if found.theirs or found.both:
            self.notes.append("Докато пишехте, някой друг промени същата страница:")
            self.notes += map(str, self._changes(before, now))
        if found.both:
            mine = now | {name: told[name] for name in found.both if name in told}
            self.notes.append(
                "В полетата е записаното от него. Вашето още не е записано; ако е вярно и сега, "
                "впишете го пак:"
            )
            self.notes += map(str, self._changes(now, mine))
        return found.facts

    def _changes(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
        return changes_between(old, new, self.file.content)

    def blame(self, faults: Faults) -> None:
        """Put sentences beside the nearest field that the page has, or on top."""
        names = set(_names(self.parts))
        for place, sentences in faults.items():
            steps = place.split("-")
            above = ("-".join(steps[:count]) for count in range(len(steps), 0, -1))
            name = next((one for one in above if one in names), "")
            self.faults.setdefault(name, []).extend(sentences)

    def origin_fields(self) -> Iterator[tuple[str, str]]:
        """What was answered to „Откъде знаем това?“, for pages that do not ask it."""
        return ((f"origin-{name}", value) for name, value in asdict(self.origin).items() if value)

    def hidden_fields(self) -> Iterator[tuple[str, str]]:
        """All that was typed, as hidden fields of the next page."""
        return _fields(self.parts)


def _is_own(name: str) -> bool:
    return name in OWN or name.startswith("origin-")


def _only(data: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in fields if name in data}


def _names(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        yield part.name
        yield from _names(part.parts)


def _fields(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if part.kind == "many":
            for item in part.parts:
                yield f"{item.name}-{BASED_ON}", item.base
                yield from _fields(item.parts)
        elif part.kind in WITH_PARTS:
            yield from _fields(part.parts)
        elif part.kind == "list":
            yield from ((part.name, value) for value in part.values)
        else:
            yield part.name, part.value


def _leave_out_empty(tree: dict[str, Any], parts: Iterable[Part]) -> None:
    """Take items away in which nothing was typed, the last first."""
    for part in parts:
        items = part.parts if part.kind == "many" else ()
        for item in reversed(items):
            if item.empty:
                arrange(tree, "remove", item.name)
            else:
                _leave_out_empty(tree, item.parts)
        if part.kind in WITH_PARTS:
            _leave_out_empty(tree, part.parts)
