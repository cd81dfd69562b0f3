"""SecurityInfos of EF.CardAccess and EF.ChipSecurity: what a card speaks, and its chip key.

Nothing here is trusted: EF.ChipSecurity counts once EF.SOD vouches for its octets.

Source: ICAO Doc 9303-11 9.2; TR-03110-3 A.1; this project's EF.ChipSecurity, card.md 2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cardservice.apdu.tlv import Tag, encode_object, scan
from cardservice.channel.elliptic_curve import check_point_form
from cardservice.channel.oids import Oid
from cardservice.errors import MalformedDataError

CHIP_SECURITY_TAG: Final = 0x6E
P256_PARAMETER_ID: Final = 12  # 9303-11 9.5.1, standardized domain parameters
CA_VERSION: Final = 1
TA_VERSION: Final = 1
PACE_VERSION: Final = 2

# AlgorithmIdentifier { id-ecPublicKey, prime256v1 }: the one curve, named, never by parameters.
_P256_ALGORITHM: Final = bytes.fromhex("301306072A8648CE3D020106082A8648CE3D030107")
_NO_UNUSED_BITS: Final = b"\x00"
_PROTOCOLS_LEN: Final = len(Oid.TA)  # up to the octet that tells the protocol family
_MAX_INTEGER_LEN: Final = 4  # versions, key and parameter identifiers are small


@dataclass(frozen=True, slots=True)
class ChipAuthenticationInfo:
    """The chip speaks chip authentication with ``protocol``."""

    protocol: bytes
    version: int
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChipAuthenticationPublicKeyInfo:
    """The chip's static key: ``point`` is 04 ‖ x ‖ y on P-256, not checked to be on the curve."""

    point: bytes
    key_id: int | None = None


@dataclass(frozen=True, slots=True)
class TerminalAuthenticationInfo:
    """The chip speaks terminal authentication of ``version``."""

    version: int


@dataclass(frozen=True, slots=True)
class PACEInfo:
    """The chip speaks PACE with ``protocol`` on standardized domain ``parameter_id``."""

    protocol: bytes
    version: int
    parameter_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnknownInfo:
    """A SecurityInfo we do not know; ``octets`` is the whole SEQUENCE."""

    protocol: bytes
    octets: bytes


SecurityInfo = (
    ChipAuthenticationInfo
    | ChipAuthenticationPublicKeyInfo
    | TerminalAuthenticationInfo
    | PACEInfo
    | UnknownInfo
)


@dataclass(frozen=True, slots=True)
class ChipSecurity:
    """What EF.ChipSecurity says.

    Attributes:
        chip_authentication: the one ChipAuthenticationInfo.
        public_key: the one static chip key.
        terminal_authentication: absent when the card does not speak it.
        pace: absent when the card has no EF.CardAccess.
        unknown: SecurityInfos that were skipped.
    """

    chip_authentication: ChipAuthenticationInfo
    public_key: ChipAuthenticationPublicKeyInfo
    terminal_authentication: TerminalAuthenticationInfo | None
    pace: PACEInfo | None
    unknown: tuple[UnknownInfo, ...] = ()


def parse_security_infos(der: bytes) -> tuple[SecurityInfo, ...]:
    """Return the members of a DER SET OF SecurityInfo in the order received.

    The order of DER is not demanded: published EF.CardAccess files do without.

    Raises:
        MalformedDataError: not DER, or a known SecurityInfo with a wrong content.

    Source: ICAO Doc 9303-11 9.2; vectors ``chip-security.json``, EF.CardAccess of the EAC example.
    """
    return _parse_set(der, 0, len(der))


def parse_chip_security(file: bytes) -> ChipSecurity:
    """Return the content of EF.ChipSecurity, ``6E{SET}`` and nothing after it.

    Raises:
        MalformedDataError: another root, no or more than one chip key or protocol, bad coding.

    Source: card.md 2; vectors ``chip-security.json``.
    """
    entries = scan(file, strict=True)
    if len(entries) != 1 or entries[0][0] != CHIP_SECURITY_TAG:
        raise MalformedDataError("EF.ChipSecurity is not one object 6E")
    sorter = _Sorter()
    for info in _parse_set(file, entries[0][2], entries[0][3]):
        sorter.add(info)
    return sorter.result()


def encode_chip_security(point: bytes, *, with_pace: bool = True) -> bytes:
    """Return EF.ChipSecurity for the static chip key ``point`` (65 octets, P-256).

    Args:
        point: 04 ‖ x ‖ y as the card's key generation returned it.
        with_pace: also say what EF.CardAccess says; False for a card without that file.

    Source: card.md 2; golden file ``chip-security.json``.
    """
    infos = [
        _sequence(Oid.TA, _integer(TA_VERSION)),
        _sequence(Oid.CA_ECDH_AES_CBC_CMAC_128, _integer(CA_VERSION)),
        _sequence(Oid.PK_ECDH, _public_key_info(check_point_form(point))),
    ]
    if with_pace:
        infos.append(_pace_info())
    return encode_object(CHIP_SECURITY_TAG, _set_of(infos))


def encode_card_access() -> bytes:
    """Return EF.CardAccess: PACE with generic mapping and AES-128 on P-256, 22 octets."""
    return _set_of([_pace_info()])


def _parse_set(data: bytes, start: int, end: int) -> tuple[SecurityInfo, ...]:
    entries = scan(data, start, end, strict=True)
    if len(entries) != 1 or entries[0][0] != Tag.SET:
        raise MalformedDataError("SecurityInfos are not one SET")
    octets = [
        data[header:after]
        for _, header, _, after in scan(data, entries[0][2], entries[0][3], strict=True)
    ]
    return tuple(_COMMON_INFOS.get(one) or _parse_info(one) for one in octets)


def _parse_info(octets: bytes) -> SecurityInfo:
    (tag, _, start, end) = scan(octets, strict=True)[0]
    if tag != Tag.SEQUENCE:
        raise MalformedDataError("a SecurityInfo is not a SEQUENCE")
    members = [
        (tag, octets[value:after]) for tag, _, value, after in scan(octets, start, end, strict=True)
    ]
    if len(members) < 2 or members[0][0] != Tag.OBJECT_IDENTIFIER:
        raise MalformedDataError("a SecurityInfo starts with its protocol")
    oid = members[0][1]
    parser = _EXACT.get(oid) or _FAMILIES.get(oid[:_PROTOCOLS_LEN])
    if parser is None or (len(oid) != _FAMILY_OID_LEN and oid not in _EXACT):
        return UnknownInfo(oid, octets)
    if len(members) > 3:
        raise MalformedDataError("a SecurityInfo has too many members")
    return parser(oid, members[1:])


Members = list[tuple[int, bytes]]


def _chip_authentication(oid: bytes, members: Members) -> SecurityInfo:
    return ChipAuthenticationInfo(oid, _small_integer(members[0]), _optional_integer(members))


def _terminal_authentication(_oid: bytes, members: Members) -> SecurityInfo:
    # A second member (version 1 of TR-03110: where EF.CVCA is) is allowed and not needed.
    return TerminalAuthenticationInfo(_small_integer(members[0]))


def _pace(oid: bytes, members: Members) -> SecurityInfo:
    return PACEInfo(oid, _small_integer(members[0]), _optional_integer(members))


def _public_key(_oid: bytes, members: Members) -> SecurityInfo:
    tag, info = members[0]
    if tag != Tag.SEQUENCE or not info.startswith(_P256_ALGORITHM):
        raise MalformedDataError("the chip's key is not on the named curve P-256")
    entries = scan(info, len(_P256_ALGORITHM), strict=True)
    if len(entries) != 1 or entries[0][0] != Tag.BIT_STRING:
        raise MalformedDataError("the chip's key is not one BIT STRING")
    bits = info[entries[0][2] :]
    if not bits.startswith(_NO_UNUSED_BITS):
        raise MalformedDataError("the chip's key is not whole octets")
    return ChipAuthenticationPublicKeyInfo(check_point_form(bits[1:]), _optional_integer(members))


_EXACT: Final[dict[bytes, Callable[[bytes, Members], SecurityInfo]]] = {
    Oid.PK_ECDH: _public_key,
    Oid.TA: _terminal_authentication,
}
# Chip authentication and PACE: any cipher, since a card may offer several.
_FAMILIES: Final[dict[bytes, Callable[[bytes, Members], SecurityInfo]]] = {
    Oid.CA_ECDH_AES_CBC_CMAC_128[:_PROTOCOLS_LEN]: _chip_authentication,
    Oid.PACE_ECDH_GM_AES_CBC_CMAC_128[:_PROTOCOLS_LEN]: _pace,
}
_FAMILY_OID_LEN: Final = len(Oid.CA_ECDH_AES_CBC_CMAC_128)


def _small_integer(member: tuple[int, bytes]) -> int:
    tag, value = member
    padded = len(value) > 1 and value[0] == 0 and value[1] < 0x80
    if tag != Tag.INTEGER or not 1 <= len(value) <= _MAX_INTEGER_LEN or padded or value[0] >= 0x80:
        raise MalformedDataError("not a small non-negative INTEGER")
    return int.from_bytes(value)


def _optional_integer(members: Members) -> int | None:
    return _small_integer(members[1]) if len(members) > 1 else None


class _Sorter:
    """Puts SecurityInfos in their places and refuses a second one for the same place."""

    __slots__ = ("_chip_authentication", "_pace", "_public_key", "_terminal", "_unknown")

    def __init__(self) -> None:
        self._chip_authentication: ChipAuthenticationInfo | None = None
        self._public_key: ChipAuthenticationPublicKeyInfo | None = None
        self._terminal: TerminalAuthenticationInfo | None = None
        self._pace: PACEInfo | None = None
        self._unknown: list[UnknownInfo] = []

    def add(self, info: SecurityInfo) -> None:
        match info:
            case ChipAuthenticationInfo() if self._chip_authentication is None:
                self._chip_authentication = info
            case ChipAuthenticationPublicKeyInfo() if self._public_key is None:
                self._public_key = info
            case TerminalAuthenticationInfo() if self._terminal is None:
                self._terminal = info
            case PACEInfo() if self._pace is None:
                self._pace = info
            case UnknownInfo():
                self._unknown.append(info)
            case _:
                raise MalformedDataError(f"more than one {type(info).__name__}")

    def result(self) -> ChipSecurity:
        if self._chip_authentication is None or self._public_key is None:
            raise MalformedDataError("EF.ChipSecurity lacks the chip's key or protocol")
        return ChipSecurity(
            chip_authentication=self._chip_authentication,
            public_key=self._public_key,
            terminal_authentication=self._terminal,
            pace=self._pace,
            unknown=tuple(self._unknown),
        )


def _set_of(members: list[bytes]) -> bytes:
    # X.690 11.6: the members of a DER SET OF are in ascending order of their octets.
    return encode_object(Tag.SET, b"".join(sorted(members)))


def _sequence(oid: Oid, *rest: bytes) -> bytes:
    return encode_object(Tag.SEQUENCE, encode_object(Tag.OBJECT_IDENTIFIER, oid) + b"".join(rest))


def _pace_info() -> bytes:
    return _sequence(
        Oid.PACE_ECDH_GM_AES_CBC_CMAC_128, _integer(PACE_VERSION), _integer(P256_PARAMETER_ID)
    )


def _public_key_info(point: bytes) -> bytes:
    key = encode_object(Tag.BIT_STRING, _NO_UNUSED_BITS + point)
    return encode_object(Tag.SEQUENCE, _P256_ALGORITHM + key)


def _integer(value: int) -> bytes:
    return encode_object(Tag.INTEGER, bytes((value,)))


# What every card of ours says alike is recognised whole: this file is read at each verdict, and
# so only the chip's key is left to take apart.
_COMMON_INFOS: Final[dict[bytes, SecurityInfo]] = {
    octets: _parse_info(octets)
    for octets in (
        _sequence(Oid.TA, _integer(TA_VERSION)),
        _sequence(Oid.CA_ECDH_AES_CBC_CMAC_128, _integer(CA_VERSION)),
        _pace_info(),
    )
}
