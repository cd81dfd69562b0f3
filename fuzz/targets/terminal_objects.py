"""Terminal side: TLV, ATR, commands, responses, SecurityInfos."""

from collections.abc import Iterator
from contextlib import suppress

from cardservice.apdu.atr import parse_atr
from cardservice.apdu.command import CommandAPDU
from cardservice.apdu.response import ResponseAPDU
from cardservice.apdu.tlv import (
    find,
    header_at,
    only,
    parse_objects,
    parse_tag_list,
    parse_tree,
    scan,
    scan_start,
)
from cardservice.channel.card_access import choose_pace, parse_card_access
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.scp03.opening import parse_initialize_update_answer
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.channel.security_infos import (
    encode_card_access,
    encode_chip_security,
    parse_chip_security,
    parse_security_infos,
)
from cardservice.channel.terminal_authentication_references import parse_ef_cvca
from cardservice.errors import AuthenticationError, MalformedDataError, PeerError
from fuzz import issuing
from fuzz.cards import CHIP_POINT
from fuzz.target import Target, all_of, require
from simulators.card.apdu import COMMAND_OCTETS_MAX, Command, parse_command
from simulators.card.chip_security import public_point_in
from simulators.card.tlv import MalformedObjectError
from simulators.card.tlv import parse_objects as parse_objects_at_card

MALFORMED = (MalformedDataError,)
DOCUMENTED = (PeerError,)
_RESERVED_CLA, _PROCEDURE_INS = 0xFF, (0x60, 0x90)
_ANSWER_S8, _ANSWER_S16 = 8, 16


def _strict_coding_is_the_only_one(octets: bytes) -> None:
    objects = list(parse_objects(octets, strict=True))
    require(b"".join(one.encode() for one in objects) == octets, "strict objects encode alike")


def _card_and_terminal_see_the_same_objects(octets: bytes) -> None:
    ours = _at_terminal(octets)
    theirs = _at_card(octets)
    require(ours == theirs, "card and terminal see the same objects")


def _at_terminal(octets: bytes) -> list[tuple[int, bytes]] | None:
    with suppress(MalformedDataError):
        return [(tag, octets[start:end]) for tag, _, start, end in scan(octets, padding=True)]
    return None


def _at_card(octets: bytes) -> list[tuple[int, bytes]] | None:
    with suppress(MalformedObjectError):
        return [(one.tag, one.value) for one in parse_objects_at_card(octets)]
    return None


def _command_is_read_as_the_card_reads_it(octets: bytes) -> None:
    theirs = parse_command(octets)
    try:
        ours = CommandAPDU.parse(octets)
    except MalformedDataError:
        taken = theirs is not None and not _is_reserved(theirs)
        require(not taken, "what the card reads, the terminal reads")
        return
    require(CommandAPDU.parse(ours.encode()) == ours, "a command encodes to itself")
    if len(octets) <= COMMAND_OCTETS_MAX:
        parts = theirs and (theirs.cla, theirs.ins, theirs.p1, theirs.p2, theirs.data, theirs.ne)
        said = (ours.cla, ours.ins, ours.p1, ours.p2, ours.data, ours.ne)
        require(parts == said, "card and terminal read the same command")


def _is_reserved(command: Command) -> bool:
    """Return whether no terminal sends such a class or instruction (ISO/IEC 7816-3)."""
    return command.cla == _RESERVED_CLA or command.ins & 0xF0 in _PROCEDURE_INS


def _response_encodes_to_itself(octets: bytes) -> None:
    require(ResponseAPDU.parse(octets).encode() == octets, "a response encodes to itself")


def _no_response_passes_without_the_keys(octets: bytes) -> None:
    session = SecureMessaging(SessionKeys(bytes(16), bytes(16)))
    session.wrap(CommandAPDU(cla=0, ins=0xB0, ne=256))
    with suppress(AuthenticationError):
        session.unwrap(ResponseAPDU.parse(octets))
    require(session.is_closed or len(octets) > 2, "an unprotected answer closes the session")


def _atr_says_something(octets: bytes) -> None:
    atr = parse_atr(octets)
    _ = atr.is_well_formed, atr.is_specific_mode, atr.fi, atr.di, atr.bit_rate(4_000_000)


def _same_chip_key(octets: bytes) -> None:
    point = parse_chip_security(octets).public_key.point
    require(public_point_in(octets) == point, "card and terminal find the same chip key")


_TLV = all_of(
    scan,
    lambda octets: scan(octets, strict=True),
    lambda octets: scan_start(octets, 0, len(octets) + 300),
    header_at,
    parse_tree,
    parse_tag_list,
    lambda octets: find(octets, 0x6E, 0x31, 0x30),
    lambda octets: only(octets, 0x7C),
    _strict_coding_is_the_only_one,
    _card_and_terminal_see_the_same_objects,
    documented=MALFORMED,
)
_APDU = all_of(
    _command_is_read_as_the_card_reads_it,
    _response_encodes_to_itself,
    _no_response_passes_without_the_keys,
    lambda octets: parse_initialize_update_answer(octets, mac_len=_ANSWER_S8),
    lambda octets: parse_initialize_update_answer(octets, mac_len=_ANSWER_S16),
    documented=MALFORMED,
)
_INFOS = all_of(
    parse_security_infos,
    lambda octets: choose_pace(parse_card_access(octets)),
    _same_chip_key,
    parse_ef_cvca,
    documented=DOCUMENTED,
)


def _tlv_seeds() -> Iterator[bytes]:
    yield from (issuing.owner(), issuing.card_id(), encode_chip_security(CHIP_POINT))
    yield bytes.fromhex("5F01 5F36 5C 7F49 9F8101")
    yield bytes.fromhex("00 5C 01 AA 00 00 7F 49 82 00 02 86 00 00")


def _apdu_seeds() -> Iterator[bytes]:
    for data, ne in ((b"", 0), (b"", 256), (b"\x01\x02", 0), (b"\x01\x02", 256), (b"", 65_536)):
        yield CommandAPDU(cla=0, ins=0xB0, data=data, ne=ne).encode()
    yield CommandAPDU(cla=0x10, ins=0x2A, p2=0xBE, data=bytes(300), ne=2000).encode()
    yield bytes.fromhex("9902 9000 8E08 0102030405060708 9000")
    yield bytes(10) + bytes.fromhex("30 03 70") + bytes(19) + b"\x90\x00"


def _atr_seeds() -> Iterator[bytes]:
    yield bytes.fromhex("3BF71300008131FE45464F4D534F4D53A9")
    yield bytes.fromhex("3B878001464F4D534F4D5340")
    yield bytes.fromhex("3F00")


def _infos_seeds() -> Iterator[bytes]:
    yield from (encode_chip_security(CHIP_POINT), encode_card_access())
    yield encode_chip_security(CHIP_POINT)[3:]
    yield bytes.fromhex("420E") + issuing.CVCA.encode() + bytes(20)


TARGETS = {
    "terminal.tlv": Target(_TLV, _tlv_seeds),
    "terminal.apdu": Target(_APDU, _apdu_seeds),
    "terminal.atr": Target(all_of(_atr_says_something, documented=MALFORMED), _atr_seeds),
    "terminal.security_infos": Target(_INFOS, _infos_seeds),
}
