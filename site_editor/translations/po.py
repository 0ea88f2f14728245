"""Pure: the translations of a centre as a gettext file (.po), and what came back in one.

https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html. Each entry names the place of
its text (msgctxt), the Bulgarian text (msgid) and the translation; what is of an older text is
`fuzzy`. Of what comes back only translations count, and only where place and text are those of now.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser

from site_build.translation.catalogues import in_file
from site_editor.translations.texts import Translated
from site_editor.translations.words import as_translation, why_no_translation
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.text.saved_files import NotTextError, text_of

_HEAD: Final = """\
# Преводите на център „{centre}“, {language}. Превежда се msgstr; msgid и msgctxt остават.
# fuzzy: преводът е на по-стар български текст. Ако още е верен, махнете само думата fuzzy."""
_WRITTEN: Final = "отпечатък на превода при изнасянето: "
_STRING = r'"(?:[^"\\]|\\[nt"\\r])*"'
_LINE: Final = re.compile(
    rf"\s*(?:#.*|(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[\d\])? )?{_STRING}\s*)?"
)
_AFTER: Final = {
    "msgctxt": ("", "msgstr"),
    "msgid": ("", "msgctxt", "msgstr"),
    "msgid_plural": ("msgid",),
    "msgstr": ("msgid", "msgid_plural"),
}
"""What may stand before each part of an entry; msgstr of a plural may stand more than once."""
_ODD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffd]")


class PoError(ValueError):
    """A file of which nothing can be taken; the text says why to a person."""


@dataclass
class Returned:
    """What came back: new words by place, and old ones that are `right` as they are.

    `refused` are sentences with line numbers; `unsure` counts what is still marked fuzzy.
    """

    told: dict[str, str] = field(default_factory=dict)
    right: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unsure: int = 0


def po_file(centre: str, language: str, texts: Sequence[Translated]) -> bytes:
    """The file for a translator's own tool."""
    head = _HEAD.format(centre=centre, language=in_bulgarian(language))
    catalog = Catalog(locale=language, header_comment=head, project="Opora", fuzzy=False)
    for one in texts:
        catalog.add(
            one.bulgarian,
            one.words,
            flags=["fuzzy"] if one.old else [],
            auto_comments=list(_comments(one)),
            context=_context(centre, one.place),
        )
    return in_file(catalog, in_order=False)


def _comments(one: Translated) -> Iterator[str]:
    yield f"{one.section.title}: {one.where}"
    if one.old:
        yield f"преводът е на по-стар текст: {one.was}"
    if one.words:
        yield _WRITTEN + _mark(one.words)


def _context(centre: str, place: str) -> str:
    return f"content/centres/{centre}.yml {place}"


def _mark(words: str) -> str:
    return sha256(words.encode()).hexdigest()[:8]


def read_po_file(
    data: bytes, centre: str, language: SiteLanguage, texts: Sequence[Translated]
) -> Returned:
    """What a file says that is of this centre and language; raises PoError for any other."""
    try:
        text = text_of(data)
    except NotTextError as error:
        if b"\0" in data:  # a picture, a document
            raise PoError("това не е файл .po. Изберете този, който преводачът върна.") from None
        raise PoError(f"ред {error.line}: {error}") from None
    entries = _entries(text)
    _refuse_other(entries, centre, language)
    found, here = Returned(), {_context(centre, one.place): one for one in texts}
    by_place: dict[str, list[Message]] = defaultdict(list)
    for entry in entries.all:
        by_place[entry.context or ""].append(entry)
    for place, same in by_place.items():
        if len({(one.id, one.string) for one in same}) > 1:
            lines = ", ".join(str(one.lineno) for one in same)
            found.refused.append(f"редове {lines}: същото място стои с различен превод.")
        else:
            _take(same[0], here.get(place), language, found)
    return found


def _take(entry: Message, one: Translated | None, language: SiteLanguage, found: Returned) -> None:
    said, line = entry.string, f"ред {entry.lineno}"
    if not isinstance(entry.id, str) or not isinstance(said, str):
        found.refused.append(f"{line}: тук няма форми за число (msgid_plural).")
    elif not said.strip():
        return
    elif one is None:
        found.refused.append(f"{line}: такова място вече няма: „{_short(entry.id)}“.")
    elif entry.id.split() != one.bulgarian.split():
        now = f"сега българският текст е „{one.bulgarian}“"
        found.refused.append(f"{line}: преводът е на друг текст; {now}.")
    elif _WRITTEN + _mark(said) in entry.auto_comments and said != one.words:
        return  # the translator left it as it was, and it is another here since
    elif entry.fuzzy:
        found.unsure += 1
    elif (words := as_translation(said, one.words, language)) == one.words:
        found.right += [one.place] if one.old else []
    elif why := _why_not(said, words, one.bulgarian, language):
        found.refused.append(f"{line}: {why}")
    else:
        found.told[one.place] = words


def _why_not(said: str, words: str, bulgarian: str, language: SiteLanguage) -> str:
    if _ODD.search(said):
        return "има знак, който не се чете. Напишете превода наново."
    return why_no_translation(words, bulgarian, language)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


class _Entries(Catalog):
    """Keeps every entry, where a catalogue has one for each text and throws the others away."""

    def __init__(self) -> None:
        super().__init__(fuzzy=False)
        self.all: list[Message] = []
        self.head: dict[str, str] = {}

    def __setitem__(self, id: Any, message: Message) -> None:
        if id:
            self.all.append(message)
        elif isinstance(message.string, str):
            fields = (line.partition(":") for line in message.string.splitlines())
            self.head = {name.strip().lower(): value.strip() for name, _, value in fields}


def _entries(text: str) -> _Entries:
    lines = text.split("\n")
    before = ""
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        part = (found[1] or before) if found else ""
        again = part == before and (found is None or not found[1] or "[" in line[:12])
        if found is None or not (again or before in _AFTER[part]):
            raise PoError(
                f"ред {number}: не е ред от файл .po. Проверете кавичките и запишете файла пак от "
                "програмата за превод."
            )
        before = part
    entries = _Entries()
    try:
        PoFileParser(entries, ignore_obsolete=True, abort_invalid=True).parse(map(_kept, lines))
    except PoFileError as error:
        line = f"ред {error.lineno + 1}: " if error.lineno is not None else ""
        raise PoError(f"{line}записът не е цял (msgctxt, msgid, msgstr).") from None
    if not entries.all:
        raise PoError("във файла няма нито един превод.")
    return entries


def _kept(line: str) -> str:
    """A line without comments that say nothing here: they may hold anything."""
    line = line.strip()
    return line if line[:2] in ("#,", "#.") or not line.startswith("#") else "#"


def _refuse_other(entries: _Entries, centre: str, language: SiteLanguage) -> None:
    said = entries.head.get("language", "")
    if said.replace("-", "_").partition("_")[0].lower() != language.code:
        is_of = f"Във файла пише език „{said}“" if said else "Във файла не пише за кой език е"
        raise PoError(f"{is_of} (Language); тук е {in_bulgarian(language.code)} ({language.code}).")
    of = {(entry.context or "").partition(" ")[0] for entry in entries.all}
    if _context(centre, "").strip() not in of:
        other = re.fullmatch(r"content/centres/([\w-]{1,60})\.yml", max(of))
        raise PoError(
            f"Файлът е на друг център ({other[1]})." if other else "Файлът не е изнесен от тук."
        )
