"""What is remembered: of which text each translation is, and what each source told.

`content/remembered.yml` is of the whole site, `content/remembered/<centre>.yml` of the translations
of one centre, which the editor writes.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Final

from pydantic import Field, field_validator

from site_model.types import Frozen, Language

REMEMBERED: Final = "remembered.yml"
OWN: Final = "remembered"
"""The folder of what is remembered of each centre."""

Facts = dict[str, dict[str, tuple[str, ...]]]


class Remembered(Frozen):
    """`translations`: Bulgarian text → language → marks of its translations, parted by spaces.
    `facts`: file → source → what was told there, each after the name of its field.
    """

    translations: dict[str, dict[Language, str]] = Field(default_factory=dict)
    facts: Facts = Field(default_factory=dict)

    @field_validator("translations", mode="before")
    @classmethod
    def _may_be_empty(cls, value: Any) -> Any:
        return {} if value is None else value


def own_memory(centre: str) -> PurePosixPath:
    """The file of what is remembered of a centre, below content/."""
    return PurePosixPath(OWN) / f"{centre}.yml"
