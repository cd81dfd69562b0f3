"""How a scan lies on the disk: chunks under a key of its own, and that key under the vault's.

Every chunk is sealed with its number and whether it is the last, so none can be left out, moved,
doubled or cut off; the address is authenticated, so files cannot trade places.

Source: NIST SP 800-38D; the numbering is the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár (2015).
"""

from collections.abc import Iterator
from itertools import count
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cardservice.errors import CardServiceError

MAGIC: Final = b"policy-card-scan/1\n"
KEY_MAGIC: Final = b"policy-card-scan-key/1\n"
CHUNK: Final = 1 << 16  # octets of plain content
TAG: Final = 16
NONCE: Final = 12
KEY: Final = 32
_MORE, _LAST = b"\0", b"\1"


class ScanDamagedError(CardServiceError):
    """A kept scan cannot be read: its file or its key is damaged, or another's."""


def sealed_chunks(octets: bytes, *, key: bytes, address: str) -> Iterator[bytes]:
    """Yield the file of a scan, piece by piece; ``key`` (32 octets) must be used for it alone."""
    yield MAGIC
    cipher = AESGCM(key)
    last = max(0, len(octets) - 1) // CHUNK
    for number in range(last + 1):
        piece = octets[number * CHUNK : (number + 1) * CHUNK]
        nonce = _nonce(number, _LAST if number == last else _MORE)
        yield cipher.encrypt(nonce, piece, address.encode())


def opened_chunks(file: BinaryIO, *, key: bytes, address: str) -> Iterator[bytes]:
    """Yield the plain chunks of a scan's file, each authenticated before it is seen.

    Raises:
        ScanDamagedError: at the first chunk that is not what was sealed.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise ScanDamagedError("a kept scan is of no known form")
    cipher = AESGCM(key)
    sealed = file.read(CHUNK + TAG)
    for number in count():
        following = file.read(CHUNK + TAG)
        nonce = _nonce(number, _MORE if following else _LAST)
        try:
            yield cipher.decrypt(nonce, sealed, address.encode())
        except (InvalidTag, ValueError):
            raise ScanDamagedError("a kept scan is damaged") from None
        if not following:
            return
        sealed = following


def wrap_key(key: bytes, *, wrapping: bytes, nonce: bytes, address: str) -> bytes:
    """Return the key file of a scan: ``key`` sealed under ``wrapping`` (both 32 octets)."""
    return KEY_MAGIC + nonce + AESGCM(wrapping).encrypt(nonce, key, address.encode())


def unwrap_key(octets: bytes, *, wrapping: bytes, address: str) -> bytes:
    """Return the key in a key file; raises ScanDamagedError."""
    start = len(KEY_MAGIC)
    if not octets.startswith(KEY_MAGIC) or len(octets) != start + NONCE + KEY + TAG:
        raise ScanDamagedError("the key of a kept scan is of no known form")
    nonce, sealed = octets[start : start + NONCE], octets[start + NONCE :]
    try:
        return AESGCM(wrapping).decrypt(nonce, sealed, address.encode())
    except InvalidTag:
        raise ScanDamagedError("the key of a kept scan is damaged, or another's") from None


def _nonce(number: int, position: bytes) -> bytes:
    # The key is used for one file only, so a number is a nonce that never comes again.
    return number.to_bytes(NONCE - 1) + position
