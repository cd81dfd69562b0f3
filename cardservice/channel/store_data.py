"""STORE DATA: data groups as a stream, cut into numbered blocks (GPC 2.3, 11.11)."""

from collections.abc import Iterator, Sequence
from typing import Final

from cardservice.apdu.command import CommandAPDU, Ins
from cardservice.channel.flow import Flow
from cardservice.channel.secure_messaging import SHORT_NC
from cardservice.errors import UsageError

MAX_BLOCKS: Final = 256  # P2 counts them in one octet
MAX_STREAM: Final = 0x8000  # 32 KiB, card.md 6
DGI_BLOCK: Final = SHORT_NC
"""Octets a block that fit a short Lc under SCP03 (level 33, S8) and under secure messaging."""

_CLA_GP: Final = 0x80
_DGI_FORMAT: Final = 0x08  # P1
_LAST_BLOCK: Final = 0x80  # P1
_LONG_LENGTH: Final = 0xFF
_MAX_DGI_VALUE: Final = 0xFFFF

Dgi = tuple[int, bytes]
"""Data group identifier (2 octets) and value."""


def store_data(dgis: Sequence[Dgi], *, block_size: int = DGI_BLOCK) -> Flow[None]:
    """Store ``dgis`` on the card in one transaction; the card acts at the last block.

    Run it under an SCP03 session (goes out as ``84 E2``) or under secure messaging (``8C E2``).

    Args:
        dgis: in the order in which the card is to take them.
        block_size: octets a block; 239 keeps every protected block in short length.

    Raises:
        UsageError: an empty or over-long value, more than 256 blocks or 32,768 octets.
        StatusError: the card refused a block and dropped everything.

    Source: GPC 2.3 11.11; card.md 6.
    """
    commands = store_data_commands(dgis, block_size=block_size)
    for number, command in enumerate(commands):
        (yield command).expect_ok(f"STORE DATA, block {number + 1} of {len(commands)}")


def store_data_commands(dgis: Sequence[Dgi], *, block_size: int = DGI_BLOCK) -> list[CommandAPDU]:
    """Return the plain commands that ``store_data`` sends; same errors."""
    blocks = list(_cut(encode_dgis(dgis), block_size))
    if len(blocks) > MAX_BLOCKS:
        raise UsageError(f"{len(blocks)} blocks, {MAX_BLOCKS} can be counted")
    last = len(blocks) - 1
    return [
        CommandAPDU(
            cla=_CLA_GP,
            ins=Ins.STORE_DATA,
            p1=_DGI_FORMAT | (_LAST_BLOCK if number == last else 0),
            p2=number,
            data=block,
        )
        for number, block in enumerate(blocks)
    ]


def encode_dgis(dgis: Sequence[Dgi]) -> bytes:
    """Return the stream of ``dgis``: identifier, length (1 octet, or FF and 2), value."""
    stream = b"".join(_encode_dgi(identifier, value) for identifier, value in dgis)
    if not 0 < len(stream) <= MAX_STREAM:
        raise UsageError(f"{len(stream)} octets to store, 1 to {MAX_STREAM} are possible")
    return stream


def _encode_dgi(identifier: int, value: bytes) -> bytes:
    size = len(value)
    if not 0 < size <= _MAX_DGI_VALUE or not 0 <= identifier <= 0xFFFF:
        raise UsageError(f"DGI {identifier:04X} with {size} octets cannot be coded")
    short = size < _LONG_LENGTH
    length = bytes((size,)) if short else bytes((_LONG_LENGTH,)) + size.to_bytes(2)
    return identifier.to_bytes(2) + length + value


def _cut(stream: bytes, block_size: int) -> Iterator[bytes]:
    if block_size < 1:
        raise UsageError("a block has an octet at least")
    for start in range(0, len(stream), block_size):
        yield stream[start : start + block_size]
