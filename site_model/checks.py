"""What no single file can show: that the files of the content folder agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import BaseModel

from site_model.base import Source
from site_model.facts import Centre, Content
from site_model.problems import Problem

Path = tuple[str | int, ...]
Locate = Callable[[str, Path], Problem]


def cross_check(
    content: Content, locate: Locate, source_lengths: Mapping[str, int]
) -> Iterator[Problem]:
    """Problems between files: unknown target groups, sources that do not exist."""
    for centre in content.centres.values():
        file = f"centres/{centre.id}.yml"
        for path, group in _groups_named(centre):
            if group not in content.groups:
                yield replace(
                    locate(file, path),
                    sentence=f"„{group}“ я няма в target_groups.yml. "
                    "Добавете я там или поправете името.",
                )
        for path, source in _sources(centre, ()):
            if sentence := _unknown_source(source, source_lengths):
                yield replace(locate(file, path), sentence=sentence)


def _groups_named(centre: Centre) -> Iterator[tuple[Path, str]]:
    for number, served in enumerate(centre.target_groups):
        yield ("target_groups", number, "group"), served.group
    for kind in ("services", "programmes"):
        for number, item in enumerate(getattr(centre, kind)):
            for place, group in enumerate(item.groups):
                yield (kind, number, "groups", place), group


def _sources(value: object, path: Path) -> Iterator[tuple[Path, Source]]:
    if isinstance(value, Source):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _sources(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _sources(item, (*path, number))


def _unknown_source(source: Source, lengths: Mapping[str, int]) -> str | None:
    if source.file not in lengths:
        return f"в content/sources няма файл „{source.file}“."
    if beyond := [line for line in source.lines if not 1 <= line <= lengths[source.file]]:
        return f"„{source.file}“ има {lengths[source.file]} реда, а тук пише ред {beyond[0]}."
    return None
