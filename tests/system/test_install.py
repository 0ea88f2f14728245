"""The guide for the operator, followed on an empty Debian machine: to a letter in a real mailbox.

The machine boots with systemd (systemd-nspawn); Caddy, Postfix, Dovecot and GnuPG are Debian's.
"""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import subprocess
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPSConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lxml import html

from tests.support.machine.guide import commands
from tests.support.machine.machine import Machine, empty_machine
from tests.support.machine.mail_server import HOST as MAIL_HOST
from tests.support.machine.mail_server import PASSWORD, MailServer, mail_server
from tests.support.machine.network import inside
from tests.support.pages.static_server import header_lines
from tests.support.project import ROOT, SHORTEST_LETTER, copy_working_tree
from tests.support.service.service_parts import Gpg, gpg_with_a_key, readable, text_of
from tests.support.waiting import PATIENCE

GUIDE = "ustanovyavane.md"
SITE = "centre.example.org"
FIRST, SECOND = "0.1.0", "0.2.0"  # the versions that the guide names
PASSPHRASE = "парола на копието"
ANSWERS = "Бяла\n\n\n\n\n\nПомагаме на деца и родители.\n"
"""To `opora new-centre`: the place, and with two words whom the centre helps."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Operator:
    """Somebody with a root shell on the machine, and with the centre's computer beside it."""

    machine: Machine
    mail: MailServer
    gpg: Gpg

    def follows(self, heading: str, **more: str) -> str:
        """Type all commands below a heading of the guide; returns what they said."""
        return "".join(self.machine.do(block, **more) for block in commands(GUIDE, heading))

    def asks(self, path: str, form: dict[str, str] | None = None, cookie: str = "") -> Answer:
        """Ask the site over HTTPS, with its certificate checked; `form` is posted."""
        return inside(self.machine.leader, lambda: self._ask(path, form, cookie))

    def writes(self, message: str) -> None:
        """Send a letter as a browser does, from the page of the form; it has to be accepted."""
        (form,) = html.fromstring(self.asks("/pishete-ni/").text).xpath("//form[@method='post']")
        sent = self.asks(form.get("action"), SHORTEST_LETTER | {"message": message})
        assert sent.status == 303, sent.text + self.machine.journal()
        assert "Прието" in self.asks(sent.headers["Location"]).text

    def reads(self, message: str) -> str:
        """Wait for a letter that gpg opens in the centre's mailbox; what others read of it."""
        seen: list[str] = []

        def arrived() -> bool:
            for mail in self.mail.fetched():
                if message in self.opened(mail):
                    seen.append(readable(mail))
            return bool(seen)

        self.machine.wait(arrived, "letter does not arrive", self.mail.log)
        return seen[0]

    def opened(self, mail: EmailMessage) -> str:
        """What the centre reads: the text inside a PGP/MIME mail, by GnuPG."""
        sealed = list(mail.iter_parts())[1].get_payload(decode=True)
        assert isinstance(sealed, bytes)
        return text_of(self.gpg("--decrypt", input=sealed))

    def _ask(self, path: str, form: dict[str, str] | None, cookie: str) -> Answer:
        root = self.machine.file("/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt")
        trusted = ssl.create_default_context(cafile=root)
        headers = {"Host": SITE, "Origin": f"https://{SITE}", "Accept-Encoding": "identity"}
        if cookie:
            headers["Cookie"] = cookie
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(_BySite("127.0.0.1", context=trusted, timeout=PATIENCE)) as connection:
            connection.request("POST" if form else "GET", path, body, headers)
            with connection.getresponse() as response:
                return Answer(response.status, dict(response.headers), response.read().decode())


class _BySite(HTTPSConnection):
    """Connects to this machine's address, and checks the certificate of SITE."""

    def connect(self) -> None:
        plain = socket.create_connection((self.host, 443), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=SITE)  # type: ignore[attr-defined]


def release(folder: Path, version: str, change: dict[str, str] | None = None) -> Path:
    """The archive of a release made of the working tree; `change` are files with new text."""
    tree = folder / f"opora-{version}"
    copy_working_tree(ROOT, tree)
    for name, text in (change or {}).items():
        (tree / name).write_text(text)
    archive = folder / f"opora-{version}.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", folder, tree.name], check=True)
    return archive


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """The guide followed from its first command until the services run."""
    with ExitStack() as stack:
        machine = stack.enter_context(empty_machine([SITE, MAIL_HOST]))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="opora-mail-")))
        mail = stack.enter_context(mail_server(folder, machine.leader))
        gpg = stack.enter_context(gpg_with_a_key())
        operator = Operator(machine, mail, gpg)
        made = tmp_path_factory.mktemp("release")
        hand_over(operator, release(made, FIRST))
        follow(operator)
        yield operator


def bring(machine: Machine, archive: Path) -> None:
    """Put a release on the machine, as it is downloaded: with its check sums."""
    content = archive.read_bytes()
    machine.file(f"/root/{archive.name}").write_bytes(content)
    line = f"{hashlib.sha256(content).hexdigest()}  {archive.name}\n"
    machine.file("/root/SHA256SUMS").write_text(line)


def with_libraries(machine: Machine, old: str, new: str) -> None:
    """Give a release those of another one, which two minutes of fetching would give it too.

    That they are fetched before anything is stopped is for tests/service_admin to see.
    """
    machine.do(f"mkdir /opt/opora/{new} && cp -al /opt/opora/{old}/.venv /opt/opora/{new}/")


def hand_over(operator: Operator, archive: Path) -> None:
    """What the operator has before the guide begins (its section 1)."""
    machine = operator.machine
    bring(machine, archive)
    machine.file("/root/centre.asc").write_bytes(operator.gpg("--armor", "--export"))
    machine.file("/root/smtp-password").write_text(PASSWORD)
    # The mail server's certificate is one that the machine trusts, as a provider's is.
    own, _, _ = operator.mail.certificate.read_text().partition("-----BEGIN PRIVATE")
    trusted = machine.file("/usr/local/share/ca-certificates/mail.crt")
    trusted.parent.mkdir(parents=True, exist_ok=True)
    trusted.write_text(own)


def follow(operator: Operator) -> None:
    operator.follows("2. ")
    assert "Готово" in operator.follows("3. ")
    operator.follows("4. ", answers=ANSWERS)
    (caddy,) = commands(GUIDE, "5. ")
    # The guide's own way to try without a name in DNS.
    operator.machine.do(caddy.replace("\timport opora\n", "\ttls internal\n\timport opora\n"))
    set_up(operator)
    said = operator.follows("7. ")
    assert "грешно" not in said


def set_up(operator: Operator) -> None:
    """`init` asked and answered; the test letter is fetched and read, and its code given back."""
    *before, init = commands(GUIDE, "6. ")
    for block in before:
        operator.machine.do(block)
    sitting = operator.machine.begin(init)
    assert sitting.stdin
    assert sitting.stdout
    answers = [MAIL_HOST, "starttls", "587", "opora@example.org", "opora@example.org", PASSWORD]
    answers += ["it@example.org", "", "centre@example.org", "openpgp", "/root/centre.asc", "", "да"]
    sitting.stdin.write("".join(f"{answer}\n" for answer in answers))
    sitting.stdin.flush()
    found: list[str] = []

    def code_came() -> bool:
        assert sitting.poll() is None, sitting.communicate()[0]
        for mail in operator.mail.fetched():
            found.extend(re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", operator.opened(mail)))
        return bool(found)

    operator.machine.wait(code_came, "no test letter", operator.mail.log)
    said, _ = sitting.communicate(f"{found[0]}\n", timeout=PATIENCE)
    assert sitting.returncode == 0, said
    assert "Готово: всичко е наред" in said


def test_install_may_be_repeated(operator: Operator) -> None:
    """A second time changes nothing that runs; another folder is refused with the fix."""
    assert "Готово" in operator.machine.do(f"/opt/opora/{FIRST}/deploy/install")
    operator.machine.do(
        "systemctl is-active opora-web.service opora-deliver.service opora-watch.service"
    )
    strange = operator.machine.run(f"cp -r /opt/opora/{FIRST}/deploy /srv/ && /srv/deploy/install")
    assert strange.code == 1
    assert "Разопаковайте изданието в /opt/opora/" in strange.said


def test_site_is_served_as_promised(operator: Operator) -> None:
    """HTTPS with a certificate for the name, the headers of the build, the page for no page."""
    headers = header_lines(operator.machine.file("/srv/opora/build/headers"))
    for path, status in (("/", 200), ("/kontakti/", 200), ("/assets/opora.css", 200), ("/no", 404)):
        answer = operator.asks(path)
        assert answer.status == status
        assert {name: answer.headers.get(name) for name in headers} == headers
    assert "Помагаме на деца и родители." in operator.asks("/").text


def test_a_letter_arrives_sealed(operator: Operator) -> None:
    """From the form to the centre's IMAP mailbox; only the centre's own key opens it."""
    operator.writes("Писмо от празната машина.")
    mail = operator.reads("Писмо от празната машина.")
    assert "празната" not in mail
    assert "-----BEGIN PGP MESSAGE-----" in mail


def test_timers_and_what_they_start(operator: Operator) -> None:
    """Build and heartbeat have their times; a heartbeat goes the whole way and says so."""
    timers = operator.machine.do("systemctl list-timers --no-pager")
    assert "opora-build.timer" in timers
    assert "opora-heartbeat.timer" in timers
    assert "opora-todo.timer" in timers
    operator.machine.do("systemctl start opora-heartbeat.service")


def test_nothing_remembers_who_wrote(operator: Operator) -> None:
    """No log of the machine has the way of a form: also not while the service does not answer."""
    operator.writes("Писмо без следа.")
    machine = operator.machine
    machine.do("systemctl stop opora-web.service")
    away = operator.asks("/send/bg/byala/contact", SHORTEST_LETTER)
    machine.do("systemctl start opora-web.service")
    assert away.status == 502
    assert "Не знаем дали писмото е прието" in away.text
    assert machine.run("journalctl --no-pager | grep -F /send/").said == ""
    assert machine.run("grep -rlF /send/ /var/log --include='*.log*'").said == ""
    # The look itself works: what somebody logs is found.
    machine.do("logger --tag look /send/for/the/test && journalctl --sync --flush")
    assert "/send/for/the/test" in machine.run("journalctl --no-pager | grep -F /send/").said


def test_units_are_shut(operator: Operator) -> None:
    """The exposure that systemd reckons is at most what the guide says; the network is closed."""
    text = (ROOT / "docs" / "guide" / "install.md").read_text()
    promised = dict(re.findall(r"^\| `(opora-[a-z]+\.service)` \| ([0-9.]+) \|", text, re.M))
    assert len(promised) == 7
    for unit, most in promised.items():
        said = operator.machine.do(f"systemd-analyze security --no-pager {unit}")
        (score,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", said)
        assert float(score) <= float(most), said


def test_people_of_the_centre_edit_it(operator: Operator) -> None:
    """Turned on as the guide says: a link comes sealed, lets one in, a telephone is published, and
    systemd has the site built. The editor's user may write facts alone. Turned off, it is gone.
    """
    machine = operator.machine
    assert operator.asks("/edit/").status == 404
    on, off = commands("podrazhka.md", "12. ")
    said = machine.do(on)
    assert "редактор: включен и работи" in said and "грешно" not in said
    assert "Вижте пощата" in operator.asks("/edit/vhod/", {"centre": "byala"}).text
    link = re.search(rf"^https://{SITE}(/edit/vhod/\S+)$", read_whole(operator), re.M)
    assert link
    entered = operator.asks(link[1], {"": ""})
    assert entered.status == 303, entered.text + machine.journal()
    cookie = entered.headers["Set-Cookie"].partition(";")[0]
    contacts = "/edit/byala/kontakti/"
    page = html.fromstring(operator.asks(contacts, cookie=cookie).text)
    (form,) = page.xpath("//form[.//input[@name='base']]")
    told = {"phones-0-number": "0888 123 456", "do": "add:phones"}
    page = html.fromstring(operator.asks(contacts, dict(form.form_values()) | told, cookie).text)
    (form,) = page.xpath("//form[.//input[@name='base']]")
    fields = dict(form.form_values()) | {"phones-0-number": "0888 123 456", "do": "publish"}
    fields |= {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    published = operator.asks(contacts, fields, cookie)
    while published.headers.get("Location", "").endswith("/publikuvane/") or (
        "Refresh" in published.headers
    ):
        published = operator.asks("/edit/byala/publikuvane/", cookie=cookie)
    assert published.status == 303, published.text + machine.journal()
    machine.wait(lambda: "0888" in operator.asks("/kontakti/").text, "no new site", machine.journal)
    version = operator.asks(published.headers["Location"], cookie=cookie).text
    assert "Готовите страници вече са с промяната" in version
    files = machine.do("find /srv /etc /var/lib -user opora-edit -not -path '/var/lib/opora-edit*'")
    assert {re.sub(r"-[0-9-]+", "", file) for file in files.split()} <= {
        "/srv/opora/content/centres/byala.yml",
        "/srv/opora/content/sources/byala.txt",
    }
    machine.do("opora check")
    machine.do(off)
    assert operator.asks("/edit/").status == 404
    assert machine.run("systemctl is-active opora-edit.service opora-build.path").code != 0
    operator.writes("Писмо след редактора.")
    operator.reads("Писмо след редактора.")


def read_whole(operator: Operator) -> str:
    """The letter with the link, as the centre reads it."""
    found: list[str] = []

    def arrived() -> bool:
        opened = [operator.opened(mail) for mail in operator.mail.fetched()]
        found.extend(text for text in opened if "Вход в редактора" in text)
        return bool(found)

    operator.machine.wait(arrived, "no link arrives", operator.mail.log)
    return found[0]


def test_backup_keeps_a_waiting_letter(operator: Operator) -> None:
    """A letter waits, settings, keys and outbox are lost and restored; the letter arrives."""
    machine = operator.machine
    machine.do("systemctl stop opora-deliver.service")
    operator.writes("Писмо преди загубата.")
    machine.do("opora backup /root/opora.age", answers=f"{PASSPHRASE}\n")
    machine.do("systemctl stop opora-web.service")
    machine.do("rm -r /etc/opora/service.toml /etc/opora/keys/* /etc/opora/secrets/*")
    machine.do("rm -r /var/lib/private/opora/*")
    machine.do("opora restore /root/opora.age", answers=f"{PASSPHRASE}\n")
    machine.do("opora restart")
    operator.reads("Писмо преди загубата.")


def test_update_keeps_everything(
    operator: Operator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A newer version runs; settings and keys are the same bytes, a waiting letter arrives."""
    machine = operator.machine
    machine.do("systemctl stop opora-deliver.service")
    operator.writes("Писмо преди новата версия.")
    kept = "cd /etc/opora && find . -type f | sort | xargs sha256sum"
    before = machine.do(kept)
    made = release(tmp_path_factory.mktemp("newer"), SECOND)
    bring(machine, made)
    with_libraries(machine, FIRST, SECOND)
    assert f"Работи версия {SECOND}" in machine.do(commands(GUIDE, "9. ")[0])
    assert machine.do("readlink /opt/opora/current").strip() == f"/opt/opora/{SECOND}"
    assert machine.do(kept) == before
    operator.reads("Писмо преди новата версия.")
    operator.writes("Писмо до новата версия.")
    operator.reads("Писмо до новата версия.")


def test_going_back_on_purpose_keeps_everything(operator: Operator) -> None:
    """The older version runs again, as the guide says; what waited arrives. Then the newer one."""
    machine = operator.machine
    machine.do("systemctl stop opora-deliver.service")
    operator.writes("Писмо преди старата версия.")
    assert f"Работи версия {FIRST}" in machine.do(commands(GUIDE, "9. ")[1])
    assert machine.do("readlink /opt/opora/current").strip() == f"/opt/opora/{FIRST}"
    operator.reads("Писмо преди старата версия.")
    operator.writes("Писмо до старата версия.")
    operator.reads("Писмо до старата версия.")
    assert f"Работи версия {SECOND}" in machine.do(f"/opt/opora/{SECOND}/deploy/update")


def test_memory_of_letters_meets_no_disk(operator: Operator) -> None:
    """Neither swap nor a core dump takes what web server and service hold; who asks is not told."""
    machine = operator.machine
    for unit in ("opora-web", "opora-deliver", "caddy"):
        said = machine.do(f"systemctl show --property MemorySwapMax,LimitCORE {unit}.service")
        assert set(said.split()) == {"MemorySwapMax=0", "LimitCORE=0"}
    machine.do("test -S /var/lib/caddy/admin.sock")
    assert machine.run("curl --silent http://127.0.0.1:2019/config/").code != 0
    denied = "runuser -u nobody -- curl --silent --unix-socket /var/lib/caddy/admin.sock http://x/"
    assert machine.run(denied).code != 0


def test_update_that_fails_goes_back(
    operator: Operator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A version that does not start leaves the old one at work, with the letters that wait."""
    machine = operator.machine
    machine.do("systemctl stop opora-deliver.service")
    operator.writes("Писмо преди неуспеха.")
    broken = {"contact_service/web/server.py": "raise SystemExit('broken for this test')\n"}
    made = release(tmp_path_factory.mktemp("broken"), "0.3.0", broken)
    bring(machine, made)
    with_libraries(machine, SECOND, "0.3.0")
    block = commands(GUIDE, "9. ")[0].replace(SECOND, "0.3.0")
    done = machine.run(block)
    assert done.code != 0
    assert f"Работи пак версия {SECOND}" in done.said
    assert machine.do("readlink /opt/opora/current").strip() == f"/opt/opora/{SECOND}"
    operator.reads("Писмо преди неуспеха.")
    operator.writes("Писмо след неуспеха.")
    operator.reads("Писмо след неуспеха.")
