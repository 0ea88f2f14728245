"""The body of a form post. Flask's `request.form` would fail whole on a byte that is not UTF-8,
could not say in whose answer it was, and reads any number of fields."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from flask import abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from contact_service.web.guard import from_own_site

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 1000  # no form has a tenth of it


@dataclass(frozen=True)
class Sent:
    """Names and values, in their order, as far as they can be read.

    `damaged` are the names in whose values something was not UTF-8: it is left out of them.
    `whole` is false where names cannot be read or more than MOST_FIELDS came.
    """

    values: MultiDict[str, str]
    damaged: frozenset[str] = frozenset()
    whole: bool = True


def posted_form(origins: Collection[str]) -> Sent:
    """What the request sent, from a page of `origins` and in the one form that is read here."""
    if not from_own_site(request.headers, origins):
        abort(HTTPStatus.FORBIDDEN)
    # File parts would be written to the disk.
    if request.mimetype != FORM_TYPE or request.content_encoding:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return read_form(_whole_body())


def _whole_body() -> bytes:
    """The body as it was sent; 400 where it breaks off, so that no part passes for the whole."""
    try:
        body = request.get_data(cache=False)
    except HTTPException:
        raise
    except Exception:  # what gunicorn says of chunks that are none, or of a line that breaks
        raise BadRequest from None
    if request.content_length is None and len(body) == request.max_content_length:
        raise RequestEntityTooLarge  # Werkzeug cuts what comes in chunks
    if request.content_length not in (None, len(body)):
        raise BadRequest
    return body


def read_form(body: bytes) -> Sent:
    """An urlencoded body (WHATWG URL, section 5.1); it never fails."""
    values: MultiDict[str, str] = MultiDict()
    damaged = set()
    text = body.decode(errors="surrogateescape")
    *fields, rest = [*text.split("&", MOST_FIELDS), ""][: MOST_FIELDS + 1]
    whole = not rest
    for pair in parse_qsl("&".join(fields), keep_blank_values=True, errors="surrogateescape"):
        (name, name_whole), (value, value_whole) = map(_readable, pair)
        if not name_whole:
            whole = False
            continue
        values.add(name, value)
        if not value_whole:
            damaged.add(name)
    return Sent(values, frozenset(damaged), whole)


def _readable(text: str) -> tuple[str, bool]:
    """What is UTF-8, and whether that is all."""
    raw = text.encode(errors="surrogateescape")
    readable = raw.decode(errors="ignore")
    return readable, readable.encode() == raw
