"""Sealing into a PDF with a password: the mail itself says only that a message came."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from io import BytesIO

import pikepdf
import typst

from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.sealing.sealer import KeyUnusableError, Sealer
from contact_service.settings.passwords import pdf_password
from contact_service.settings.private_files import read_secret
from contact_service.settings.saslprep import saslprep
from contact_service.settings.service import PdfRecipient
from contact_service.submission import ANSWER_SAFELY, Submission

PDF_SIZE_CLASS = 64 * 1024
STREAM_SIZE_CLASS = 4 * 1024
TAIL = 256  # what is left to the exact length for the comment at the end of the file


@dataclass(frozen=True)
class Lock:
    """The two passwords of a PDF, each of which opens it (ISO 32000-2, 7.6.4.1)."""

    user: str
    owner: str


def load_pdf(recipient: PdfRecipient) -> Sealer:
    """Read a recipient's password, and open with it what it closes.

    Raises KeyUnusableError, PrivateFileError, and what the library may raise besides.
    """
    file = recipient.password_file
    try:
        typed = pdf_password(read_secret(file))
    except ValueError as error:
        raise KeyUnusableError(f"{file}: {error}") from None
    lock = lock_for(typed)
    _try_to_open(typed, lock)
    return Sealer(recipient.address, file, None, "", partial(_closed, lock))


def lock_for(typed: str) -> Lock:
    """The password as readers prepare it, and as it is typed for those that prepare nothing."""
    prepared = saslprep(typed)
    return Lock(prepared, typed if typed != prepared else secrets.token_urlsafe(32))


def _try_to_open(typed: str, lock: Lock) -> None:
    with pikepdf.new() as blank:
        blank.add_blank_page()
        sheet = BytesIO()
        blank.save(sheet)
    closed = encrypt_pdf(sheet.getvalue(), lock)
    for password in {typed, lock.user}:
        with pikepdf.open(BytesIO(closed), password=password):
            pass


def _closed(lock: Lock, submission: Submission) -> EmailMessage:
    try:
        sheet = sheet_pdf(submission)
    except typst.TypstError:  # its text may repeat what somebody wrote
        raise KeyUnusableError("листът не може да стане на PDF") from None
    note = (
        f"Пристигна ново писмо с номер {submission.reference}.",
        "Приложеният файл се отваря с паролата на центъра.",
        "",
        *ANSWER_SAFELY,
    )
    mail = EmailMessage(policy=SMTP)
    mail.set_content("\n".join(note) + "\n", cte="base64")
    name = f"{submission.reference}.pdf"
    mail.add_attachment(encrypt_pdf(sheet, lock), "application", "pdf", filename=name)
    return mail


def encrypt_pdf(pdf: bytes, lock: Lock) -> bytes:
    """The PDF under AES-256 (ISO 32000-2, revision 6), in whole PDF_SIZE_CLASS units."""
    with pikepdf.open(BytesIO(pdf)) as document:
        # Typst's identifier is a hash of the content, and stands outside the encryption.
        document.trailer.ID = pikepdf.Array([secrets.token_bytes(16)] * 2)
        for item in document.objects:  # nor is the length of a page or font encrypted
            if isinstance(item, pikepdf.Stream):
                item.write(_padded_deflate(item.read_bytes()), filter=pikepdf.Name.FlateDecode)
        bare = _saved(document, lock)
        room = (-len(bare) - TAIL) % PDF_SIZE_CLASS
        padding = zlib.compress(secrets.token_bytes(room), level=0)
        document.Root.OPRA_Padding = document.make_stream(padding, Filter=pikepdf.Name.FlateDecode)
        content = _saved(document, lock)
    tail = -len(content) % PDF_SIZE_CLASS
    return content + b"%" * (tail - 1) + b"\n"


def _saved(document: pikepdf.Pdf, lock: Lock) -> bytes:
    encryption = pikepdf.Encryption(user=lock.user, owner=lock.owner, R=6)
    file = BytesIO()
    document.save(
        file,
        encryption=encryption,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return file.getvalue()


def _padded_deflate(content: bytes) -> bytes:
    """Compressed to a whole number of STREAM_SIZE_CLASS, once AES has filled its last block.

    Empty stored blocks, which every reader passes over, fill it in steps of 5 (RFC 1951, 3.2.4).
    """
    packer = zlib.compressobj(9)
    start = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    steps = -(len(start) + len(end) + 1) % STREAM_SIZE_CLASS // 5
    return start + b"\x00\x00\x00\xff\xff" * steps + end
