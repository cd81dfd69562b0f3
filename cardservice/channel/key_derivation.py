"""Session keys from a shared secret: ICAO Doc 9303-11, 9.7.1."""

from dataclasses import dataclass, field
from enum import IntEnum, unique
from hashlib import sha1, sha256
from typing import Final

from cardservice.channel.aes import check_key_lengths
from cardservice.errors import UsageError

AES_128_BITS: Final = 128
_COUNTER_LEN: Final = 4


@unique
class KeyUse(IntEnum):
    """The counter c of KDF(K, c)."""

    ENC = 1
    MAC = 2
    PASSWORD = 3


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """AES keys of one secure-messaging session, 16, 24 or 32 octets each; never printed."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_key_lengths(self.enc, self.mac)


def derive_key(secret: bytes, use: KeyUse, key_bits: int = AES_128_BITS) -> bytes:
    """Return KDF(secret, use) for an AES key of 128, 192 or 256 bits.

    SHA-1 for 128 bits (first 16 octets), SHA-256 for 192 (first 24) and 256, as prescribed: the
    derivation needs no collision resistance.

    Args:
        secret: shared secret K, e.g. the x coordinate at full width, or a password's octets.
        use: what the key is for.
        key_bits: 128, 192 or 256.

    Source: ICAO Doc 9303-11 9.7.1; vectors ``icao9303_kdf.json``.
    """
    if key_bits not in (128, 192, 256):
        raise UsageError(f"AES has no keys of {key_bits} bits")
    message = secret + use.to_bytes(_COUNTER_LEN)
    if key_bits == AES_128_BITS:
        return sha1(message, usedforsecurity=False).digest()[: key_bits // 8]
    return sha256(message).digest()[: key_bits // 8]


def derive_session_keys(secret: bytes, key_bits: int = AES_128_BITS) -> SessionKeys:
    """Return the encryption and the MAC key for a shared secret K."""
    return SessionKeys(
        enc=derive_key(secret, KeyUse.ENC, key_bits), mac=derive_key(secret, KeyUse.MAC, key_bits)
    )
