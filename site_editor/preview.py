"""A change before it counts: the pages that it changes, as they will be; kept in memory alone."""

from __future__ import annotations

import pickle
import shutil
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from threading import RLock
from typing import Final
from weakref import finalize

from site_build.authoring.new_centre import as_it_would_be
from site_build.preview import ChangedPage, Differences, PreviewPages, PreviewTools
from site_editor.draft import CentreFile, Draft
from site_model.content import Content
from site_model.text.plurals import count_phrase

MOST_KEPT: Final = 4
"""Previews; each holds the facts of all centres in the languages that were looked at."""


@dataclass(frozen=True)
class Preview:
    """What a draft changes; `key` is its name, as long as it is kept."""

    key: str
    centre: str
    old: PreviewPages
    pages: PreviewPages
    differences: Differences

    @property
    def sheets(self) -> tuple[ChangedPage, ...]:
        return (*self.differences.leaflets, *self.differences.forms)

    @property
    def shown(self) -> tuple[ChangedPage, ...]:
        """Everything that can be shown as it will be."""
        return tuple(one for one in (*self.differences.pages, *self.sheets) if not one.gone)

    @property
    def gone(self) -> tuple[ChangedPage, ...]:
        """What will not be there any more."""
        return tuple(one for one in (*self.differences.pages, *self.sheets) if one.gone)

    @property
    def said(self) -> str:
        """On how many pages and sheets the change is seen, in words."""
        found = self.differences
        counts = (
            (found.pages, "страница", "страници"),
            (found.leaflets, "листовка", "листовки"),
            (found.forms, "формуляр на хартия", "формуляра на хартия"),
        )
        said = [count_phrase(len(some), one, several) for some, one, several in counts if some]
        if not said:
            return "На страниците не се вижда нищо от това."
        *first, last = said
        return f"Променя се на {', '.join(first)}{' и ' if first else ''}{last}."


class Previews:
    """The previews of one run of the editor, the last few of them.

    One thread makes pages at a time: what makes them is not for several.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._folder = Path(mkdtemp(prefix="opora-"))
        finalize(self, shutil.rmtree, self._folder, ignore_errors=True)  # at the end at the latest
        self._tools: PreviewTools | None = None
        self._old: tuple[Content, str, date, PreviewPages] | None = None
        self._kept: OrderedDict[str, Preview] = OrderedDict()

    def of(self, file: CentreFile, draft: Draft) -> Preview | None:
        """What the draft changes, if that is known; raises BuildError for a page that cannot be
        made.
        """
        if draft.content is None:
            return None
        told = pickle.dumps([file.name, file.project.today, sorted(draft.news.items())])
        key = sha256(told).hexdigest()[:16]
        with self.lock:
            old = self._now(file)
            found = self._kept.pop(key, None)
            if found is None or found.old is not old:
                with as_it_would_be(file.project.content, draft.news, begun=True) as folder:
                    pages = self._pages(file, draft.content, folder)
                found = Preview(key, file.name, old, pages, pages.differences(old))
            self._kept[key] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def get(self, key: str) -> Preview | None:
        """A preview that is kept yet."""
        return self._kept.get(key)

    def _now(self, file: CentreFile) -> PreviewPages:
        """The pages as they are: the same ones, as long as the facts and the day are the same."""
        content, name, today = file.content, file.name, file.project.today
        if not self._old or self._old[0] is not content or self._old[1:3] != (name, today):
            self._old = content, name, today, self._pages(file, content, file.project.content)
        return self._old[3]

    def _pages(self, file: CentreFile, content: Content, folder: Path) -> PreviewPages:
        if self._tools is None:
            self._tools = PreviewTools(file.project, self._folder)
        return self._tools.pages(replace(file.project, facts=folder), content, file.name)
