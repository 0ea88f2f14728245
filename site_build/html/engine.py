"""The one module that knows MkDocs: builds a folder of Markdown into a folder of HTML."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from site_build.cache.store import Store
from site_build.errors import BuildError
from site_build.html.theme import EngineSettings
from site_build.project import PACKAGE, Project


def write_config(base: Path, file: Path, values: Mapping[str, Any]) -> None:
    """Write the configuration of one language: `base` (mkdocs.yml) and what differs from it."""
    inherit = os.path.relpath(base, file.parent)
    text = yaml.safe_dump({"INHERIT": inherit, **values}, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")


def build(config_file: Path) -> None:
    """Build strictly; raises BuildError with every warning that the engine gave."""
    from mkdocs.commands import build as mkdocs_build
    from mkdocs.config import load_config

    with _strict(config_file):
        config = load_config(config_file=str(config_file), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build.build(config)
        config.plugins.on_shutdown()


def settings(project: Project, kept: Store) -> EngineSettings:
    """What pages need to know of the engine, from mkdocs.yml, read strictly.

    `kept` spares the start of MkDocs, which takes longer than to build a small change. Raises
    BuildError.
    """
    key = f"{project.config}\n{project.config.read_bytes()!r}"
    known: EngineSettings | None = kept.get(key)
    if known is None:
        known = _read_settings(project)
        kept.put(key, known)
    return known


def _read_settings(project: Project) -> EngineSettings:
    from mkdocs import __version__
    from mkdocs.config import load_config

    project.work.mkdir(parents=True, exist_ok=True)
    file = project.work / "engine.yml"
    values = {
        "docs_dir": str(PACKAGE / "theme"),  # any folder that is there
        "site_dir": str(project.built),
        "theme": {"custom_dir": str(PACKAGE / "theme")},
        "hooks": [],
    }
    write_config(project.config, file, values)
    with _strict(project.config) as warnings:
        config = load_config(config_file=str(file), strict=True)
        if warnings:
            raise BuildError("\n".join(warnings))
    if config.plugins:
        raise BuildError("mkdocs.yml: plugins не се ползват; сайтът се прави без тях.")
    return EngineSettings(
        __version__,
        tuple(config.markdown_extensions),
        dict(config.mdx_configs),
        tuple(config.theme.dirs),
        tuple(sorted(config.theme.static_templates)),
    )


@contextmanager
def _strict(config: Path) -> Iterator[list[str]]:
    """What MkDocs warns of; BuildError, with all of it, where it stops on `config`."""
    from mkdocs.exceptions import MkDocsException

    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    with _warnings() as warnings:
        try:
            yield warnings
        except MkDocsException as error:
            said = " ".join(str(error).split())
            raise BuildError("\n".join([*warnings, f"{config}: {said}"])) from error


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what MkDocs logs at WARNING and above, instead of printing it."""
    collected: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: collected.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    propagate, level = logger.propagate, logger.level
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield collected
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
        logger.setLevel(level)
