"""The one module that knows MkDocs: builds a folder of Markdown into a folder of HTML."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from site_build.errors import BuildError


def write_config(base: Path, file: Path, values: Mapping[str, Any]) -> None:
    """Write the configuration of one language: `base` (mkdocs.yml) and what differs from it."""
    inherit = os.path.relpath(base, file.parent)
    text = yaml.safe_dump({"INHERIT": inherit, **values}, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")


def build(config_file: Path) -> None:
    """Build strictly; raises BuildError with every warning that the engine gave."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    with _warnings() as warnings:
        try:
            config = load_config(config_file=str(config_file), strict=True)
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build.build(config)
            config.plugins.on_shutdown()
        except MkDocsException as error:
            raise BuildError("\n".join([*warnings, str(error)])) from error


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
