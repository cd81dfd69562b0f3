"""AES as the card's protocols use it: single blocks, CBC, CMAC and the padding ``80 00…``.

Source: FIPS 197; SP 800-38A and -38B; ISO/IEC 9797-1 padding method 2; vectors
``cmac_iso9797.json``.
"""

from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
ZERO_IV = bytes(BLOCK)
_PAD_MARK = b"\x80"


class WrongPaddingError(Exception):
    """The octets do not end in ``80 00…``."""


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """Return the 16 octets of one block enciphered under the AES key."""
    return _finish(Cipher(algorithms.AES(key), modes.ECB()).encryptor(), block)  # noqa: S305


def encrypt_cbc(key: bytes, iv: bytes, plain: bytes) -> bytes:
    """Return the whole blocks enciphered in CBC; the caller has padded them."""
    return _finish(Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor(), plain)


def decrypt_cbc(key: bytes, iv: bytes, cipher: bytes) -> bytes:
    """Return the whole blocks deciphered in CBC; padding stays on."""
    return _finish(Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor(), cipher)


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the full 16-octet CMAC of the message."""
    context = CMAC(algorithms.AES(key))
    context.update(message)
    return context.finalize()


def pad(octets: bytes) -> bytes:
    """Return the octets, ``80``, and zeros up to a whole number of blocks; always something."""
    return octets + _PAD_MARK + bytes(-(len(octets) + 1) % BLOCK)


def unpad(padded: bytes) -> bytes:
    """Return the octets before the last ``80 00…``.

    Raises:
        WrongPaddingError: there is no such end.
    """
    stripped = padded.rstrip(b"\x00")
    if not stripped.endswith(_PAD_MARK):
        raise WrongPaddingError
    return stripped[:-1]


def same_octets(one: bytes, other: bytes) -> bool:
    """Return whether two secrets are equal, in a time that does not depend on where they differ."""
    return compare_digest(one, other)


def _finish(context: CipherContext, octets: bytes) -> bytes:
    return context.update(octets) + context.finalize()
