"""Senders that nobody wants: what each sends, and how often. Loopback only, bounded in number."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from tools.torture.parts import FORM_TYPE, LETTER, PATH, encode_letter

PATH_OF_FORM = PATH.format(centre="harmanli")
MOST = 2_000  # requests of one client
HUGE = 300 * 1024 * 1024


def request(port: int, body: bytes, kind: str = FORM_TYPE, headers: str = "") -> bytes:
    return head(port, len(body), kind, headers) + body


def head(port: int, length: int, kind: str = FORM_TYPE, headers: str = "") -> bytes:
    return (
        f"POST {PATH_OF_FORM} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n{headers}\r\n"
    ).encode()


def send(port: int, whole: bytes, source: str = "127.0.0.1", timeout: float = 40) -> int:
    """The status of the answer; 0 if none came. A whole request from that loopback address."""
    if source != "127.0.0.1":  # straight to the service nobody else says whose it is
        whole = whole.replace(b"\r\n\r\n", f"\r\nX-Forwarded-For: {source}\r\n\r\n".encode(), 1)
    try:
        with socket.create_connection(
            ("127.0.0.1", port), timeout=timeout, source_address=(source, 0)
        ) as line:
            line.sendall(whole)
            return status_of(line)
    except OSError:
        return 0


def status_of(line: socket.socket) -> int:
    """Read the answer to its end; its status."""
    answer = line.recv(65536)
    while line.recv(65536):
        pass
    return int(answer[9:12] or 0)


@dataclass(frozen=True)
class Sender:
    """`clients` processes; each does `once` again and again, `pause` seconds between."""

    name: str
    once: Callable[[int, int, float], str]
    clients: int = 4
    pause: float = 0.2


def go_on(name: str, port: int, client: int, until: float) -> Counter[str]:
    """What a client of the sender with this name was answered, until that monotonic time."""
    sender = next(one for one in (*STRAIGHT, *THROUGH) if one.name == name)
    answers: Counter[str] = Counter()
    for number in range(MOST):
        if time.monotonic() >= until:
            break
        answers[sender.once(port, client * MOST + number, until)] += 1
        time.sleep(sender.pause)
    return answers


def _posts(body: bytes, kind: str = FORM_TYPE) -> Callable[[int, int, float], str]:
    return lambda port, _number, _until: str(send(port, request(port, body, kind)) or "none")


def _wrong_type(port: int, number: int, _until: float) -> str:
    files = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    kinds = [
        ("multipart/form-data; boundary=x", files + bytes(200_000) + b"\r\n--x--\r\n"),
        ("application/json", b"[" * 200_000),
        ("text/plain", bytes(200_000)),
        (f"{FORM_TYPE}; charset=utf-7", encode_letter(LETTER)),
    ]
    kind, body = kinds[number % len(kinds)]
    return str(send(port, request(port, body, kind)) or "none")


def _slowly(port: int, number: int, until: float) -> str:
    """A body that comes a byte at a time, on 20 lines of this client at once."""
    lines = []
    try:
        for _ in range(20):
            line = socket.create_connection(("127.0.0.1", port), timeout=5)
            line.sendall(head(port, 1000) + b"message=")
            lines.append(line)
        while time.monotonic() < until:
            time.sleep(1)
            for line in lines:
                line.sendall(b"a")
    except OSError:
        return "20 lines, cut"
    finally:
        for line in lines:
            line.close()
    return "20 lines, held"


def _huge(port: int, _number: int, until: float) -> str:
    """300 MB, as long as somebody takes them."""
    piece = b"a" * 65536
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(head(port, HUGE))
            for _ in range(HUGE // len(piece)):
                line.sendall(piece)
                if time.monotonic() > until + 10:
                    return "not at its end"
            return str(status_of(line) or "none")
    except OSError:
        return "cut"


def _valid(address: Callable[[int], str]) -> Callable[[int, int, float], str]:
    """Letters that are in order, from such an address each; straight to the service."""

    def once(port: int, number: int, _until: float) -> str:
        body = encode_letter({**LETTER, "message": f"Писмо от потоп {number}."})
        caller = f"X-Forwarded-For: {address(number)}\r\n"
        return str(send(port, request(port, body, headers=caller)) or "none")

    return once


def _form(message: str) -> bytes:
    return encode_letter({**LETTER, "message": message})


MARKS = Sender("64 KB of combining marks", _posts(_form("а" + "\u0301" * 32_768)))
TOO_LONG = Sender("letters of 30,000 signs", _posts(_form("дума " * 6_000)))
FIELDS = Sender("50,000 fields", _posts(b"&".join(b"f%d=%d" % (n, n) for n in range(50_000))))
SAME_FIELD = Sender(
    "one field 50,000 times", _posts(b"&".join([quote("services").encode() + b"=a"] * 50_000))
)
TYPES = Sender("wrong content types, 200 KB", _wrong_type)
SLOW = Sender("bodies a byte a second, 80 lines", _slowly, pause=1)
ONE_NETWORK = Sender("valid letters from one /24", _valid(lambda n: f"192.0.2.{n % 256}"))
ONE_48 = Sender(
    "valid letters from one IPv6 /48", _valid(lambda n: f"2001:db8:7:{n * 257 % 65536:x}::1")
)
POSTS = Sender("a POST of 300 MB", _huge, clients=1, pause=1)

STRAIGHT = (MARKS, TOO_LONG, FIELDS, SAME_FIELD, TYPES, ONE_NETWORK, ONE_48, SLOW)
THROUGH = (MARKS, SLOW, POSTS)
