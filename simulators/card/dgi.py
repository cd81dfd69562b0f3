"""The DGI stream of STORE DATA: its coding, and what each object does to the card.

Source: GPC 11.11 and Systems Scripting 4.2 (DGI format); card.md §6.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum

from simulators.card import image
from simulators.card.aes import BLOCK, ZERO_IV, decrypt_cbc
from simulators.card.chip_security import public_point_in
from simulators.card.files import BY_DGI, EF_CHIP_SECURITY, insurer_file
from simulators.card.holder_verification import (
    PIN_LENGTHS,
    PUK_LENGTHS,
    are_digits,
    pad_code,
)
from simulators.card.image import Image, Profile
from simulators.card.key_agreement import public_point
from simulators.card.status import SW, CommandRefusedError
from simulators.card.tlv import MalformedObjectError
from simulators.card.trust_point import initial_trust_point

_TAG_OCTETS = 2
_LONG_LENGTH = 0xFF
_LONG_LENGTH_OCTETS = 2
_POINTER_OCTETS = 2
_CAN_LENGTHS = range(6, 7)

Changes = dict[str, bytes | None]
_Evaluate = Callable[[Image, bytes, bytes], Changes]


class Dgi(IntEnum):
    """Data groupings that are not just the content of an EF."""

    POINTER = 0x01B0
    PIN = 0x8010
    PUK = 0x8011
    CAN = 0x8012
    PROFILE = 0xD001
    CVCA = 0xD010


def parse_stream(stream: bytes) -> dict[int, bytes]:
    """Return the values by DGI, in order; a cut, empty or doubled DGI is ``6A80``."""
    groupings: dict[int, bytes] = {}
    for dgi, value in _read_groupings(stream):
        if dgi in groupings or not value:
            raise CommandRefusedError(SW.WRONG_DATA)
        groupings[dgi] = value
    if not groupings:
        raise CommandRefusedError(SW.WRONG_DATA)
    return groupings


def check_known(groupings: Mapping[int, bytes]) -> None:
    """Refuse unknown DGIs with ``6A80``."""
    if any(dgi not in BY_DGI and dgi not in _EVALUATORS for dgi in groupings):
        raise CommandRefusedError(SW.WRONG_DATA)


def evaluate(card: Image, groupings: Mapping[int, bytes], key_dek: bytes) -> Changes:
    """Return the cells that these DGIs write; a bad value is ``6A80``, an EF too long ``6A84``.

    ``key_dek`` is the key that protects the holder's codes, empty where they are not taken.
    """
    changes: Changes = {}
    for dgi, value in groupings.items():
        changes.update(_evaluate_one(card, dgi, value, key_dek))
    _check_pointer(card, groupings)
    for dgi, value in groupings.items():
        if dgi in BY_DGI and len(value) > BY_DGI[dgi].limit:
            raise CommandRefusedError(SW.NOT_ENOUGH_MEMORY)
    return changes


def _read_groupings(stream: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(stream):
        dgi = stream[position : position + _TAG_OCTETS]
        length, begin = _read_length(stream, position + len(dgi))
        position = begin + length
        if position > len(stream):
            raise CommandRefusedError(SW.WRONG_DATA)
        yield int.from_bytes(dgi, "big"), stream[begin:position]


def _read_length(stream: bytes, start: int) -> tuple[int, int]:
    if start >= len(stream):
        raise CommandRefusedError(SW.WRONG_DATA)
    if stream[start] != _LONG_LENGTH:
        return stream[start], start + 1
    end = start + 1 + _LONG_LENGTH_OCTETS
    if end > len(stream):
        raise CommandRefusedError(SW.WRONG_DATA)
    return int.from_bytes(stream[start + 1 : end], "big"), end


def _evaluate_one(card: Image, dgi: int, value: bytes, key_dek: bytes) -> Changes:
    changes: Changes = {}
    if dgi in BY_DGI:
        changes[BY_DGI[dgi].cell] = value
    evaluator = _EVALUATORS.get(dgi)
    if evaluator is not None:
        changes.update(evaluator(card, value, key_dek))
    return changes


def _check_pointer(card: Image, groupings: Mapping[int, bytes]) -> None:
    if Dgi.POINTER not in groupings:
        return
    fid = int.from_bytes(groupings[Dgi.POINTER], "big")
    file = insurer_file(fid)
    if file is None or (fid not in groupings and card.content(file) is None):
        raise CommandRefusedError(SW.WRONG_DATA)


def _pointer(_card: Image, value: bytes, _key_dek: bytes) -> Changes:
    if len(value) != _POINTER_OCTETS:
        raise CommandRefusedError(SW.WRONG_DATA)
    return {image.POINTER: value}


def _chip_security(card: Image, value: bytes, _key_dek: bytes) -> Changes:
    """EF.ChipSecurity must carry this chip's own public key."""
    private = card.get(image.CHIP_KEY)
    if private is None:
        raise CommandRefusedError(SW.CONDITIONS_NOT_SATISFIED)
    try:
        point = public_point_in(value)
    except MalformedObjectError:
        raise CommandRefusedError(SW.WRONG_DATA) from None
    if point != public_point(private):
        raise CommandRefusedError(SW.WRONG_DATA)
    return {}


def _profile(_card: Image, value: bytes, _key_dek: bytes) -> Changes:
    if int.from_bytes(value, "big") not in frozenset(Profile) or len(value) != 1:
        raise CommandRefusedError(SW.WRONG_DATA)
    return {image.PROFILE: value}


def _cvca(_card: Image, value: bytes, _key_dek: bytes) -> Changes:
    try:
        return initial_trust_point(value)
    except MalformedObjectError:
        raise CommandRefusedError(SW.WRONG_DATA) from None


def _pin(_card: Image, value: bytes, key_dek: bytes) -> Changes:
    digits = _decipher_code(value, key_dek, PIN_LENGTHS)
    return {image.PIN: pad_code(digits), image.PIN_TRIES: bytes((image.PIN_TRIES_MAX,))}


def _puk(_card: Image, value: bytes, key_dek: bytes) -> Changes:
    digits = _decipher_code(value, key_dek, PUK_LENGTHS)
    return {image.PUK: pad_code(digits), image.PUK_TRIES: bytes((image.PUK_TRIES_MAX,))}


def _can(_card: Image, value: bytes, key_dek: bytes) -> Changes:
    return {image.CAN: _decipher_code(value, key_dek, _CAN_LENGTHS)}


def _decipher_code(value: bytes, key_dek: bytes, lengths: range) -> bytes:
    """Return the digits in ``length ‖ ASCII digits ‖ 00…``, one block under K-DEK."""
    if len(value) != BLOCK:
        raise CommandRefusedError(SW.WRONG_DATA)
    plain = decrypt_cbc(key_dek, ZERO_IV, value)
    digits, filler = plain[1 : 1 + plain[0]], plain[1 + plain[0] :]
    if not are_digits(digits, lengths) or len(digits) != plain[0] or any(filler):
        raise CommandRefusedError(SW.WRONG_DATA)
    return digits


_EVALUATORS: Mapping[int, _Evaluate] = {
    EF_CHIP_SECURITY.dgi: _chip_security,
    Dgi.POINTER: _pointer,
    Dgi.PIN: _pin,
    Dgi.PUK: _puk,
    Dgi.CAN: _can,
    Dgi.PROFILE: _profile,
    Dgi.CVCA: _cvca,
}
