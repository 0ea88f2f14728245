"""Every translated sentence of a language with the Bulgarian one, in order of danger.

They stand in three places: interface words (locale/), texts beside facts (content/) and pages
written by hand (docs/). The same pair of sentences is one row, wherever it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from gettext import c2py
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog

from site_build.native_review.markup import has_words, marked_text
from site_build.project import Project
from site_build.translation.gaps import hand_written
from site_build.translation.safety_sentences import SUBJECTS, safety_sentences
from site_build.translation.texts import texts_in
from site_model.i18n.catalogue_files import read_words
from site_model.i18n.catalogues import first_form, forms_of, words_of
from site_model.loading.loader import Loc, read_written, written_files
from site_model.loading.yaml_lines import parse_yaml
from site_model.types import SOURCE_LANGUAGE

NO_BULGARIAN: Final = "(на български страницата е подредена другояче)"


SECTIONS: Final = {subject: f"Безопасност: {title}" for subject, title in SUBJECTS.items()} | {
    "forms": "Формуляри и отговорът след изпращане",
    "children": "За деца и лесно четене",
    "rest": "Всичко останало",
}
"""The parts of a sheet in the order of reading: first where a wrong word harms most."""
_ORDER: Final = tuple(SECTIONS)


@dataclass(frozen=True)
class Spot:
    """One place of a translation: a file below the project, a line, and where in the file: the
    words and the form of a number (.po), the way of keys (.yml) or the line (.md).
    """

    file: str
    line: int
    at: Loc

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Sentence:
    """A pair of sentences, and every place where the translation stands."""

    bulgarian: str
    translation: str
    form: str
    """For which numbers a form is, where a language has several: "2, 3, 4"."""
    section: str
    """One of SECTIONS."""
    where: str
    spots: tuple[Spot, ...]

    @property
    def is_safety(self) -> bool:
        return self.section in SUBJECTS

    @property
    def of_bulgarian(self) -> str:
        """A mark of what was translated: the words, not their place."""
        return _hash(f"{self.form}\n{self.bulgarian}")

    @property
    def id(self) -> str:
        return f"{self.of_bulgarian}-{_hash(self.translation)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sentences(project: Project, language: str) -> list[Sentence]:
    """What there is to read in a language, the most dangerous first, each pair once."""
    section = _Sections(project, language)
    found = [
        *_of_content(project.content, language, section),
        *_of_catalogue(project.catalogues / f"{language}.po", section),
        *_of_pages(project.root / "docs", language, section),
    ]
    found.sort(key=lambda one: _ORDER.index(one.section))
    pairs: dict[str, list[Sentence]] = {}
    for one in found:
        pairs.setdefault(one.id, []).append(one)
    return [_together(same) for same in pairs.values()]


def _together(same: list[Sentence]) -> Sentence:
    first = same[0]
    more = len({one.where for one in same}) - 1
    where = f"{first.where} (и още {more})" if more else first.where
    return replace(first, where=where, spots=tuple(spot for one in same for spot in one.spots))


class _Sections:
    """In which section a sentence is read, by the Bulgarian text or the page that it is of."""

    def __init__(self, project: Project, language: str) -> None:
        safety = safety_sentences(project, [SOURCE_LANGUAGE, language])
        self._subjects: dict[str, str] = {}
        for one in safety:
            for known in (" ".join(one.texts[SOURCE_LANGUAGE].split()), one.place):
                self._subjects.setdefault(known, one.subject)

    def __call__(self, file: str, bulgarian: str) -> str:
        page = f"docs/{SOURCE_LANGUAGE}/{file.rpartition('/')[2]}" if file.endswith(".md") else ""
        if subject := self._subjects.get(page) or self._subjects.get(" ".join(bulgarian.split())):
            return subject
        if file.startswith(("content/forms/", "contact_service/", "site_model/forms/templates/")):
            return "forms"
        return "children" if re.search(r"children|easy_read|drawing", file) else "rest"


_WHERE: Final = {
    "content/forms/contact.yml": "формуляр „Пишете ни“",
    "content/forms/referral.yml": "формуляр за насочване",
    "content/forms/": "формуляр",
    "content/help_lines.yml": "телефони за помощ",
    "content/law.yml": "какво казва законът",
    "content/search.yml": "търсене",
    "content/centres/": "страници на център",
    "content/": "страници на центровете",
    "contact_service/": "след изпращане на формуляр",
    "site_model/forms/templates/": "формуляр",
    "site_build/paper/leaflets.py": "листовка",
    "site_build/paper": "формуляр на хартия",
    "site_build/pages/navigation.py": "на всяка страница",
    "site_build/templates/macros.md": "на много страници",
    "site_build/templates/front.md": "начална страница",
    "site_build/templates/directory.md": "намиране на център",
    "site_build/templates/search.md": "търсене",
    "site_build/search": "търсене",
    "site_build/hours": "работно време",
    "site_build/templates/centre/children.md": "страница за деца",
    "site_build/templates/centre/easy_read.md": "лесно за четене",
    "site_build/templates/centre/main.md": "основна информация",
    "site_build/templates/centre/privacy.md": "лични данни",
    "site_build/templates/centre/accessibility.md": "достъпност",
    "site_build/templates/centre/after_writing.md": "какво става, когато ни пишете",
    "site_build/templates/centre/institutions.md": "за училища и институции",
    "site_build/templates/centre/questions.md": "въпроси и отговори",
    "": "страници на центровете",
}

KNOWN_PLACES: Final = (*_WHERE.values(), "страница ")
"""How the places that a sheet names begin."""


def _where(file: str) -> str:
    return next(_WHERE[name] for name in sorted(_WHERE, reverse=True) if file.startswith(name))


def _of_catalogue(file: Path, section: _Sections) -> Iterator[Sentence]:
    catalog = read_words(file)
    for word in words_of(catalog):
        if word.fuzzy:
            continue
        source = word.locations[0][0] if word.locations else ""
        singular, plural = (word.id, word.id) if isinstance(word.id, str) else word.id
        if not has_words(marked_text(singular, {}, {}).shown):
            continue
        for number, said in enumerate(forms_of(word)):
            examples = _examples(catalog, number) if word.pluralizable else []
            bulgarian = singular if examples in ([], [1]) else plural
            spot = Spot(
                f"locale/{file.name}", word.lineno or 0, (word.context or "", singular, number)
            )
            if said:
                form = ", ".join(map(str, examples))
                of = section(source, first_form(word))
                yield Sentence(bulgarian, said, form, of, _where(source), (spot,))


def _examples(catalog: Catalog, form: int) -> list[int]:
    """Some numbers that take a form."""
    form_of: Any = c2py(catalog.plural_expr)
    return [number for number in range(200) if form_of(number) == form][:4]


def _of_content(folder: Path, language: str, section: _Sections) -> Iterator[Sentence]:
    for file in written_files(folder, "**/*.yml"):
        name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        parsed = parse_yaml(read_written(file))
        for loc, text in texts_in(parsed.data):
            if not text.get(language):
                continue
            if name.endswith("/search.yml") and loc[-1] not in ("title", "text"):
                continue  # words to search with are no translations of each other
            bulgarian, translation = (
                " ".join(str(text[code]).split()) for code in (SOURCE_LANGUAGE, language)
            )
            spot = Spot(name, parsed.lines((*loc, language))[0], (*loc, language))
            of = section("easy_read" if "easy_read" in loc else name, bulgarian)
            yield Sentence(bulgarian, translation, "", of, _where(name), (spot,))


def _of_pages(docs: Path, language: str, section: _Sections) -> Iterator[Sentence]:
    bulgarian = hand_written(docs / SOURCE_LANGUAGE)
    for name, text in hand_written(docs / language).items():
        titled = re.search(r"^title: (.+)$", bulgarian.get(name, text), re.MULTILINE)
        where = f"страница „{titled[1]}“" if titled else f"страница {name}"
        for line, ours, theirs in _lines(bulgarian.get(name, ""), text):
            spot = Spot(f"docs/{language}/{name}", line, (line,))
            yield Sentence(ours, theirs, "", section(name, ours), where, (spot,))


def _lines(bulgarian: str, translation: str) -> Iterator[tuple[int, str, str]]:
    """The lines of a page that hold words, by their number, each with the Bulgarian one."""
    ours, theirs = bulgarian.split("\n"), translation.split("\n")
    kinds = [[_kind(line) for line in lines] for lines in (ours, theirs)]
    for _, i1, i2, j1, j2 in SequenceMatcher(a=kinds[0], b=kinds[1], autojunk=False).get_opcodes():
        paired = i2 - i1 == j2 - j1
        for number in range(j1, j2):
            if _kind(theirs[number]).startswith("words"):
                beside = ours[i1 + number - j1] if paired else NO_BULGARIAN
                yield number + 1, beside, theirs[number]


_CODE_ONLY: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>")


def _kind(line: str) -> str:
    """What a line is, so that the lines of two languages find each other."""
    bare = _CODE_ONLY.sub("", line)
    front = re.match(r"(?!title:)\w+: ", line)
    if front or not re.search(r"[^\W\d_]", bare):
        return line.strip()
    begins = re.match(r"\s*(title: |#+ |- |\d+\. )?", line)
    tag = re.match(r"\s*<\w+", line)
    return f"words {begins[0] if begins else ''}{tag[0] if tag else ''}"
