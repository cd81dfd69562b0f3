"""AES as the card protocols use it: CMAC, CBC with padding method 2, single blocks."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from cardservice.errors import MalformedDataError, UsageError

BLOCK_LEN: Final = 16
KEY_LENGTHS: Final = (16, 24, 32)
_ZERO_BLOCK: Final = bytes(BLOCK_LEN)
_PADDING_MARK: Final = b"\x80"


def check_key_lengths(*keys: bytes) -> None:
    """Raise ``UsageError`` unless all keys have one and the same AES length: 16, 24 or 32."""
    lengths = {len(one) for one in keys}
    if len(lengths) != 1 or not lengths <= set(KEY_LENGTHS):
        raise UsageError("AES keys have 16, 24 or 32 octets, all of a set the same")


def keyed_cmac(mac_key: bytes) -> Callable[[bytes], bytes]:
    """Return the function message → CMAC (16 octets) under ``mac_key``.

    The key schedule is computed once: with short messages it costs more than the MAC itself.

    Source: NIST SP 800-38B; RFC 4493.
    """
    keyed = CMAC(AES(mac_key))

    def mac(message: bytes) -> bytes:
        running = keyed.copy()
        running.update(message)
        return running.finalize()

    return mac


def cmac(mac_key: bytes, message: bytes) -> bytes:
    """Return the CMAC of ``message``, 16 octets."""
    return keyed_cmac(mac_key)(message)


def block_encryptor(enc_key: bytes) -> Callable[[bytes], bytes]:
    """Return the function block → AES(block), for initial vectors made of a counter."""
    return Cipher(AES(enc_key), modes.ECB()).encryptor().update  # noqa: S305 - one block, no data


def pad(data: bytes) -> bytes:
    """Return ``data`` padded to whole blocks: 80, then 00 as needed (ISO/IEC 9797-1, method 2)."""
    return data + _PADDING_MARK + bytes(-(len(data) + 1) % BLOCK_LEN)


def unpad(data: bytes) -> bytes:
    """Return ``data`` without its padding. Call it on authenticated octets only.

    More than a block of padding is taken off too: a published SCP03 session has it
    (``scp03_sessions.json``, S16, third response), and under a right MAC it does no harm.

    Raises:
        MalformedDataError: no mark 80 before the trailing 00.
    """
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(_PADDING_MARK):
        raise MalformedDataError("padding without its mark")
    return stripped[:-1]


def encrypt_cbc(enc_key: bytes, data: bytes, iv: bytes = _ZERO_BLOCK) -> bytes:
    """Return ``data``, whole blocks, encrypted in CBC mode."""
    encryptor = Cipher(AES(enc_key), modes.CBC(iv)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt_cbc(enc_key: bytes, data: bytes, iv: bytes = _ZERO_BLOCK) -> bytes:
    """Return ``data`` decrypted in CBC mode.

    Raises:
        MalformedDataError: not whole blocks.
    """
    if len(data) % BLOCK_LEN:
        raise MalformedDataError("encrypted data are not whole blocks")
    decryptor = Cipher(AES(enc_key), modes.CBC(iv)).decryptor()
    return decryptor.update(data) + decryptor.finalize()
