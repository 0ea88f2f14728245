"""What was copied as an example and never changed: addresses of site and mail, the demo's key."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

from pysequoia import Cert

from contact_service.settings.service import OpenPgpRecipient, Settings
from contact_service.settings.small_files import SmallFileError, read_small
from site_model.content import Content
from site_model.facts.shared import Site
from site_model.loading.placeholders import (
    DEMO_KEY,
    address_sentence,
    example_in,
    leads_nowhere,
    left_in,
    texts_of,
)


def harmful(settings: Settings, content: Content) -> Iterator[str]:
    """A sentence for each example with which people reach nobody, or nobody can read them."""
    if address_missing(content.site):
        yield address_sentence(content.site)
    for name, centre in settings.centres.items():
        for recipient in centre.recipients:
            if isinstance(recipient, OpenPgpRecipient) and _is_the_demos(recipient):
                yield (
                    f"{name}, {recipient.address}: ключът е от демото и никой не пази тайната му "
                    "половина. Сложете ключа на центъра (replace-key)"
                )


def doubtful(settings: Settings, content: Content) -> Iterator[str]:
    """A sentence for each other example that was left."""
    for field, text in texts_of(settings):
        if host := example_in(text):
            yield f"{field}: {host} е само пример. Напишете истинския адрес в service.toml"
    address = address_sentence(content.site)
    yield from (sentence for sentence in left_in(content) if sentence != address)


def address_missing(site: Site) -> bool:
    """Whether the site still has no address of its own.

    A name that this machine finds was given on purpose, as where everything is tried out.
    """
    if not leads_nowhere(site.url):
        return False
    host = site.url.host or ""
    if example_in(host):
        with suppress(OSError):
            socket.getaddrinfo(host, 443)
            return False
    return True


def _is_the_demos(recipient: OpenPgpRecipient) -> bool:
    """What cannot be read as a key is told elsewhere."""
    try:
        certificates = Cert.split_bytes(read_small(recipient.key))
    except SmallFileError:
        return False
    except Exception:  # pysequoia raises its errors as plain Exception
        return False
    return any(DEMO_KEY in str(owner) for one in certificates for owner in one.user_ids)
