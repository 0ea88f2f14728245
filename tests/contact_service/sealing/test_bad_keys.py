"""Keys of every unhappy kind: each is one sentence, and costs its own recipient alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pysequoia import EncryptionAlgorithm, Profile, Tsk

from contact_service.sealing import KeyEndedError, Sealer, load_sealer
from contact_service.settings.service import (
    Recipient,
)
from tests.support.project import ROOT
from tests.support.service.bad_keys import now, openpgp, pdf, refused, smime
from tests.support.service.service_parts import Gpg, gpg_with_a_key

DAY = timedelta(days=1)


def loaded(file: Path) -> Sealer:
    return load_sealer(openpgp(file), now())


def gpg_key(*options: str, algorithm: str = "default") -> bytes:
    """A key that GnuPG makes with these options."""
    with gpg_with_a_key() as gpg:
        weak = ("--allow-weak-digest-algos", "--allow-weak-key-signatures")
        gpg(*weak, *options, "--quick-gen-key", "Old <old@example.org>", algorithm)
        return gpg(*weak, "--export", "--armor", "old@example.org")


def secret() -> Tsk:
    return Tsk.generate(user_id="x", profile=Profile.RFC4880)


def public() -> bytes:
    return str(secret().extract_certificate()).encode()


def for_quantum_computers() -> bytes:
    made = Tsk.generate(
        user_id="x",
        profile=Profile.RFC9580,
        encryption_algorithm=EncryptionAlgorithm.MLKEM1024_X448,
    )
    return bytes(made.extract_certificate())


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "self signatures with SHA-1": (
        lambda: gpg_key("--cert-digest-algo", "SHA1", algorithm="rsa2048"),
        "SHA-1",
    ),
    "RSA of 1024 bits": (lambda: gpg_key(algorithm="rsa1024"), "RSA под 2048"),
    "DSA and ElGamal of 1024 bits": (lambda: gpg_key(algorithm="dsa1024"), "слаб"),
    "made by a clock that was ahead": (
        lambda: gpg_key("--faked-system-time", "20400101T000000"),
        "01.01.2040",
    ),
    "for quantum computers": (for_quantum_computers, "постквантов"),
    "two keys in one block": (
        lambda: bytes(secret().extract_certificate()) + bytes(secret().extract_certificate()),
        "няколко ключа",
    ),
    "two blocks": (lambda: public() + public(), "няколко ключа"),
    "a secret key in the second block": (lambda: public() + str(secret()).encode(), "тайния"),
    "a secret key": (lambda: bytes(secret().extract_certificate()) + bytes(secret()), "тайния"),
    "nothing": (lambda: b"", "празен"),
    "zeros": (lambda: bytes(5000), "не е ключ OpenPGP"),
    "half a key": (lambda: public()[:300], "не е ключ OpenPGP"),
    "a key in UTF-16": (lambda: public().decode().encode("utf-16"), "не е ключ OpenPGP"),
    "a key and zeros": (lambda: bytes(secret().extract_certificate()) + bytes(9), "OpenPGP"),
    "more than any key": (lambda: public() + b"\n" * 2**21, "1 МБ"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_openpgp_key_is_a_sentence(tmp_path: Path, kind: str) -> None:
    """Whatever the library raises, the operator reads which file it is and what is wrong."""
    make, words = BAD[kind]
    file = tmp_path / "centre.asc"
    file.write_bytes(make())
    assert words in refused(file)


def test_library_that_panics_costs_a_sentence(tmp_path: Path) -> None:
    """A panic in Rust is no Exception, and leaves the library unusable: each key is refused."""
    key = tmp_path / "centre.asc"
    key.write_bytes(public())
    code = (
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from pysequoia import Notation, Tsk\n"
        "from contact_service.sealing import KeyUnusableError, load_sealer\n"
        "from contact_service.settings.service import OpenPgpRecipient\n"
        "nameless = Tsk.generate()\n"
        "try:\n"
        "    nameless.extract_certificate().set_notations(\n"
        "        nameless.certifier(), [Notation('a@example.org', 'b')])\n"
        "except BaseException as error:\n"
        "    assert not isinstance(error, Exception), error\n"
        f"one = OpenPgpRecipient(address='a@example.org', seal='openpgp', key={str(key)!r})\n"
        "try:\n"
        "    load_sealer(one, datetime.now(UTC))\n"
        "except KeyUnusableError as error:\n"
        "    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    said = run.stdout.decode()
    assert said.startswith(f"a@example.org: {key} не може да се ползва (PanicException)"), (
        run.stderr
    )


def directory(file: Path) -> None:
    file.mkdir()


def pipe(file: Path) -> None:
    os.mkfifo(file)


def link_to_itself(file: Path) -> None:
    file.symlink_to(file)


def link_to_zeros(file: Path) -> None:
    file.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", [openpgp, smime, pdf])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "няма файл"),
        (directory, "не е обикновен файл"),
        (pipe, "не е обикновен файл"),
        (link_to_zeros, "не е обикновен файл"),
        (link_to_itself, "не може да се прочете"),
    ],
    ids=["missing", "directory", "pipe", "endless", "loop"],
)
def test_what_is_no_file_is_a_sentence(
    tmp_path: Path,
    make: Callable[[Path], None],
    words: str,
    kind: Callable[[Path], Recipient],
) -> None:
    """Nothing is waited for, and nothing is read without end."""
    file = tmp_path / "centre.asc"
    make(file)
    assert words in refused(file, kind)


@pytest.fixture(scope="module")
def gpg() -> Iterator[Gpg]:
    """GnuPG, whose keys have a primary part without an end and parts for encryption with one."""
    with gpg_with_a_key() as gpg:
        yield gpg


def key_of_2024(gpg: Gpg, name: str, primary: str = "never") -> str:
    """A primary part that only certifies, made on the first day of 2024; its fingerprint."""
    made = ("--faked-system-time", "20240101T000000")
    gpg(*made, "--quick-gen-key", f"{name} <{name}@example.org>", "ed25519", "cert", primary)
    return fingerprints(gpg, name)[0]


def fingerprints(gpg: Gpg, name: str) -> list[str]:
    """Of the primary part, then of the others."""
    listed = gpg("--with-colons", "--list-keys", f"{name}@example.org").decode().splitlines()
    return [line.split(":")[9] for line in listed if line.startswith("fpr")]


def in_file(gpg: Gpg, fingerprint: str, folder: Path) -> Path:
    file = folder / "centre.asc"
    file.write_bytes(gpg("--armor", "--export", fingerprint))
    return file


def test_encryption_part_that_ended_is_not_sealed_to(gpg: Gpg, tmp_path: Path) -> None:
    """The primary part has no end; the part that encrypts ended in 2025."""
    key = key_of_2024(gpg, "ended")
    gpg("--faked-system-time", "20240101T000000", "--quick-add-key", key, "cv25519", "encr", "1y")
    with pytest.raises(KeyEndedError, match=r"31\.12\.2024"):
        loaded(in_file(gpg, key, tmp_path))


def test_end_is_that_of_the_encryption_part(gpg: Gpg, tmp_path: Path) -> None:
    """Five days are left: the end is known, and an older part that ended does not count."""
    key = key_of_2024(gpg, "soon")
    gpg("--faked-system-time", "20240101T000000", "--quick-add-key", key, "cv25519", "encr", "1y")
    gpg("--quick-add-key", key, "cv25519", "encr", "5d")
    ends = loaded(in_file(gpg, key, tmp_path)).expires
    assert ends is not None
    assert now() + 4 * DAY < ends < now() + 6 * DAY


def test_end_is_that_of_the_primary_part_where_it_comes_first(gpg: Gpg, tmp_path: Path) -> None:
    """The earlier of both ends counts."""
    key = key_of_2024(gpg, "primary")
    gpg("--quick-add-key", key, "cv25519", "encr", "2y")
    gpg("--quick-set-expire", key, "30d")
    ends = loaded(in_file(gpg, key, tmp_path)).expires
    assert ends is not None
    assert now() + 29 * DAY < ends < now() + 31 * DAY


def test_end_that_was_moved_counts(gpg: Gpg, tmp_path: Path) -> None:
    """An owner who gives the part more time signs it anew; the newest signature holds."""
    key = key_of_2024(gpg, "moved")
    gpg("--faked-system-time", "20240101T000000", "--quick-add-key", key, "cv25519", "encr", "1y")
    gpg("--quick-set-expire", key, "60d", fingerprints(gpg, "moved")[1])
    ends = loaded(in_file(gpg, key, tmp_path)).expires
    assert ends is not None
    assert now() + 59 * DAY < ends < now() + 61 * DAY


def test_of_several_parts_the_last_end_counts(gpg: Gpg, tmp_path: Path) -> None:
    """Letters are sealed to every part that encrypts, so they go on until the last one ends."""
    key = key_of_2024(gpg, "several")
    for days in ("400d", "40d"):
        gpg("--quick-add-key", key, "cv25519", "encr", days)
    ends = loaded(in_file(gpg, key, tmp_path)).expires
    assert ends is not None
    assert ends > now() + 399 * DAY


def test_key_with_several_names_is_a_good_key(gpg: Gpg, tmp_path: Path) -> None:
    """A second user id, one of them revoked, changes nothing; without ends there is none."""
    key = key_of_2024(gpg, "names")
    gpg("--quick-add-key", key, "cv25519", "encr", "never")
    gpg("--quick-add-uid", key, "Other <other@example.org>")
    gpg("--quick-revoke-uid", key, "names <names@example.org>")
    sealer = loaded(in_file(gpg, key, tmp_path))
    assert sealer.expires is None
    assert sealer.fingerprint.replace(" ", "") == key


def test_revoked_encryption_part_is_an_end(gpg: Gpg, tmp_path: Path) -> None:
    """Its owner wants nothing more sealed to it, so an older copy is not used either."""
    key = key_of_2024(gpg, "withdrawn")
    gpg("--quick-add-key", key, "cv25519", "encr", "never")
    answers = b"key 1\nrevkey\ny\n0\n\ny\nsave\n"
    gpg("--command-fd", "0", "--no-tty", "--edit-key", key, input=answers)
    with pytest.raises(KeyEndedError, match="отменена"):
        loaded(in_file(gpg, key, tmp_path))
