"""SELECT. Source: ISO 7816-4:2013 11.1.1 and 7.4 (control parameters); card.md §2 and §7."""

from collections.abc import Callable, Mapping
from enum import IntEnum

from simulators.card import files
from simulators.card.access import life_cycle_allows_reading, right_to_read
from simulators.card.apdu import Command
from simulators.card.chip import Chip
from simulators.card.files import Directory, ElementaryFile
from simulators.card.image import LifeCycle
from simulators.card.meter import Operation
from simulators.card.status import OK, SW, CommandRefusedError, encode_sw
from simulators.card.tlv import encode_object

_FID_OCTETS = 2
_AID_OCTETS_MAX = 16
_MF_FORMS = (b"", files.MF_ID.to_bytes(_FID_OCTETS, "big"))
_TRANSPARENT = b"\x01"
_SFI_SHIFT = 3
_DEACTIVATED = encode_sw(SW.FILE_DEACTIVATED)

_Target = tuple[Directory, ElementaryFile | None]


class SelectBy(IntEnum):
    """P1 of SELECT."""

    MASTER_FILE = 0x00
    ELEMENTARY_FILE = 0x02
    NAME = 0x04


class SelectAnswer(IntEnum):
    """P2 of SELECT: which template comes back."""

    FCI = 0x00
    FCP = 0x04
    NONE = 0x0C


class ControlTag(IntEnum):
    """Templates and objects of file control information."""

    FCI = 0x6F
    FCP = 0x62
    SIZE = 0x80
    DESCRIPTOR = 0x82
    FID = 0x83
    NAME = 0x84
    SFI = 0x88


_TEMPLATES = {SelectAnswer.FCI: ControlTag.FCI, SelectAnswer.FCP: ControlTag.FCP}


def guard_select(chip: Chip, command: Command) -> None:
    """Refuse what the life cycle does not let be selected."""
    life_cycle = chip.image.life_cycle
    if life_cycle is LifeCycle.TERMINATED:
        raise CommandRefusedError(SW.FILE_TERMINATED)
    if life_cycle is LifeCycle.BLOCKED and command.p1 == SelectBy.ELEMENTARY_FILE:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def select(chip: Chip, command: Command) -> bytes:
    """Make a DF or an EF current and describe it; a failed SELECT changes nothing."""
    chip.meter.count(Operation.SELECT)
    find = _FINDERS.get(command.p1)
    if find is None or command.p2 not in _ANSWERS:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    directory, file = find(chip, command.data)
    description = b""
    if command.p2 != SelectAnswer.NONE:
        objects = _describe_file(chip, file) if file else _describe_directory(directory)
        description = encode_object(_TEMPLATES[SelectAnswer(command.p2)], objects)
        if not command.has_room_for(len(description)):
            raise CommandRefusedError(SW.WRONG_LENGTH)
    chip.session.current_df, chip.session.current_ef = directory, file
    blocked = chip.image.life_cycle is LifeCycle.BLOCKED
    return description + (_DEACTIVATED if blocked else OK)


def _find_master_file(_chip: Chip, data: bytes) -> _Target:
    if data not in _MF_FORMS:
        raise CommandRefusedError(SW.FILE_NOT_FOUND)
    return Directory.MF, None


def _find_by_name(_chip: Chip, data: bytes) -> _Target:
    if not 1 <= len(data) <= _AID_OCTETS_MAX:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    directory = files.BY_AID.get(data)
    if directory is None:
        raise CommandRefusedError(SW.FILE_NOT_FOUND)
    return directory, None


def _find_file(chip: Chip, data: bytes) -> _Target:
    if len(data) != _FID_OCTETS:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    directory = chip.session.current_df
    file = files.BY_ID.get((directory, int.from_bytes(data, "big")))
    if file is None or chip.image.content(file) is None:
        raise CommandRefusedError(SW.FILE_NOT_FOUND)
    return directory, file


_FINDERS: Mapping[int, Callable[[Chip, bytes], _Target]] = {
    SelectBy.MASTER_FILE: _find_master_file,
    SelectBy.ELEMENTARY_FILE: _find_file,
    SelectBy.NAME: _find_by_name,
}
_ANSWERS = frozenset(SelectAnswer)


def _describe_directory(directory: Directory) -> bytes:
    if directory is Directory.MF:
        return encode_object(ControlTag.FID, files.MF_ID.to_bytes(_FID_OCTETS, "big"))
    return encode_object(ControlTag.NAME, directory.value)


def _describe_file(chip: Chip, file: ElementaryFile) -> bytes:
    size = b""
    if _readable_now(chip, file):
        octets = len(chip.image.content(file) or b"")
        size = encode_object(ControlTag.SIZE, octets.to_bytes(2, "big"))
    sfi = bytes((file.sfi << _SFI_SHIFT,)) if file.sfi else b""
    return (
        size
        + encode_object(ControlTag.DESCRIPTOR, _TRANSPARENT)
        + encode_object(ControlTag.FID, file.fid.to_bytes(_FID_OCTETS, "big"))
        + encode_object(ControlTag.SFI, sfi)
    )


def _readable_now(chip: Chip, file: ElementaryFile) -> bool:
    needed = right_to_read(chip.image, chip.interface, file)
    allowed = not needed or bool(needed & chip.session.rights)
    return allowed and life_cycle_allows_reading(chip.image, file)
