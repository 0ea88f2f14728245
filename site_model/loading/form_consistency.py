"""What a form's own file cannot show: that it fits the site, its centres and the other forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from wtforms import Form

from site_model.content import Content
from site_model.forms.conditions import Condition
from site_model.forms.definition import CHANGE, FOLLOW_UP, LEFT_OUT, REVIEWED, FormDefinition
from site_model.forms.fingerprints import FORM_VERSION, whole_mark
from site_model.forms.kinds import ChoiceBase, FormField
from site_model.urls import CENTRE_SLUGS, COMMON_SLUGS, READING

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

# Names that the page, the service or WTForms use themselves.
TAKEN_IDS: Final = {
    *(LEFT_OUT, FORM_VERSION, REVIEWED, CHANGE, FOLLOW_UP, "ticket", "main", "send"),
    *dir(Form),
}
OTHER_PAGES = ("front", "search", "service", "help", "safety", "about_site", READING)


def form_problems(form: FormDefinition, content: Content) -> Found:
    """Each problem of a form as the place in its file and a sentence."""
    yield from _taken_names(form, content)
    yield from _unknown_centres(form, content)
    yield from _unknown_programmes(form, content)
    yield from _conditions(form)
    yield from _changed_in_silence(form, content)
    for number, language in enumerate(form.languages or ()):
        if language not in (known.code for known in content.site.languages):
            yield (
                ("languages", number),
                f"сайтът няма език „{language}“. Добавете го в site.yml или го махнете тук.",
            )


def _taken_names(form: FormDefinition, content: Content) -> Found:
    if form.id in (*CENTRE_SLUGS, *OTHER_PAGES):
        yield ("id",), f"„{form.id}“ е име на страница. Изберете друго, за формуляра и за файла му."
    if form.slug in (*CENTRE_SLUGS.values(), *COMMON_SLUGS):
        yield ("slug",), f"на адрес „{form.slug}“ вече има страница. Изберете друг."
    for other in content.forms.values():
        if other.id < form.id and other.slug == form.slug:
            yield ("slug",), f"„{form.slug}“ е и адрес на формуляра „{other.id}“. Изберете друг."


def _unknown_centres(form: FormDefinition, content: Content) -> Found:
    if not form.own and form.centres:
        yield ("centres",), "към този формуляр водят страниците на всеки център. Махнете centres."
    for number, centre in enumerate(form.centres or ()):
        if centre not in content.centres:
            known = _quoted(content.centres)
            yield ("centres", number), f"няма център „{centre}“. Центровете са: {known}."


def _unknown_programmes(form: FormDefinition, content: Content) -> Found:
    offering = [centre for centre in content.centres.values() if form.offered_by(centre.id)]
    known = {programme.id for centre in offering for programme in centre.programmes}
    for number, programme in enumerate(form.linked_from.programmes):
        if programme not in known:
            of_these = f"Програмите са: {_quoted(sorted(known))}." if known else "Махнете я."
            yield (
                ("linked_from", "programmes", number),
                f"никой център с този формуляр няма програма „{programme}“. {of_these}",
            )


def _conditions(form: FormDefinition) -> Found:
    """Conditions can hold only on a choice above, so none is circular or looks ahead."""
    above: dict[str, FormField] = {}
    for number, field in enumerate(form.fields):
        conditions = {
            "required_when": field.required_when,
            "show_if": field.show_if.condition if field.show_if else None,
        }
        for name, condition in conditions.items():
            if condition and (sentence := _cannot_hold(field, condition, above)):
                yield ("fields", number, name), sentence
        above[field.id] = field
        if field.id in TAKEN_IDS:
            yield ("fields", number, "id"), f"името „{field.id}“ е запазено. Изберете друго."


def _cannot_hold(
    field: FormField, condition: Condition, above: Mapping[str, FormField]
) -> str | None:
    other = above.get(condition.field)
    if not isinstance(other, ChoiceBase):
        choices = _quoted(known.id for known in above.values() if isinstance(known, ChoiceBase))
        return f"„{field.id}“ зависи от „{condition.field}“, а по-горе няма такъв избор. " + (
            f"Изборите по-горе са: {choices}." if choices else "По-горе няма нито един избор."
        )
    if other.options_from:
        return (
            f"„{field.id}“ зависи от „{other.id}“, чиито отговори идват от фактите и всеки център "
            "има свои. Условие се пише само за избор с „options“."
        )
    known = [option.id for option in other.options]
    if any(option.id in condition.any_of and option.while_open for option in other.options):
        return (
            f"„{field.id}“ зависи от отговор на „{other.id}“, който има само при център, отворен "
            "тогава. Изберете друг отговор."
        )
    if unknown := sorted(set(condition.any_of) - set(known)):
        return (
            f"„{field.id}“ зависи от отговор, който „{other.id}“ няма: {', '.join(unknown)}. "
            f"Отговорите са: {_quoted(known)}."
        )
    return None


def _changed_in_silence(form: FormDefinition, content: Content) -> Found:
    """A form that was accepted changes its questions only with its version."""
    accepted = content.accepted_versions.get(form.id)
    if accepted is None or (form.version, whole_mark(form)) == (
        accepted.version,
        accepted.questions,
    ):
        return
    if form.version <= accepted.version:
        yield (
            ("version",),
            f"въпросите не са тези, които бяха приети като версия {accepted.version}. "
            f"Напишете version: {accepted.version + 1} и изпълнете make accept-forms.",
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"„{name}“" for name in names)
