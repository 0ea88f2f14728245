"""What no form of ours sends, over a real socket: each answer is true and has telephones."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.service.service_parts import FORM_TYPE
from tests.support.waiting import PATIENCE, wait_for

FORM = "/send/bg/harmanli/contact"
HEAD = "Host: localhost\r\n"
TYPED = f"{HEAD}Content-Type: {FORM_TYPE}\r\n"


def answer(url: str, request: bytes) -> tuple[int, str]:
    """Status and page; what is sent ends there, as when a line breaks."""
    host, port = re.findall(r"//([\d.]+):(\d+)", url)[0]
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
        except OSError:  # answered, and closed, before the end
            pass
        said = b""
        while part := line.recv(65536):
            said += part
    head, _, body = said.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100 "):
        head, _, body = body.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def post(head: str, body: bytes = b"", *, length: str | None = None, line: str = FORM) -> bytes:
    told = f"Content-Length: {len(body) if length is None else length}\r\n"
    return f"POST {line} HTTP/1.1\r\n{head}{told}\r\n".encode() + body


def chunked(*chunks: bytes, head: str = TYPED, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return f"POST {FORM} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode() + body + end


LONG = b"message=" + b"a" * 2**19

REFUSED: dict[str, tuple[int, bytes]] = {
    "no request at all": (400, b"kanarche\r\n\r\n"),
    "a bare line end": (400, b"GET / HTTP/1.1\nHost: x\n\n"),
    "a version of tomorrow": (400, b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
    "a small method": (400, b"post / HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a header that is none": (400, post(f"{TYPED}kanarche header: x\r\n")),
    "two hosts": (400, post(f"{HEAD}{TYPED}")),
    "a length in letters": (400, post(TYPED, length="kanarche")),
    "a length below nothing": (400, post(TYPED, length="-5")),
    "a length of all digits": (400, post(TYPED, length="9" * 5000)),
    "two lengths": (400, post(f"{TYPED}Content-Length: 1\r\n", b"a=1")),
    "a body that breaks off": (400, post(TYPED, b"message=a", length="5000")),
    "a length and chunks": (400, chunked(head=f"{TYPED}Content-Length: 0\r\n")),
    "a chunk of no length": (400, chunked(b"message=a", end=b"zz\r\n")),
    "a chunk that breaks off": (400, chunked(end=b"ff\r\nmessage")),
    "a chunk with no end": (400, chunked(end=b"3\r\nabcdef")),
    "another coding on the way": (501, post(f"{TYPED}Transfer-Encoding: kanarche\r\n")),
    "another site": (403, post(f"{TYPED}Origin: https://evil.example\r\n")),
    "an address that is none": (404, post(TYPED, line="/send/bg/harmanli/kanarche")),
    "another method": (405, b"PUT" + post(TYPED)[4:]),
    "a deletion": (405, b"DELETE" + post(TYPED)[4:]),
    "a trace": (405, b"TRACE" + post(TYPED)[4:]),
    "an old receipt": (410, f"GET /send/receipt/x HTTP/1.1\r\n{HEAD}\r\n".encode()),
    "far too much": (413, post(TYPED, LONG)),
    "far too much, said beforehand": (413, post(TYPED, length="300000000")),
    "far too much in chunks": (413, chunked(*[LONG[:65536]] * 9)),
    "an endless address": (414, post(TYPED, line="/" + "x" * 9000)),
    "no type": (415, post(HEAD, b"message=a")),
    "another type": (415, post(f"{HEAD}Content-Type: text/plain\r\n", b"message=a")),
    "files": (415, post(f"{HEAD}Content-Type: multipart/form-data; boundary=x\r\n", b"--x")),
    "a body in a coding": (415, post(f"{TYPED}Content-Encoding: gzip\r\n", b"\x1f\x8b")),
    "another expectation": (417, post(f"{TYPED}Expect: kanarche\r\n")),
    "an endless header": (431, post(f"{TYPED}X-A: {'x' * 9000}\r\n")),
    "endless headers": (431, post(TYPED + "X-A: x\r\n" * 200)),
}


def test_every_refusal_has_telephones(running: tuple[str, Path]) -> None:
    """Application or server, each refuses with its status, in Bulgarian, with 112 and 116 111.

    Danger comes first, and another try only where it is safe. Afterwards the service still takes
    requests, and nothing that was sent stands in its log.
    """
    url, folder = running
    needed = (
        'lang="bg"',
        'href="tel:112"',
        'href="tel:116111"',
        "Ако има опасност сега, обадете се",
    )
    wrong = {}
    for name, (status, request) in REFUSED.items():
        got, page = answer(url, request)
        lacks = [part for part in needed if part not in page]
        said = page.partition("<main")[2]
        again = re.search("опитайте|изпратите по-малко", said)
        if (
            again
            and not 0 < said.find("опасност сега") < said.find("Ако е безопасно") < again.start()
        ):
            lacks.append("danger first, then when it is safe")
        if got != status or lacks or "kanarche" in page:
            wrong[name] = got, lacks
    assert wrong == {}
    assert "kanarche" not in (folder / "web.log").read_text()


TAKEN = {
    "as a browser sends it": "",
    "a name for the script": "SCRIPT_NAME: /x\r\n",
    "a name for the script, in small letters": "script_name: /send\r\n",
    "another address": "PATH_INFO: /x\r\n",
    "schemes that disagree": "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n",
    "other names of the host": "X-Forwarded-Host: [\r\nX-Forwarded-Prefix: /x\r\nForwarded: x\r\n",
    "a wait for a go-ahead": "Expect: 100-continue\r\n",
    "a cookie of elsewhere": "Cookie: \xe4=;;=\r\n",
    "a part of the answer": "Range: bytes=5-2\r\nIf-Match: x\r\nAccept: kanarche\r\n",
}


def letter_body(letter: dict[str, Any], name: str) -> bytes:
    return urlencode(letter | {"name": name}, doseq=True).encode()


def test_odd_headers_take_nothing_away(
    running: tuple[str, Path],
    letter: dict[str, Any],
) -> None:
    """Headers that nobody should send change nothing: the letter is taken."""
    url, _ = running
    got = {
        name: answer(url, post(f"{TYPED}{headers}", letter_body(letter, name)))[0]
        for name, headers in TAKEN.items()
    }
    assert got == dict.fromkeys(TAKEN, 303)


@pytest.mark.parametrize("kind", [FORM_TYPE, f"{FORM_TYPE};charset=UTF-8", FORM_TYPE.upper()])
def test_odd_ways_of_sending_are_letters_too(
    running: tuple[str, Path],
    letter: dict[str, Any],
    kind: str,
) -> None:
    """In chunks, by HTTP/1.0, with a character set: the letter is taken."""
    url, _ = running
    head = f"{HEAD}Content-Type: {kind}\r\n"
    body = letter_body(letter, "на части")
    assert answer(url, chunked(body[:100], body[100:], head=head))[0] == 303
    old = post(head, letter_body(letter, "отпреди")).replace(b"HTTP/1.1", b"HTTP/1.0")
    assert answer(url, old)[0] == 303


def test_a_letter_leaves_no_line(
    running: tuple[str, Path],
    letter: dict[str, Any],
) -> None:
    """Nobody can read from the log of the web process that somebody wrote."""
    url, folder = running
    log = folder / "web.log"
    before = log.read_text()
    assert "listening" in before
    for number in range(5):
        assert answer(url, post(TYPED, letter_body(letter, str(number))))[0] == 303
    assert answer(url, post(TYPED, b"message=a"))[0] == 422
    answer(url, REFUSED["no request at all"][1])
    wait_for(lambda: "Invalid request" in log.read_text())
    (line,) = log.read_text().removeprefix(before).splitlines()
    assert "Invalid request" in line
