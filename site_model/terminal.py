"""Printed words come from settings, databases, keys and servers: no terminal may obey them."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

# Controls, signs of direction and other formats, line ends of other kinds, parts of signs.
OBEYED = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def plain(text: str) -> str:
    """The text with every sign that a terminal obeys written out, but for line end and tab."""
    return "".join(
        sign.encode("unicode_escape").decode()
        if sign not in "\n\t" and unicodedata.category(sign) in OBEYED
        else sign
        for sign in text
    )


class _Plain:
    """A stream that writes only plain text."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> Any:
        return self._stream.write(plain(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """All that is printed meanwhile is plain."""
    with (
        redirect_stdout(sys.stdout and _Plain(sys.stdout)),  # None where it was closed before
        redirect_stderr(sys.stderr and _Plain(sys.stderr)),
    ):
        yield


def write_out() -> None:
    """Write what was printed until now; raises OSError, and forgets it, where it cannot be."""
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python tries once more when it ends
        raise
