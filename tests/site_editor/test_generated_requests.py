"""Whatever a browser, or somebody with a program, sends to the editor's addresses."""

from __future__ import annotations

import os
import re
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from lxml import html
from werkzeug.routing import Rule

from site_build.pipeline import Project
from site_editor.sections import SECTIONS
from site_editor.web.app import create_app
from site_editor.web.deployment import Deployment
from site_model.loading.loader import load_content
from tests.support.content.translated import TWO
from tests.support.editor import DAY, HOST, OURS, Waiting
from tests.support.project import copy_project

EXAMPLES = int(os.environ.get("OPORA_FUZZ_EXAMPLES", "60"))
TOKEN = "token-of-this-run"
METHODS = (
    *("POST",) * 12,
    "GET",
    "GET",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "ODD",
)
ODD = (
    *("", " ", "0", "-1", "x", "я", "..", "../../etc/passwd", "%2e%2e", "a/b", "a\\b", "C:", "CON"),
    *("\x00", "\ud800", "\ufffe", "\u202e", "x" * 3000, "[" * 3000, "{}", "[]", "null", "true"),
    *("<script>", "'\"", "{{ 7*7 }}", "%(x)s", "${x}", "look", "publish", "add:phones", "remove:x"),
    *("up:phones-0", "add:" + "a-" * 40, "checked_on", "services.social", "1" * 400, "1e999", "0x"),
    *('{"phones": 5}', '{"a": [[[]]]}', "24/7", "Mo-Su", "2026-02-30", "harmanli", "sopot", "site"),
)
NAMES = (
    *(
        "token",
        "do",
        "base",
        "what",
        "version",
        "told",
        "open",
        "new-kind",
        "right",
        "file",
        "origin-kind",
        "origin-file",
    ),
    *("phones", "phones-0", "phones-0-number", "phones-0-from", "phones-999-number", "w-place"),
    *(
        "a-b-c",
        "-",
        "--",
        "-0",
        "0-0",
        "__class__",
        "w-",
        "name-text-bg",
        "id",
        "letters",
        "notices",
    ),
)
ARGUMENTS = {
    "centre": ("harmanli", "harmanli", "harmanli", "sopot"),
    "slug": tuple(one.slug for one in SECTIONS),
    "language": ("tr", "ar"),
    "name": ("contact", "referral"),
    "number": ("1", "2"),
}


class Asked:
    """One project at its editor, and requests made by chance; no site is built of its changes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        deployment = Deployment(lambda: TOKEN, build=lambda _: None, forms=True, begins=True)
        self.app = create_app(lambda: Project(project.root, today=DAY), {HOST}, deployment)
        self.app.test_client_class = Waiting
        self.client = self.app.test_client()
        self.rules = [*self.app.url_map.iter_rules()]
        self.pages: dict[str, dict[str, Any]] = {}

    def request(self, random: Random) -> tuple[str, Any]:
        """The address that was asked, and the answer."""
        path = self.path(random)
        headers = dict(OURS)
        if random.random() < 0.1:
            headers[random.choice([*headers, "Content-Type", "X"])] = odd_header(random)
        fields = self.fields(path, random)
        body: dict[str, Any] = {"data": {plain(name): plain(fields[name]) for name in fields}}
        if random.random() < 0.15:
            kind = random.choice(("multipart/form-data", "multipart/form-data; boundary=x"))
            kinds = (kind, "application/json", "application/x-www-form-urlencoded", "x")
            body = {
                "data": random.randbytes(200) + b"--x\r\n",
                "content_type": random.choice(kinds),
            }
        elif random.random() < 0.3:
            pairs = [(odd_bytes(name), odd_bytes(value)) for name, value in fields.items()]
            sent = "&".join(f"{quote_from_bytes(a)}={quote_from_bytes(b)}" for a, b in pairs)
            kind = "application/x-www-form-urlencoded; charset=" + random.choice(("utf-8", "utf-7"))
            body = {"data": sent, "content_type": kind}
        method = random.choice(METHODS)
        return path, self.client.open(path, method=method, headers=headers, **body)

    def path(self, random: Random) -> str:
        rule: Rule = random.choice(self.rules)

        def filled(found: re.Match[str]) -> str:
            name = found[0].strip("<>").rpartition(":")[2]
            usual = ARGUMENTS.get(name, ODD)
            value = random.choice(usual if random.random() < 0.85 else ODD)
            return quote_from_bytes(odd_bytes(value), safe="")

        return re.sub("<[^>]*>", filled, rule.rule) or "/"

    def fields(self, path: str, random: Random) -> dict[str, Any]:
        """What the page at an address would send, with a few fields that it would not."""
        sent: dict[str, Any] = {}
        if random.random() < 0.8:
            sent |= self.pages.setdefault(path, self.own_fields(path))
        if random.random() < 0.9:
            sent["token"] = TOKEN
        for _ in range(random.randrange(4)):
            name = random.choice((*NAMES, *list(sent)[:50], random.choice(ODD)))
            sent[name] = random.choice(ODD)
        if random.random() < 0.7:
            of_forms = ("open:1", "list:", "new", "up:fields-1", "remove:fields-0", "see:", "drop")
            of_facts = ("look", "look", "edit", "publish", "add:phones", "accept", "dropped")
            sent["do"] = random.choice((*of_facts, *(of_forms if "_formulyari" in path else ())))
        return sent

    def own_fields(self, path: str) -> dict[str, Any]:
        page = self.client.get(path, headers=OURS)
        forms = html.fromstring(page.text).forms if page.mimetype == "text/html" else []
        return dict(max((dict(one.form_values()) for one in forms), key=len, default={}))

    def files(self) -> dict[str, tuple[int, int]]:
        """Each file of the project, but those that the editor keeps for itself or tries out."""
        return {
            str(file.relative_to(self.project.root)): (file.stat().st_mtime_ns, file.stat().st_size)
            for top in ("content", "docs", "locale", "site", "mkdocs.yml", "x")
            for file in (self.project.root / top, *(self.project.root / top).rglob("*"))
            if file.is_file()
        } | {str(file): (0, 0) for file in self.project.root.parent.iterdir()}


def plain(text: str) -> str:
    """A text that can be sent as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def odd_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def odd_header(random: Random) -> str:
    return random.choice([one for one in ODD if one.isascii() and one.isprintable()])


def may_be_written(path: str) -> re.Pattern[str]:
    """The files that a request to an address may write."""
    first = path.strip("/").partition("/")[0]
    if first == "_formulyari":
        return re.compile(r"content/(forms/[a-z0-9_-]+|form_versions)\.yml")
    if first == "_nov-tsentar":
        return re.compile("(?!)")  # its answers lie elsewhere
    name = re.escape(first)
    own = rf"(?:centres|remembered)/{name}\.yml|sources/{name}(?:-[\d-]+)?\.txt|photographs/[\w.-]+"
    return re.compile(rf"content/(?:{own})")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(copy_project(tmp_path_factory.mktemp("asked") / "site", languages=TWO))


@pytest.mark.parametrize("part", range(3))
def test_no_request_ends_in_a_fault_or_writes_elsewhere(part: int, asked: Asked) -> None:
    """Any method, name, field and byte: never a fault of ours, no file of another centre, no file
    outside, and what is written is what `check` takes.
    """
    for number in range(part, EXAMPLES, 3):
        ask(asked, number)


def ask(asked: Asked, number: int) -> str:
    """Send one request; returns what it was and what came of it."""
    before = asked.files()
    path, answer = asked.request(Random(number))  # noqa: S311
    assert answer.status_code < 500, (number, path, answer.text[-2000:])
    changed = {name for name, _ in before.items() ^ asked.files().items()}
    allowed = may_be_written(path)
    assert all(map(allowed.fullmatch, changed)), (number, path, changed)
    if changed:
        load_content(asked.project.content)
    return f"{answer.status_code} {path} {sorted(changed)}"
