"""GENERATE and STORE DATA on a blank card."""

from dataclasses import replace

import pytest

from simulators.card import image
from tests.shared import golden
from tests.unit.simulators.card.hosts import (
    FOMS_ROOT,
    OK,
    Scp03Host,
    cbc,
    dgi,
    select_aid,
    send,
    tlv,
)
from tests.unit.simulators.card.issuing import (
    CARD_ID,
    CHIP_POINT,
    CVCA,
    CVCA_2,
    DV,
    ICCID,
    INSURER,
    ISSUER,
    NEW_INSURER,
    OWNER,
    SOD,
    Content,
    certificate,
    chip_security,
    issuer_keys_in,
    new_blank,
    open_session,
    personalized,
    trust_point,
)


def _blank_host(*, with_chip_key: bool = True) -> Scp03Host:
    card = new_blank()
    issuer_keys_in(card)
    host = open_session(card)
    if with_chip_key:
        assert host.send("84470000", le=0)[1] == OK
    return host


def _content_stream(host: Scp03Host, **changes: object) -> bytes:
    return Content(**changes).stream(host, CHIP_POINT)  # type: ignore[arg-type]


def test_a_whole_personalization_gives_a_card_with_every_file_as_written() -> None:
    card = personalized(Content(cvca=trust_point()))
    assert send(card, "00CADF0100") == (b"\x0f", OK)
    select_aid(card, FOMS_ROOT)
    by_sfi = {"81": ICCID, "82": CARD_ID, "91": OWNER, "92": INSURER, "8E": None, "9C": None}
    for sfi, content in by_sfi.items():
        data, sw = send(card, f"00B0{sfi}0000")
        assert sw == OK
        assert content in (None, data)
    read = send(card, "00B09D00000000")
    assert read == (SOD, OK)


def test_ef_cvca_names_the_trust_point_in_36_octets() -> None:
    card = personalized(Content(cvca=trust_point()))
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B09C0000") == (tlv("42", CVCA.name).ljust(36, b"\x00"), OK)
    assert card.memory.get(image.CARD_DATE) == bytes((2, 6, 0, 1, 0, 1))


def test_the_golden_chip_security_is_taken_by_the_chip_it_belongs_to() -> None:
    content = bytes.fromhex(golden("chip-security")["hex"])
    assert content == chip_security(CHIP_POINT)
    assert _blank_host().store(dgi("010E", content)) == OK


def test_the_chip_key_is_generated_on_the_card_and_answered_as_a_point() -> None:
    host = _blank_host(with_chip_key=False)
    answer, sw = host.send("84470000", le=0)
    assert (answer, sw) == (tlv("7F49", tlv("86", CHIP_POINT)), OK)


def test_the_chip_key_is_fixed_once_ef_chip_security_is_there() -> None:
    host = _blank_host()
    other = host.send("84470000", le=0)[0][5:]
    assert other != CHIP_POINT
    assert host.store(dgi("010E", chip_security(CHIP_POINT))) == 0x6A80
    assert host.store(dgi("010E", chip_security(other))) == OK
    assert host.send("84470000", le=0) == (b"", 0x6985)


@pytest.mark.parametrize(("header", "sw"), [("84470001", 0x6A86), ("84470100", 0x6A86)])
def test_generate_takes_no_parameters(header: str, sw: int) -> None:
    host = _blank_host()
    assert host.send(header)[1] == sw
    assert host.send("84470000", b"\x00")[1] == 0x6700


@pytest.mark.parametrize("block", [1, 2, 3, 17, 100, 231])
def test_the_stream_may_be_cut_at_any_octet(block: int) -> None:
    host = _blank_host()
    stream = dgi("0101", ICCID) + dgi("0102", CARD_ID) + dgi("0301", INSURER)
    assert len(stream) <= 256 * block
    assert host.store(stream, block=block) == OK
    assert host.card.memory.get("file:FOMS_INS/0301") == INSURER


def test_nothing_is_written_before_the_last_block() -> None:
    host = _blank_host()
    before = host.card.memory.cells()
    assert host.send("84E20800", dgi("0101", ICCID))[1] == OK
    assert host.card.memory.cells() == before
    assert host.send("84E28801", dgi("0102", CARD_ID))[1] == OK
    assert host.card.memory.get("file:FOMS_ROOT/0101") == ICCID


def test_a_command_in_between_drops_what_was_sent() -> None:
    host = _blank_host()
    host.send("84E20800", dgi("0101", ICCID))
    assert host.send("84CADF01", le=0)[1] == OK
    assert host.send("84E28801", dgi("0102", CARD_ID))[1] == 0x6A86
    assert host.send("84E28800", dgi("0102", CARD_ID))[1] == OK
    assert host.card.memory.get("file:FOMS_ROOT/0101") is None


@pytest.mark.parametrize(
    ("header", "sw"),
    [("84E28802", 0x6A86), ("84E28800", 0x6A86), ("84E20001", 0x6A86), ("84E28901", 0x6A86)],
)
def test_a_wrong_block_drops_everything(header: str, sw: int) -> None:
    host = _blank_host()
    host.send("84E20800", dgi("0101", ICCID))
    assert host.send(header, dgi("0102", CARD_ID))[1] == sw
    assert host.send("84E28801", dgi("0102", CARD_ID))[1] == 0x6A86
    assert host.card.memory.get("file:FOMS_ROOT/0101") is None


def test_there_are_at_most_256_blocks() -> None:
    host = _blank_host()
    for number in range(256):
        assert host.send(f"84E208{number:02X}", b"\x01")[1] == OK
    assert host.send("84E28800", b"\x01")[1] == 0x6A86


def test_a_stream_over_32_kib_is_6a84_at_once() -> None:
    host = _blank_host()
    host.extended = True
    for number in range(16):
        assert host.send(f"84E208{number:02X}", bytes(2000))[1] == OK
    assert host.send("84E20810", bytes(768))[1] == OK
    assert host.send("84E20811", b"\x00")[1] == 0x6A84


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\x01",
        b"\x01\x01",
        b"\x01\x01\x02\xaa",
        b"\x01\x01\xff\x00",
        b"\x01\x01\x00",
        dgi("0101", b"x") + dgi("0101", b"y"),
        dgi("7777", b"x"),
        dgi("0201", b"x") + dgi("0300", b"x"),
        dgi("030B", b"x"),
        dgi("01B0", b"\x03\x05"),
        dgi("01B0", b"\x02\x01"),
        dgi("01B0", b"\x03"),
        dgi("D001", b"\x00"),
        dgi("D001", b"\x04"),
        dgi("D001", b"\x00\x01"),
        dgi("8010", bytes(15)),
        dgi("8010", bytes(16)),
        dgi("D010", b"\x7f\x21\x00"),
        dgi("D010", tlv("7F21", certificate(DV, DV))),
        dgi("D010", tlv("7F21", certificate(CVCA, CVCA_2))),
        dgi("D010", tlv("7F21", certificate(CVCA, replace(CVCA, name=CVCA_2.name)))),
        dgi("D010", trust_point()[:-1] + b"\x00"),
        dgi("010E", b"\x6e\x00"),
        dgi("010E", tlv("6E", tlv("31", b""))),
        dgi("010E", tlv("6E", tlv("31", tlv("30", b"")))),
    ],
    ids=lambda stream: stream[:12].hex() or "empty",
)
def test_a_bad_grouping_is_6a80_and_nothing_is_written(stream: bytes) -> None:
    host = _blank_host()
    before = host.card.memory.cells()
    assert host.store(dgi("0102", CARD_ID) + stream if stream else b"") == 0x6A80
    assert host.card.memory.cells() == before


_WRONG_LENGTHS = {"8010": (3, 9), "8011": (7, 9), "8012": (5, 7)}


@pytest.mark.parametrize(
    ("tag", "digits"), [(tag, "1" * n) for tag, two in _WRONG_LENGTHS.items() for n in two]
)
def test_a_code_of_another_length_is_6a80(tag: str, digits: str) -> None:
    host = _blank_host()
    assert host.store(dgi(tag, host.code(digits))) == 0x6A80


@pytest.mark.parametrize(
    "plain",
    [b"\x042580" + b"\x01".rjust(11, b"\x00"), b"\x04258a".ljust(16, b"\x00"), b"\x11" * 16],
)
def test_a_code_that_is_not_digits_and_zeros_is_6a80(plain: bytes) -> None:
    host = _blank_host()
    assert host.store(dgi("8010", cbc(ISSUER.dek, bytes(16), plain))) == 0x6A80


def test_chip_security_before_the_chip_key_is_6985() -> None:
    host = _blank_host(with_chip_key=False)
    assert host.store(dgi("010E", chip_security(CHIP_POINT))) == 0x6985


@pytest.mark.parametrize(
    ("tag", "limit"),
    [("3F1C", 512), ("0101", 512), ("011D", 4096), ("0201", 24576), ("0301", 2048)],
)
def test_a_file_above_its_limit_is_6a84_at_the_last_block(tag: str, limit: int) -> None:
    host = _blank_host()
    host.extended = True
    assert host.store(dgi(tag, bytes(limit)), block=1900) == OK
    assert host.store(dgi(tag, bytes(limit + 1)), block=1900) == 0x6A84


def test_all_files_together_take_at_most_49152_octets() -> None:
    host = _blank_host()
    host.extended = True
    assert host.store(dgi("0201", bytes(24576)), block=1900) == OK
    insurers = b"".join(dgi(f"03{i:02X}", bytes(2048)) for i in range(1, 11))
    assert host.store(insurers, block=1900) == OK
    # EF.ATR/INFO takes 11 octets of what is left.
    assert host.store(dgi("011D", bytes(4096 - 10)), block=1900) == 0x6A84
    assert host.store(dgi("011D", bytes(4096 - 11)), block=1900) == OK


def test_while_blank_any_object_may_be_written_again() -> None:
    host = _blank_host()
    for _ in range(2):
        assert host.store(_content_stream(host)) == OK
    assert host.store(dgi("0301", NEW_INSURER)) == OK
    assert host.send("84F0400F")[1] == OK
    select_aid(host.card, FOMS_ROOT)
    assert send(host.card, "00B0920000") == (NEW_INSURER, OK)
