"""Any octets, in any state, give an answer; and the codecs lose nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.card import SoftwareCard, image
from simulators.card.apdu import parse_command
from simulators.card.dgi import parse_stream
from simulators.card.field import FieldCard
from simulators.card.status import CommandRefusedError
from simulators.card.tampering import copy_of
from simulators.card.tlv import MalformedObjectError, encode_object, parse_objects
from tests.unit.simulators.card.hosts import (
    FOMS_ROOT,
    OK,
    PaceHost,
    apdu,
    chip_authenticate,
    dgi,
    pace_mse,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CHIP_POINT,
    CVCA,
    INSURER,
    ISSUER,
    OWNER,
    PIN,
    TRANSPORT,
    Content,
    in_range,
    issuer_keys_in,
    new_blank,
    open_session,
    personalized,
    trust_point,
)

CLASSES = (0x00, 0x04, 0x0C, 0x10, 0x1C, 0x80, 0x84, 0x8C)
INSTRUCTIONS = bytes.fromhex("2022242A2C4750828486A4B0CAD8E2F0")

_near_commands = st.builds(
    lambda cla, ins, p1, p2, data, le: bytes((cla, ins, p1, p2)) + data + le,
    st.sampled_from(CLASSES) | st.integers(0, 255),
    st.sampled_from(INSTRUCTIONS) | st.integers(0, 255),
    st.sampled_from(bytes.fromhex("000102040881 8889 41 C1 40 DF".replace(" ", "")))
    | st.integers(0, 255),
    st.sampled_from(bytes.fromhex("0001040CA4B6BE0F83FFE0B0")) | st.integers(0, 255),
    st.binary(max_size=40).map(lambda data: bytes((len(data),)) + data if data else b""),
    st.sampled_from([b"", b"\x00", b"\x08", b"\x00\x00"]),
)
_octets = _near_commands | st.binary(max_size=300)


def _plain(card: SoftwareCard) -> Callable[[bytes], bytes]:
    return card.execute


def _blank() -> Callable[[bytes], bytes]:
    return _plain(new_blank())


def _with_life_cycle(life_cycle: int) -> Callable[[bytes], bytes]:
    return _plain(copy_of(personalized(), changes={image.LIFE_CYCLE: bytes((life_cycle,))}))


def _expecting_external_authenticate() -> Callable[[bytes], bytes]:
    card = new_blank()
    send(card, apdu("00A4040C", FOMS_ROOT))

    def execute(octets: bytes) -> bytes:
        send(card, "8050300008" + "11" * 8)
        return card.execute(octets)

    return execute


def _in_pace(step: int) -> Callable[[bytes], bytes]:
    card = in_range(personalized())

    def execute(octets: bytes) -> bytes:
        card.reset()
        send(card, pace_mse())
        if step > 1:
            PaceHost(card).step("10", "", b"")
        data = octets[4:]
        return card.execute(apdu("10860000", data[:200], 0))

    return execute


def _in_chip_authentication() -> Callable[[bytes], bytes]:
    card = personalized()

    def execute(octets: bytes) -> bytes:
        card.reset()
        send(card, "002241A40C800A04007F00070202030202")
        return card.execute(apdu("00860000", octets[4:204], 0))

    return execute


def _inside_iso() -> Callable[[bytes], bytes]:
    """Authentic garbage: it passes the MAC and meets the handlers."""
    card = in_range(personalized(Content(cvca=trust_point())))

    def execute(octets: bytes) -> bytes:
        card.reset()
        terminal = chip_authenticate(card, CHIP_POINT).host
        terminal.send("002281B6", tlv("83", CVCA.name))
        header = octets[:4].ljust(4, b"\x00").hex()
        return card.execute(terminal.wrap(header, octets[4:200], b"\x00"))

    return execute


def _inside_scp03(card: SoftwareCard, *, issuer: bool) -> Callable[[bytes], bytes]:
    def execute(octets: bytes) -> bytes:
        cells = card.memory.cells()
        one = copy_of(card, changes=cells)
        host = open_session(one, ISSUER if issuer else TRANSPORT)
        header = "84" + octets[1:4].ljust(3, b"\x00").hex()
        return one.execute(host.wrap(header, octets[4:200], 0))

    return execute


def _issuers_card() -> SoftwareCard:
    card = new_blank()
    issuer_keys_in(card)
    return card


STATES: dict[str, Callable[[], Callable[[bytes], bytes]]] = {
    "blank": _blank,
    "personalized": lambda: _with_life_cycle(0x0F),
    "contactless": lambda: _plain(in_range(personalized())),
    "blocked": lambda: _with_life_cycle(0x83),
    "terminated": lambda: _with_life_cycle(0xFF),
    "before EXTERNAL AUTHENTICATE": _expecting_external_authenticate,
    "PACE step 1": lambda: _in_pace(1),
    "PACE step 2": lambda: _in_pace(2),
    "chip authentication": _in_chip_authentication,
    "inside ISO secure messaging": _inside_iso,
    "inside the transport session": lambda: _inside_scp03(new_blank(), issuer=False),
    "inside the issuer's session": lambda: _inside_scp03(_issuers_card(), issuer=True),
    "inside the issuer's session later": lambda: _inside_scp03(personalized(), issuer=True),
    "field card": lambda: FieldCard(owner=OWNER, insurers={1: INSURER}, pointer=1).execute,
}


@pytest.mark.parametrize("state", STATES)
def test_any_octets_in_any_state_give_an_answer_with_a_status_word(state: str) -> None:
    execute = STATES[state]()

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(_octets)
    def check(octets: bytes) -> None:
        answer = execute(octets)
        assert len(answer) >= 2
        assert answer[-2] in range(0x61, 0x70) or answer[-2] == 0x90

    check()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(_octets, max_size=12))
def test_any_series_of_commands_gives_answers_and_never_more_than_2_kib(
    series: list[bytes],
) -> None:
    card = _SERIES_CARD
    card.reset()
    for octets in series:
        assert 2 <= len(card.execute(octets)) <= 2048


_SERIES_CARD = copy_of(personalized())


@given(st.binary(max_size=60))
def test_parsers_return_or_refuse_and_never_break(octets: bytes) -> None:
    parsed = parse_command(octets)
    assert parsed is None or parsed.header == octets[:4]
    try:
        objects = parse_objects(octets)
    except MalformedObjectError:
        objects = []
    assert all(one.encoded in octets for one in objects)
    try:
        groupings = parse_stream(octets)
    except CommandRefusedError:
        groupings = {}
    assert all(groupings.values())


@given(st.lists(st.tuples(st.sampled_from([0x80, 0x87, 0x5F20, 0x7F49]), st.binary(max_size=300))))
def test_objects_come_back_as_they_were_encoded(objects: list[tuple[int, bytes]]) -> None:
    encoded = b"".join(encode_object(tag, value) for tag, value in objects)
    assert [(one.tag, one.value) for one in parse_objects(encoded)] == objects


@given(st.dictionaries(st.integers(0, 0xFFFF), st.binary(min_size=1, max_size=300), min_size=1))
def test_groupings_come_back_as_they_were_encoded(groupings: dict[int, bytes]) -> None:
    stream = b"".join(dgi(f"{tag:04X}", value) for tag, value in groupings.items())
    assert parse_stream(stream) == groupings


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.integers(1, 231), min_size=1, max_size=40), st.integers(0, 200))
def test_a_stream_cut_anywhere_is_the_same_stream(cuts: list[int], size: int) -> None:
    stream = dgi("0301", INSURER + bytes(size))
    card = copy_of(_ISSUERS)
    host = open_session(card)
    parts, position = [], 0
    for cut in cuts:
        parts.append(stream[position : position + cut])
        position += cut
    parts.append(stream[position:])
    for number, part in enumerate(parts):
        p1 = "88" if number == len(parts) - 1 else "08"
        assert host.send(f"84E2{p1}{number:02X}", part) == (b"", OK)
    assert card.memory.get("file:FOMS_INS/0301") == INSURER + bytes(size)


_ISSUERS = _issuers_card()


@given(st.text(alphabet="0123456789", min_size=4, max_size=8))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_only_the_holders_pin_is_verified(digits: str) -> None:
    card = copy_of(_SERIES_CARD, changes={image.PIN_TRIES: b"\x03"})
    code = digits.encode().ljust(8, b"\xff")
    expected = OK if digits == PIN else 0x63C2
    assert send(card, b"\x00\x20\x00\x01\x08" + code)[1] == expected
