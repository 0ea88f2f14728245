"""Pure: a section that one person typed while another changed it: what may go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Facts = dict[str, Any]


@dataclass(frozen=True)
class Merged:
    """Facts that may stand: in fields that both changed (`both`) what another wrote stays."""

    facts: Facts
    theirs: tuple[str, ...]
    both: tuple[str, ...]


def merge_facts(base: Facts, now: Facts, told: Facts) -> Merged:
    """`told` was typed by a person who saw `base`; what stands `now` may be another's."""
    facts: Facts = {}
    theirs: list[str] = []
    both: list[str] = []
    for name in dict.fromkeys((*base, *now, *told)):
        was, there, mine = (side.get(name) for side in (base, now, told))
        if there != was and _told(there) != _told(mine):
            (theirs if mine == was else both).append(name)
        value = mine if there == was else there
        if value is not None:
            facts[name] = value
    return Merged(facts, tuple(theirs), tuple(both))


_ABOUT: Final = ("id", "slug", "source", "checked_on", "next_check")


def _told(facts: Any) -> Any:
    """What facts say, without codes, sources and days of checking: told twice it is the same."""
    if isinstance(facts, Mapping):
        return {name: _told(one) for name, one in facts.items() if name not in _ABOUT}
    return [_told(one) for one in facts] if isinstance(facts, list) else facts
