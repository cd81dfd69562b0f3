"""Key derivation of SCP03.

Source: GPC Amendment D 4.1.5, SP 800-108 counter mode with CMAC; vectors ``scp03_kdf.json``.
"""

from enum import IntEnum

from simulators.card.aes import BLOCK, cmac, encrypt_block
from simulators.card.image import KeySet

_LABEL_ZEROS = bytes(11)
_SEPARATOR = b"\x00"
_BITS = 8
_KCV_OCTETS = 3
_KCV_BLOCK = b"\x01" * BLOCK


class Constant(IntEnum):
    """Derivation constants: the last octet of the label."""

    CARD_CRYPTOGRAM = 0x00
    HOST_CRYPTOGRAM = 0x01
    CARD_CHALLENGE = 0x02
    S_ENC = 0x04
    S_MAC = 0x06
    S_RMAC = 0x07


class DiversificationConstant(IntEnum):
    """Constants of the card's static keys, this project's own. Source: card.md §6."""

    ENC = 0x01
    MAC = 0x02
    DEK = 0x03


def derive(key: bytes, constant: int, octets: int, context: bytes) -> bytes:
    """Return so many octets derived from the key under the constant and context."""
    label = _LABEL_ZEROS + bytes((constant,)) + _SEPARATOR
    length = (octets * _BITS).to_bytes(2, "big")
    rounds = range(1, -(-octets // BLOCK) + 1)
    blocks = (cmac(key, label + length + bytes((i,)) + context) for i in rounds)
    return b"".join(blocks)[:octets]


def diversify(master: bytes, kvn: int, diversification: bytes) -> KeySet:
    """Return the static key set of one card.

    ``master`` is the transport or issuer master, an AES key of the size wanted; ``diversification``
    is the 10 octets of INITIALIZE UPDATE. Source: card.md §6 (Keys).
    """
    size = len(master)
    keys = (derive(master, constant, size, diversification) for constant in DiversificationConstant)
    return KeySet(kvn, *keys)


def key_check_value(key: bytes) -> bytes:
    """Return the 3 octets that let a sender see that the key arrived. Source: GPC B.6."""
    return encrypt_block(key, _KCV_BLOCK)[:_KCV_OCTETS]
