"""Card side: TLV, commands, DGI streams, certificates, EF.ChipSecurity."""

from calendar import monthrange
from collections.abc import Iterator

from cardservice.apdu.command import CommandAPDU
from cardservice.channel.security_infos import encode_chip_security
from fuzz import issuing
from fuzz.cards import CHIP_POINT, KEYS, keyless_card
from fuzz.target import Target, all_of, require
from simulators.card.apdu import COMMAND_OCTETS_MAX, Command, parse_command
from simulators.card.chip_security import public_point_in
from simulators.card.cv_certificate import parse_certificate
from simulators.card.dgi import check_known, evaluate, parse_stream
from simulators.card.image import Image
from simulators.card.protocol_objects import MseTag, parse_dynamic_data, parse_mse
from simulators.card.status import CommandRefusedError
from simulators.card.tlv import MalformedObjectError, encode_object, parse_objects
from simulators.card.trust_point import initial_trust_point

_EFFECTIVE = bytes.fromhex("5F2506")
_NO_DAY = bytes((2, 6, 0, 2, 3, 0))  # 30 February
DOCUMENTED = (MalformedObjectError, CommandRefusedError)


def _objects_lie_in_the_octets(octets: bytes) -> None:
    position = 0
    for one in parse_objects(octets):
        position = octets.index(one.encoded, position) + len(one.encoded)
        again = parse_objects(encode_object(one.tag, one.value))
        require([(two.tag, two.value) for two in again] == [one[:2]], "an object encodes to itself")
    require(not any(octets[position:]), "after the last object there is padding only")


def _commands_fit_the_buffer(octets: bytes) -> None:
    command = parse_command(octets)
    if command is not None:
        require(len(octets) <= COMMAND_OCTETS_MAX, "a longer command is none")
        require(octets.startswith(command.header), "the header is the first four octets")
        require(command.data in octets, "the data are among the octets")


def _days_are_days(octets: bytes) -> None:
    certificate = parse_certificate(octets)
    for digits in (certificate.effective, certificate.expiry):
        year, month, day = (10 * digits[at] + digits[at + 1] for at in (0, 2, 4))
        require(is_day(2000 + year, month, day), "a certificate's days are of the calendar")


def is_day(year: int, month: int, day: int) -> bool:
    """Return whether there is such a day."""
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _groupings_change_cells_only(octets: bytes) -> None:
    card = keyless_card()
    before = card.memory.cells()
    groupings = parse_stream(octets)
    check_known(groupings)
    evaluate(Image(card.memory), groupings, KEYS.key_dek)
    require(card.memory.cells() == before, "judging a stream writes nothing")


def _mse(octets: bytes) -> None:
    parse_mse(Command(0, 0x22, 0x41, 0xA4, octets), frozenset(MseTag))


def _tlv_seeds() -> Iterator[bytes]:
    yield from (issuing.owner(), encode_chip_security(CHIP_POINT))
    yield bytes.fromhex("00 5C 01 AA 00 00 7F 49 82 00 02 86 00 00")
    yield bytes.fromhex("800A 04007F00070202040202 830102")
    yield bytes.fromhex("7C 43 81 41 04") + bytes(64)


def _apdu_seeds() -> Iterator[bytes]:
    for data, ne in ((b"", 0), (b"", 256), (b"\x01\x02", 0), (b"\x01\x02", 256), (b"", 65_536)):
        yield CommandAPDU(cla=0, ins=0xB0, data=data, ne=ne).encode()
    yield CommandAPDU(cla=0x10, ins=0x2A, p2=0xBE, data=bytes(300), ne=2000).encode()


def grouping(dgi: int, value: bytes) -> bytes:
    """Return one data grouping of STORE DATA."""
    size = len(value)
    length = bytes((size,)) if size < 0xFF else b"\xff" + size.to_bytes(2)
    return dgi.to_bytes(2) + length + value


def personalization() -> bytes:
    """Return the data groupings that make a blank card, but for the codes."""
    return (
        grouping(0x0101, issuing.iccid())
        + grouping(0x0102, issuing.card_id())
        + grouping(0x010E, encode_chip_security(CHIP_POINT))
        + grouping(0x011D, issuing.security_object())
        + grouping(0x0201, issuing.owner())
        + grouping(0x0301, issuing.insurer())
        + grouping(0x01B0, b"\x03\x01")
        + grouping(0xD001, b"\x01")
        + grouping(0xD010, issuing.cvca().certificate.octets)
    )


def _dgi_seeds() -> Iterator[bytes]:
    yield personalization()
    yield grouping(0xD001, b"\x02") + grouping(0x8012, bytes(16)) + grouping(0x01B0, b"\x03\x01")


def _certificate_seeds() -> Iterator[bytes]:
    yield issuing.cvca().certificate.octets
    yield from (one.content for one in issuing.chain())
    valid = issuing.chain()[2].content
    begin = valid.index(_EFFECTIVE) + len(_EFFECTIVE)
    yield valid[:begin] + _NO_DAY + valid[begin + len(_NO_DAY) :]


TARGETS = {
    "card.tlv": Target(
        all_of(
            _objects_lie_in_the_octets,
            public_point_in,
            parse_dynamic_data,
            _mse,
            documented=DOCUMENTED,
        ),
        _tlv_seeds,
    ),
    "card.apdu": Target(all_of(_commands_fit_the_buffer, documented=DOCUMENTED), _apdu_seeds),
    "card.dgi": Target(
        all_of(_groupings_change_cells_only, documented=DOCUMENTED), _dgi_seeds, heaviness=2
    ),
    "card.cv_certificate": Target(
        all_of(_days_are_days, initial_trust_point, documented=DOCUMENTED), _certificate_seeds
    ),
}
