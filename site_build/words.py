"""The interface words, gathered from code and templates into gettext catalogues.

`locale/opora.pot` lists every word; `locale/<language>.po` are the translators' files.
Nothing is compiled: the .po files themselves are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import PoFileError, write_po

from site_model.base import SOURCE_LANGUAGE
from site_model.catalogue import first_form, forms_of, words_of
from site_model.interface import TEMPLATE, read_words

_KEYWORDS = {
    "site_model": DEFAULT_KEYWORDS,
    "site_build": DEFAULT_KEYWORDS | {"words": None},  # `parts.words("…")`
    "contact_service": DEFAULT_KEYWORDS | {"words": None},  # `desk.words("…")`
    f"docs/{SOURCE_LANGUAGE}": DEFAULT_KEYWORDS,
}
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
_KINDS = {"**.py": "python", "**.md": "jinja2", "**.html": "jinja2"}
_OPTIONS = {"**.md": _JINJA, "**.html": _JINJA}
_COMMAND = "make words"


def gathered(root: Path) -> Catalog:
    """Every word of the code and templates of a project, with the files that hold it."""
    catalog = _new(None)
    for folder, keywords in _KEYWORDS.items():
        found = extract_from_dir(root / folder, _KINDS.items(), _OPTIONS, keywords)
        for file, _line, message, comments, context in sorted(found, key=lambda item: item[0]):
            place = [(f"{folder}/{file}", 0)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def update(root: Path, catalogues: Path, languages: Iterator[str] | list[str]) -> None:
    """Write the template anew, and bring each language's file up to it.

    What a translator made stays. A word whose Bulgarian changed a little keeps its old
    translation as `fuzzy`, which counts as missing until a translator takes the mark away.
    """
    catalogues.mkdir(exist_ok=True)
    template = gathered(root)
    _write(catalogues / TEMPLATE, template)
    for language in languages:
        file = catalogues / f"{language}.po"
        words = read_words(file) if file.exists() else _new(language)
        words.update(template, update_header_comment=False)
        _write(file, words)


def _new(language: str | None) -> Catalog:
    return Catalog(locale=language, header_comment="# Opora", project="Opora", fuzzy=False)


def _write(file: Path, catalog: Catalog) -> None:
    made = BytesIO()
    # No line numbers: a change far away from a word is no change of the word.
    write_po(made, catalog, width=0, sort_by_file=True, include_lineno=False)
    text = re.sub(rb'"(?!Project|Language|Plural|MIME|Content).*: .*\\n"\n', b"", made.getvalue())
    file.write_bytes(text)


def faults(root: Path, catalogues: Path, languages: list[str]) -> Iterator[str]:
    """A sentence for whatever keeps the catalogues from being used as they are."""
    current = gathered(root)
    for name in (TEMPLATE, *(f"{language}.po" for language in languages)):
        file = catalogues / name
        try:
            words = read_words(file)
        except FileNotFoundError:
            yield f"{file}: файлът липсва. Направете го: {_COMMAND}"
            continue
        except PoFileError as error:
            yield f"{file}: не може да се прочете ({error})"
            continue
        if _ids(words) != _ids(current):
            yield f"{file}: не е обновен след промяна на думите. Обновете го: {_COMMAND}"
        for word in words_of(words):
            yield from (f"{file}: „{first_form(word)}“: {what}" for what in _wrong_in(word, words))


def _ids(catalog: Catalog) -> set[object]:
    return {(word.id, word.context) for word in words_of(catalog)}


def _wrong_in(word: Message, catalog: Catalog) -> Iterator[str]:
    """What a translation breaks: a value that is put into it, markup, a space at its end."""
    if word.fuzzy:
        return
    forms = forms_of(word)
    for said in filter(None, forms):
        if _values(said) != _values(first_form(word)):
            wanted = ", ".join(sorted(_values(first_form(word)))) or "нито една"
            yield f"стойностите в превода трябва да са: {wanted}"
        if re.findall(r"[<>&]", said) != re.findall(r"[<>&]", first_form(word)):
            yield "в превода не се пишат знаците <, > и &"
        if said != said.strip():
            yield "преводът започва или свършва с интервал"
    if word.pluralizable and any(forms) and len(forms) != catalog.num_plurals:
        yield f"езикът има {catalog.num_plurals} форми за число, преведени са {len(forms)}"


def _values(text: str) -> set[str]:
    """The places for values: `%(seconds)s`; a lone `%` is one as well, because it would break."""
    return set(re.findall(r"%(?:\(\w+\))?.?", text))
