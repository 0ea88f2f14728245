"""What a web server that root starts includes: a build's headers, written anew by the release.

The build belongs to a user of its own, and its files would be the server's configuration. So none
of their text is taken: they have to be, line by line, what this release writes for the policy
that they name.
"""

from __future__ import annotations

import os
import re
import stat
from itertools import zip_longest
from pathlib import Path

from site_build.errors import BuildError
from site_build.output.server_files import SERVER_FILES, moves_in
from site_model.security_headers import USES, page_headers

_MOST_BYTES = 4_000_000
_POLICY = re.compile(r'Content-Security-Policy "([^"\n]*)"')
_ORIGIN = re.compile(r"form-action 'self' (https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?);")


def install_headers(built: Path, target: Path, letters: str | None = None) -> None:
    """Write to `target` the headers that the files of the folder `built` ask for.

    `letters` is the one other origin to which browsers may let letters go, "" for none; without
    it any may stand there. Raises BuildError for files that this release would not write;
    `target` stays as it was.
    """
    new = {name: _checked(built / name, letters) for name in SERVER_FILES}
    target.mkdir(mode=0o755, parents=True, exist_ok=True)
    for name, text in new.items():
        beside = target / f".{name}.new"
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o644)  # the web server's own user reads it
        beside.replace(target / name)


def _checked(file: Path, letters: str | None) -> str:
    """What this release writes for the file's policy; raises BuildError where the two differ."""
    found = _text(file)
    named = _POLICY.search(found)
    policy = named[1] if named else ""
    origin = _ORIGIN.search(policy)
    uses = [use for use in USES if f"; {use} " in policy]
    service = origin[1] if origin else ""
    if service and letters is not None and service != letters:
        raise BuildError(
            f"{file}: сайтът праща писмата на {service}, а настройките на услугата не. Уеб "
            f"сървърът остава със старите заглавки. Ако е вярно, допишете service_origin = "
            f'"{service}" в service.toml; ако не е, поправете content/site.yml.'
        )
    right = SERVER_FILES[file.name](page_headers(uses, service), moves_in(file.name, found))
    pairs = zip_longest(found.splitlines(), right.splitlines())
    for number, (line, expected) in enumerate(pairs, 1):
        if line != expected:  # the line itself is not said: it may be of any file of root's
            raise BuildError(
                f"{file}: ред {number} не е от „Опора“. Уеб сървърът остава със старите заглавки. "
                "Направете сайта наново (opora build); ако пак е така, някой е писал в папката му."
            )
    return right


def _text(file: Path) -> str:
    """The text of a plain file that is not too long; nothing that waits or leads elsewhere."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, encoding="utf-8") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise BuildError(f"{file} не е файл.")
            return stream.read(_MOST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{file} не се чете ({type(error).__name__}).") from None
