"""ISO secure messaging with AES at the card.

Source: ISO 7816-4 clause 6 as profiled by ICAO 9303-11 9.8 and TR-03110-3 F; card.md §5; vectors
``sm_aes.json``.
"""

from dataclasses import dataclass
from enum import IntEnum

from simulators.card.aes import (
    BLOCK,
    WrongPaddingError,
    cmac,
    decrypt_cbc,
    encrypt_block,
    encrypt_cbc,
    pad,
    same_octets,
    unpad,
)
from simulators.card.apdu import (
    EXTENDED_NE_MAX,
    EXTENDED_RESPONSE_ROOM,
    SHORT_NE_MAX,
    Command,
)
from simulators.card.status import SW, SW_OCTETS, CommandRefusedError
from simulators.card.tlv import DataObject, MalformedObjectError, encode_object, parse_objects

MAC_OCTETS = 8
SHORT_RESPONSE_ROOM = 223
"""Plain octets that fit a short protected answer: 242 of 256 with the objects around them."""

_PADDING_INDICATOR = b"\x01"
_SM_BITS = 0x0C
_FURTHER_INTERINDUSTRY_MASK = 0xC0
_FURTHER_INTERINDUSTRY = 0x40
_FURTHER_INTERINDUSTRY_SM = 0x20
_LE_OCTETS_MAX = 2
_EXTENDED_LC = 3


class SmTag(IntEnum):
    """Secure messaging objects."""

    CRYPTOGRAM_ODD_INS = 0x85
    CRYPTOGRAM = 0x87
    MAC = 0x8E
    LE = 0x97
    STATUS = 0x99


@dataclass(frozen=True, slots=True)
class _Protected:
    """The objects of a protected command, in the only order there is: 87, 97, 8E."""

    cryptogram: DataObject | None
    le: DataObject | None
    mac: DataObject


class IsoChannel:
    """Keys and send sequence counter of one ISO secure messaging session."""

    def __init__(self, *, k_enc: bytes, k_mac: bytes) -> None:
        self._k_enc = k_enc
        self._k_mac = k_mac
        self._ssc = 0

    def unwrap(self, command: Command) -> Command:
        """Return the plain command, its class as received.

        Raises:
            CommandRefusedError: 6987 without SM bits or 8E; 6988 for a wrong MAC, counter,
                padding or object. The caller ends the session.
        """
        if not _has_sm_bits(command.cla):
            raise CommandRefusedError(SW.SM_OBJECTS_MISSING)
        protected = _parse_protected(command)
        self._ssc += 1
        authenticated = command.data[: -len(protected.mac.encoded)]
        if not same_octets(self._mac(authenticated, command.header), protected.mac.value):
            raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT)
        return _plain_command(command, self._decipher(protected.cryptogram), protected.le)

    def wrap(self, response: bytes) -> bytes:
        """Return the protected answer: 87 if there are data, 99, 8E, and the same SW outside."""
        data, sw = response[:-SW_OCTETS], response[-SW_OCTETS:]
        self._ssc += 1
        protected = b""
        if data:
            cipher = encrypt_cbc(self._k_enc, self._iv(), pad(data))
            protected = encode_object(SmTag.CRYPTOGRAM, _PADDING_INDICATOR + cipher)
        protected += encode_object(SmTag.STATUS, sw)
        return protected + encode_object(SmTag.MAC, self._mac(protected)) + sw

    def _mac(self, objects: bytes, header: bytes = b"") -> bytes:
        message = self._ssc.to_bytes(BLOCK, "big")
        message += pad(header) if header else b""
        message += pad(objects) if objects else b""
        return cmac(self._k_mac, message)[:MAC_OCTETS]

    def _iv(self) -> bytes:
        return encrypt_block(self._k_enc, self._ssc.to_bytes(BLOCK, "big"))

    def _decipher(self, cryptogram: DataObject | None) -> bytes:
        if cryptogram is None:
            return b""
        cipher = _cipher_of(cryptogram)
        try:
            return unpad(decrypt_cbc(self._k_enc, self._iv(), cipher))
        except WrongPaddingError:
            raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT) from None


def _has_sm_bits(cla: int) -> bool:
    if cla & _FURTHER_INTERINDUSTRY_MASK == _FURTHER_INTERINDUSTRY:
        return bool(cla & _FURTHER_INTERINDUSTRY_SM)
    return cla & _SM_BITS == _SM_BITS


def _parse_protected(command: Command) -> _Protected:
    try:
        objects = parse_objects(command.data)
    except MalformedObjectError:
        raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT) from None
    if all(one.tag != SmTag.MAC for one in objects):
        raise CommandRefusedError(SW.SM_OBJECTS_MISSING)
    cryptogram = SmTag.CRYPTOGRAM_ODD_INS if command.ins & 1 else SmTag.CRYPTOGRAM
    order = [cryptogram, SmTag.LE, SmTag.MAC]
    by_tag = {one.tag: one for one in objects}
    if [one.tag for one in objects] != [tag for tag in order if tag in by_tag]:
        raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT)
    return _Protected(by_tag.get(cryptogram), by_tag.get(SmTag.LE), by_tag[SmTag.MAC])


def _cipher_of(cryptogram: DataObject) -> bytes:
    cipher = cryptogram.value
    if cryptogram.tag == SmTag.CRYPTOGRAM:
        if not cipher.startswith(_PADDING_INDICATOR):
            raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT)
        cipher = cipher[1:]
    if not cipher or len(cipher) % BLOCK:
        raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT)
    return cipher


def _plain_command(protected: Command, data: bytes, le: DataObject | None) -> Command:
    le_octets = len(le.value) if le else 0
    if le_octets > _LE_OCTETS_MAX or (le and not le.value):
        raise CommandRefusedError(SW.SM_OBJECTS_INCORRECT)
    largest = SHORT_NE_MAX if le_octets == 1 else EXTENDED_NE_MAX
    ne = (int.from_bytes(le.value, "big") or largest) if le else 0
    extended = len(protected.lc_field) == _EXTENDED_LC
    room = EXTENDED_RESPONSE_ROOM if extended else SHORT_RESPONSE_ROOM
    return protected._replace(data=data, ne=ne, le_octets=le_octets, room=room)
