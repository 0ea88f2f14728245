"""The frame of every page: the theme's templates, rendered as the engine renders them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader

_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True)
class EngineSettings:
    """What pages need to know of the engine: `extensions` and `configs` are of its Markdown,
    `theme_dirs` hold the templates of the theme, the first that has a file wins, and
    `static_templates` are those that make a file without a page.
    """

    version: str
    extensions: tuple[str, ...]
    configs: Mapping[str, Any]
    theme_dirs: tuple[str, ...]
    static_templates: tuple[str, ...]


class _Attributes(dict[str, Any]):
    """Values that templates find as attributes too, where Jinja looks first."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _attributes(value) for name, value in values.items()})
        self.__dict__ = self


def _attributes(value: Any) -> Any:
    """A value in which every mapping, also in lists, has attributes."""
    if isinstance(value, Mapping):
        return _Attributes(value)
    return [_attributes(one) for one in value] if isinstance(value, list) else value


class Theme:
    """Puts pages of one language into the theme; `values` is what it reads of the site."""

    def __init__(
        self,
        settings: EngineSettings,
        values: Mapping[str, Any],
        *,
        site_name: str,
        site_url: str,
        compiled: BytecodeCache | None = None,
    ) -> None:
        self._environment = Environment(  # noqa: S701 - as the engine; the templates escape
            loader=FileSystemLoader(settings.theme_dirs), auto_reload=False, bytecode_cache=compiled
        )
        self._page = self._environment.get_template("main.html")
        config = SimpleNamespace(
            site_name=site_name, site_url=site_url, extra=SimpleNamespace(opora=_attributes(values))
        )
        self._context = {"config": config, "mkdocs_version": settings.version}
        self._folders = settings.theme_dirs
        self._static = settings.static_templates
        self._site_url = site_url

    def page(self, meta: Mapping[str, Any], content: str, path: str) -> str:
        """A whole page; `path` is its place below the language's root, "" for the front page."""
        heading = _TITLE.search(content)
        page = SimpleNamespace(
            meta=_attributes(meta),
            title=heading[1] if heading else "",
            content=content,
            url=path,
            canonical_url=self._site_url + path,
        )
        return self._page.render(self._context, page=page)

    def static(self, template: str) -> str:
        """A file that is no page: the 404 page, the style sheet."""
        return self._environment.get_template(template).render(self._context)

    def file(self, name: str) -> bytes | None:
        """A file of the theme, or None if it has none of this name."""
        if name in self._static:
            return self.static(name).encode()
        found = (Path(folder, name) for folder in self._folders if Path(folder, name).is_file())
        path = next(found, None)
        return path.read_bytes() if path else None
