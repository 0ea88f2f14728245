"""Identifiers that stay the same for ever, made from the ids in `content/`.

A title, a telephone or the site's own address may change; only who changes the `id` of a
centre, a service or a programme gives it a new identifier (and new addresses with it).
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("0def2d55-5277-4f3c-97d9-6fb16b93b456")
"""Opora's own, drawn once. RFC 9562, version 5: the same words always give the same UUID."""


def stable_id(kind: str, *names: str | int) -> str:
    """The UUID of a thing: its kind in HSDS and the ids that lead to it, as `harmanli`, `social`.

    Two sites that call different centres by one id give both the same UUID: ids of centres are
    names of places for this reason too.
    """
    return str(uuid5(NAMESPACE, "/".join((kind, *map(str, names)))))
