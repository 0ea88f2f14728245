"""For anyone who runs plain `mkdocs build` or `mkdocs serve`: the same stages around the engine."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files

from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.pipeline import finish_site
from site_build.plain_mkdocs.build import engine_values, files_to_read
from site_build.project import PACKAGE, Project
from site_model.content import Content
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from site_model.types import SOURCE_LANGUAGE

_writing = ExitStack()
"""Holds the project from the first file of a build until its last."""


def _project(config: MkDocsConfig) -> Project:
    return Project(Path(config.config_file_path).parent)


def _only_bulgarian(content: Content) -> Content:
    """The engine alone builds one language, so its pages offer no other."""
    site = content.site.model_copy(update={"languages": content.site.languages[:1]})
    return replace(content, site=site)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The theme's files, and in the place of those in docs/ all that is made of them and of
    content/; nothing of it lies on the disk.
    """
    project = _project(config)
    try:
        _writing.close()
        _writing.enter_context(only_writer(project.lock))
        content = _only_bulgarian(load_content(project.content))
        made = files_to_read(project, content, SOURCE_LANGUAGE)
    except (ContentError, BuildError) as error:
        raise Abort(str(error)) from error
    values = engine_values(project, content, SOURCE_LANGUAGE, project.site)
    config.site_name, config.site_url = values["site_name"], values["site_url"]
    config.extra.update(values["extra"])
    of_theme = (file for file in files if file.src_dir != config.docs_dir)
    generated = (File.generated(config, name, content=data) for name, data in made.items())
    return Files([*of_theme, *generated])


def on_post_build(config: MkDocsConfig) -> None:
    project = replace(_project(config), target=Path(config.site_dir))
    try:
        finish_site(project, _only_bulgarian(load_content(project.content)))
    except BuildError as error:
        raise Abort(str(error)) from error
    finally:
        _writing.close()


def on_build_error(error: Exception) -> None:  # noqa: ARG001
    _writing.close()


def on_serve(server: Any, config: MkDocsConfig, builder: Any) -> Any:  # noqa: ARG001
    project = _project(config)
    for folder in (project.content, project.root / "docs", PACKAGE / "pages" / "templates"):
        server.watch(str(folder))
    return server
