"""A centre as a card for the address book of a telephone (vCard 3.0, RFC 2426).

3.0, because every telephone reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from site_build.edition import Edition
from site_build.open_data.hsds import one_line
from site_build.open_data.ids import stable_id
from site_model.facts.centre import Centre


def contact_card(edition: Edition, centre: Centre) -> bytes:
    """Name, telephones, e-mail, address and page of a centre: what its contacts page says."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", *_facts(edition, centre), "END:VCARD")
    return b"".join(_folded(line) for line in lines)


def _facts(edition: Edition, centre: Centre) -> Iterator[str]:
    name = _text(one_line(centre.name))
    yield f"FN:{name}"
    yield f"N:{name};;;;"
    yield f"ORG:{name}"
    yield f"UID:urn:uuid:{stable_id('organization', centre.id)}"
    for phone in centre.phones:
        yield f"TEL;TYPE=WORK:{_text(phone.dialled)}"
    if centre.email:
        yield f"EMAIL;TYPE=WORK:{centre.email.address}"
    if centre.address:
        place = f"{_text(one_line(centre.address))};{_text(one_line(centre.place))}"
        yield f"ADR;TYPE=WORK:;;{place};;;България"
    yield f"URL:{edition.centre_url(centre.id)}"


def _text(value: str | None) -> str:
    """A value in which no sign ends it (RFC 2426, section 4)."""
    return re.sub(r"([\\,;])", r"\\\1", value or "")


def _folded(line: str) -> bytes:
    """A line with its end, no more than 75 signs before each (RFC 2426, section 2.6)."""
    first, rest = line[:75], line[75:]
    more = [f" {rest[start : start + 74]}" for start in range(0, len(rest), 74)]
    return "".join(f"{part}\r\n" for part in (first, *more)).encode()
