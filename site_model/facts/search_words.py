"""What the search knows beside the pages: everyday words, and the answer and pages for them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from site_model.types import FieldId, Frozen, Text, refuse_repeats


def word_list(text: str) -> list[str]:
    """„бият ме, удря ме“ as its words and phrases."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _two_or_more(text: Text) -> Text:
    if any(len(word_list(words)) < 2 for words in text.root.values()):
        raise ValueError("напишете поне две думи, разделени със запетая")
    return text


PagePlace = Annotated[
    str,
    StringConstraints(pattern=r"^(\*/)?([a-z0-9-]+/)*(#[\w-]+)?$", min_length=2),
]
"""A page below the language's root, as `pomosht/` or, in every centre, `*/programi/#adoption`."""


class Pointer(Frozen):
    """A few sentences and the pages that say more.

    `without_service` takes the place of `text` on a site that takes no letters.
    """

    title: Text
    text: Text
    without_service: Text | None = None
    pages: tuple[PagePlace, ...]


class Answer(Pointer):
    """A short answer for anyone who types one of `words`; `danger` puts the help lines first."""

    id: FieldId
    words: Text
    danger: bool = False


class SearchWords(Frozen):
    """The file `content/search.yml`; each of `same` is a list of words for one thing.

    `nothing` is shown where no page has the reader's words.
    """

    answers: tuple[Answer, ...]
    same: tuple[Annotated[Text, AfterValidator(_two_or_more)], ...] = ()
    nothing: Pointer

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        refuse_repeats((answer.id for answer in self.answers), "answer")
        return self
