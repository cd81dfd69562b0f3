"""Keys that only the holder of a card's image has, and what is made with them.

A key is derived (HKDF-SHA256) from the secrets in the card's memory and the random salt of the
recording. So the trace alone gives away neither what is masked nor what the chip drew, and
whoever has the image gets both back, octet for octet.
"""

import hmac
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from simulators.card import image
from simulators.trace.errors import TraceError

SALT_OCTETS: Final = 32
SIV_OCTETS: Final = 16
"""How much longer a sealed value is than what it hides. Source: RFC 5297."""

_AES_256_SIV_KEY: Final = 64
_HMAC_KEY: Final = 32
_COUNTER_OCTETS: Final = 8
_LENGTH_OCTETS: Final = 4
_STRONG: Final = (image.KEY_SET, image.CHIP_KEY)
_SECRETS: Final = (*_STRONG, image.PIN, image.PUK, image.CAN)


class TraceKeys:
    """The keys of one recording. ``cells`` is the card's memory when the recording began."""

    def __init__(self, cells: Mapping[str, bytes], salt: bytes) -> None:
        secret = _encode({name: cells[name] for name in _SECRETS if name in cells})
        self._siv = AESSIV(_derive(secret, salt, b"masked octets", _AES_256_SIV_KEY))
        self._digest_key = _derive(secret, salt, b"digest of the image", _HMAC_KEY)
        self._entropy_key = _derive(secret, salt, b"random numbers of the chip", _HMAC_KEY)

    def seal(self, octets: bytes, place: str) -> bytes:
        """Return the octets sealed for their place in the trace, 16 octets longer."""
        return self._siv.encrypt(octets, [place.encode()])

    def unseal(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed.

        Raises:
            TraceError: it was sealed for another card or another place, or was altered.
        """
        try:
            return self._siv.decrypt(sealed, [place.encode()])
        except (InvalidTag, ValueError):
            raise TraceError(
                f"the masked octets at {place} do not open with this card's memory",
                remedy="give the image of the card that was recorded, and the trace unaltered",
            ) from None

    def digest(self, cells: Mapping[str, bytes]) -> bytes:
        """Return 32 octets that tell this memory from any other, to holders of the image only."""
        return hmac.digest(self._digest_key, _encode(cells), "sha256")

    def entropy(self) -> "TraceEntropy":
        """Return the chip's random numbers for this recording, from the first on."""
        return TraceEntropy(self._entropy_key)


class TraceEntropy:
    """Random numbers that come again: the same key gives the same ones in the same order."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._drawn = 0

    def octets(self, count: int, /) -> bytes:
        """Return so many octets that nobody without the key can tell from chance."""
        drawn = b""
        while len(drawn) < count:
            message = self._drawn.to_bytes(_COUNTER_OCTETS, "big")
            drawn += hmac.digest(self._key, message, "sha256")
            self._drawn += 1
        return drawn[:count]


def keys_of(cells: Mapping[str, bytes], salt: bytes) -> TraceKeys | None:
    """Return the keys, None for a memory without a key of its own: nothing secret to derive from.

    PIN, PUK and CAN alone would be guessed from the trace, so they are not enough.
    """
    return TraceKeys(cells, salt) if any(cells.get(name) for name in _STRONG) else None


def _derive(secret: bytes, salt: bytes, use: bytes, octets: int) -> bytes:
    info = b"card trace 1: " + use
    return HKDF(algorithm=SHA256(), length=octets, salt=salt, info=info).derive(secret)


def _encode(cells: Mapping[str, bytes]) -> bytes:
    """Return names and contents in one way only: sorted, each after its length."""
    parts = (part for name in sorted(cells) for part in (name.encode(), cells[name]))
    return b"".join(len(part).to_bytes(_LENGTH_OCTETS, "big") + part for part in parts)
