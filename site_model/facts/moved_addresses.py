"""Pure: which addresses moved from one build to the next, and where the old ones lead now.

A family may hold a leaflet with an old address in its hand, so no change of the facts may make
one lead nowhere. What moved is kept in `content/moved.yml`, from the first change to the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from site_model.types import SOURCE_LANGUAGE, Frozen

_STEPS = r"^([A-Za-z0-9_-]+/)*([A-Za-z0-9_-]+\.[a-z]+)?$"
Place = Annotated[str, StringConstraints(pattern=_STEPS)]
"""A place below the site's root: "en/harmanli/kontakti/", "" for the root itself, or a file."""


class Move(Frozen):
    """All addresses that began with `before` begin with `now` since; a file is one address."""

    before: Annotated[Place, Field(alias="from")]
    now: Annotated[Place, Field(alias="to")]

    @property
    def of_file(self) -> bool:
        return not self.now.endswith("/") and bool(self.now)

    def old(self, place: str) -> str | None:
        """Where a place that is there now stood before; None if the move is not of it."""
        if place == self.now or (not self.of_file and place.startswith(self.now)):
            return self.before + place.removeprefix(self.now)
        return None


class Moves(Frozen):
    """The file `content/moved.yml`, the oldest first."""

    moves: tuple[Move, ...] = ()


def moves_between(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Move, ...]:
    """What moved; `before` and `now` are `addresses` of two builds, one after the other.

    A page whose language is gone moves to the Bulgarian one. A centre that is gone while another
    has come got a new code. What is gone for good moves nowhere.
    """
    gone, come = ({_centre(key) for key in one} for one in (before, now))
    gone, come = gone - come, come - gone
    renamed = {gone.pop(): come.pop()} if len(gone) == len(come) == 1 else {}
    found: dict[Move, None] = {}
    for key, old in before.items():
        language, centre, id = key.split(" ", 2)
        centre = renamed.get(centre, centre)
        new = now.get(f"{language} {centre} {id}")
        if new is None:
            new = now.get(f"{SOURCE_LANGUAGE} {centre} {id}")
        if new is not None and new != old and old not in now.values():
            found[_shortest(old, new)] = None
    return tuple(found)


def _centre(key: str) -> str:
    return key.split(" ", 2)[1]


def _shortest(old: str, new: str) -> Move:
    """The move of two addresses without the steps with which both end.

    A file that got another name moves by itself.
    """
    before, now = (one.split("/") for one in (old, new))
    if before[-1] == now[-1]:
        before, now = before[:-1], now[:-1]
        while before and now and before[-1] == now[-1]:
            del before[-1], now[-1]
        before, now = ([*steps, ""] if steps else [""] for steps in (before, now))
    return Move.model_validate({"from": "/".join(before), "to": "/".join(now)})


def leads(moves: Iterable[Move], current: Iterable[str], codes: Iterable[str]) -> dict[str, str]:
    """Where each old address leads now; `current` are all addresses that are there.

    `codes` are those of the other languages than Bulgarian: what moved to a place outside of
    theirs has not moved into them.
    """
    other = tuple(f"{code}/" for code in codes if code != SOURCE_LANGUAGE)
    known = {place: place for place in current}
    for move in reversed(tuple(moves)):  # so that an address that moved twice finds the last place
        for place, target in list(known.items()):
            old = move.old(place)
            if old is None or (place.startswith(other) and not move.now.startswith(other)):
                continue
            known.setdefault(old, target)
    return {old: new for old, new in known.items() if old != new}
