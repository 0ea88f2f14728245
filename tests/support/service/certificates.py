"""X.509 certificates as centres have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

NOW = datetime.now(UTC)


USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def certificate_for(key: Any, use: str | None = None, days: int = 365) -> x509.Certificate:
    """Self-signed, valid from yesterday, for `use` only (None: no such extension)."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Център")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if use:
        usage = x509.KeyUsage(**{each: each == use for each in USES})
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256())


def private_pem(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
