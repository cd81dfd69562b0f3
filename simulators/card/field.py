"""Field cards: plain policy cards without the trust layer, as people's wallets have them.

They answer SELECT, READ BINARY and GET DATA without any protection and know nothing else. Real
ones differ in ways that readers must bear; the differences seen are parameters here.
Source: card.md §1 and §2 [F].
"""

from collections.abc import Mapping
from enum import Enum

from simulators.card import answer_to_reset
from simulators.card.apdu import CLA, INS, SHORT_NE_MAX, Command, parse_command
from simulators.card.files import BY_AID, Directory
from simulators.card.selecting import ControlTag, SelectAnswer, SelectBy
from simulators.card.status import (
    OK,
    SW,
    SW_OCTETS,
    CardMuteError,
    CommandRefusedError,
    encode_sw,
)
from simulators.card.tlv import encode_object

OWNER_ID = 0x0201
_GET_RESPONSE = 0xC0
_POINTER_TAG = 0x01B0
_FID_OCTETS = 2
_SFI_FORM = 0x80
_BYTES_AVAILABLE = 0x6100
_EXACT_LENGTH = 0x6C00
_LENGTH_MASK = 0xFF


class EndOfFile(Enum):
    """What a card says to a Le that reaches beyond the end of the file."""

    SHORT = "the rest, and 9000"
    WARNING = "the rest, and 6282"
    EXACT_LENGTH = "nothing, and 6Cxx with the length of the rest"


class FieldCard:
    """A card as found in wallets, powered from the start.

    ``owner`` and ``insurers`` (by id) are the octets of the files; ``pointer`` is what GET DATA
    01B0 gives, None for a card without it; ``root_files`` are further EFs of ``foms_root`` by id,
    such as EF.ICCID and EF.CardID. With ``get_response`` every answer with data comes as ``61xx``
    first.
    """

    def __init__(  # noqa: PLR0913 - a card's content and its quirks, all by keyword
        self,
        *,
        owner: bytes,
        insurers: Mapping[int, bytes],
        pointer: int | None,
        root_files: Mapping[int, bytes] | None = None,
        atr: bytes = answer_to_reset.FIRST_GENERATION,
        end_of_file: EndOfFile = EndOfFile.WARNING,
        get_response: bool = False,
    ) -> None:
        self.atr = atr
        self._files = {
            Directory.MF: {},
            Directory.FOMS_ROOT: dict(root_files or {}),
            Directory.FOMS_ID: {OWNER_ID: owner},
            Directory.FOMS_INS: dict(insurers),
        }
        self._pointer = pointer
        self._end_of_file = end_of_file
        self._get_response = get_response
        self._powered = False
        self.power_up()

    def power_up(self) -> bytes:
        """Return the ATR."""
        return self.reset()

    def power_down(self) -> None:
        """Take the power away."""
        self._powered = False

    def reset(self) -> bytes:
        """Return the ATR; the MF is current."""
        self._powered = True
        self._directory = Directory.MF
        self._current: bytes | None = None
        self._waiting = b""
        return self.atr

    def execute(self, command: bytes) -> bytes:
        """Return the R-APDU for any octets; these cards take short length only.

        Raises:
            CardMuteError: the card has no power.
        """
        if not self._powered:
            raise CardMuteError("the card has no power")
        parsed = parse_command(command)
        if parsed is None or parsed.room > SHORT_NE_MAX:
            return encode_sw(SW.WRONG_LENGTH)
        if parsed.cla != CLA.INTERINDUSTRY:
            return encode_sw(SW.CLA_NOT_SUPPORTED)
        try:
            return self._answer(parsed)
        except CommandRefusedError as refused:
            return refused.octets

    def _answer(self, command: Command) -> bytes:
        waiting, self._waiting = self._waiting, b""
        if command.ins == _GET_RESPONSE and waiting:
            return self._rest_of(waiting, command)
        handlers = {
            INS.SELECT: self._select,
            INS.READ_BINARY: self._read,
            INS.GET_DATA: self._get_data,
        }
        handler = handlers.get(INS(command.ins)) if command.ins in handlers else None
        if handler is None:
            raise CommandRefusedError(SW.INS_NOT_SUPPORTED)
        response = handler(command)
        if self._get_response and len(response) > SW_OCTETS:
            self._waiting = response
            return self._more_available()
        return response

    def _rest_of(self, waiting: bytes, command: Command) -> bytes:
        data, sw = waiting[:-SW_OCTETS], waiting[-SW_OCTETS:]
        if command.ne >= len(data):
            return waiting
        self._waiting = data[command.ne :] + sw
        return data[: command.ne] + self._more_available()

    def _more_available(self) -> bytes:
        octets = len(self._waiting) - SW_OCTETS
        return encode_sw(_BYTES_AVAILABLE | (octets if octets <= _LENGTH_MASK else 0))

    def _select(self, command: Command) -> bytes:
        name = command.data
        if command.p1 == SelectBy.NAME and name in BY_AID:
            self._directory, self._current = BY_AID[name], None
            return self._describe(command, encode_object(ControlTag.NAME, name))
        if command.p1 == SelectBy.MASTER_FILE:
            self._directory, self._current = Directory.MF, None
            return OK
        files = self._files[self._directory]
        fid = int.from_bytes(name, "big")
        if command.p1 != SelectBy.ELEMENTARY_FILE or fid not in files or len(name) != _FID_OCTETS:
            raise CommandRefusedError(SW.FILE_NOT_FOUND)
        self._current = files[fid]
        return self._describe(command, encode_object(ControlTag.FID, name))

    @staticmethod
    def _describe(command: Command, objects: bytes) -> bytes:
        if command.p2 == SelectAnswer.NONE:
            return OK
        return encode_object(ControlTag.FCI, objects) + OK

    def _read(self, command: Command) -> bytes:
        if command.p1 & _SFI_FORM:
            raise CommandRefusedError(SW.FILE_NOT_FOUND)
        if self._current is None:
            raise CommandRefusedError(SW.NO_CURRENT_EF)
        rest = self._current[command.p1p2 :]
        if not rest:
            raise CommandRefusedError(SW.OFFSET_OUTSIDE_EF)
        ne = command.ne or SHORT_NE_MAX
        if ne <= len(rest):
            return rest[:ne] + OK
        if self._end_of_file is EndOfFile.EXACT_LENGTH:
            raise CommandRefusedError(_EXACT_LENGTH | len(rest))
        return rest + (OK if self._end_of_file is EndOfFile.SHORT else encode_sw(SW.END_OF_FILE))

    def _get_data(self, command: Command) -> bytes:
        known = command.p1p2 == _POINTER_TAG and self._directory is Directory.FOMS_INS
        if not known or self._pointer is None:
            raise CommandRefusedError(SW.REFERENCE_NOT_FOUND)
        return self._pointer.to_bytes(_FID_OCTETS, "big") + OK
