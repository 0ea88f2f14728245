"""What the browser tests hand around."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Demo:
    """Where the running demo's site and mailbox are."""

    site: str
    mailbox: str
