"""For whoever runs plain `mkdocs build` or `mkdocs serve`: the same stages around the engine."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from site_build.around_engine import engine_values, finish_site, write_pages
from site_build.errors import BuildError
from site_build.project import Project
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.loader import load_content
from site_model.problems import ContentError


def _project(config: MkDocsConfig) -> Project:
    return Project(Path(config.config_file_path).parent)


def _only_bulgarian(content: Content) -> Content:
    """The engine alone builds one language, so its pages offer no other."""
    site = content.site.model_copy(update={"languages": content.site.languages[:1]})
    return replace(content, site=site)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    project = _project(config)
    try:
        content = _only_bulgarian(load_content(project.content))
        write_pages(project, content, SOURCE_LANGUAGE)
    except (ContentError, BuildError) as error:
        raise Abort(str(error)) from error
    values = engine_values(project, content, SOURCE_LANGUAGE, project.site)
    config.site_name, config.site_url = values["site_name"], values["site_url"]
    config.extra.update(values["extra"])
    return config


def on_post_build(config: MkDocsConfig) -> None:
    project = _project(config)
    try:
        finish_site(project, _only_bulgarian(load_content(project.content)), Path(config.site_dir))
    except BuildError as error:
        raise Abort(str(error)) from error


def on_serve(server: Any, config: MkDocsConfig, builder: Any) -> Any:  # noqa: ARG001
    project = _project(config)
    for folder in (project.content, project.root / "docs", Path(__file__).parent / "templates"):
        server.watch(str(folder))
    return server
