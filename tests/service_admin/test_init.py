"""`init`: a sitting from the first question to a test letter that was really read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pysequoia import Tsk, decrypt

from contact_service.settings.private_files import write_whole
from contact_service.settings.service import load_settings
from service_admin.init.questions import Told, asked_settings
from service_admin.init.toml import settings_toml
from site_model.loading.placeholders import with_address
from site_model.prompts import Question
from tests.support.project import ROOT, skip_or_fail
from tests.support.service.letters import code_in
from tests.support.service.service_parts import SmtpServer, text_of
from tests.support.terminal import AtTerminal
from tests.support.waiting import PATIENCE, wait_for

OWN_ADDRESS = "https://tsop-proba.bg/"
PASSPHRASE = "парола на центъра 7"
PDF_PASSWORD = "password-7-център"  # pdftotext takes no more than 32 bytes


class Sitting:
    """The running command, with answers typed into its standard input."""

    process: subprocess.Popen[str] | None = None

    def __init__(self, folder: Path, site: Path) -> None:
        self.project = folder / "srv"
        self.file = folder / "etc" / "service.toml"
        for name in ("content", "locale"):
            shutil.copytree(ROOT / name, self.project / name)
        (self.project / "site").symlink_to(site, target_is_directory=True)
        self.settings = self.project / "content" / "site.yml"
        self.settings.write_text(with_address(self.settings.read_text(), OWN_ADDRESS))
        facts = self.project / "content" / "centres" / "harmanli.yml"  # so that a PDF may be told
        facts.write_text(
            facts.read_text().replace("id: harmanli\n", "id: harmanli\nletters: password\n", 1)
        )

    def begin(self, *answers: object) -> None:
        command = ["-m", "service_admin", "--settings", str(self.file), "init"]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--project", str(self.project)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.project.parent), "PYTHONUTF8": "1"},
        )
        for answer in answers:
            self.types(answer)

    def types(self, answer: object) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(f"{answer}\n")
        self.process.stdin.flush()

    def ends(self) -> tuple[int, str]:
        assert self.process is not None
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@pytest.fixture
def sitting(tmp_path: Path, site: Path) -> Iterator[Sitting]:
    made = Sitting(tmp_path, site)
    yield made
    if made.process:
        with made.process:  # closes its pipes too
            made.process.kill()


def arrived(server: SmtpServer, number: int) -> Any:
    """The mail with this number, as soon as it is there."""
    wait_for(lambda: len(server.taken) >= number)
    return server.taken[number - 1][1]


def mail_server(server: SmtpServer) -> list[object]:
    """Answers on the mail server, up to where the alarms go."""
    return ["127.0.0.1", "none", server.port, "opora@example.org", "", "alarm@example.org"]


def test_from_nothing_to_a_letter_that_gpg_and_a_pdf_reader_read(
    sitting: Sitting, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """A key made for the centre and a password: each test letter opens, and its code ends it."""
    secret_key = tmp_path / "usb" / "key.asc"
    secret_key.parent.mkdir()
    sitting.begin(
        *mail_server(smtp_server),
        *["harmanli", "a@example.org", "openpgp", "нов", PASSPHRASE, secret_key],
        *["b@example.org", "pdf", PDF_PASSWORD, ""],
        "да",
    )
    sitting.types(code_in(read_with_gpg(secret_key, arrived(smtp_server, 1))))
    sitting.types(code_in(read_pdf(arrived(smtp_server, 2), tmp_path)))
    code, said = sitting.ends()
    assert code == 0, said
    assert "Готово: всичко е наред" in said
    assert "грешно" not in said
    assert "го изтрийте оттук: shred -u" in said
    assert PASSPHRASE not in said
    assert PDF_PASSWORD not in said
    etc = sitting.file.parent
    modes = {p.relative_to(etc).as_posix(): p.stat().st_mode & 0o777 for p in etc.rglob("*.*")}
    assert modes.pop("outbox.sqlite3")
    assert modes == {
        "service.toml": 0o644,
        "keys/harmanli-a_at_example.org.asc": 0o644,
        "secrets/harmanli-b_at_example.org.password": 0o600,
    }
    assert (etc / "secrets" / "secret").stat().st_mode & 0o777 == 0o600
    assert len((etc / "secrets" / "secret").read_text().strip()) == 64
    assert secret_key.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE KEY" in secret_key.read_text()
    toml = sitting.file.read_text()
    assert "# Къде пристигат алармите" in toml
    assert "password = " not in toml
    settings = load_settings(toml, {}, etc)
    assert settings.heartbeat_recipient is not None
    assert settings.heartbeat_recipient.address == "alarm@example.org"


def read_with_gpg(secret_key: Path, mail: Any) -> str:
    """The sheet, opened by GnuPG with the secret key and its passphrase, and not without it."""
    with TemporaryDirectory(prefix="gpg") as home:

        def gpg(passphrase: str, *options: str, content: bytes = b"") -> Any:
            # The content in a file: standard input brings the passphrase.
            (Path(home) / "mail.asc").write_bytes(content)
            quiet = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-fd", "0"]
            return subprocess.run(
                ["gpg", "--homedir", home, *quiet, *options],
                input=f"{passphrase}\n".encode(),
                capture_output=True,
                check=False,
            )

        try:
            assert gpg(PASSPHRASE, "--import", str(secret_key)).returncode == 0
            sealed = list(mail.iter_parts())[1].get_content()
            sealed = sealed if isinstance(sealed, bytes) else sealed.encode()
            decrypted = ("--decrypt", f"{home}/mail.asc")
            assert gpg("wrong", *decrypted, content=sealed).returncode != 0
            done = gpg(PASSPHRASE, *decrypted, content=sealed)
            assert done.returncode == 0, done.stderr
            return text_of(done.stdout)
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)


def read_pdf(mail: Any, folder: Path) -> str:
    """The text of the attached PDF, read by poppler with the password."""
    [attached] = mail.iter_attachments()
    (folder / "sheet.pdf").write_bytes(attached.get_content())
    try:
        done = subprocess.run(
            ["pdftotext", "-upw", PDF_PASSWORD, "-enc", "UTF-8", str(folder / "sheet.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        skip_or_fail("no pdftotext here (make test installs it where it may)")
    return done.stdout


@pytest.fixture
def key_file(tmp_path: Path, secret_key: Tsk) -> Path:
    file = tmp_path / "brought.asc"
    file.write_text(str(secret_key.extract_certificate()))
    return file


def test_again_keeps_what_was_said_and_what_was_written_by_hand(
    sitting: Sitting, smtp_server: SmtpServer, key_file: Path, secret_key: Tsk
) -> None:
    """A second run with empty answers changes nothing but what is answered anew."""

    def code() -> str:
        armoured = list(arrived(smtp_server, len(smtp_server.taken) or 1).iter_parts())[1]
        clear = decrypt(armoured.get_content(), decryptor=secret_key.decryptor()).bytes
        assert clear is not None
        return code_in(text_of(clear))

    first = ["harmanli", "a@example.org", "openpgp", key_file, "", "не"]
    sitting.begin(*mail_server(smtp_server), *first)
    arrived(smtp_server, 1)
    sitting.types(code())
    assert sitting.ends()[0] == 0
    by_hand = sitting.file.read_text().replace(
        "messages_per_hour = 10", "# Решено на 3 март.\nmessages_per_hour = 4"
    )
    sitting.file.write_text(by_hand)
    secret = (sitting.file.parent / "secrets" / "secret").read_text()
    sitting.begin("", "", "", "пощата@", "")
    status, said = sitting.ends()
    assert status == 1
    assert "smtp.sender" in said
    assert "имейл" in said
    assert sitting.file.read_text() == by_hand
    sitting.begin("", "", "", "other@example.org", "", "", "", "", "", "", "", "не", "да")
    arrived(smtp_server, 2)
    sitting.types(code())
    status, said = sitting.ends()
    assert status == 0, said
    assert sitting.file.read_text() == by_hand.replace("opora@example.org", "other@example.org")
    assert sitting.file.with_name("service.toml.old").read_text() == by_hand
    assert (sitting.file.parent / "secrets" / "secret").read_text() == secret
    assert smtp_server.taken[1][1]["From"] == "other@example.org"


def test_the_sites_address_is_asked_for_while_it_is_an_example(
    sitting: Sitting, smtp_server: SmtpServer, key_file: Path
) -> None:
    """It comes first, no example is taken, and it stands in site.yml with all else as it was."""
    before = sitting.settings.read_text()
    sitting.settings.write_text(with_address(before, "https://opora.example/"))
    sitting.begin("opora.example")
    status, said = sitting.ends()
    assert status == 1
    assert "url (Адрес на сайта): „opora.example“ е само пример" in said
    assert not sitting.file.exists()
    recipients = ["1", "a@example.org", "1", key_file, "", "не"]
    sitting.begin("tsop-proba.bg", *mail_server(smtp_server), *recipients)
    arrived(smtp_server, 1)
    sitting.types("")
    _, said = sitting.ends()
    assert sitting.settings.read_text() == before
    assert "Направете сайта наново" in said
    assert "е само пример. Напишете адреса" not in said


def test_unread_letter_and_refused_letter_are_said(
    sitting: Sitting, smtp_server: SmtpServer, key_file: Path
) -> None:
    """What was not confirmed, or refused by the mail server, ends with 1 and the next step."""
    smtp_server.answer = lambda envelope: (
        "550 no" if envelope.rcpt_tos == ["a@example.org"] else "250 OK"
    )
    recipients = ["a@example.org", "openpgp", key_file, "b@example.org", "1", key_file, ""]
    sitting.begin(*mail_server(smtp_server), "1", *recipients, "не")
    arrived(smtp_server, 1)
    sitting.types("")
    code, said = sitting.ends()
    assert code == 1
    assert "отказа с код 550" in said
    assert "b@example.org: още не е потвърдено" in said
    assert "test-letter" in said


def test_wrong_code_is_not_taken(sitting: Sitting, smtp_server: SmtpServer, key_file: Path) -> None:
    """Only who has read the letter knows its code."""
    sitting.begin(*mail_server(smtp_server), "1", "a@example.org", "1", key_file, "", "не")
    arrived(smtp_server, 1)
    sitting.types("AAAA-AAAA")
    code, said = sitting.ends()
    assert code == 1
    assert "кодът в писмото е друг" in said


def test_person_is_asked_again_and_may_leave(
    sitting: Sitting, key_file: Path, at_terminal: AtTerminal
) -> None:
    """A bad answer is said at once; a password is not shown; Ctrl-C writes nothing."""
    person = at_terminal(
        *("service_admin", "--settings", str(sitting.file), "init"),
        *("--project", str(sitting.project)),
    )
    for shown, typed in (
        ("Пощенски сървър", "mail.example.org"),
        ("Защита на връзката", "7"),
        ("не е от списъка", "2"),
        ("[587] >", "70000"),
        ("порт е число", ""),
        ("От кой адрес", "opora@example.org"),
        ("Потребителско име", "opora"),
        ("Парола за пощенския сървър", "a canary"),
        ("Къде да пристигат алармите", "it@example.org"),
        ("Кои центрове", "1"),
        ("Кой получава писмата", "a@example.org"),
        ("Как се заключват", "1"),
        ("Файл с публичния ключ", str(key_file.with_name("none.asc"))),
    ):
        person.waits_for(shown)
        person.waits_for("] >")  # only now is the terminal silent for a password
        assert "canary" not in person.seen
        person.types(f"{typed}\n")
    person.waits_for("няма файл")
    person.interrupts()
    person.waits_for("Прекъснато.")
    assert person.ends() == 130
    assert not sitting.file.parent.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"nonsense", "не е ключ OpenPGP"), (None, "няма файл"), ("secret", "съдържа тайния ключ")],
)
def test_bad_key_stops_before_anything_is_written(
    sitting: Sitting, tmp_path: Path, secret_key: Tsk, content: bytes | str | None, words: str
) -> None:
    """A brought key is looked at as `doctor` does, before anything is changed."""
    file = tmp_path / "bad.asc"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else str(secret_key).encode())
    sitting.begin(*mail_server(SmtpServer(port=9)), "1", "a@example.org", "1", file, "", "не")
    code, said = sitting.ends()
    assert code == 1
    assert words in said
    assert not sitting.file.parent.exists()


class NoKeys:
    """Keys without files, for the questions alone."""

    def import_key(self, way: str, address: str, file: str) -> bytes:  # noqa: ARG002
        return f"{way} {file}".encode()

    def make_key(self, address: str, ask: Callable[[Question], Any]) -> bytes:  # noqa: ARG002
        return b"made"

    def secret(self) -> str:
        return "s" * 64


def told(known: dict[str, Any], *answers: str) -> Told:
    left = iter(answers)

    def ask(question: Question) -> Any:
        answer = next(left) or question.default
        assert not question.fault(answer), (question.key, answer)
        return question.value(answer) if answer else None

    result = asked_settings(ask, known, {"harmanli": "Харманли", "sopot": "Сопот"}, NoKeys())
    assert list(left) == []
    return result


MAIL = ("mail.example.org", "starttls", "", "opora@example.org", "")


def test_recipients_change_places_without_changing_keys() -> None:
    """One is taken out and one comes: each key stays with its address."""
    both = told({}, *MAIL, "", "1", "a@x.org", "1", "A", "b@x.org", "1", "B", "")
    again = told(both.values, *MAIL, "", "", "-", "", "", "", "c@x.org", "smime", "C", "")
    recipients = again.values["centres"]["harmanli"]["recipients"]
    assert [one["address"] for one in recipients] == ["b@x.org", "c@x.org"]
    assert recipients[0] == both.values["centres"]["harmanli"]["recipients"][1]
    assert again.files == {"keys/harmanli-c_at_x.org.pem": (b"smime C", 0o644)}


def test_new_way_for_the_same_address_asks_for_its_key() -> None:
    """From a key to a password: the setting of the old way goes."""
    first = told({}, *MAIL, "", "1", "a@x.org", "1", "A", "")
    again = told(first.values, *MAIL, "", "", "", "pdf", "a long password", "")
    [recipient] = again.values["centres"]["harmanli"]["recipients"]
    assert recipient.keys() == {"address", "seal", "password_file"}


def test_file_reads_back_as_it_was_told(tmp_path: Path) -> None:
    """The commented TOML holds exactly the settings, also such as need quoting."""
    write_whole(tmp_path / "p", b"x")
    values = told({}, *MAIL, "alarm@x.org", "1", "a@x.org", "1", "A", "", "да").values | {
        "site_folder": 'с "кавички" и \\',
        "content_folder": "c",
        "database": "sqlite:////x",
    }
    written = settings_toml(None, values)
    template = tomllib.loads(settings_toml(None, {}))
    assert template == {}
    assert tomllib.loads(written) == values
    assert settings_toml(written, values) == written
    assert written.index("alarm_address = ") < written.index("[smtp]")
