"""What no single file can show: that the files of the content folder agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import BaseModel

from site_model.base import Source
from site_model.centre import Centre
from site_model.facts import Content
from site_model.form_checks import form_problems
from site_model.problems import Problem

Path = tuple[str | int, ...]
Locate = Callable[[str, Path], Problem]


def cross_check(
    content: Content, locate: Locate, source_lengths: Mapping[str, int]
) -> Iterator[Problem]:
    """Problems between files: groups, kinds, services, sources, centres that are not there."""
    for centre in content.centres.values():
        file = f"centres/{centre.id}.yml"
        for path, sentence in (
            *_taken_address(centre, content),
            *_unknown_groups(centre, content),
            *_unknown_kinds(centre, content),
            *_unknown_services(centre),
            *_unknown_sources(centre, source_lengths),
        ):
            yield replace(locate(file, path), sentence=sentence)
    for form in content.forms.values():
        for path, sentence in form_problems(form, content):
            yield replace(locate(f"forms/{form.id}.yml", path), sentence=sentence)


def _taken_address(centre: Centre, content: Content) -> Iterator[tuple[Path, str]]:
    if centre.id in {language.code for language in content.site.languages}:
        yield ("id",), f"„{centre.id}/“ е мястото на език. Изберете друго име на центъра и файла."


def _unknown_groups(centre: Centre, content: Content) -> Iterator[tuple[Path, str]]:
    served = {item.group for item in centre.target_groups}
    for path, group in _groups_named(centre):
        if group not in content.groups:
            yield (
                path,
                f"„{group}“ я няма в target_groups.yml. Добавете я там или поправете името.",
            )
        elif group not in served:
            yield (
                path,
                f"„{group}“ не е сред групите на центъра. "
                "Добавете я в target_groups по-горе с нейния източник или я махнете тук.",
            )


def _unknown_kinds(centre: Centre, content: Content) -> Iterator[tuple[Path, str]]:
    for number, service in enumerate(centre.services):
        if service.kind and service.kind not in content.kinds:
            yield (
                ("services", number, "kind"),
                f"„{service.kind}“ го няма в service_kinds.yml. Добавете го там, поправете името "
                "или махнете kind.",
            )


def _unknown_services(centre: Centre) -> Iterator[tuple[Path, str]]:
    known = {service.id for service in centre.services}
    for number, programme in enumerate(centre.programmes):
        if programme.part_of and programme.part_of.service not in known:
            name = programme.part_of.service
            yield (
                ("programmes", number, "part_of", "service"),
                f"центърът няма услуга „{name}“. Поправете името или махнете part_of.",
            )


def _unknown_sources(centre: Centre, lengths: Mapping[str, int]) -> Iterator[tuple[Path, str]]:
    for path, source in _sources(centre, ()):
        if sentence := _unknown_source(source, lengths):
            yield path, sentence


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
