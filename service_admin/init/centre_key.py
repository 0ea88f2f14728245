"""A new OpenPGP key for a centre, made by GnuPG; its secret half leaves under a passphrase."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from contact_service.errors import CommandError

YEARS = 3


def new_centre_key(address: str, passphrase: str) -> tuple[bytes, bytes]:
    """The public and the secret half, armoured, as GnuPG and Thunderbird import them.

    The passphrase goes through a pipe. What GnuPG writes on the way is closed with it, lies in
    a folder of its own, and is deleted. Raises CommandError where there is no GnuPG.
    """
    if shutil.which("gpg") is None:
        raise CommandError("за нов ключ трябва GnuPG. Напишете: apt-get install gnupg")
    # A short path: gpg-agent's socket lies in it and may not be longer than 107 bytes.
    with TemporaryDirectory(prefix="gpg") as home:

        def gpg(*options: str) -> bytes:
            quiet = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-fd", "0"]
            done = subprocess.run(  # noqa: S603 - no shell, and the address is checked
                ["gpg", "--homedir", home, *quiet, *options],  # noqa: S607 - the system's own
                input=f"{passphrase}\n".encode(),
                capture_output=True,
                check=False,
            )
            if done.returncode:
                raise CommandError(f"GnuPG не направи ключ: {done.stderr.decode().strip()}")
            return done.stdout

        try:
            gpg("--quick-gen-key", f"<{address}>", "default", "default", f"{YEARS}y")
            return gpg("--armor", "--export"), gpg("--armor", "--export-secret-keys")
        finally:
            kill = ["gpgconf", "--homedir", home, "--kill", "all"]
            subprocess.run(kill, check=False)  # noqa: S603


def default_place(address: str) -> Path:
    """Where the secret half waits until the centre takes it: never beside the settings."""
    return Path.home() / f"taen-klyuch-{address}.asc"
