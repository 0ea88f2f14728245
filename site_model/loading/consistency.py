"""What no single file can show: that the files of the content folder agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from pydantic import BaseModel, RootModel

from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.field_metadata import CatalogueName, CodeOf, metadata
from site_model.loading.form_consistency import form_problems
from site_model.problems import Problem
from site_model.text.plurals import count_phrase
from site_model.types import Source
from site_model.urls import COMMON_SLUGS

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
    if centre.id in (*COMMON_SLUGS, "main"):
        yield (
            ("id",),
            f"„{centre.id}/“ е мястото на обща страница. Изберете друго име на центъра и файла.",
        )


def _unknown_groups(centre: Centre, content: Content) -> Iterator[tuple[Path, str]]:
    served = {item.group for item in centre.target_groups}
    named = {item.group for item in centre.target_groups if item.name}
    for path, group in _codes_of("groups", centre):
        if group not in content.groups and group not in named:
            yield (
                path,
                f"„{group}“ я няма сред групите на сайта (target_groups.yml). Поправете името; ако "
                "е група на самия център, напишете как я нарича той (name).",
            )
        elif group not in served:
            yield (
                path,
                f"„{group}“ не е сред групите на центъра. "
                "Добавете я там (target_groups) с нейния източник или я махнете тук.",
            )


def _unknown_kinds(centre: Centre, content: Content) -> Iterator[tuple[Path, str]]:
    for path, kind in _codes_of("kinds", centre):
        if kind not in content.kinds:
            field = [step for step in path if isinstance(step, str)][-1]
            yield (
                path,
                f"„{kind}“ го няма сред видовете на сайта (service_kinds.yml). Добавете го там, "
                f"поправете името или го махнете тук ({field}).",
            )


def _unknown_services(centre: Centre) -> Iterator[tuple[Path, str]]:
    known = {service.id for service in centre.services}
    for number, programme in enumerate(centre.programmes):
        if programme.part_of and programme.part_of.service not in known:
            name = programme.part_of.service
            yield (
                ("programmes", number, "part_of", "service"),
                f"центърът няма услуга „{name}“. Поправете името или махнете връзката (part_of).",
            )


def _unknown_sources(centre: Centre, lengths: Mapping[str, int]) -> Iterator[tuple[Path, str]]:
    for path, source in _sources(centre, ()):
        if sentence := _unknown_source(source, lengths):
            yield path, sentence


def _codes_of(
    catalogue: CatalogueName, value: object, path: Path = (), of: CatalogueName | None = None
) -> Iterator[tuple[Path, str]]:
    """Every code of this list below a value, whose field holds codes `of` a list."""
    if isinstance(value, str) and of == catalogue:
        yield path, value
    for step, inner, codes in _inside(value):
        here = of if isinstance(value, tuple) else codes
        yield from _codes_of(catalogue, inner, (*path, step), here)


def _sources(value: object, path: Path) -> Iterator[tuple[Path, Source]]:
    if isinstance(value, Source):
        yield path, value
    for step, inner, _ in _inside(value):
        yield from _sources(inner, (*path, step))


def _inside(value: object) -> Iterator[tuple[str | int, object, CatalogueName | None]]:
    """What a fact or a list holds, each with its step and, of a field of codes, their list."""
    if isinstance(value, BaseModel) and not isinstance(value, RootModel):
        for name, codes in _fields(type(value)):
            yield name, getattr(value, name), codes
    elif isinstance(value, tuple):
        yield from ((number, item, None) for number, item in enumerate(value))


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, CatalogueName | None], ...]:
    """The fields of a model, each with the list that its codes are of."""
    found = {name: metadata(field, CodeOf) for name, field in model.model_fields.items()}
    return tuple((name, code.catalogue if code else None) for name, code in found.items())


def _unknown_source(source: Source, lengths: Mapping[str, int]) -> str | None:
    if source.file not in lengths:
        return f"сред източниците (content/sources) няма файл „{source.file}“."
    if beyond := [line for line in source.lines if not 1 <= line <= lengths[source.file]]:
        lines = count_phrase(lengths[source.file], "ред", "реда")
        return f"„{source.file}“ има {lines}, а тук пише ред {beyond[0]}."
    return None
