"""Headers that root's web server includes are the release's, whatever the build's user wrote."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.output.server_files import SERVER_FILES, write_server_files
from site_model.security_headers import USES

MOVED = {"/kontakti/": "/harmanli/kontakti/", "/a.pdf": "/harmanli/a.pdf", "/b/": "/"}
SERVICES = ("", "https://pisma.example.org", "http://127.0.0.1:8010")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "site.yml").touch()
    write_server_files(tmp_path / "build" / "headers", USES, SERVICES[1], MOVED)
    return tmp_path


def install(project: Path) -> int:
    return main(["install-headers", "--project", str(project), str(project / "etc")])


def installed(project: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (project / "etc").iterdir()}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("number", range(len(USES) + 1))
def test_what_a_build_writes_is_installed(project: Path, number: int, service: str) -> None:
    """Every policy that a site may need comes through as it was written, for both servers."""
    folder = project / "build" / "headers"
    for uses in combinations(USES, number):
        write_server_files(folder, uses, service if "form-action" in uses else "", MOVED)
        assert install(project) == 0
        assert installed(project) == {name: (folder / name).read_text() for name in SERVER_FILES}
    assert (project / "etc" / "site.caddy").stat().st_mode & 0o777 == 0o644


CADDY, NGINX = "site.caddy", "site.nginx.conf"
STRANGE = {
    "a directive more": (CADDY, "header {\n", "reverse_proxy /send/* evil.example\nheader {\n"),
    "an include": (NGINX, "gzip_static on;", "include /etc/shadow;\ngzip_static on;"),
    "a place more": (NGINX, "gzip_static on;", "}\nlocation /send/ { proxy_pass http://evil; }"),
    "a second directive in a line": (NGINX, "always;\n", "always; alias /;\n"),
    "a comment that is none": (NGINX, "# brotli_static on;", "brotli_static on; root /;"),
    "a weaker policy": (CADDY, "default-src 'none'", "default-src *"),
    "a use more": (CADDY, "; base-uri", "; object-src *; base-uri"),
    "a strange origin": (CADDY, "https://pisma.example.org", "https://evil.example;x"),
    "an origin with a variable": (NGINX, "https://pisma.example.org", "https://$http_x"),
    "a placeholder": (CADDY, "https://pisma.example.org", "https://{env.HOME}"),
    "a header less": (NGINX, 'add_header X-Content-Type-Options "nosniff" always;\n', ""),
    "a header's other value": (NGINX, "no-referrer", "unsafe-url"),
    "HSTS before its day": (CADDY, "\t# Strict-Transport", "\tStrict-Transport"),
    "a sign of no width": (NGINX, "gzip_static on;", "gzip_static on;\u200b"),
    "a way out": (CADDY, "redir /kontakti/ /harmanli", "redir /kontakti/ //evil.example"),
    "a way out of nginx": (NGINX, "^/kontakti/?$ /harmanli", "^/kontakti/?$ https://evil.example"),
    "every page elsewhere": (NGINX, "rewrite ^/kontakti/?$", "rewrite ^/.*$"),
    "a way with a variable": (CADDY, "redir /b/ / 301", "redir /b/ /{env.HOME} 301"),
    "a line more": (CADDY, "file_server {", "\nfile_server {"),
    "nothing": (CADDY, "", None),
}


@pytest.mark.parametrize("case", STRANGE)
def test_anything_else_is_refused(
    project: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that is not ours keeps the old ones, of both files; the line itself is not said."""
    assert install(project) == 0
    before = installed(project)
    name, old, new = STRANGE[case]
    file = project / "build" / "headers" / name
    text = file.read_text()
    assert old in text
    file.write_text("" if new is None else text.replace(old, new, 1))
    assert install(project) == 1
    assert installed(project) == before
    said = capsys.readouterr().err
    assert "не са сменени" in said
    assert f"{name}: ред " in said
    assert "evil" not in said


def test_letters_go_only_where_the_operator_says(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy that lets forms through to another origin than the settings name is refused."""
    command = ["install-headers", "--project", str(project), str(project / "etc"), "--letters"]
    for wrong in ("", "https://pisma.example.com"):
        assert main([*command, wrong]) == 1
        assert SERVICES[1] in capsys.readouterr().err
        assert not (project / "etc").exists()
    assert main([*command, SERVICES[1]]) == 0


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "bytes", "missing", "long"])
def test_what_is_no_plain_text_file_is_refused(
    project: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Root follows no link of the build's user, waits for no pipe and reads nothing for ever."""
    file = project / "build" / "headers" / NGINX
    moved = file.rename(project / "moved")
    match kind:
        case "link":
            file.symlink_to(moved)
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "bytes":
            file.write_bytes(b"\xff\x00" + moved.read_bytes())
        case "long":
            file.write_text(moved.read_text() + "\n" * 1_000_000)
    assert install(project) == 1
    assert not (project / "etc").exists()
    assert NGINX in capsys.readouterr().err
