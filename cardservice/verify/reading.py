"""Reading a card as a clinic does: what a terminal does on contact (card.md §5).

Everything here is unverified until ``judging`` has looked at it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.apdu.response import SW
from cardservice.channel.card_management import read_life_cycle
from cardservice.channel.chip_authentication import ProvedChip, authenticate_chip
from cardservice.channel.flow import Flow, protect
from cardservice.channel.reading import (
    PLAIN_BLOCK,
    PROTECTED_BLOCK,
    FileStart,
    select_application,
)
from cardservice.channel.security_infos import parse_chip_security
from cardservice.errors import AuthenticationError, MalformedDataError, StatusError
from cardservice.policycard.layout import CardFile, Directory
from cardservice.policycard.security import SignedFiles
from cardservice.verify.card_files import (
    finish_security_object,
    or_none,
    read_card_file,
    read_field_files,
    read_signed_files,
    start_security_object,
)
from cardservice.verify.findings import ChipProof

NewEphemeralKey = Callable[[], ec.EllipticCurvePrivateKey]

_STATES: Final = frozenset({int(SW.FILE_DEACTIVATED), int(SW.FILE_TERMINATED)})
_NO_FILES: Final = SignedFiles(
    owner=None, insurer=None, card_id=None, iccid=None, chip_security=None
)


class ChipNotProvedError(AuthenticationError):
    """The card names a chip key and did not show that it has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReading:
    """What was read of one card.

    Attributes:
        life_cycle: set when the card reported a state in which nothing is read.
        chip: what came of chip authentication.
        security_object: EF.SOD as received; None when the card has none.
        files: as received.
    """

    life_cycle: int | None = None
    chip: ChipProof = ChipProof.NOT_OFFERED
    security_object: bytes | None = field(default=None, repr=False)
    files: SignedFiles = field(default=_NO_FILES, repr=False)


@unique
class _Root(Enum):
    """What came of selecting foms_root."""

    OPEN = "selected"
    STOPPED = "selected or not, in a state in which nothing is read"
    ABSENT = "a card of the field may do without"


class _StoppedError(Exception):
    """EF.ChipSecurity answered 6985: the card may be in a state in which nothing is read."""


def read_card(new_ephemeral: NewEphemeralKey) -> Flow[CardReading]:
    """Read a card just reset, on contact: chip authentication first, then all under its keys.

    Args:
        new_ephemeral: makes the terminal's fresh P-256 key; called once at most.

    Raises:
        NotAPolicyCardError: no policy application is there.
        ChipNotProvedError: chip authentication failed; reset the card and ``read_plainly``.
        AccessRefusedError: the card asks for a CAN or a terminal certificate.
        MalformedDataError, AuthenticationError: an answer that no card may give.

    Source: card.md §5, "What a terminal does".
    """
    return (yield from _read(new_ephemeral))


def read_plainly() -> Flow[CardReading]:
    """Read a card just reset whose chip failed its proof; errors as ``read_card``."""
    return (yield from _read(None))


def _read(new_ephemeral: NewEphemeralKey | None) -> Flow[CardReading]:
    root = yield from _select_root()
    if root is _Root.STOPPED:
        return CardReading(life_cycle=(yield from read_life_cycle()))
    if root is _Root.ABSENT:
        return CardReading(files=(yield from read_field_files()))
    try:
        chip_security = yield from or_none(_read_chip_security())
    except _StoppedError:
        return (yield from _read_stopped())
    point = _chip_point(chip_security)
    if new_ephemeral is None:
        return (yield from _read_unprotected(chip_security, ChipProof.FAILED))
    if point is None:
        return (yield from _read_unprotected(chip_security, ChipProof.NOT_OFFERED))
    proved, start = yield from _prove_chip(point, new_ephemeral)
    rest = _read_rest(start, chip_security, ChipProof.PROVED, PROTECTED_BLOCK)
    return (yield from protect(rest, proved.session))


def _select_root() -> Flow[_Root]:
    try:
        sw = yield from select_application(Directory.ROOT.aid, tolerated=_STATES)
    except StatusError:
        return _Root.ABSENT
    return _Root.STOPPED if sw in _STATES else _Root.OPEN


def _read_stopped() -> Flow[CardReading]:
    """Report the card's state; one that knows no state is a card of the field after all."""
    life_cycle = yield from or_none(read_life_cycle())
    if life_cycle is None:
        return CardReading(files=(yield from read_field_files()))
    return CardReading(life_cycle=life_cycle)


def _read_chip_security() -> Flow[bytes]:
    try:
        return (yield from read_card_file(CardFile.CHIP_SECURITY, PLAIN_BLOCK))
    except StatusError as refused:
        if refused.sw == SW.CONDITIONS_NOT_SATISFIED:
            raise _StoppedError from refused
        raise


def _chip_point(chip_security: bytes | None) -> bytes | None:
    """Return the chip's point, None when there is no EF.ChipSecurity to take it from."""
    if chip_security is None:
        return None
    try:
        return parse_chip_security(chip_security).public_key.point
    except MalformedDataError:
        return None


def _prove_chip(
    point: bytes, new_ephemeral: NewEphemeralKey
) -> Flow[tuple[ProvedChip, FileStart | None]]:
    """Authenticate the chip; the first block of EF.SOD under the new keys is its proof."""
    try:
        unproved = yield from authenticate_chip(point, ephemeral=new_ephemeral())
        return (yield from unproved.prove(start_security_object(PROTECTED_BLOCK)))
    except (AuthenticationError, StatusError, MalformedDataError) as error:
        raise ChipNotProvedError("the chip did not show that it has its key") from error


def _read_unprotected(chip_security: bytes | None, chip: ChipProof) -> Flow[CardReading]:
    start = yield from start_security_object(PLAIN_BLOCK)
    return (yield from _read_rest(start, chip_security, chip, PLAIN_BLOCK))


def _read_rest(
    start: FileStart | None, chip_security: bytes | None, chip: ChipProof, block: int
) -> Flow[CardReading]:
    security_object = yield from finish_security_object(start, block)
    if security_object is None:
        return CardReading(chip=chip, files=(yield from read_field_files(block)))
    files = yield from read_signed_files(chip_security, block)
    return CardReading(chip=chip, security_object=security_object, files=files)
