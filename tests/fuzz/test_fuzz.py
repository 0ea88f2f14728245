"""Inputs that nobody thought of: parsing, sealing, settings, and the service over WSGI."""

from __future__ import annotations

import io
import json
import re
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import example, given
from hypothesis import strategies as st
from pysequoia import Profile, Tsk
from schemathesis.generation import GenerationMode
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder, run_wsgi_app

from contact_service.sealing import Sealer, load_sealer
from contact_service.settings.service import (
    OpenPgpRecipient,
    Settings,
    SettingsError,
    load_settings,
    read_settings,
)
from contact_service.submission import Submission, sheet_text
from contact_service.web.receipts import ReceiptTokens
from contact_service.web.views import HEADERS
from site_model.content import Content
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import TRAP
from site_model.forms.filled import FilledForm
from site_model.forms.kinds import ChoiceBase
from site_model.loading.yaml_lines import NotYamlError, parse_yaml
from site_model.text.cleaning import clean
from tests.fuzz.examples import tries
from tests.fuzz.openapi import FORM_TYPE, openapi
from tests.support.project import application, real_content
from tools.torture.parts import LETTER, SECRET, OperatorFolder

CONTENT: Content = real_content()
FORMS = [
    centre_form(definition, centre, CONTENT.groups, "bg")
    for definition in CONTENT.forms.values()
    for centre in CONTENT.centres.values()
]
HEADER_NAMES = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


# Every code point, lone surrogates among them, and pieces that parsers stumble over.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
NASTY = st.sampled_from(
    [
        "",
        " ",
        "\r\nBcc: x@example.org\r\n\r\n",
        "\x00",
        "\u202e",
        "a\u200d\u0301",
        "٠١٢٣٤٥٦٧٨٩",
        "1234567890",
        "8032056031",
        "x@[127.0.0.1]",
        "ж@пример.бг",
        "a" * 5000,
        "31.02.2026",
        "0000-00-00",
        "+359",
        "{{ 7*7 }}",
        "<script>",
        "' OR 1=1",
        "%00%ff",
        "--x--",
        "y",
        "no",
    ]
)
TEXT = ANY_TEXT | NASTY | st.lists(ANY_TEXT | NASTY, max_size=4).map("".join)


@st.composite
def sent(draw: st.DrawFn) -> tuple[CentreForm, MultiDict[str, str]]:
    """A form, and something sent to it: offered answers, wrong ones, unknown names."""
    bound = draw(st.sampled_from(FORMS))
    choices = [field for field in bound.fields.values() if isinstance(field, ChoiceBase)]
    pairs = [(field.id, draw(st.sampled_from(field.options)).id) for field in choices]
    names = st.sampled_from(list(bound.fields)) | st.just(TRAP) | TEXT
    changes = draw(st.lists(st.tuples(names, TEXT), max_size=6))
    kept = draw(st.integers(0, len(pairs)))
    return bound, MultiDict([*pairs[:kept], *changes])


@tries(0.15)
@given(sent())
def test_whatever_is_sent_is_parsed(given_form: tuple[CentreForm, MultiDict[str, str]]) -> None:
    """Binding, validating, answers and sheet never raise; every error belongs to a field."""
    bound, data = given_form
    form = FilledForm(bound, data)
    errors = form.errors
    assert errors.keys() <= bound.fields.keys() | {TRAP}
    assert all(errors.values())
    answers = form.answers
    assert len(answers) == len(form.asked)
    sheet_text(submission(answers)).encode()


@tries(0.1)
@given(TEXT)
@example("A\u200d\u0300")
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once, and what is left can be written as UTF-8."""
    once = clean(text)
    assert clean(once) == once
    once.encode()


@tries(0.05)
@given(sent())
def test_no_answer_reaches_a_header(given_form: tuple[CentreForm, MultiDict[str, str]]) -> None:
    """The sealed mail has the known headers once each, ASCII, CRLF, no line over 998."""
    bound, data = given_form
    mail = SEALER.seal(submission(FilledForm(bound, data).answers), "opora@example.org").content
    parsed = message_from_bytes(mail, policy=default)
    assert sorted(parsed.keys()) == sorted(HEADER_NAMES)
    assert not parsed.defects
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert b"\r" not in mail.replace(b"\r\n", b"")
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 998


YAML_PIECES = st.sampled_from(
    [
        "- ",
        ": ",
        "\n",
        "  ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "|\n",
        ">\n",
        "#",
        "a",
        "b: 1\n",
        "&a ",
        "*a",
        "!!int ",
        "!!str ",
        "!!bool ",
        "!!timestamp ",
        "!!set ",
        "!!omap ",
        "!!float ",
        "!x ",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "\t",
        "null",
        "true",
        "-12",
        "2026-11-21",
        "<<: ",
    ]
)


YAML_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@tries(0.15)
@example("!!int x")
@example("1" * 5000)
@example("-\r0")
@example("&a [*a]")
@given(TEXT | st.lists(YAML_PIECES | ANY_TEXT, max_size=14).map("".join))
def test_yaml_is_read_or_refused(text: str) -> None:
    """Any text is parsed or refused with NotYamlError, which names a line of it."""
    try:
        parse_yaml(text)
    except NotYamlError as error:
        lines = len(YAML_LINE_END.split(text))
        assert 1 <= error.line <= lines + 1


@tries(0.05)
@given(TEXT)
def test_a_made_up_token_opens_nothing(token: str) -> None:
    """Whatever stands in the address of a receipt, it is no receipt and no crash."""
    assert ReceiptTokens(SECRET).read(token) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


@tries(0.05)
@example({"language": "bg"})
@given(JSON)
def test_a_token_of_another_version_opens_nothing(content: Any) -> None:
    """A token made with the same secret but other contents, as before an upgrade: no crash."""
    tokens = ReceiptTokens(SECRET)
    sealed = tokens._fernet.encrypt(json.dumps(content).encode()).decode()
    assert tokens.read(sealed) is None


SETTINGS = tomllib.loads(
    'site_folder = "site"\ncontent_folder = "content"\ndatabase = "sqlite:///x"\n'
    '[smtp]\nhost = "127.0.0.1"\nport = 25\nsecurity = "none"\nsender = "opora@example.org"\n'
    '[[centres.harmanli.recipients]]\naddress = "a@example.org"\nseal = "openpgp"\nkey = "k"\n'
)
PLACES = [
    *((key,) for key in SETTINGS),
    *(("smtp", key) for key in (*SETTINGS["smtp"], "ca_file", "timeout_seconds", "user")),
    ("centres", "harmanli"),
    ("centres", "harmanli", "recipients"),
    ("trusted_proxies",),
    ("other_origins",),
]
TOML_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TOML_VALUE = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | TOML_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TOML_TEXT, inner, max_size=3),
    max_leaves=4,
)
ENVIRONMENT = st.fixed_dictionaries(
    {"OPORA_SECRET": st.just(SECRET) | TOML_TEXT},
    optional={name: TOML_TEXT for name in ("OPORA_DATABASE", "OPORA_SMTP_HOST", "OPORA_SMTP_USER")},
)


@tries(0.1)
@example([(("smtp",), 3)], {"OPORA_SMTP_HOST": "mail.example.org"})
@given(st.lists(st.tuples(st.sampled_from(PLACES), TOML_VALUE), max_size=2), ENVIRONMENT)
def test_settings_are_read_or_refused(
    changes: list[tuple[tuple[str, ...], Any]], environment: dict[str, str]
) -> None:
    """Any value in any place gives settings or SettingsError with a line for the operator."""
    values = json.loads(json.dumps(SETTINGS))
    for path, value in changes:
        target = values
        for step in path[:-1]:
            target = target.get(step, {}) if isinstance(target, dict) else {}
        if isinstance(target, dict):
            target[path[-1]] = value
    refused_or_read(toml(values), environment)


@tries(0.05)
@given(TEXT)
def test_settings_text_is_read_or_refused(text: str) -> None:
    """Any text of the file gives settings or SettingsError."""
    refused_or_read(text, {})


def refused_or_read(text: str, environment: dict[str, str]) -> None:
    try:
        assert isinstance(load_settings(text, environment, Path("/tmp")), Settings)  # noqa: S108
    except SettingsError as error:
        assert str(error)


def toml(value: Any) -> str:
    """Values as a TOML file: nested tables inline."""
    return "".join(f"{json.dumps(key)} = {_toml(item)}\n" for key, item in value.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, float):
        return {"inf": "inf", "-inf": "-inf", "nan": "nan"}.get(repr(value), repr(value))
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True) if value.isascii() else f'"{_escaped(value)}"'
    return json.dumps(value)


def _escaped(value: str) -> str:
    return "".join(f"\\U{ord(sign):08x}" for sign in value)


def submission(answers: Any) -> Submission:
    return Submission("DF4GJ-2UV79", "Център", "Формуляр", 1, NOW, answers)


KEY = Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)


def sealer() -> Sealer:
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "centre.asc")
        key.write_bytes(bytes(KEY.extract_certificate()))
        recipient = OpenPgpRecipient(address="centre@example.org", seal="openpgp", key=key)
        return load_sealer(recipient, datetime.now(UTC))


SEALER = sealer()


@pytest.fixture(scope="module")
def service(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The real WSGI application, which also serves its OpenAPI description to the tests."""
    folder = tmp_path_factory.mktemp("fuzzed")
    place = OperatorFolder(folder, site, 9, f"sqlite:///{folder / 'outbox.sqlite3'}", key=KEY)
    place.write()
    description = json.dumps(openapi(CONTENT)).encode()

    def described(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == "/openapi.json":
            start("200 OK", [("Content-Type", "application/json")])
            return [description]
        return app.wsgi_app(environ, start)

    with application(read_settings(place.settings_file, {"OPORA_SECRET": SECRET})) as app:
        yield described


@pytest.fixture(scope="module")
def cases(service: Any) -> st.SearchStrategy[Any]:
    """Right and wrong requests to every address that the description has."""
    described = schemathesis.openapi.from_wsgi("/openapi.json", service)
    operations = [found.ok() for found in described.get_all_operations()]
    right = [operation.as_strategy(GenerationMode.POSITIVE) for operation in operations]
    wrong = [o.as_strategy(GenerationMode.NEGATIVE) for o in operations if o.body]
    return st.one_of(*right, *wrong)


@tries(0.15)
@given(data=st.data())
def test_described_requests_are_answered(
    cases: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    """Requests made by schemathesis from the description of the forms."""
    answer = data.draw(cases).call()
    headers = {name: ", ".join(values) for name, values in answer.headers.items()}
    sound(answer.status_code, headers, answer.text)


PATHS = st.sampled_from(
    [
        "/send/bg/harmanli/contact",
        "/send/bg/sopot/referral",
        "/send/health",
        "/send/receipt/x",
        "/send/bg/nowhere/contact",
        "/",
        "/send",
        "/send//contact",
        "/send/%2e%2e",
    ]
) | ANY_TEXT.map(lambda text: "/" + text.encode("utf-8", "replace").decode())
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
REQUEST_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Host",
            "Origin",
            "Sec-Fetch-Site",
            "Content-Length",
            "X-Forwarded-For",
            "Cookie",
            "Range",
            "If-None-Match",
            "Transfer-Encoding",
            "Accept",
            "X-HTTP-Method-Override",
            "Expect",
        ]
    ),
    HEADER_TEXT | st.sampled_from(["null", "same-origin", "0", "99999999", "chunked", "http://["]),
    max_size=3,
)
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
TYPES = (
    st.sampled_from(
        [
            FORM_TYPE,
            f"{FORM_TYPE}; charset=utf-16",
            "multipart/form-data; boundary=x",
            "text/plain",
            "",
        ]
    )
    | HEADER_TEXT
)
BODIES = (
    st.binary(max_size=300)
    | st.sampled_from([b"a=" * 2000, b"&" * 2000, b"message=" + b"%" * 70_000])
    | sent().map(lambda pair: form_body(pair[1]))
    | st.dictionaries(st.sampled_from(list(LETTER)), TEXT, max_size=2).map(
        lambda changes: form_body(MultiDict({**LETTER, **changes}))
    )
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A WSGI environment with any method, path, headers and body."""
    body = draw(BODIES)
    builder = EnvironBuilder(path="/", method=draw(METHODS), input_stream=io.BytesIO(body))
    environ = builder.get_environ()
    builder.close()
    environ |= {
        "PATH_INFO": draw(PATHS).encode("utf-8", "replace").decode("latin-1"),
        "CONTENT_TYPE": draw(TYPES),
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in draw(REQUEST_HEADERS).items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_LENGTH" else f"HTTP_{key}"] = value
    return environ


@tries(0.15)
@given(requests())
def test_raw_requests_are_answered(service: Any, environ: dict[str, Any]) -> None:
    """Whatever comes over the line is answered soundly."""
    chunks, status, headers = run_wsgi_app(service, environ)
    body = b"".join(chunks).decode("utf-8", "replace")
    sound(int(status.split()[0]), dict(headers.items()), body)


def form_body(data: MultiDict[str, str]) -> bytes:
    from urllib.parse import urlencode

    return urlencode(list(data.items(multi=True)), errors="replace").encode()


def sound(status: int, headers: dict[str, str], body: str) -> None:
    """No crash, no trace of one, no cookie, all security headers."""
    assert status < 500 or status == 503
    # Joined here, because Hypothesis takes the strings that it finds in the source as inputs.
    assert " ".join(("Traceback", "(most recent call last)")) not in body
    found = {name.lower(): value for name, value in headers.items()}
    assert "set-cookie" not in found
    for name, value in HEADERS.items():
        assert found.get(name.lower()) == value
