"""What is shown and not only written: pictograms beside easy words, and photographs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from site_model.field_metadata import Choices, words
from site_model.types import Sourced, Text

Pictogram = Literal[
    "alarm",
    "adoption",
    "baby",
    "calm",
    "child",
    "class",
    "family",
    "home",
    "hurt",
    "identity_card",
    "law",
    "letter",
    "money",
    "park",
    "people",
    "phone",
    "place",
    "pregnant",
    "question",
    "talk",
    "wheelchair",
    "work",
]


class EasyReadLine(Sourced):
    """One idea in easy words („Лесно за четене“), with the pictogram that stands beside it."""

    part: Annotated[
        Literal["about", "whom", "what"],
        words("Част", "Къде е: за центъра, за кого е или какво прави."),
        Choices(
            {
                "about": "за центъра",
                "whom": "за кого",
                "what": "какво прави",
            }
        ),
    ]
    pictogram: Annotated[
        Pictogram,
        words("Картинка", "Коя картинка е до изречението."),
        Choices(
            {
                "alarm": "тревога",
                "adoption": "осиновяване",
                "baby": "бебе",
                "calm": "спокойствие",
                "child": "дете",
                "class": "клас",
                "family": "семейство",
                "home": "дом",
                "hurt": "болка",
                "identity_card": "лична карта",
                "law": "закон",
                "letter": "писмо",
                "money": "пари",
                "park": "парк",
                "people": "хора",
                "phone": "телефон",
                "place": "място",
                "pregnant": "бременност",
                "question": "въпрос",
                "talk": "разговор",
                "wheelchair": "количка",
                "work": "работа",
            }
        ),
    ]
    text: Annotated[Text, words("Изречение", "Една мисъл с лесни думи.")]


class Photograph(Sourced):
    """A photograph that a source names; without `file` (of `content/photographs`) it is a gap."""

    name: Annotated[str, words("Име на снимката", "Както я нарича центърът.")]
    file: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.(jpg|png|webp)$")] | None,
        words("Файл", "Файл от content/photographs: jpg, png или webp, до 80 KB."),
    ] = None
    alt: Annotated[Text | None, words("Какво се вижда", "За хора, които не виждат снимката.")] = (
        None
    )
    credit: Annotated[Text | None, words("Автор", "Кой е снимал, ако трябва да се каже.")] = None

    @model_validator(mode="after")
    def _seen_and_said(self) -> Self:
        if self.file and not self.alt:
            raise ValueError("снимката няма описание (alt): напишете какво се вижда на нея")
        return self
