"""What is shown and not only written: pictograms beside easy words, and photographs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from site_model.base import Sourced, Text

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

    part: Literal["about", "whom", "what"]
    pictogram: Pictogram
    text: Text


class Photograph(Sourced):
    """A photograph that a source names; without `file` (of `content/photographs`) it is a gap."""

    name: str
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.(jpg|png|webp)$")] | None = None
    alt: Text | None = None
    credit: Text | None = None

    @model_validator(mode="after")
    def _seen_and_said(self) -> Self:
        if self.file and not self.alt:
            raise ValueError("снимката няма описание: напишете в „alt“ какво се вижда на нея")
        return self
