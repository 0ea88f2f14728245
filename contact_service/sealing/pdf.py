"""Sealing into a PDF with a password: the mail itself says only that a message came."""

from __future__ import annotations

import base64
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
import typst

from contact_service.passwords import SHORTEST_PASSWORD
from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.sealing.mail import KeyUnusableError, SealedMail, in_lines, sealed_mail
from contact_service.sealing.plain import read_secret
from contact_service.settings import PdfRecipient
from contact_service.sheet import Submission

PDF_SIZE_CLASS = 64 * 1024
STREAM_SIZE_CLASS = 4 * 1024
TAIL = 256  # what is left to the exact length for the comment at the end of the file


@dataclass(frozen=True)
class PdfSealer:
    """A recipient and the password that opens its messages."""

    address: str
    password: str

    @property
    def expires(self) -> datetime | None:
        return None

    @property
    def fingerprint(self) -> str:
        return ""

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        try:
            sheet = sheet_pdf(submission)
        except typst.TypstError:  # its text may repeat what somebody wrote
            raise KeyUnusableError(f"{self.address}: листът не може да стане на PDF") from None
        boundary = secrets.token_hex(16)
        note = (
            f"Пристигна ново писмо с номер {submission.reference}.\r\n"
            "Приложеният файл се отваря с паролата на центъра.\r\n"
        )
        entity = (
            f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{_base64(note.encode())}\r\n--{boundary}\r\n"
            "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{submission.reference}.pdf"\r\n\r\n'
            f"{_base64(encrypted(sheet, self.password))}\r\n--{boundary}--\r\n"
        )
        return sealed_mail(submission, sender, self.address, entity)


def load_pdf(recipient: PdfRecipient) -> PdfSealer:
    """Read a recipient's password; raises KeyUnusableError with what to mend."""
    password = read_secret(recipient.password_file).strip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise KeyUnusableError(
            f"{recipient.address}: паролата в {recipient.password_file} е по-къса от "
            f"{SHORTEST_PASSWORD} знака"
        )
    return PdfSealer(recipient.address, password)


def encrypted(pdf: bytes, password: str) -> bytes:
    """The PDF under AES-256 (ISO 32000-2, revision 6), in whole PDF_SIZE_CLASS units."""
    with pikepdf.open(BytesIO(pdf)) as document:
        # Typst's identifier is a hash of the content, and stands outside the encryption.
        document.trailer.ID = pikepdf.Array([secrets.token_bytes(16)] * 2)
        for item in document.objects:  # nor is the length of a page or font encrypted
            if isinstance(item, pikepdf.Stream):
                item.write(_padded_deflate(item.read_bytes()), filter=pikepdf.Name.FlateDecode)
        bare = _saved(document, password)
        room = (-len(bare) - TAIL) % PDF_SIZE_CLASS
        padding = zlib.compress(secrets.token_bytes(room), level=0)
        document.Root.OPRA_Padding = document.make_stream(padding, Filter=pikepdf.Name.FlateDecode)
        content = _saved(document, password)
    tail = -len(content) % PDF_SIZE_CLASS
    return content + b"%" * (tail - 1) + b"\n"


def _saved(document: pikepdf.Pdf, password: str) -> bytes:
    lock = pikepdf.Encryption(user=password, owner=secrets.token_urlsafe(32), R=6)
    file = BytesIO()
    document.save(
        file,
        encryption=lock,
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


def _base64(content: bytes) -> str:
    return in_lines(base64.b64encode(content).decode("ascii"))
