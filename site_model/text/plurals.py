"""Pure: how many of what, in Bulgarian: „1 въпрос“, „2 въпроса“, „21 въпроса“."""

from __future__ import annotations


def count_phrase(number: int, one: str, several: str) -> str:
    """A number with its word, which has one form for 1 and another for all else."""
    return f"{number} {one if number == 1 else several}"
