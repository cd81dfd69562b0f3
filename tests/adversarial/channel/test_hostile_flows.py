"""Cards that say anything at all: every flow ends, with a result or an error of ours."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from cardservice.channel.card_management import (
    generate_chip_key,
    read_key_information,
    read_life_cycle,
)
from cardservice.channel.chip_authentication import authenticate_chip
from cardservice.channel.flow import Flow, drive, protect
from cardservice.channel.key_derivation import SessionKeys
from cardservice.channel.reading import MAX_READS, read_file, read_start
from cardservice.channel.scp03 import StaticKeys, open_session
from cardservice.channel.secure_messaging import SecureMessaging
from cardservice.channel.security_infos import (
    encode_chip_security,
    parse_chip_security,
    parse_security_infos,
)
from cardservice.errors import MalformedDataError, PeerError
from tests.shared import golden

EPHEMERAL = ec.derive_private_key(5, ec.SECP256R1())
CHIP_FILE = bytes.fromhex(golden("chip-security")["hex"])
POINT = bytes.fromhex(golden("chip-security")["fields"]["public_key"])
KEYS = SessionKeys(bytes(16), bytes(16))

FLOWS: dict[str, Callable[[], Flow[object]]] = {
    "read a file": lambda: read_file(sfi=1, max_size=24_576),
    "read protected": lambda: protect(read_file(max_size=4096), SecureMessaging(KEYS)),
    "open SCP03": lambda: open_session(
        StaticKeys(bytes(16), bytes(16), bytes(16)), key_version=0, host_challenge=bytes(8)
    ),
    "authenticate the chip": lambda: authenticate_chip(POINT, ephemeral=EPHEMERAL),
    "generate a key": generate_chip_key,
    "key information": read_key_information,
    "life cycle": read_life_cycle,
}
# One octet is a life cycle, however often it is said.
WITHOUT_LIFE_CYCLE = {name: make for name, make in FLOWS.items() if name != "life cycle"}
WORDS = st.sampled_from(
    [bytes.fromhex(one) for one in ("9000", "6282", "6100", "6105", "6C00", "6C04", "6B00", "6988")]
)
PIECES = st.sampled_from(
    [
        bytes.fromhex(one)
        for one in ("62", "7F49", "86", "41", "7C00", "E0", "C004", "83FFFFFF", "8E08")
    ]
)
BODIES = st.lists(PIECES | st.binary(max_size=70), max_size=6).map(b"".join)
RESPONSES = st.lists(st.tuples(BODIES, WORDS).map(b"".join) | st.binary(max_size=4), max_size=30)


@pytest.mark.parametrize("make", FLOWS.values(), ids=FLOWS)
@settings(max_examples=30)
@given(RESPONSES)
def test_a_card_that_talks_nonsense_ends_in_a_result_or_its_own_fault(
    make: Callable[[], Flow[object]], responses: list[bytes]
) -> None:
    left = list(responses)
    count = 0

    def card(_: bytes) -> bytes:
        nonlocal count
        count += 1
        return left.pop(0) if left else b"\x6f\x00"

    with suppress(PeerError):
        drive(make(), card)
    assert count <= len(responses) + 2


@pytest.mark.parametrize("answer", ["AA9000", "AA6282", "AA6101", "6101", "6C01", "9000", "6282"])
@pytest.mark.parametrize("make", WITHOUT_LIFE_CYCLE.values(), ids=WITHOUT_LIFE_CYCLE)
def test_a_card_that_repeats_itself_for_ever_is_left(
    make: Callable[[], Flow[object]], answer: str
) -> None:
    count = 0

    def card(_: bytes) -> bytes:
        nonlocal count
        count += 1
        return bytes.fromhex(answer)

    with pytest.raises(PeerError):
        drive(make(), card)
    assert count <= 2 * MAX_READS


def test_a_file_given_octet_by_octet_is_given_up() -> None:
    count = 0

    def slow(command: bytes) -> bytes:
        nonlocal count
        count += 1
        content = b"\x62\x82\x60\x00"
        offset = int.from_bytes(command[2:4])
        return content[offset : offset + 1].ljust(1, b"\xaa") + b"\x90\x00"

    with pytest.raises(MalformedDataError, match="not read after"):
        drive(read_file(max_size=30_000), slow)
    assert count <= MAX_READS + 8


def test_more_octets_than_asked_for_are_refused() -> None:
    with pytest.raises(MalformedDataError, match="were asked for"):
        drive(read_start(max_size=512, block=16), lambda _: b"\x62\x10" + bytes(15) + b"\x90\x00")


@given(
    st.lists(
        st.tuples(st.integers(0, len(CHIP_FILE) - 1), st.integers(0, 255)), min_size=1, max_size=4
    ),
    st.integers(0, len(CHIP_FILE)),
)
def test_a_damaged_chip_security_is_read_or_malformed(
    changes: list[tuple[int, int]], kept: int
) -> None:
    damaged = bytearray(CHIP_FILE)
    for offset, value in changes:
        damaged[offset] = value
    for raw in (bytes(damaged), bytes(damaged[:kept])):
        try:
            said = parse_chip_security(raw)
        except MalformedDataError:
            continue
        assert len(said.public_key.point) == 65


@given(st.binary(max_size=80))
def test_any_octets_are_security_infos_or_malformed(raw: bytes) -> None:
    for candidate in (raw, b"\x31" + bytes((len(raw),)) + raw):
        try:
            infos = parse_security_infos(candidate)
        except MalformedDataError:
            continue
        assert isinstance(infos, tuple)


@given(st.binary(min_size=64, max_size=64), st.booleans())
def test_chip_security_survives_the_line(coordinates: bytes, with_pace: bool) -> None:
    said = parse_chip_security(encode_chip_security(b"\x04" + coordinates, with_pace=with_pace))
    assert said.public_key.point == b"\x04" + coordinates
    assert (said.pace is not None) is with_pace
