"""Translations told anew: a draft like that of any other change, and what is remembered of them."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

from site_build.authoring.old_facts import own_memory_text
from site_build.authoring.spreadsheet.changes import Change
from site_editor.draft import CentreFile, Draft, FaultyError, draft_of
from site_editor.files.git import read_exactly
from site_editor.form_to_facts import Faults
from site_editor.origin import Origin
from site_editor.translations.texts import Translated
from site_model.facts.remembered import Remembered, own_memory
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.memory import with_told


@dataclass(frozen=True)
class StillRight(Change):
    """A translation that a person read beside the Bulgarian text of today, and left as it is."""

    def __str__(self) -> str:
        return f"{self.where}: преводът „{self.new}“ още е верен"


def draft_translations(
    file: CentreFile,
    language: SiteLanguage,
    texts: Sequence[Translated],
    told: Mapping[str, str],
    right: Collection[str],
) -> Draft | None:
    """The draft of new words by place, "" for none, and of old ones that are `right` as they are.

    None where nothing is new. Raises FaultyError, with faults by place.
    """
    changed = [one for one in texts if told.get(one.place, one.words) != one.words]
    kept = [one for one in texts if one.place in right and one.old and one not in changed]
    if not (changed or kept):
        return None
    title = f"Преводи, {in_bulgarian(language.code)}"
    draft = Draft(title, {}, {file.place: file.text}, (), asks=False)
    if changed:
        draft = _of_words(file, title, language.code, changed, told)
    said = [*((one.bulgarian, told[one.place]) for one in changed if told[one.place])]
    said += [(one.bulgarian, one.words) for one in kept]
    place = Path(own_memory(file.name))
    there = file.project.content / place
    before = {place: read_exactly(there)} if there.exists() else {}
    known = file.content.remembered_of.get(file.name, Remembered())
    told_now = with_told(known, ((language.code, *one) for one in said))
    memory = own_memory_text(told_now)
    news = {place: memory} if said and memory != before.get(place) else {}
    content = draft.content or file.content
    if said:
        content = replace(content, remembered_of={**content.remembered_of, file.name: told_now})
    where = in_bulgarian(language.code)
    still = (StillRight(f"{one.where} ({where})", "", one.words) for one in kept)
    return replace(
        draft,
        news={**draft.news, **news},
        known={**draft.known, **before},
        changes=(*draft.changes, *still),
        content=content,
    )


def _of_words(
    file: CentreFile,
    title: str,
    language: str,
    changed: Sequence[Translated],
    told: Mapping[str, str],
) -> Draft:
    after = copy.deepcopy(file.data)
    for one in changed:
        text: dict[str, Any] = reduce(getitem, one.loc, after)  # type: ignore[arg-type]
        if words := told[one.place]:
            text[language] = words
        else:
            del text[language]
    fields = list(dict.fromkeys(str(one.loc[0]) for one in changed))
    try:
        draft = draft_of(file, title, fields, {name: after[name] for name in fields}, Origin())
    except FaultyError as error:
        raise FaultyError(_by_place(error.faults, changed)) from None
    return draft or Draft(title, {}, {}, (), asks=False)


def _by_place(faults: Faults, changed: Sequence[Translated]) -> Faults:
    """Faults at the place of the text that they are of, or of no one place."""
    names = {"-".join(map(str, one.loc)): one.place for one in changed}
    found: Faults = {}
    for name, sentences in faults.items():
        place = next((of for begins, of in names.items() if name.startswith(begins)), "")
        found.setdefault(place, []).extend(sentences)
    return found
