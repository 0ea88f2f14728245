"""Pure: what there is to do for a centre, in the words of the editor's first page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from site_build.wording.facts import day_words
from site_editor.todo import Todo
from site_model.facts.centre import Centre
from site_model.types import SOURCE_LANGUAGE


def todo_lines(centre: Centre, waiting: Todo, today: date) -> Iterator[str]:
    """The list as lines; only the first where nothing waits."""
    name = centre.short_name.to(SOURCE_LANGUAGE)
    lists = [(title, lines) for title, lines in _lists(waiting) if lines]
    at = f"{name}, към {day_words(today.isoformat())}"
    yield f"{at}: какво има за вършене по сайта" if lists else f"{at}: нищо не чака."
    for title, lines in lists:
        yield from ("", title, *(f"  {line}" for line in lines))


def _lists(waiting: Todo) -> Iterable[tuple[str, list[str]]]:
    late = [f"{one.title}: трябваше до {one.by}." for one in waiting.checks if one.overdue]
    older = [
        f"{one.where}: „{one.bulgarian}“ ({', '.join(one.languages.values())})"
        for one in waiting.older
    ]
    asked = [f"{'★' if one.asked_of_all else '·'} {one.question}" for one in waiting.missing]
    return (
        ("Време е да се провери", late),
        ("Не може всичко това да е вярно", [one.words for one in waiting.against]),
        ("Съобщения и последният им ден", [one.words for one in waiting.ending]),
        ("Преводи на по-стар текст", older),
        ("Листове за печат, когато сайтът беше направен за последно", list(waiting.papers)),
        ("Какво да се попита центърът; с ★ е най-важното", asked),
    )
