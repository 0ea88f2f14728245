"""What comes from the project's own files: interface words, templates, the version."""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.catalogue import MarkingTranslations, missing
from site_model.offered import FORM_FOLDERS

CATALOGUES = Path(__file__).parent.parent / "locale"
TEMPLATE = "opora.pot"


def version() -> str:
    """The version of Opora that runs, as pyproject.toml has it, the one place where it is kept.

    Without that file beside the packages, nobody can say: "?".
    """
    try:
        project = tomllib.loads((CATALOGUES.parent / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "?"
    return str(project["project"]["version"])


def form_words_missing(language: str, catalogues: Path = CATALOGUES) -> tuple[str, ...]:
    """The interface words of forms, and of the answers to them, without translation.

    Raises FileNotFoundError for a language that has no catalogue.
    """
    if language == SOURCE_LANGUAGE:
        return ()
    template, translated = (catalogues / name for name in (TEMPLATE, f"{language}.po"))
    return missing(_known(template), _known(translated), FORM_FOLDERS)


def read_words(file: Path) -> Catalog:
    """A gettext file, .po or .pot; raises PoFileError if it is none."""
    with file.open("rb") as stream:
        return read_po(
            stream, locale=None if file.name == TEMPLATE else file.stem, abort_invalid=True
        )


def _known(file: Path) -> Catalog:
    """The same, for reading only: once in a process, and anew when the file changed."""
    return _read_once(file, file.stat().st_mtime_ns)


@cache
def _read_once(file: Path, _changed_ns: int) -> Catalog:
    return read_words(file)


def translations(
    language: str, catalogues: Path = CATALOGUES, *, mark: bool = False
) -> gettext.NullTranslations:
    """The interface texts in `language`; the words in the templates are the Bulgarian ones.

    A word without translation stays Bulgarian; `mark` sets marks around it. Raises
    FileNotFoundError for a language that has no catalogue.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    file = catalogues / f"{language}.po"
    found = gettext.GNUTranslations(BytesIO(_compiled(file, file.stat().st_mtime_ns)))
    if mark:
        found.add_fallback(MarkingTranslations())
    return found


@cache
def _compiled(file: Path, changed_ns: int) -> bytes:
    """A .po file in gettext's binary form, without what is fuzzy; anew when the file changed."""
    compiled = BytesIO()
    write_mo(compiled, _read_once(file, changed_ns))
    return compiled.getvalue()


class _CompiledTemplates(BytecodeCache):
    """Templates compiled once for all languages and builds of this process."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._known.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _CompiledTemplates()


def _once(gettext: Callable[[str], str]) -> Callable[..., Markup]:
    """What templates call as `_()`, as Jinja makes it; words without values are looked up once."""
    known: dict[str, Markup] = {}

    def said(words: str, /, **values: Any) -> Markup:
        if values:
            return Markup(gettext(words)) % values  # noqa: S704 - as Jinja does it
        if words not in known:
            known[words] = Markup(gettext(words)) % {}  # noqa: S704
        return known[words]

    return said


def template_environment(
    language: str,
    *folders: Path,
    catalogues: Path = CATALOGUES,
    mark: bool = False,
    compiled: BytecodeCache | None = None,
) -> Environment:
    """The Jinja environment of pages and forms: strict, escaping, in one language.

    `folders` are searched before this package's own templates. Adds the filter
    `t`, which takes a Text to the environment's language. `mark` is as for `translations`;
    `compiled` is where compiled templates are kept, else for this process alone.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, Path(__file__).parent / "templates"]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=compiled or _COMPILED,
    )
    words = translations(language, catalogues, mark=mark)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = _once(words.gettext)

    def in_language(text: Text) -> str:
        return text.to(language)

    environment.filters["t"] = in_language
    environment.globals["language"] = language
    return environment
