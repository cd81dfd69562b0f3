"""Key sets and key derivation of SCP03 (Amendment D, 4.1.5; NIST SP 800-108, counter mode)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Final

from cardservice.channel.aes import (
    BLOCK_LEN,
    block_encryptor,
    check_key_lengths,
    encrypt_cbc,
    keyed_cmac,
)
from cardservice.errors import UsageError

DIVERSIFICATION_DATA_LEN: Final = 10
KEY_CHECK_VALUE_LEN: Final = 3
_LABEL_ZEROS: Final = bytes(11)
_SEPARATOR: Final = b"\x00"
_BLOCK_BITS: Final = BLOCK_LEN * 8
_KCV_BLOCK: Final = b"\x01" * BLOCK_LEN  # Amendment D, 4.1.4


Cmac = Callable[[bytes], bytes]
"""AES-CMAC under a key that lives elsewhere: data → 16 octets."""


@unique
class DerivationConstant(IntEnum):
    """The constant that says what is derived (Amendment D, table 4-1)."""

    CARD_CRYPTOGRAM = 0x00
    HOST_CRYPTOGRAM = 0x01
    CARD_CHALLENGE = 0x02
    S_ENC = 0x04
    S_MAC = 0x06
    S_RMAC = 0x07


@unique
class DiversificationConstant(IntEnum):
    """The constant that says which static key of a card is derived from a master (card.md, 6)."""

    ENC = 0x01
    MAC = 0x02
    DEK = 0x03


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """A key set of one card: Key-ENC, Key-MAC, Key-DEK, 16, 24 or 32 octets each; never printed."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    dek: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_key_lengths(self.enc, self.mac, self.dek)

    @property
    def key_bits(self) -> int:
        """Length of each key: 128, 192 or 256 bits."""
        return len(self.enc) * 8


@dataclass(frozen=True, slots=True)
class Scp03Keys:
    """Session keys, as long as the static keys; never printed."""

    s_enc: bytes = field(repr=False)
    s_mac: bytes = field(repr=False)
    s_rmac: bytes = field(repr=False)


def derive(base_key: bytes, constant: int, context: bytes, bits: int) -> bytes:
    """Return ``bits`` / 8 octets derived from ``base_key``.

    Args:
        base_key: AES key of 16, 24 or 32 octets.
        constant: what is derived, one octet.
        context: e.g. host challenge ‖ card challenge.
        bits: 64 to 2,040 in whole octets; AES-192 and -256 keys take two rounds.

    Source: Amendment D v1.2 4.1.5; vectors ``scp03_kdf.json``.
    """
    return derive_by(keyed_cmac(base_key), constant, context, bits)


def derive_by(mac: Cmac, constant: int, context: bytes, bits: int) -> bytes:
    """Return what ``derive`` does, with a key that computes its CMAC elsewhere."""
    if bits % 8 or not 0 < bits <= 0xFF * _BLOCK_BITS:
        raise UsageError(f"cannot derive {bits} bits")
    label = _LABEL_ZEROS + bytes((constant,)) + _SEPARATOR + bits.to_bytes(2)
    rounds = -(-bits // _BLOCK_BITS)
    return b"".join(mac(label + bytes((i,)) + context) for i in range(1, rounds + 1))[: bits // 8]


def derive_session_keys(static_keys: StaticKeys, context: bytes) -> Scp03Keys:
    """Return the session keys for ``context`` = host challenge ‖ card challenge.

    Source: Amendment D v1.2 6.2.1.
    """
    bits = static_keys.key_bits
    return Scp03Keys(
        s_enc=derive(static_keys.enc, DerivationConstant.S_ENC, context, bits),
        s_mac=derive(static_keys.mac, DerivationConstant.S_MAC, context, bits),
        s_rmac=derive(static_keys.mac, DerivationConstant.S_RMAC, context, bits),
    )


def diversify(master: bytes | Cmac, diversification_data: bytes, key_bits: int = 128) -> StaticKeys:
    """Return the key set of the card that sends ``diversification_data``.

    Args:
        master: transport or issuer master key, AES, 16, 24 or 32 octets; or its CMAC, 16 octets,
            where the key itself stays in a module.
        diversification_data: the 10 octets from the card's answer to INITIALIZE UPDATE.
        key_bits: length of the derived keys: 128, 192 or 256.

    Source: card.md 6, "Keys" (this project's choice; SP 800-108 counter mode with CMAC).
    """
    if len(diversification_data) != DIVERSIFICATION_DATA_LEN:
        raise UsageError(f"diversification data have {DIVERSIFICATION_DATA_LEN} octets")
    mac = keyed_cmac(master) if isinstance(master, bytes) else master
    key_enc, key_mac, key_dek = (
        derive_by(mac, constant, diversification_data, key_bits)
        for constant in DiversificationConstant
    )
    return StaticKeys(enc=key_enc, mac=key_mac, dek=key_dek)


def key_check_value(static_key: bytes) -> bytes:
    """Return the key check value, 3 octets: AES(key, 01 × 16), cut off (Amendment D, 4.1.4)."""
    return block_encryptor(static_key)(_KCV_BLOCK)[:KEY_CHECK_VALUE_LEN]


def wrap_dek(dek: bytes, sensitive: bytes) -> bytes:
    """Return ``sensitive``, whole blocks, encrypted under Key-DEK (AES-CBC, IV 0).

    Source: Amendment D v1.2 7.2 (PUT KEY) and 6.2.8.
    """
    if not sensitive or len(sensitive) % BLOCK_LEN:
        raise UsageError("sensitive data are encrypted in whole blocks")
    return encrypt_cbc(dek, sensitive)
