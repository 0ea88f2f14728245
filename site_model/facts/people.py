"""Whom a centre helps, who sends people to it, and who works there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from site_model.field_metadata import Choices, CodeOf, Prompt, words
from site_model.types import FieldId, Sourced, Text


class GroupServed(Sourced):
    """Whom a centre helps: a group of `content/target_groups.yml`, or one of its own.

    `name` is what the centre itself calls it. A group that the list does not have is its own, and
    has no other name.
    """

    group: Annotated[
        FieldId,
        words(
            "Група",
            "Една от групите, които сайтът знае (target_groups.yml). За своя група напишете "
            "само как я наричате.",
        ),
        CodeOf("groups"),
    ]
    name: Annotated[
        Text | None,
        words(
            "Както я нарича центърът",
            "С неговите думи; сайтът ги показва като негови, а имената по закон – като на закона.",
        ),
    ] = None


class ReferralRoute(Sourced):
    """A way to the centre as the centre itself names it; `kind` picks the law shown beside it."""

    kind: Annotated[
        Literal["child_protection", "institution", "self"],
        words("Вид", "Кой закон пише до него на страницата."),
        Choices(
            {
                "child_protection": "закрила на детето",
                "institution": "друга институция",
                "self": "човек сам",
            }
        ),
        Prompt(
            "Едно изречение. Ако не се прави или не знаете, оставете празно.",
            of_each={
                "child_protection": "Как отдел „Закрила на детето“ (ОЗД) насочва към центъра?",
                "institution": (
                    "Как училище, детска градина или друга институция насочва към центъра?"
                ),
                "self": "Как човек идва сам, без да го е насочил никой?",
            },
        ),
    ]
    text: Annotated[Text, words("Път", "Например: Чрез отдел „Закрила на детето“ (ОЗД)."), Prompt()]


class TeamRole(Sourced):
    title: Annotated[Text, words("Длъжност", "Без имена: психолог, социален работник."), Prompt()]
    count: Annotated[
        int, Field(ge=1, strict=True), words("Колко души", "Цяло число."), Prompt(default="1")
    ]
