"""The files that name the chip: EF.CardID, ``61{…}``, and EF.ICCID, ``60{…}``.

Their tags are the field's, their values this project's own. They are for machines, so reading
is strict: only unknown tags are passed over.

Source: card.md, section 2; golden files ``card-id`` and ``iccid``.
"""

import re
from dataclasses import dataclass
from typing import Final

from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.fields import (
    DigitsField,
    FileField,
    OctetsField,
)
from cardservice.policycard.layout import CardFile
from cardservice.policycard.objects import Grammar, walk
from cardservice.policycard.reading import Found, note_repeated, note_unknown
from cardservice.policycard.tags import FieldTag

CHIP_SERIAL_LEN: Final = 8  # octets
FUND_DIGITS: Final = 5
LIST_NUMBER_LEN: Final = 2  # octets, big-endian
LIST_INDEX_LEN: Final = 4  # octets, big-endian
_LIST_ENTRY_LEN: Final = LIST_NUMBER_LEN + LIST_INDEX_LEN
_ISSUED_VALUE_LEN: Final = 31  # octets of the four fields with their headers
ISSUER_CODE: Final = 1  # the only one there is

_CARD_TYPE: Final = b"\x02"
_CARD_VERSION: Final = b"\x01"
_SERIAL: Final = OctetsField(FieldTag.CHIP_SERIAL, CHIP_SERIAL_LEN)
_TYPE: Final = OctetsField(FieldTag.CARD_TYPE, 1)
_VERSION: Final = OctetsField(FieldTag.CARD_VERSION, 1)
_FUND: Final = DigitsField(FieldTag.FUND, FUND_DIGITS)
_LIST_ENTRY: Final = OctetsField(FieldTag.LIST_ENTRY, _LIST_ENTRY_LEN)
_ISSUER: Final = OctetsField(FieldTag.ISSUER_CODE, 1)
_ISSUER_DATA: Final = OctetsField(FieldTag.ISSUER_DATA, CHIP_SERIAL_LEN)

_CARD_ID_TAGS: Final = frozenset(one.key for one in (_SERIAL, _TYPE, _VERSION, _FUND, _LIST_ENTRY))
_ICCID_TAGS: Final = frozenset({_ISSUER.key, _ISSUER_DATA.key})
_TYPE_AND_VERSION: Final = _TYPE.encode(_CARD_TYPE) + _VERSION.encode(_CARD_VERSION)
_CARD_ID_FILE: Final = FileField(FieldTag.CARD_ID, CardFile.CARD_ID.spec.limit)
_ICCID_FILE: Final = FileField(FieldTag.ICCID, CardFile.ICCID.spec.limit)
_CARD_ID: Final = Grammar(words="EF.CardID", root=_CARD_ID_FILE.key, limit=_CARD_ID_FILE.limit)
_ICCID: Final = Grammar(words="EF.ICCID", root=_ICCID_FILE.key, limit=_ICCID_FILE.limit)


def _open(example: bytes, octets: int, value: bytes = b".") -> bytes:
    """Return a pattern of the object ``example`` with another value of as many ``octets``."""
    return re.escape(example[:-octets]) + b"(" + value + b"{%d})" % octets


# EF.CardID as we write it, recognised whole because it is read at each verdict.
_ISSUED_CARD_ID: Final = re.compile(
    re.escape(_CARD_ID_FILE.header + bytes((_ISSUED_VALUE_LEN,)))
    + _open(_SERIAL.encode(bytes(CHIP_SERIAL_LEN)), CHIP_SERIAL_LEN)
    + re.escape(_TYPE_AND_VERSION)
    + _open(_FUND.encode("0" * FUND_DIGITS), FUND_DIGITS, b"[0-9]")
    + _open(_LIST_ENTRY.encode(bytes(_LIST_ENTRY_LEN)), _LIST_ENTRY_LEN),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIdentity:
    """What EF.CardID says.

    Attributes:
        chip_serial: 8 octets.
        fund: the issuing fund, 5 digits.
        list_number: which status list the card is on, 0 to 65,535.
        list_index: its place there, drawn at random, 0 to 4,294,967,295.
    """

    chip_serial: bytes
    fund: str
    list_number: int
    list_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Iccid:
    """What EF.ICCID says: the chip's serial number, 8 octets, and who gave it, 0 to 255."""

    chip_serial: bytes
    issuer_code: int = ISSUER_CODE


@dataclass(frozen=True, slots=True)
class ReadCardIdentity:
    """What was read from EF.CardID, and what was passed over, in plain words."""

    identity: CardIdentity
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadIccid:
    """What was read from EF.ICCID, and what was passed over, in plain words."""

    iccid: Iccid
    skipped: tuple[str, ...] = ()


def encode_card_id(identity: CardIdentity) -> bytes:
    """Return EF.CardID, 33 octets.

    Raises:
        UsageError: a serial, fund or place in the list of another length or range.
    """
    entry = _unsigned(identity.list_number, LIST_NUMBER_LEN) + _unsigned(
        identity.list_index, LIST_INDEX_LEN
    )
    parts = (
        _SERIAL.encode(identity.chip_serial),
        _TYPE_AND_VERSION,
        _FUND.encode(identity.fund),
        _LIST_ENTRY.encode(entry),
    )
    return _CARD_ID_FILE.encode(parts)


def decode_card_id(octets: bytes) -> ReadCardIdentity:
    """Return what EF.CardID says.

    Raises:
        MalformedDataError: a field missing, repeated or of another length; another card type
            or version, whose fields may mean something else.
    """
    issued = _ISSUED_CARD_ID.fullmatch(octets)
    if issued is not None:
        return ReadCardIdentity(_card_identity(*issued.groups()))
    found, notes = _strictly(octets, _CARD_ID, _CARD_ID_TAGS)
    for field, known in ((_TYPE, _CARD_TYPE), (_VERSION, _CARD_VERSION)):
        if field.require(octets, found) != known:
            raise field.malformed("is not one that is known")
    serial, entry = _SERIAL.require(octets, found), _LIST_ENTRY.require(octets, found)
    fund = _FUND.require(octets, found).encode()
    return ReadCardIdentity(_card_identity(serial, fund, entry), notes)


def _card_identity(serial: bytes, fund: bytes, entry: bytes) -> CardIdentity:
    return CardIdentity(
        chip_serial=serial,
        fund=fund.decode(),
        list_number=int.from_bytes(entry[:LIST_NUMBER_LEN]),
        list_index=int.from_bytes(entry[LIST_NUMBER_LEN:]),
    )


def encode_iccid(iccid: Iccid) -> bytes:
    """Return EF.ICCID, 15 octets; Raises: UsageError (serial not 8 octets, code above 255)."""
    parts = (
        _ISSUER.encode(_unsigned(iccid.issuer_code, 1)),
        _ISSUER_DATA.encode(iccid.chip_serial),
    )
    return _ICCID_FILE.encode(parts)


def decode_iccid(octets: bytes) -> ReadIccid:
    """Return what EF.ICCID says.

    Raises:
        MalformedDataError: a field missing, repeated or of another length.
    """
    found, notes = _strictly(octets, _ICCID, _ICCID_TAGS)
    iccid = Iccid(
        chip_serial=_ISSUER_DATA.require(octets, found),
        issuer_code=_ISSUER.require(octets, found)[0],
    )
    return ReadIccid(iccid, notes)


def _unsigned(number: int, size: int) -> bytes:
    try:
        return number.to_bytes(size)
    except OverflowError:
        raise UsageError(f"a number below zero or of more than {size} octets") from None


def _strictly(
    octets: bytes, grammar: Grammar, known: frozenset[int]
) -> tuple[Found, tuple[str, ...]]:
    file = walk(octets, grammar)
    if file.repeated:
        raise MalformedDataError(f"{grammar.words} has a field twice")
    notes: list[str] = []
    note_unknown(file.found, known, notes)
    note_repeated(file, notes)
    return file.found, tuple(notes)
