"""Templates of pages and forms in one language: strict, escaping, sandboxed (Jinja2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from site_model.i18n.catalogue_files import CATALOGUES, translations
from site_model.i18n.punctuation import join_list, quote
from site_model.types import Text

FORM_TEMPLATES = Path(__file__).parent.parent / "forms" / "templates"


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

    Sandboxed, because hand-written pages are templates too: anyone who writes one may show facts
    and run nothing.
    `folders` are searched before the model's own templates of forms. Adds the filters
    `t`, which takes a Text to the environment's language, `quoted` and `listed`. `mark` is as
    for `translations`; `compiled` is where compiled templates are kept, else for this process
    alone.
    """
    environment = SandboxedEnvironment(
        loader=FileSystemLoader([*folders, FORM_TEMPLATES]),
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

    def in_markup(text: str) -> Markup:
        return Markup(words.gettext(text))  # noqa: S704 - as Jinja does it

    environment.filters |= {
        "t": in_language,
        "quoted": lambda text: quote(escape(text), in_markup),
        "listed": lambda texts: join_list(map(escape, texts), in_markup),
    }
    environment.globals["language"] = language
    return environment
