"""OpenPGP messages in packets that every reader opens (RFC 4880), whatever the library prefers."""

from __future__ import annotations

from pysequoia import ArmorKind, Cert, armor, encrypt
from pysequoia.packet import Packet, PacketPile, Tag

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


def encrypted(certificate: Cert, content: bytes) -> str:
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


def _written(tag: int, packet: Packet) -> bytes:
    """A packet with the header of the new format and a length of five bytes (section 4.2.2)."""
    content = bytes(packet.body)
    return bytes((0xC0 | tag, 0xFF)) + len(content).to_bytes(4, "big") + content
