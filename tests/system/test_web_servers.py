"""The kit's web servers before a real service: both Caddys and nginx, with the files of deploy/."""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import html

from contact_service.settings.service import Settings
from site_build.output.server_files import write_server_files
from site_model.content import Content
from site_model.security_headers import USES
from site_model.urls import site_root
from tests.support.machine.around import service
from tests.support.machine.fronts import KINDS, Answer, Front, caddy, caddy_places, front_of
from tests.support.pages.static_server import header_lines
from tests.support.project import ROOT, SHORTEST_LETTER, free_port
from tests.support.waiting import PATIENCE

FORM = "/send/bg/harmanli/contact"
HOST = "Host: 127.0.0.1\r\nConnection: close"  # the name of its site here


@pytest.fixture(params=KINDS)
def front(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Iterator[Front]:
    with front_of(request.param, site, tmp_path) as front:
        yield front


def test_files_have_the_builds_headers_and_age(front: Front, site: Path) -> None:
    """Pages are asked for anew each time; what is named by its bytes is kept for a year."""
    headers = header_lines(site.parent / "build" / "headers")
    style = html.fromstring(front.asks("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    for path, status in (("/", 200), ("/harmanli/kontakti/", 200), (style, 200), ("/no/", 404)):
        got = front.asks(path)
        assert got.status == status
        assert {name: got.headers.get(name) for name in headers} == headers
        kept = "public, max-age=31536000, immutable" if path == style else "no-cache"
        assert got.headers["Cache-Control"] == kept
    assert "Няма такава страница" in front.asks("/no/").text


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_says_what_it_is(kind: str, site: Path, tmp_path: Path) -> None:
    """Browsers may not guess (nosniff): a card that is „some bytes“ opens in no address book."""
    own = tmp_path / "project" / "site"  # the site itself is read by other tests meanwhile
    shutil.copytree(site, own)
    (own.parent / "content").symlink_to(site.parent / "content")
    write_server_files(own.parent / "build" / "headers", USES, "", {})
    # Neither of the real centres has one.
    (own / "programi-harmanli.ics").write_text("BEGIN:VCALENDAR", encoding="utf-8")
    files = {path.suffix: path for path in own.rglob("[!.]*.*") if path.is_file()}
    with front_of(kind, own, tmp_path) as front:
        said = {kind: type_of(front, path.relative_to(own)) for kind, path in files.items()}
    texts = {".vcf": "text/vcard", ".csv": "text/csv", ".ics": "text/calendar"}
    assert {kind: said[kind] for kind in texts} == {
        kind: f"{name}; charset=utf-8" for kind, name in texts.items()
    }
    packed = {".gz", ".br"}  # never asked for by name
    assert not {kind for kind in said.keys() - packed if "octet-stream" in said[kind]}


def type_of(front: Front, file: Path) -> str:
    address = f"{front.address}/{file.as_posix().removesuffix('index.html')}"
    with urllib.request.urlopen(address, timeout=PATIENCE) as got:
        return str(got.headers["Content-Type"])


def test_what_is_missing_is_said_in_the_language_of_the_address(front: Front) -> None:
    """Each language's own page, also deep below; what only looks like a language is Bulgarian."""
    said = {
        "/en/no/": "en",
        "/en/harmanli/no": "en",
        "/ar/no/": "ar",
        "/tr/harmanli/uslugi/no/": "tr",
        "/xx/no/": "bg",
        "/harmanli/en/no/": "bg",
        "/en": None,  # leads to the folder
    }
    for path, language in said.items():
        got = front.asks(path)
        if language is None:
            assert got.status in (301, 308)
            continue
        assert got.status == 404, path
        assert html.fromstring(got.text).get("lang") == language, path
        assert got.headers["Content-Security-Policy"]
        assert got.headers["Cache-Control"] == "no-cache"


MOVED = {
    "/kontakti/": "/harmanli/kontakti/",
    "/listovka-harmanli.pdf": "/harmanli/listovka-harmanli.pdf",
}


@pytest.mark.parametrize("kind", KINDS)
def test_old_addresses_lead_on(kind: str, site: Path, tmp_path: Path) -> None:
    """For good (301), pages and sheets; what is near them is as before."""
    project = tmp_path / "project"
    write_server_files(project / "build" / "headers", USES, "", MOVED)
    (project / "site").symlink_to(site)
    (project / "content").symlink_to(site.parent / "content")
    with front_of(kind, project / "site", tmp_path) as front:
        for old, new in MOVED.items():
            got = front.asks(old)
            assert got.status == 301, old
            assert urllib.parse.urlsplit(got.headers["Location"]).path == new
            assert front.asks(f"{old}no/").status == 404
        assert front.asks("/harmanli/kontakti/").status == 200


def test_service_answers_with_its_own_headers(front: Front, site: Path, tmp_path: Path) -> None:
    """Its page comes through with its own headers, and nobody keeps it."""
    with service(front.service, site.parent, tmp_path):
        got = front.asks(FORM, {"message": "Проба"})
    assert got.status == 422
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["X-Robots-Tag"] == "noindex"


def test_a_letter_waits_for_a_service_that_starts(
    front: Front, site: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Caddy holds it with all that was written; nginx says at once to try again."""
    answers: list[Answer] = []
    posting = threading.Thread(
        target=lambda: answers.append(front.asks(FORM, {**SHORTEST_LETTER, "message": "Чакам."}))
    )
    posting.start()
    time.sleep(1)
    with service(front.service, site.parent, tmp_path):
        posting.join()
    (got,) = answers
    if "nginx" in request.node.name:
        assert got.status == 503
        return
    assert got.status == 503  # no recipient is set up, so it is not taken, and what was written
    assert "Чакам." in got.text  # comes back
    assert "Сега не можем да приемем писмото" in got.text


def test_without_the_service(front: Front, site: Path) -> None:
    """The visitor reads whom to call, and nothing that the web server cannot know."""
    got = front.asks(FORM, SHORTEST_LETTER)
    assert got.status in (502, 503)
    assert "Не знаем дали писмото е прието" in got.text
    assert "запазено при нас" not in got.text  # the line may break after the letter was stored
    (script,) = html.fromstring(got.text).xpath("//head/script[@type='module']/@src")
    assert front.asks(script).text == (site / "assets" / "exit.js").read_text()
    assert "script-src 'self'" in got.headers["Content-Security-Policy"]


def test_an_answer_that_breaks_off_names_nobody(front: Front) -> None:
    """A service that is killed while it answers: Caddy logs that, and would log the request."""

    def half() -> None:
        connection, _ = service.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    with socket.create_server(("127.0.0.1", front.service)) as service:
        answering = threading.Thread(target=half)
        answering.start()
        said_to(front, head("Content-Length: 6") + b"canary")
        answering.join(timeout=PATIENCE)
    said = front.said.read_text()
    assert front.plain or "incomplete response" in said  # reached, where errors are logged at all
    assert not re.search(r"/send/|canary|remote_ip|client: ?127", said)


@pytest.mark.parametrize("name", ["no-service", "too-long"])
def test_its_facts_are_those_of_the_site(content: Content, site: Path, name: str) -> None:
    """The web servers' pages are not built, so their numbers, their links to help in each
    language and all of „Бързо излизане“ are held against the facts and a built page here."""
    page = html.fromstring((ROOT / "deploy" / "pages" / f"{name}.html").read_text())
    danger, talk = content.first_lines
    links = {code: list(said.iter("a")) for code, said in in_languages(page).items()}
    help_pages = {code: f"{site_root(content.site, code)}pomosht/" for code in links}
    assert set(links) == {language.code for language in content.site.languages}
    for code, found in links.items():
        assert found[0].get("href") == f"tel:{danger.dialled}", code
        assert [one.text for one in found if one.get("href") == "tel:112"] == [danger.number], code
        assert help_pages[code] in [one.get("href") for one in found], code
    assert [one.text for one in links["bg"] if one.get("href") == f"tel:{talk.dialled}"] == [
        talk.number
    ]
    usual = html.fromstring((site / "index.html").read_text())
    for part in ("a[@class='exit']", "*[@role='status']"):  # what exit.js finds on every page
        (own,), (one,) = (tree.xpath(f"//header//{part}") for tree in (page, usual))
        assert dict(own.attrib) == dict(one.attrib)
    assert page.xpath("//head/script/@src") == ["/assets/exit.js"]


def in_languages(page: html.HtmlElement) -> dict[str, html.HtmlElement]:
    """What the page says in each language, and that it runs that language's way."""
    said = {page.get("lang"): page.find(".//main")}
    for part in said["bg"].xpath("*[@lang]"):
        part.drop_tree()
        said[part.get("lang")] = part
        assert (part.get("dir") == "rtl") == (part.get("lang") == "ar")
    return said


def test_page_of_a_long_letter_promises_no_way_back() -> None:
    """In some browsers the text is gone after „Назад“; the size is said in pages."""
    text = (ROOT / "deploy" / "pages" / "too-long.html").read_text()
    assert "Назад" not in text
    assert "40 страници" in text


def test_a_long_letter_meets_the_service_and_no_disk(
    front: Front, site: Path, tmp_path: Path
) -> None:
    """What the service takes passes both ways whole, with no folder to write it to."""
    for folder in ("client_body", "proxy"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)  # nginx fails where it wants one
    most = Settings.model_fields["largest_request_bytes"].default
    letter = "ж" * (most // 6 - 200)  # six bytes each in the form's own encoding
    with service(front.service, site.parent, tmp_path):
        got = front.asks(FORM, {"message": letter})
    assert got.status == 422
    assert letter in got.text


def test_a_letter_longer_than_any(front: Front) -> None:
    """300 MB are answered with telephones, and cost the web server no memory."""
    with socket.create_connection(("127.0.0.1", front.port), timeout=PATIENCE) as line:
        line.sendall(head("Content-Length: 300000000"))
        with suppress(OSError):  # it is free to hang up
            for _ in range(300):
                line.sendall(b"a" * 1_000_000)
    assert peak_megabytes(front.process) < 150
    # The same without its bytes, since an answer may be lost where the line is cut.
    got = said_to(front, head("Content-Length: 1000000"))
    assert b" 413 " in got.partition(b"\r\n")[0]
    assert "твърде дълго" in got.decode()
    assert "tel:116111" in got.decode()


def test_a_letter_without_a_length_is_not_cut(front: Front, site: Path, tmp_path: Path) -> None:
    """A body in pieces is refused or taken whole; a part of it never counts as the letter."""
    pieces = b"%x\r\n%b\r\n" % (200_000, b"message=" + b"a" * 199_992)
    with service(front.service, site.parent, tmp_path):
        got = said_to(front, head("Transfer-Encoding: chunked") + pieces * 10 + b"0\r\n\r\n")
    assert b" 413 " in got.partition(b"\r\n")[0]


FASTER = {
    "nginx": {"client_header_timeout 15s": "client_header_timeout 1s",
              "client_body_timeout 30s": "client_body_timeout 1s"},
    "Caddy": {"read_header 15s": "read_header 1s", "read_body 3m": "read_body 1s"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("begun", [b"POST / HTTP/1.1\r\nHost: x", b""], ids=["head", "body"])
def test_nobody_holds_a_line_for_ever(kind: str, begun: bytes, site: Path, tmp_path: Path) -> None:
    """Who stops in the middle of a request is hung up on; others are served."""
    begun = begun or head("Content-Length: 1000") + b"message=half"
    changes = FASTER["nginx" if kind == "nginx" else "Caddy"]
    with front_of(kind, site, tmp_path, changes) as front:
        said_to(front, begun)  # returns when the server has hung up
        assert front.asks("/").status == 200


def test_nothing_names_who_reads_or_writes(front: Front, site: Path, tmp_path: Path) -> None:
    """No log, no file beside it has an address of a page, a visitor or a letter's words."""
    paths = ["/favicon.ico", "/canary-page/", "/canary%00", "/" + "canary" * 9000]
    for path in paths:
        said_to(front, f"GET {path} HTTP/1.1\r\n{HOST}\r\n\r\n".encode())
    said_to(front, f"GET /canary HTTP/1.1\r\n{HOST}\r\nbad canary header\r\n\r\n".encode())
    said_to(front, b"canary \x16\x03\x01")
    said_to(front, head("Content-Length: 1000000"))
    front.asks(FORM, SHORTEST_LETTER | {"message": "canary"})  # no service
    with service(front.service, site.parent, tmp_path / "service"):
        front.asks(FORM, SHORTEST_LETTER | {"message": "canary"})
    if front.plain:
        for path in ("/canary", "/.well-known/acme-challenge/canary", "/favicon.ico"):
            said_to(front, f"GET {path} HTTP/1.1\r\n{HOST}\r\n\r\n".encode(), front.plain)
    names = re.compile(rb"canary|favicon|/send/bg|remote_ip|client: ?127")
    config = {"kit", "Caddyfile", "nginx.conf", "autosave.json"}
    files = [f for f in tmp_path.rglob("*") if f.is_file() and f.name not in config]
    found = {str(f): names.findall(f.read_bytes()) for f in files if "service" not in f.parts}
    assert {file: what for file, what in found.items() if what} == {}


@pytest.mark.parametrize("kind", KINDS[:2])
def test_caddy_takes_orders_from_its_own_user_alone(kind: str, site: Path, tmp_path: Path) -> None:
    """No port of the machine changes its configuration; `systemctl reload` still does."""
    with front_of(kind, site, tmp_path) as front:
        assert listening(front.process) == {front.port}
        order = tmp_path / "admin.sock"
        assert stat.S_ISSOCK(order.stat().st_mode)
        assert not order.stat().st_mode & 0o022  # who may not write to a socket cannot connect
        moved, config = free_port(), tmp_path / "Caddyfile"
        config.write_text(config.read_text().replace(str(front.port), str(moved)))
        places = os.environ | caddy_places(kind, tmp_path) | {"OPORA_PROJECT": str(site.parent)}
        subprocess.run(
            [caddy(kind), "reload", "--config", config, "--adapter", "caddyfile", "--force"],
            env=places,
            check=True,
        )
        assert urllib.request.urlopen(f"http://127.0.0.1:{moved}/", timeout=PATIENCE).status == 200


def head(length: str) -> bytes:
    """The head of a letter as a browser sends it, with this line for its length."""
    form = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin"
    return f"POST {FORM} HTTP/1.1\r\n{HOST}\r\n{form}\r\n{length}\r\n\r\n".encode()


def said_to(front: Front, begun: bytes, port: int = 0) -> bytes:
    """What the server says to these bytes until it hangs up or a page has come whole."""
    got = b""
    with (
        socket.create_connection(("127.0.0.1", port or front.port), timeout=PATIENCE) as line,
        suppress(ConnectionResetError, BrokenPipeError),
    ):
        line.sendall(begun)
        while b"</html>" not in got and (more := line.recv(65536)):
            got += more
    return got


def peak_megabytes(process: int) -> float:
    """The most memory that a server and its workers have held at once, each at its own worst."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    status = [Path(f"/proc/{pid}/status").read_text() for pid in (process, *children)]
    return sum(int(re.findall(r"VmHWM:\s+(\d+)", one)[0]) for one in status) / 1024


def listening(process: int) -> set[int]:
    """The TCP ports on which a process waits to be called (proc(5))."""
    own = {str(fd.readlink()) for fd in Path(f"/proc/{process}/fd").iterdir() if fd.is_symlink()}
    table = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{process}/net/{name}").read_text().splitlines()[1:]
    ]
    waiting = [row for row in table if row[3] == "0A" and f"socket:[{row[9]}]" in own]
    return {int(row[1].rpartition(":")[2], 16) for row in waiting}


@pytest.mark.parametrize(
    "line",
    [
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_session_tickets off;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
    ],
)
def test_nginx_lines_that_no_request_here_reaches(line: str) -> None:
    """TLS is today's, no key of it is kept, and a sender names no address but their own."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    name = line.rpartition(" ")[0] if line.startswith("proxy") else line.partition(" ")[0]
    assert [one.strip() for one in text.splitlines() if one.strip().startswith(name)] == [line]


def test_caddy_listens_for_orders_on_no_port_as_it_comes() -> None:
    """The place where it takes them is a file of its own user, unless the operator says else."""
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert re.findall(r"^\tadmin (.*)$", text, re.M) == [
        "{$OPORA_CADDY_ADMIN:unix//var/lib/caddy/admin.sock}"
    ]
