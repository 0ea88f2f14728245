"""Pure: how many letters there are, said the same way by every command."""

from __future__ import annotations


def queue_summary(waiting: int, given_up: int) -> str:
    """For instance „чакат: 1, недоставими: 0“: a colon agrees with every number."""
    return f"чакат: {waiting}, недоставими: {given_up}"
