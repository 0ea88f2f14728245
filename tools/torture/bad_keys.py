"""What may lie in the place of a key, of which the service says that it is none it can use."""

from __future__ import annotations

import subprocess
from tempfile import TemporaryDirectory


def unusable(certificate: bytes) -> list[bytes]:
    """Files that leave the last good key in use: half written, another file, weak or outdated."""
    half, other = certificate[: len(certificate) // 2], b"%PDF-1.7\nno key\n"
    weak = _made_by_gpg("rsa1024"), _made_by_gpg("rsa2048", "--cert-digest-algo", "SHA1")
    return [b"", half, other, *weak]


def _made_by_gpg(algorithm: str, *options: str) -> bytes:
    with TemporaryDirectory(prefix="gpg") as home:  # a short path: a socket lies in it
        allowed = ("--allow-weak-digest-algos", "--allow-weak-key-signatures")
        gpg = ("gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", "", *allowed)
        address = "old@example.org"
        make = (*gpg, *options, "--quick-gen-key", address, algorithm)
        try:
            subprocess.run(make, check=True, capture_output=True)
            export = (*gpg, "--export", "--armor", address)
            return subprocess.run(export, check=True, capture_output=True).stdout
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
