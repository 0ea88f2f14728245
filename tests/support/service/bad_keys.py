"""Keys, certificates and passwords that cannot be used."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import (
    OpenPgpRecipient,
    PdfRecipient,
    Recipient,
    SmimeRecipient,
)
from tests.support.project import skip_or_fail
from tests.support.service.service_parts import gpg_with_a_key

ADDRESS = "centre@example.org"


def now() -> datetime:
    return datetime.now(UTC)


def openpgp(file: Path) -> OpenPgpRecipient:
    return OpenPgpRecipient(address=ADDRESS, seal="openpgp", key=file)


def smime(file: Path) -> SmimeRecipient:
    return SmimeRecipient(address=ADDRESS, seal="smime", certificate=file)


def pdf(file: Path) -> PdfRecipient:
    return PdfRecipient(address=ADDRESS, seal="pdf", password_file=file)


def refused(file: Path, kind: Callable[[Path], Recipient] = openpgp) -> str:
    """What is said of a key that cannot be used: it names the address and the file, once."""
    with pytest.raises(KeyUnusableError) as caught:
        load_sealer(kind(file), now())
    said = str(caught.value)
    assert said.startswith(f"{ADDRESS}: ")
    assert said.count(ADDRESS) == 1
    assert str(file) in said
    assert "\n" not in said
    return said


def tool(name: str, pdf: bytes, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a foreign tool on the PDF, which takes the place of the argument "FILE"."""
    if shutil.which(name) is None:
        skip_or_fail(f"no {name} here (make test installs it where it may)")
    (folder / "letter.pdf").write_bytes(pdf)
    command = [name, *(str(folder / "letter.pdf") if a == "FILE" else a for a in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def weak() -> str:
    """Signed with SHA-1, which the library rejects since 2023: its calendar may end any key."""
    with gpg_with_a_key("--cert-digest-algo", "SHA1") as gpg:
        return gpg("--allow-weak-key-signatures", "--export", "--armor").decode()
