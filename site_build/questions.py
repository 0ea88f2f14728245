"""Pure: what `make new-centre` asks, and the facts that the answers are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, EmailStr, TypeAdapter

from site_model.asking import Ask, Check, Question
from site_model.base import SOURCE_LANGUAGE, PhoneNumber, Slug, Text
from site_model.centre import Centre, Programme, Service, TeamRole
from site_model.completion import Data
from site_model.facts import Catalogues, Coded
from site_model.field_words import words_of
from site_model.latin import latin_words


def _checked(kind: Any, wrap: Callable[[str], Any] = lambda answer: answer) -> Check:
    adapter = TypeAdapter(kind)

    def check(answer: str) -> Any:
        value = wrap(answer)
        adapter.validate_python(value)
        return value

    return check


_PHRASE: Final = _checked(Text, lambda answer: {SOURCE_LANGUAGE: answer})


def _count(answer: str) -> int:
    if not answer.isdecimal() or not int(answer):
        raise ValueError(f"„{answer}“ не е брой. Напишете цяло число, например 2")
    return int(answer)


def _question(key: str, why: str = "", model: type[BaseModel] = Centre, **more: Any) -> Question:
    """A question in the words that the field has everywhere."""
    words = words_of(model, key.rpartition(".")[2])
    return Question(
        key, words.title, f"{words.explanation} {why}".strip(), **{"check": _PHRASE} | more
    )


def asked_facts(ask: Ask, catalogues: Catalogues, taken: Callable[[str], bool]) -> Data:
    """Ask all questions; returns what was told, to be completed by `site_model.completion`.

    `taken` says whether there is a centre of this id already.
    """
    place = ask(_question("place", "По него хората намират центъра.", needed=True))
    name = place[SOURCE_LANGUAGE]
    full = f"Център за обществена подкрепа, {name}"
    data: Data = {"place": place, "name": {"text": ask(_question("name", default=full))}}
    data["short_name"] = ask(_question("short_name", default=f"ЦОП {name}"))
    data["id"] = ask(
        _question("id", check=_free(taken), default=latin_words(name) or "tsentar", needed=True)
    )
    told = {question.key: _shaped(question.key, ask(question)) for question in _SIMPLE}
    groups = _listed("target_groups", Centre, catalogues["groups"], several=True)
    told["target_groups"] = [{"group": one} for one in ask(groups) or ()]
    kinds = catalogues["kinds"]
    of_service = [
        _part("services.description", Service),
        *([_listed("services.kind", Service, kinds)] if kinds else ()),
        _part("services.access", Service),
    ]
    told["services"] = list(_items(ask, "services.name", Service, *of_service))
    of_programme = _part("programmes.description", Programme)
    told["programmes"] = list(_items(ask, "programmes.name", Programme, of_programme))
    told["routes"] = list(_routes(ask))
    told["team"] = list(_team(ask))
    return data | {key: value for key, value in told.items() if value}


def _free(taken: Callable[[str], bool]) -> Check:
    slug = _checked(Slug)

    def check(answer: str) -> Any:
        if taken(answer):
            raise ValueError(f"„{answer}“ вече е заето. Напишете друг код")
        return slug(answer)

    return check


_SIMPLE: Final = (
    _question("region"),
    _question(
        "municipalities",
        "По тях хората намират центъра в списъка. Няколко се делят с точка и запетая.",
        several=True,
    ),
    _question("summary", "Стои най-горе на началната страница.", needed=True),
    _question(
        "phones",
        "Това е най-прекият път до вас. С кода на населеното място, например 0373 9 10 76. "
        "Няколко се делят с точка и запетая.",
        check=_checked(PhoneNumber),
        several=True,
    ),
    _question(
        "email",
        "Писмата от формулярите отиват на адрес, който се настройва отделно.",
        check=_checked(EmailStr),
    ),
    _question("address"),
    _question("accessibility", "Хората питат, преди да тръгнат."),
    _question("fee", "Ако не знаете, оставете празно: сайтът казва на хората да попитат."),
    _question("documents", "Ако не знаете, оставете празно."),
)


def _shaped(key: str, value: Any) -> Any:
    """A value of the simple questions as its field holds it."""
    if not value:
        return None
    match key:
        case "municipalities":
            return [{"name": one} for one in value]
        case "phones":
            return [{"number": one} for one in value]
        case "email":
            return {"address": value}
        case _:
            return {"text": value}


def _listed(
    key: str, model: type[BaseModel], listed: Mapping[str, Coded], *, several: bool = False
) -> Question:
    """A question that is answered with numbers of a list, or with its codes."""
    numbered = dict(enumerate(listed.values(), 1))
    lines = [f"  {number}. {one.plain.to(SOURCE_LANGUAGE)}" for number, one in numbered.items()]
    how = "Напишете номерата с точка и запетая, например 1; 3." if several else "Напишете номера."

    def check(answer: str) -> str:
        if answer in listed:
            return answer
        if not answer.isdecimal() or int(answer) not in numbered:
            raise ValueError(f"„{answer}“ не е номер от списъка, от 1 до {len(numbered)}")
        return numbered[int(answer)].id

    return _question(key, "\n".join([how, *lines]), model, check=check, several=several)


def _part(key: str, model: type[BaseModel]) -> Question:
    needed = model.model_fields[key.rpartition(".")[2]].is_required()
    return _question(key, model=model, needed=needed)


def _items(ask: Ask, first: str, model: type[BaseModel], *more: Question) -> Iterator[Data]:
    """Things of one kind, until there are no more: each with its `first` field and the others."""
    words = words_of(Centre, first.partition(".")[0])
    question = _question(first, f"{words.explanation} Питаме една по една.", model)
    while name := ask(question):
        item = {_field(question): name}
        for part in more:
            if (value := ask(part)) is not None:
                item[_field(part)] = value
        yield item
        question = replace(question, why="Още нещо? Ако няма, натиснете Enter.")


def _field(question: Question) -> str:
    return question.key.rpartition(".")[2]


_ROUTES: Final = {
    "child_protection": "Как отдел „Закрила на детето“ (ОЗД) насочва към центъра?",
    "institution": "Как училище, детска градина или друга институция насочва към центъра?",
    "self": "Как човек идва сам, без да го е насочил никой?",
}


def _routes(ask: Ask) -> Iterator[Data]:
    for kind, question in _ROUTES.items():
        why = "Едно изречение. Ако не се прави или не знаете, оставете празно."
        if text := ask(Question(f"routes.{kind}", question, why, _PHRASE)):
            yield {"kind": kind, "text": text}


def _team(ask: Ask) -> Iterator[Data]:
    count = _question("team.count", model=TeamRole, check=_count, default="1")
    yield from (role | {"count": ask(count)} for role in _items(ask, "team.title", TeamRole))
