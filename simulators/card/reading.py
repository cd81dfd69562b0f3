"""READ BINARY. Source: ISO 7816-4:2013 11.2.3; card.md §2 and §7."""

from simulators.card import files
from simulators.card.access import life_cycle_allows_reading, right_to_read
from simulators.card.apdu import SHORT_NE_MAX, Command
from simulators.card.chip import Chip
from simulators.card.files import Directory, ElementaryFile
from simulators.card.status import OK, SW, CommandRefusedError, encode_sw

_SFI_FORM = 0x80
_SFI_RFU = 0x60
_SFI_MASK = 0x1F
_END_OF_FILE = encode_sw(SW.END_OF_FILE)


def guard_read(chip: Chip, command: Command) -> None:
    """Refuse reading in a life cycle that shows no files."""
    file = None if command.p1 & _SFI_FORM else chip.session.current_ef
    if not life_cycle_allows_reading(chip.image, file):
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)


def read_binary(chip: Chip, command: Command) -> bytes:
    """Return octets of the current EF, or of the EF that the SFI names and makes current.

    ``6282`` follows the rest of the file when an explicit Ne reaches beyond its end.
    """
    by_sfi = command.p1 & _SFI_FORM
    if by_sfi and command.p1 & _SFI_RFU:
        raise CommandRefusedError(SW.WRONG_P1_P2)
    ne = _octets_asked(command)
    file = _select_by_sfi(chip, command.p1 & _SFI_MASK) if by_sfi else chip.session.current_ef
    if file is None:
        raise CommandRefusedError(SW.NO_CURRENT_EF)
    needed = right_to_read(chip.image, chip.interface, file)
    if needed and not needed & chip.session.rights:
        raise CommandRefusedError(SW.SECURITY_NOT_SATISFIED)
    content = chip.image.content(file) or b""
    offset = command.p2 if by_sfi else command.p1p2
    if offset >= len(content):
        raise CommandRefusedError(SW.OFFSET_OUTSIDE_EF)
    end = offset + ne
    complete = end <= len(content) or command.wants_all
    return content[offset:end] + (OK if complete else _END_OF_FILE)


def _octets_asked(command: Command) -> int:
    if command.data or not command.le_octets:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    room = command.room
    if command.wants_all:
        return min(room, SHORT_NE_MAX) if command.le_octets == 1 else room
    if command.ne > room:
        raise CommandRefusedError(SW.WRONG_LENGTH)
    return command.ne


def _select_by_sfi(chip: Chip, sfi: int) -> ElementaryFile:
    file = _file_by_sfi(chip, sfi)
    if file is None or chip.image.content(file) is None:
        raise CommandRefusedError(SW.FILE_NOT_FOUND)
    chip.session.current_ef = file
    return file


def _file_by_sfi(chip: Chip, sfi: int) -> ElementaryFile | None:
    directory = chip.session.current_df
    if directory is Directory.FOMS_ROOT:
        if sfi == files.OWNER_ALIAS_SFI:
            return files.EF_OWNER
        if sfi == files.CURRENT_INSURER_ALIAS_SFI:
            return files.insurer_file(chip.image.pointer or 0)
    return files.BY_SFI.get((directory, sfi))
