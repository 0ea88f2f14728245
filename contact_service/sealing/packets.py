"""OpenPGP messages in packets that every reader opens (RFC 4880), whatever the library prefers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pysequoia import ArmorKind, Cert, armor, encrypt
from pysequoia.packet import HashAlgorithm, Packet, PacketPile, SignatureType, Tag

# The library writes the packets of RFC 9580 (PKESK 6, SEIPD 2) unless a recipient's certificate
# announces that it knows only the older ones. Certificates of Thunderbird announce nothing, and
# yet Thunderbird shows a letter in the new packets as an empty one; GnuPG refuses it. So each
# message is also made for this certificate of GnuPG 2.2, which announces the older packets, and
# what was made for it is thrown away. Its secret key was never kept, and is not needed by anyone.
NOBODY = Cert.from_bytes(b"""\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEXgvhABYJKwYBBAHaRw8BAQdApUbHP0xabHrEUnm+0St5K4VWPHp99hZ4CZQr
/1uxaAi0Bk5vYm9keYiQBBMWCAA4FiEEN3YYsY3pK0fviJlI/D0owb+5JygFAl4L
4QACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ/D0owb+5JyhHnQEA96Nx
Gl2acc71kGXHwDSfx1XCWv+WFPQMdPqwR88slzMBALxtx26Didf2B+AeNyreR5jF
pJDimvfegYs/WW0s0GgEuDgEXgvhABIKKwYBBAGXVQEFAQEHQOG+gtgglz+Wfka/
WWj5toQxzTPAVDA2a2nq6/DanNRtAwEIB4h4BBgWCAAgFiEEN3YYsY3pK0fviJlI
/D0owb+5JygFAl4L4QACGwwACgkQ/D0owb+5JygucAD+KcnTPiigeuX1GaWbGVeM
KbCRCDvEmo0iYtEOdHfpCI4BAOeD1IzQPMA+0yGtFKqWpyWVzfdbTZTY82TG0W58
IykO
=8jX8
-----END PGP PUBLIC KEY BLOCK-----
""")
NOBODYS_KEY_ID = bytes.fromhex("CAE7CAED8559D84E")  # of the part that encrypts
PKESK, SEIPD = 1, 18  # RFC 4880, section 4.3
BROKEN = (HashAlgorithm.MD5, HashAlgorithm.SHA1, HashAlgorithm.RipeMD)


def encrypt_to(certificate: Cert, content: bytes) -> str:
    """`content` for the owner of `certificate` alone, armoured: PKESK 3 and SEIPD 1.

    Raises what pysequoia raises, plain Exception, for a certificate that cannot encrypt.
    """
    message = encrypt(recipients=[certificate, NOBODY], bytes=content, armor=False)
    *session_keys, body = PacketPile.from_bytes(message)
    ours = [packet for packet in session_keys if packet.body[1:9] != NOBODYS_KEY_ID]
    kinds = [(packet.tag, packet.body[0]) for packet in (*ours, body)]
    wanted = [*((Tag.PKESK, 3) for _ in ours), (Tag.SEIP, 1)]
    if not ours or len(ours) != len(session_keys) - 1 or kinds != wanted:
        raise ValueError("the library writes other packets than it did")
    packets = [*(_written(PKESK, packet) for packet in ours), _written(SEIPD, body)]
    return str(armor(b"".join(packets), ArmorKind.Message))


def end_of_parts(certificate: Cert, message: str, now: datetime) -> datetime | None:
    """When the last of the parts that `message` was encrypted to ends; None for never.

    The library prefers parts that have not ended, and takes one that has where there is no other.
    """
    packets = PacketPile.from_bytes(message.encode())
    used = {packet.body[1:9].hex() for packet in packets if packet.tag == Tag.PKESK}
    ends = dict(_ends(certificate, now))
    of_used = [ends.get(part) for part in used]
    return None if None in of_used else max((end for end in of_used if end), default=None)


def _ends(certificate: Cert, now: datetime) -> Iterator[tuple[str, datetime | None]]:
    """The key id of each subkey, and when it ends by the newest signature that binds it.

    Of several, a later pair takes the earlier one's place.
    """
    part, newest = None, None
    for packet in PacketPile.from_bytes(bytes(certificate)):
        made = packet.signature_created
        if packet.tag == Tag.PublicSubkey:
            part, newest = packet, None
        elif (
            part
            and packet.signature_type == SignatureType.SubkeyBinding
            and packet.hash_algorithm not in BROKEN
            and made
            and made <= now
            and (newest is None or made >= newest)
        ):
            newest = made
            period = packet.key_validity_period
            of_part = part.key_created + period if part.key_created and period else None
            ends = [end for end in (of_part, packet.signature_expiration_time) if end]
            yield str(part.key_id), min(ends, default=None)


def _written(tag: int, packet: Packet) -> bytes:
    """A packet with the header of the new format and a length of five bytes (section 4.2.2)."""
    content = bytes(packet.body)
    return bytes((0xC0 | tag, 0xFF)) + len(content).to_bytes(4, "big") + content
