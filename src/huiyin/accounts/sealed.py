"""Seals personal data before it is stored (AES-256-GCM); makes the blind fingerprint by which a number is found again.

A sealed value is: one byte naming the key, 12 bytes of nonce, the ciphertext with its tag.
To change the key, put the new one in DATA_KEY and the former in OLD_DATA_KEYS: old values stay readable, new ones use
the new key. Fingerprints keep using the oldest key, so that a caller is still found after a change.
"""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FINGERPRINT_BYTES = 16
_NONCE_BYTES = 12
_NOT_A_DIGIT = re.compile(r"\D")


def seal(text: str) -> bytes:
    """Empty text stays empty: there is nothing to hide and nothing to decrypt in lists."""
    if not text:
        return b""
    name, cipher = _sealing()
    nonce = os.urandom(_NONCE_BYTES)
    return name + nonce + cipher.encrypt(nonce, text.encode(), name)


def seal_all(texts: Sequence[str]) -> list[bytes]:
    """`seal` for very many; the nonces are drawn together."""
    name, cipher = _sealing()
    drawn = os.urandom(_NONCE_BYTES * len(texts))
    encrypt = cipher.encrypt
    found = []
    for place, text in enumerate(texts):
        nonce = drawn[place * _NONCE_BYTES : (place + 1) * _NONCE_BYTES]
        found.append(name + nonce + encrypt(nonce, text.encode(), name) if text else b"")
    return found


def unseal(value: bytes | memoryview | None) -> str:
    if not value:
        return ""
    raw = bytes(value)
    name = raw[:1]
    return _ring()[name].decrypt(raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :], name).decode()


def fingerprint(phone: str) -> bytes:
    """The same 16 bytes for a number, whatever its spaces, dashes or +86; nothing can be guessed without the key."""
    digits = _digits_of(phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return hmac.digest(_fingerprint_key(), digits.encode(), "sha256")[:FINGERPRINT_BYTES]


def fingerprints(phones: Sequence[str]) -> list[bytes | None]:
    """None for each that is empty."""
    return [fingerprint(phone) if phone else None for phone in phones]


@cache
def _keys() -> tuple[bytes, ...]:
    """Newest first."""
    return (settings.DATA_KEY, *getattr(settings, "OLD_DATA_KEYS", ()))


@cache
def _ring() -> dict[bytes, AESGCM]:
    ring = {_name(key): AESGCM(key) for key in _keys()}
    if len(ring) < len(set(_keys())):
        raise RuntimeError("Two data keys share one name byte: draw the new key again.")
    return ring


@cache
def _sealing() -> tuple[bytes, AESGCM]:
    name = _name(_keys()[0])
    return name, _ring()[name]


@cache
def _fingerprint_key() -> bytes:
    return hmac.digest(_keys()[-1], b"huiyin fingerprint", "sha256")


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"huiyin key name" + key).digest()[:1]


def _digits_of(phone: str) -> str:
    if not phone.isascii():
        phone = unicodedata.normalize("NFKC", phone)  # full-width figures are the same figures
    return phone if phone.isdigit() else _NOT_A_DIGIT.sub("", phone)


def forget_keys() -> None:
    """For tests that change the keys."""
    for part in (_keys, _ring, _sealing, _fingerprint_key):
        part.cache_clear()
