"""What is shown and not only written: pictograms beside easy words, and photographs."""

from __future__ import annotations

from typing import Literal

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
