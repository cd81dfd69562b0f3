"""Selecting and reading: the flows every conversation is made of (ISO/IEC 7816-4:2013, 11).

A file is read as far as its first TLV header says, so a reader can stop before a long object at
its end. The header is a card's claim: it is held against a stated maximum before anything is
read by it, and memory grows only with octets received.
"""

from dataclasses import dataclass, field
from typing import Final

from cardservice.apdu.command import MAX_NE, MAX_SHORT_NE, CommandAPDU, Ins
from cardservice.apdu.response import SW
from cardservice.apdu.tlv import header_at
from cardservice.channel.flow import Flow
from cardservice.channel.secure_messaging import SHORT_NR
from cardservice.channel.transmission import transmit
from cardservice.errors import MalformedDataError, UsageError

PLAIN_BLOCK: Final = MAX_SHORT_NE
"""Octets a reading when nothing is protected: Le 00, as many as there are up to 256."""
PROTECTED_BLOCK: Final = SHORT_NR
"""Octets a reading under secure messaging with short lengths: 223."""
EXTENDED_BLOCK: Final = 2000
"""Octets a reading with extended length: the policy card gives no more (card.md 7)."""

MAX_READS: Final = 512
"""Commands for one file: 24,576 octets in the smallest blocks cards are known to give (48)."""
MAX_OFFSET: Final = 0x7FFF  # 15 bits of P1 P2

_BY_NAME: Final = 0x04  # SELECT P1
_BY_FILE_ID: Final = 0x02  # SELECT P1: EF under the current DF
_NO_CONTROL_INFORMATION: Final = 0x0C  # SELECT P2
_SFI_MARK: Final = 0x80  # READ BINARY P1: the low five bits name a file
_SFIS: Final = range(1, 31)
_FILE_ID_LEN: Final = 2
_LONGEST_HEADER: Final = 8  # 4 octets of tag, 4 of length


@dataclass(frozen=True, slots=True)
class FileStart:
    """A file as far as it was read.

    Attributes:
        data: its octets from the first one on, as received, at most ``total``.
        total: what the first TLV header says the file has: header and value. Not verified.
        surplus: octets the card sent beyond ``total``, which were dropped; padding as a rule.
    """

    data: bytes = field(repr=False)
    total: int
    surplus: int = 0

    @property
    def is_complete(self) -> bool:
        """True when all of ``total`` is at hand."""
        return len(self.data) == self.total


@dataclass(frozen=True, slots=True)
class _Block:
    data: bytes
    is_end: bool


def select_application(aid: bytes, *, tolerated: frozenset[int] = frozenset()) -> Flow[int]:
    """Select the application with the full name ``aid``, 5 to 16 octets; return the status word.

    Args:
        aid: the DF name, e.g. ``b"foms_root"``.
        tolerated: status words to return besides 9000, e.g. 6283 of a blocked card.

    Raises:
        StatusError: any other answer (6A82 none of that name, 6283 blocked, 6285 terminated).
    """
    command = CommandAPDU(
        cla=0x00, ins=Ins.SELECT, p1=_BY_NAME, p2=_NO_CONTROL_INFORMATION, data=aid
    )
    response = yield command
    response.expect("selecting an application", SW.OK, *tolerated)
    return response.sw


def select_file(file_id: int) -> Flow[None]:
    """Select the EF ``file_id`` (2 octets, e.g. 0x0201) of the current DF.

    Raises:
        StatusError: the card refused (6A82 no such file).
    """
    (
        yield CommandAPDU(
            cla=0x00,
            ins=Ins.SELECT,
            p1=_BY_FILE_ID,
            p2=_NO_CONTROL_INFORMATION,
            data=file_id.to_bytes(_FILE_ID_LEN),
        )
    ).expect_ok(f"selecting the file {file_id:04X}")


def get_data(tag: int, *, ne: int = MAX_SHORT_NE) -> Flow[bytes]:
    """Return the data object ``tag`` (2 octets, P1 P2) as the card gives it.

    Raises:
        StatusError: the card refused (6A88 no such object, 6982 no right).
    """
    p1, p2 = divmod(tag, 1 << 8)
    command = CommandAPDU(cla=0x00, ins=Ins.GET_DATA, p1=p1, p2=p2, ne=ne)
    return (yield from transmit(command)).expect_ok(f"GET DATA {tag:04X}")


def read_binary(*, sfi: int | None = None, offset: int = 0, ne: int = PLAIN_BLOCK) -> Flow[bytes]:
    """Return 0 to ``ne`` octets of a file from ``offset`` on, with one command.

    A file without a TLV structure, as EF.CVCA padded with zeros, is read with this.

    Args:
        sfi: short file identifier, 1..30; the file becomes current. None: the current file.
        offset: 0..32767, with an SFI 0..255.
        ne: most octets wanted, 1..65536.

    Raises:
        StatusError: the card refused; the end of the file is no refusal.
        MalformedDataError: more octets than asked for.
    """
    return (yield from _read_block(sfi=sfi, offset=offset, ne=ne)).data


def read_file(
    *, sfi: int | None = None, max_size: int, block: int = PLAIN_BLOCK
) -> Flow[FileStart]:
    """Read a whole file: ``read_start`` and ``read_more`` to the end; arguments as there."""
    start = yield from read_start(sfi=sfi, max_size=max_size, block=block)
    return (yield from read_more(start, block=block))


def read_start(
    *, sfi: int | None = None, max_size: int, block: int = PLAIN_BLOCK
) -> Flow[FileStart]:
    """Read the first block of a file, one command as a rule; learn from it how long the file is.

    Args:
        sfi: short file identifier, 1..30; the file becomes current. None: the current file.
        max_size: octets the file may have at most, header included.
        block: octets a command: ``PLAIN_BLOCK``, ``PROTECTED_BLOCK`` or ``EXTENDED_BLOCK``.

    Raises:
        StatusError: the card refused the first reading (6982 no right, 6A82 no file).
        MalformedDataError: no TLV header, or one that says more than ``max_size``.

    Source: card.md 2 and 7.
    """
    _check_sizes(max_size, block)
    received = (yield from _read_block(sfi=sfi, offset=0, ne=block)).data
    header = header_at(received)
    for _ in range(_LONGEST_HEADER):
        if header is not None:
            break
        if not received:
            raise MalformedDataError("the file is empty")
        received += (yield from _read_block(sfi=None, offset=len(received), ne=block)).data
        header = header_at(received)
    if header is None:
        raise MalformedDataError("the file does not start with a TLV header")
    total = header[3]
    if total > max_size:
        raise MalformedDataError(f"the file claims {total} octets, {max_size} are allowed")
    return FileStart(received[:total], total, surplus=max(0, len(received) - total))


def read_more(
    start: FileStart, *, up_to: int | None = None, block: int = PLAIN_BLOCK
) -> Flow[FileStart]:
    """Read on in the current file until ``up_to`` octets from its start are at hand.

    Args:
        start: what was read before from the same file, which must still be current.
        up_to: octets wanted from the start of the file; the whole file when absent.
        block: octets a command, as for ``read_start``.

    Returns:
        The file as far as it is now read: exactly to ``up_to``, or more if it was read already.
        No command is sent when nothing is missing.

    Raises:
        StatusError: the card refused.
        MalformedDataError: the file ends before its own header says, or more than 512
            commands were needed.
    """
    wanted = start.total if up_to is None else min(up_to, start.total)
    data, surplus = bytearray(start.data), start.surplus
    for _ in range(MAX_READS):
        missing = wanted - len(data)
        if missing <= 0:
            return FileStart(bytes(data), start.total, surplus)
        ne = min(block, missing)
        received = yield from _read_block(sfi=None, offset=len(data), ne=ne)
        data += received.data
        if not received.data or (received.is_end and len(data) < wanted):
            raise MalformedDataError(f"the file ends at {len(data)}, its header says {start.total}")
    raise MalformedDataError(f"the file was not read after {MAX_READS} commands")


def _read_block(*, sfi: int | None, offset: int, ne: int) -> Flow[_Block]:
    """Read once, liberally: 9000, 6282 and 6CXX are answers, 6B00 is the end after offset 0."""
    p1, p2 = _address(sfi, offset)
    command = CommandAPDU(cla=0x00, ins=Ins.READ_BINARY, p1=p1, p2=p2, ne=ne)
    response = yield from transmit(command)
    if offset and response.sw == SW.OFFSET_OUTSIDE_FILE:
        return _Block(b"", is_end=True)
    data = response.expect("reading a file", SW.OK, SW.END_OF_FILE)
    if len(data) > ne:
        raise MalformedDataError(f"the card sent {len(data)} octets, {ne} were asked for")
    return _Block(data, is_end=response.sw == SW.END_OF_FILE)


def _address(sfi: int | None, offset: int) -> tuple[int, int]:
    if sfi is None:
        if not 0 <= offset <= MAX_OFFSET:
            raise UsageError(f"READ BINARY has no offset {offset}")
        return divmod(offset, 1 << 8)
    if sfi not in _SFIS or not 0 <= offset <= 0xFF:
        raise UsageError(f"READ BINARY has no SFI {sfi} with offset {offset}")
    return _SFI_MARK | sfi, offset


def _check_sizes(max_size: int, block: int) -> None:
    if not 1 <= block <= MAX_NE or not 1 <= max_size <= MAX_OFFSET + 1:
        raise UsageError(f"cannot read {max_size} octets in blocks of {block}")
