"""A box: how its codes are read, and that nothing but the right code opens it."""

from __future__ import annotations

import re
from dataclasses import astuple, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contact_service.box import (
    Box,
    MistypedError,
    OtherCodeError,
    new_box,
    new_code,
    note_of,
    opened_answer,
    place_of,
    read_code,
    sealed_answer,
    slot_of,
)
from contact_service.reference_numbers import ALPHABET
from tests.support.service.service_parts import SECRET

CODE = "WUD-JUN-7DJ-FVD-JFW-RF5-D55"
NOTE = {"language": "bg", "centre": "harmanli", "form": "contact", "reference": "DF4GJ-2UV79"}
ANSWER = {"kind": "text", "value": "Елате, „чакаме“ ви.\nمرحبا 😀", "day": "2026-11-30"}
PLACE = "0bbc4fc0e9d5bd0daf9dbf0fa1ca0fd5091a33be2b410bf39bcd8c725c5d2922"
SLOT = "5357e984a08bf95113e53e52e3341138ebc590673b4f74db989821ec31044f8a"
KEY = "82c25b8888227ea84db0ebe891c26b6e98cae8f01f9efc53ac56e072b25c3430"
STEP = 2048 + 32 + 16  # and a key and a tag: RFC 9180, 4.1 and 7.3


def refused(typed: str) -> bool:
    try:
        read_code(typed)
    except MistypedError:
        return True
    return False


def test_every_wrong_sign_and_every_swap_is_noticed() -> None:
    """At each place each other sign; any two neighbours that differ; a sign too few or too many."""
    for code in [CODE, *(new_code() for _ in range(50))]:
        signs = code.replace("-", "")
        assert len(signs) == 21
        assert read_code(signs) == code
        assert read_code(signs.replace("5", "S").replace("2", "Z")) == code
        for place, sign in enumerate(signs):
            before, after = signs[:place], signs[place + 1 :]
            assert all(refused(before + other + after) for other in ALPHABET if other != sign)
            assert refused(before + after)
            if after and after[0] != sign:
                assert refused(before + after[0] + sign + after[1:])
        assert all(refused(signs + more) for more in ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        CODE.replace("-", "\u00a0–\u2011—−\t"),
        f"  „{CODE}“.\r\n",
        "\u200e".join(CODE),
        CODE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        CODE.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        *(CODE.replace("5", "S"), CODE.lower().replace("5", "s")),
        *(CODE.replace("D", "Ｄ"), CODE.replace("F", "ｆ"), CODE.replace("7", "７")),
    ],
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    """Small letters, no dashes or other ones, quotation marks around it, an Arabic keyboard, wide
    letters, and S and Z for the digits that they look like.
    """
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        *("", "-", "  ", "я", "W" * 21, CODE * 2, "\udc80" + CODE[1:]),
        *(CODE.replace("D", "Д"), CODE.replace("U", "Ü"), CODE.replace("J", "0")),
        *(CODE.replace("W", "S", 1), f"Кодът ми е {CODE}"),
    ],
)
def test_nothing_else_is_a_code(typed: str) -> None:
    """Neither look-alikes of other alphabets nor signs that no code has."""
    assert refused(typed)


def test_codes_have_their_shape_and_every_sign_of_it_is_drawn() -> None:
    """Ten thousand differ; in each of the 20 places every sign comes about as often (78 bits)."""
    drawn = [new_code() for _ in range(10_000)]
    assert len(set(drawn)) == len(drawn)
    assert all(re.fullmatch(rf"([{ALPHABET}]{{3}}-){{6}}[{ALPHABET}]{{3}}", code) for code in drawn)
    for place in range(20):
        signs = [code.replace("-", "")[place] for code in drawn]
        # 667 expected of each; further off than 8 standard deviations is no chance
        assert all(467 < signs.count(sign) < 867 for sign in ALPHABET)


def made(code: str = CODE, answer_code: str = "") -> tuple[Box, str]:
    """A box and the code of those who answer."""
    answer_code = answer_code or new_code()
    return new_box(SECRET, code, answer_code, NOTE), answer_code


values = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(values, values, max_size=4))
def test_only_the_code_opens_an_answer(answer: dict[str, str]) -> None:
    """Whatever is said in it comes out as it went in; the code of those who answer opens none."""
    box, answer_code = made()
    sealed = sealed_answer(note_of(box, answer_code), answer)
    assert opened_answer(CODE, sealed) == answer
    for other in (answer_code, new_code()):
        with pytest.raises(OtherCodeError):
            opened_answer(other, sealed)


def test_ten_thousand_other_codes_open_nothing() -> None:
    """Neither an answer nor a note; 0.25 ms of a processor each."""
    box, answer_code = made()
    sealed = sealed_answer(note_of(box, answer_code), ANSWER)
    for _ in range(10_000):
        with pytest.raises(OtherCodeError):
            opened_answer(new_code(), sealed)
        with pytest.raises(OtherCodeError):
            note_of(box, new_code())


def test_what_the_table_holds_opens_nothing_with_the_secret_either() -> None:
    """No field of a box, and nothing derived from it and the secret, is a code or a key."""
    box, answer_code = made()
    note = note_of(box, answer_code)
    sealed = sealed_answer(note, ANSWER)
    held = b"".join(astuple(box)) + sealed
    key = note.pop("key")
    assert note == NOTE
    known_ones = ("harmanli", "contact", "DF4GJ-2UV79", "чакаме", CODE, answer_code, key)
    for known in known_ones:
        assert known.encode() not in held
    assert bytes.fromhex(key) not in held  # so who only writes into the table makes no answer
    for guess in (*astuple(box), SECRET.encode(), held, sealed):
        for as_code in (guess.hex(), guess.decode("latin-1")):
            with pytest.raises(OtherCodeError):
                opened_answer(as_code, sealed)
            with pytest.raises(OtherCodeError):
                note_of(box, as_code)


def test_places_differ_by_code_secret_and_purpose() -> None:
    """Without the secret nobody finds a box by its code; the answering code finds none to read."""
    places = {
        find(secret, code)
        for find in (place_of, slot_of)
        for secret in (SECRET, SECRET + "x")
        for code in (CODE, new_code())
    }
    assert len(places) == 8
    box, answer_code = made()
    assert (box.place, box.slot) == (place_of(SECRET, CODE), slot_of(SECRET, answer_code))


def test_lengths_tell_nothing() -> None:
    """A ready sentence is as long as 900 Cyrillic letters; what is longer tells steps alone."""
    box, answer_code = made()
    note = note_of(box, answer_code)
    assert len(box.note) == STEP
    for letters in (0, 1, 300, 900):
        assert len(sealed_answer(note, ANSWER | {"value": "я" * letters})) == STEP
    for letters in (1100, 2000, 4000):
        assert (len(sealed_answer(note, ANSWER | {"value": "я" * letters})) - STEP) % 2048 == 0
    assert len(sealed_answer(note, ANSWER | {"value": "я" * 1100})) == STEP + 2048


@pytest.mark.parametrize(
    "damage", [b"", b"\0", b"\0" * 31, b"\0" * 32, b"\0" * STEP, b"text" * 999]
)
def test_damaged_bytes_open_nothing(damage: bytes) -> None:
    """Garbage, and good bytes that are cut, longer or altered in any of some places."""
    box, answer_code = made()
    sealed = sealed_answer(note_of(box, answer_code), ANSWER)
    altered = [bytes([*sealed[:n], sealed[n] ^ 1, *sealed[n + 1 :]]) for n in (0, 31, 32, 999, -17)]
    for content in (damage, sealed + damage[:1] + b"x", sealed[:-1], *altered):
        with pytest.raises(OtherCodeError):
            opened_answer(CODE, content)
        with pytest.raises(OtherCodeError):
            note_of(replace(box, note=content), answer_code)


def test_sealed_as_the_standard_says() -> None:
    """RFC 9180 written out: what waits for weeks is opened by any later release, or by others."""
    answer_code = new_code()
    box = new_box(SECRET, CODE, answer_code, NOTE)
    sealed = sealed_answer(note_of(box, answer_code), ANSWER)
    raw = HKDF(SHA256(), 32, salt=None, info=b"opora box key").derive(CODE.encode())
    own = X25519PrivateKey.from_private_bytes(raw)
    sent, ciphertext = sealed[:32], sealed[32:]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
        return HKDF.extract(SHA256(), salt or None, b"HPKE-v1" + suite + label + material)

    def expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
        info = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
        return HKDFExpand(SHA256(), length, info).derive(prk)

    shared = own.exchange(X25519PublicKey.from_public_bytes(sent))
    of_both = sent + own.public_key().public_bytes_raw()
    secret = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", of_both, 32)
    context = (
        b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", b"")
    )
    prk = extract(suite, secret, b"secret", b"")
    key, nonce = (
        expand(suite, prk, name, context, n) for name, n in ((b"key", 32), (b"base_nonce", 12))
    )
    opened = AESGCM(key).decrypt(nonce, ciphertext, None).decode()
    assert opened.rstrip(" ").startswith('{"kind": "text", "value": "Елате, „чакаме“ ви.')
    assert opened_answer(CODE, sealed) == ANSWER


def test_an_earlier_release_has_the_same_places_and_keys() -> None:
    """As of 29 November 2026: a change of how they come from a code would lose what waits."""
    box, answer_code = made()
    key = note_of(box, answer_code)["key"]
    found = [place_of(SECRET, CODE).hex(), slot_of(SECRET, CODE).hex(), key]
    assert found == [PLACE, SLOT, KEY]
