"""Which file a command means, as far as a listener between terminal and card can tell.

What is masked depends on it, so any doubt is no answer: after a protected command, and after one
that did not plainly succeed, nothing is known until the next plain SELECT.
"""

from enum import StrEnum
from typing import Final

from simulators.card import files
from simulators.card.apdu import INS, Command
from simulators.card.files import BY_AID, BY_ID, BY_SFI, Directory, ElementaryFile
from simulators.card.selecting import SelectBy
from simulators.card.status import SW, SW_OCTETS

_SM_BITS: Final = 0x0C
_SM_GLOBALPLATFORM: Final = 0x04
_FURTHER_INTERINDUSTRY: Final = range(0x40, 0x80)
_FURTHER_SM: Final = 0x20
_SFI_FORM: Final = 0x80
_SFI_MASK: Final = 0x1F
_SELECTED: Final = (SW.SUCCESS, SW.FILE_DEACTIVATED)
_READ: Final = (SW.SUCCESS, SW.END_OF_FILE)


class Protection(StrEnum):
    """The kind of secure messaging that a class byte announces."""

    NONE = "none"
    ISO = "ISO"
    SCP03 = "SCP03"


def protection_of(cla: int) -> Protection:
    """Return the kind of secure messaging. Source: ISO 7816-4:2013 5.4.1, GPC 11.1.4."""
    if cla in _FURTHER_INTERINDUSTRY:
        return Protection.ISO if cla & _FURTHER_SM else Protection.NONE
    bits = cla & _SM_BITS
    if bits == _SM_GLOBALPLATFORM:
        return Protection.SCP03
    return Protection.ISO if bits else Protection.NONE


def status_of(answer: bytes | None) -> int | None:
    """Return the last two octets as a number, None when there are fewer."""
    if answer is None or len(answer) < SW_OCTETS:
        return None
    return int.from_bytes(answer[-SW_OCTETS:], "big")


class Follower:
    """The current DF and EF of the card, None where they are not known for certain."""

    def __init__(self) -> None:
        self.directory: Directory | None = Directory.MF
        self.file: ElementaryFile | None = None

    def reset(self) -> None:
        """After power-up and reset the MF is current."""
        self.directory, self.file = Directory.MF, None

    def target(self, command: Command) -> ElementaryFile | None:
        """Return the EF that a SELECT by id or a READ BINARY means, None when not certain."""
        if self.directory is None:
            return None
        if command.ins == INS.SELECT:
            return BY_ID.get((self.directory, int.from_bytes(command.data, "big")))
        if command.p1 & _SFI_FORM:
            return self._by_sfi(command.p1 & _SFI_MASK)
        return self.file

    def follow(self, command: Command | None, answer: bytes | None) -> None:
        """Take note of one command and its answer (None: none came)."""
        if command is None or protection_of(command.cla) is not Protection.NONE:
            self._lose()
        elif command.ins == INS.SELECT:
            self._follow_select(command, status_of(answer))
        elif command.ins == INS.READ_BINARY and command.p1 & _SFI_FORM:
            self.file = self.target(command)
            if status_of(answer) not in _READ:
                self._lose()

    def _follow_select(self, command: Command, sw: int | None) -> None:
        if sw not in _SELECTED:
            self._lose()
        elif command.p1 == SelectBy.NAME:
            self.directory, self.file = BY_AID.get(command.data), None
        elif command.p1 == SelectBy.MASTER_FILE:
            self.reset()
        elif command.p1 == SelectBy.ELEMENTARY_FILE:
            self.file = self.target(command)
        else:
            self._lose()

    def _by_sfi(self, sfi: int) -> ElementaryFile | None:
        if self.directory is None:
            return None
        if self.directory is Directory.FOMS_ROOT and sfi == files.OWNER_ALIAS_SFI:
            return files.EF_OWNER
        return BY_SFI.get((self.directory, sfi))

    def _lose(self) -> None:
        self.directory = self.file = None
