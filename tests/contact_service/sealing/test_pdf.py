"""The PDF with a password: `qpdf` and `pdftotext` open it, the mail says only that it came."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pytest

from contact_service.delivery.worker import deliver_due
from contact_service.sealing import KeyUnusableError, SealedMail, load_sealer
from contact_service.sealing.pdf import STREAM_SIZE_CLASS
from contact_service.settings.service import PdfRecipient
from contact_service.submission import ANSWER_SAFELY
from tests.support.project import ROOT
from tests.support.service.bad_keys import tool
from tests.support.service.sealed import CANARY, submission
from tests.support.service.service_parts import Instance, SmtpServer

PDF_SIZE_CLASS = 64 * 1024
PASSWORD = "парола-център-7"  # 27 bytes: pdftotext takes no more than 32 from its command line


def sealed(text: str = CANARY, password: str = PASSWORD) -> SealedMail:
    with TemporaryDirectory() as folder:
        file = Path(folder, "password")
        file.write_text(password, encoding="utf-8")
        file.chmod(0o600)
        recipient = PdfRecipient(address="centre@example.org", seal="pdf", password_file=file)
        sealer = load_sealer(recipient, datetime.now(UTC))
    return sealer.seal(submission(text), "opora@example.org")


def seal(text: str = CANARY, password: str = PASSWORD) -> EmailMessage:
    return email.message_from_bytes(sealed(text, password).content, policy=default)


def attachment(mail: EmailMessage) -> bytes:
    [part] = mail.iter_attachments()
    return bytes(part.get_content())


def read(pdf: bytes, folder: Path, password: str = PASSWORD) -> str:
    run = tool("pdftotext", pdf, folder, "-layout", "-upw", password, "FILE", "-")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_pdftotext_reads_it_with_the_password(tmp_path: Path) -> None:
    """Poppler, which shares no code with us, shows the answer to who has the password."""
    assert CANARY in read(attachment(seal()), tmp_path)


def test_qpdf_finds_aes_256_and_no_fault(tmp_path: Path) -> None:
    """qpdf checks the whole file: AES-256 (revision 6) everywhere, no errors or warnings."""
    run = tool("qpdf", attachment(seal()), tmp_path, f"--password={PASSWORD}", "--check", "FILE")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "R = 6" in run.stdout
    assert run.stdout.count("AESv3") == 3  # streams, strings, files


@pytest.mark.parametrize("password", ["", "парола-център-8"])
def test_another_password_does_not_open_it(tmp_path: Path, password: str) -> None:
    """Without the password qpdf and pdftotext give back nothing."""
    pdf = attachment(seal())
    for run in (
        tool("qpdf", pdf, tmp_path, f"--password={password}", "--decrypt", "FILE", "-"),
        tool("pdftotext", pdf, tmp_path, "-upw", password, "FILE", "-"),
    ):
        assert run.returncode != 0
        assert run.stdout == ""
        assert "password" in run.stderr


def test_mail_says_only_that_a_message_came() -> None:
    """Beside the closed file: its reference and how to answer, the same for all letters."""
    mail = seal()
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == (
        "Пристигна ново писмо с номер DF4GJ-2UV79.\n"
        "Приложеният файл се отваря с паролата на центъра.\n\n" + "\n".join((*ANSWER_SAFELY, ""))
    )
    assert mail["Reply-To"] == "centre@example.org"
    [part] = mail.iter_attachments()
    assert part.get_content_type() == "application/pdf"
    assert part.get_filename() == "DF4GJ-2UV79.pdf"
    assert mail.defects == []


@pytest.mark.parametrize("length", [*range(1, 800, 61), 1500, 3000])
def test_length_of_the_file_is_a_whole_class(length: int) -> None:
    """Whatever was written, the file has the same length to the byte."""
    assert len(attachment(seal("я д" * (length // 3 + 1)))) == PDF_SIZE_CLASS


def test_a_letter_of_many_pages_is_two_classes() -> None:
    """What has no room in 64 KB says no more than that it is long."""
    assert len(attachment(seal("не знам какво да правя " * 1200))) == 2 * PDF_SIZE_CLASS


def test_length_of_the_mail_says_little() -> None:
    """A short cry for help and a long letter have the same length on the wire."""
    short, long = (sealed(text) for text in ("я", "не знам какво да правя " * 100))
    assert len(short.content) == len(long.content)


def test_lengths_that_stand_open_in_the_file_say_little() -> None:
    """PDF leaves each stream's length readable: those of pages and fonts are padded as well."""
    block = 16  # AES: the initial vector stands before each stream
    with pikepdf.open(BytesIO(attachment(seal())), password=PASSWORD) as pdf:
        padding = pdf.Root.OPRA_Padding.objgen
        lengths = [
            int(item.Length)
            for item in pdf.objects
            if isinstance(item, pikepdf.Stream)
            and item.objgen != padding
            and item.get("/Type") not in ("/ObjStm", "/XRef", "/Metadata")
        ]
    assert len(lengths) > 4
    assert {(length - block) % STREAM_SIZE_CLASS for length in lengths} == {0}


def test_open_identifier_is_no_hash_of_the_letter() -> None:
    """The identifier in the trailer, which nothing encrypts, is drawn anew for each file."""
    first, second = (
        pikepdf.open(BytesIO(attachment(seal("същото"))), password=PASSWORD) for _ in range(2)
    )
    with first, second:
        assert bytes(first.trailer.ID[0]) != bytes(second.trailer.ID[0])


def test_nothing_is_written_to_a_disk(tmp_path: Path) -> None:
    """Sealing works where the kernel lets no file grow by a byte."""
    code = (
        "import datetime, pathlib, resource\n"
        "from contact_service.sealing.pdf import encrypt_pdf, lock_for, sheet_pdf\n"
        "from contact_service.submission import Submission\n"
        "from site_model.forms.filled import Answer\n"
        "answer = Answer('message', 'Какво се случва?', ('Страх ме е 😢',), False)\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "letter = Submission('DF4GJ-2UV79', 'Център', 'Пишете ни', 1, now, (answer,))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "print(len(encrypt_pdf(sheet_pdf(letter), lock_for('password'))))\n"
        f"pathlib.Path({str(tmp_path / 'file')!r}).write_text('x')\n"
    )
    command = [sys.executable, "-B", "-c", code]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert int(run.stdout or 1) % PDF_SIZE_CLASS == 0, run.stderr
    assert "File too large" in run.stderr  # the limit does hold


def test_password_is_read_without_its_line_end(tmp_path: Path) -> None:
    """What an editor adds at the end of the line is no part of the password."""
    assert CANARY in read(attachment(seal(password=f"{PASSWORD}\r\n")), tmp_path)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (None, 0o600, "няма файл"),
        (b"\xff\xfe12345678901234", 0o600, "не е текст в UTF-8"),
        (b"elevensigns\n", 0o600, "по-къса от 12 знака"),
        (b"twelve signs", 0o640, "chmod 600"),
        (b"twelve signs", 0o604, "chmod 600"),
    ],
)
def test_unusable_password_is_named(
    tmp_path: Path, content: bytes | None, mode: int, words: str
) -> None:
    """A password that is missing, short or open to others is refused, and never repeated."""
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    recipient = PdfRecipient(address="centre@example.org", seal="pdf", password_file=file)
    with pytest.raises(KeyUnusableError, match=words) as caught:
        load_sealer(recipient, datetime.now(UTC))
    assert not re.search("elevensigns|twelve", str(caught.value))


def test_two_recipients_of_one_centre_each_in_their_own_way(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any], tmp_path: Path
) -> None:
    """One reads with a key of OpenPGP, the other with a password; both get the letter."""
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    instance.promise("password")
    instance.toml += (
        '[[centres.harmanli.recipients]]\naddress = "webmail@example.org"\n'
        'seal = "pdf"\npassword_file = "password"\n'
    )
    assert instance.client().post("/send/bg/harmanli/contact", data=letter).status_code == 303
    outbox = instance.outbox()
    deliver_due(outbox, instance.settings().smtp, threading.Event())
    outbox.close()
    mails = {to: mail for [to], mail in smtp_server.taken}
    assert "Синът ми не иска" in instance.open(mails["harmanli@example.org"])
    assert "Синът ми не иска" in read(attachment(mails["webmail@example.org"]), tmp_path)
    assert len(mails) == 2
