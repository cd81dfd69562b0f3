"""SET STATUS, the life cycle, and what may still be stored later."""

from collections.abc import Callable

import pytest

from simulators.card import SoftwareCard, image
from simulators.card.files import EF_OWNER, EF_SOD, FILES
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import (
    FOMS_INS,
    FOMS_ROOT,
    OK,
    Scp03Host,
    dgi,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    CARD_ID,
    CHIP_POINT,
    ICCID,
    INSURER,
    ISSUER,
    NEW_INSURER,
    NEW_SOD,
    OWNER,
    PIN,
    PUK,
    SOD,
    Content,
    chip_security,
    issuer_keys_in,
    new_blank,
    open_session,
    personalization,
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


_GROUPINGS: dict[str, Callable[[Scp03Host], bytes]] = {
    "0101": lambda _: dgi("0101", ICCID),
    "0102": lambda _: dgi("0102", CARD_ID),
    "010E": lambda _: dgi("010E", chip_security(CHIP_POINT)),
    "011D": lambda _: dgi("011D", SOD),
    "0201": lambda _: dgi("0201", OWNER),
    "D001": lambda _: dgi("D001", b"\x01"),
    "8010": lambda host: dgi("8010", host.code(PIN)),
    "8011": lambda host: dgi("8011", host.code(PUK)),
    "8012": lambda host: dgi("8012", host.code("123456")),
    "01B0": lambda _: dgi("0301", INSURER) + dgi("01B0", b"\x03\x01"),
}


@pytest.mark.parametrize("missing", [*_GROUPINGS, None])
def test_a_card_is_finished_only_with_everything_it_needs(missing: str | None) -> None:
    host = _blank_host()
    stream = b"".join(make(host) for tag, make in _GROUPINGS.items() if tag != missing)
    assert host.store(stream) == OK
    assert host.send("84F0400F")[1] == (0x6985 if missing else OK)
    assert send(host.card, "00CADF0100")[1] in (OK, 0x6982)
    life_cycle = b"\x07" if missing else b"\x0f"
    assert host.card.memory.get(image.LIFE_CYCLE) == life_cycle


def test_a_private_card_is_finished_only_with_ef_card_access() -> None:
    host = _blank_host()
    assert host.store(_content_stream(host, profile=3, card_access=None)) == OK
    assert host.send("84F0400F")[1] == 0x6985
    assert host.store(_content_stream(host, profile=3)) == OK
    assert host.send("84F0400F")[1] == OK


def _issuer_session(life_cycle: int) -> Scp03Host:
    card = copy_of(personalized(), changes={image.LIFE_CYCLE: bytes((life_cycle,))})
    select_aid(card, FOMS_ROOT)
    host = Scp03Host(card, ISSUER)
    assert host.open() == OK
    return host


_ALLOWED = {(0x07, 0x0F), (0x0F, 0x83), (0x83, 0x0F), (0x07, 0xFF), (0x0F, 0xFF), (0x83, 0xFF)}


@pytest.mark.parametrize("present", [0x07, 0x0F, 0x83])
@pytest.mark.parametrize("wanted", [0x00, 0x07, 0x0F, 0x83, 0xFF, 0x84])
def test_the_life_cycle_moves_along_its_table_only(present: int, wanted: int) -> None:
    host = _issuer_session(present)
    allowed = (present, wanted) in _ALLOWED
    assert host.send(f"84F040{wanted:02X}") == (b"", OK if allowed else 0x6985)
    host.card.reset()
    now = wanted if allowed else present
    assert send(host.card, "00CADF0100") == (bytes((now,)), OK)


def test_set_status_takes_an_application_name_and_no_other_data() -> None:
    host = _issuer_session(0x0F)
    assert host.send("84F04083", b"\x01\x02\x03\x04\x05")[1] == 0x6A80
    assert host.send("84F08083", FOMS_ROOT)[1] == 0x6A86
    assert host.send("84F04083", FOMS_ROOT)[1] == OK


def test_termination_erases_keys_secrets_and_files_and_ends_the_session() -> None:
    host = _issuer_session(0x0F)
    assert host.send("84F040FF") == (b"", OK)
    left = set(host.card.memory.cells())
    assert left == {image.LIFE_CYCLE, image.ATR, image.CHIP_SERIAL}
    assert send(host.card, host.wrap("84CADF01")) == (b"", 0x6985)
    assert not left.intersection(file.cell for file in FILES)


def test_a_blocked_card_takes_the_issuers_commands_and_comes_back() -> None:
    host = _issuer_session(0x83)
    assert host.store(dgi("011D", NEW_SOD)) == OK
    assert host.send("84F0400F")[1] == OK
    select_aid(host.card, FOMS_ROOT)
    assert send(host.card, "00B09D00000000") == (NEW_SOD, OK)


def test_a_card_that_was_not_finished_is_still_blank_and_can_be_finished() -> None:
    card = new_blank()
    steps = list(personalization(card, Content()))
    for step in steps[:-1]:
        step()
    card.reset()
    assert send(card, "00CADF0100") == (b"\x07", OK)
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B08E0000") == (b"", 0x6985)
    assert open_session(card).send("84F0400F") == (b"", OK)
    assert send(card, "00B08E0000")[1] == 0x6982


def _change(host: Scp03Host, *, fid: str = "0302", pointer: str = "0302") -> int:
    return host.store(
        dgi(fid, NEW_INSURER) + dgi("011D", NEW_SOD) + dgi("01B0", bytes.fromhex(pointer))
    )


def test_a_change_of_insurer_keeps_the_old_record_octet_for_octet() -> None:
    card = personalized()
    assert _change(open_session(card)) == OK
    select_aid(card, FOMS_INS)
    assert send(card, "00CA01B002") == (b"\x03\x02", OK)
    assert send(card, "00B0820000") == (NEW_INSURER, OK)
    assert card.memory.get("file:FOMS_INS/0301") == INSURER
    assert card.memory.get(EF_SOD.cell) == NEW_SOD


def test_after_the_tenth_insurer_comes_the_first_place_again() -> None:
    card = personalized()
    host = open_session(card)
    places = [f"03{i:02X}" for i in (2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2)]
    assert [_change(host, fid=place, pointer=place) for place in places] == [OK] * 11


@pytest.mark.parametrize(
    "stream",
    [
        dgi("0303", NEW_INSURER) + dgi("011D", SOD) + dgi("01B0", b"\x03\x03"),
        dgi("0301", NEW_INSURER) + dgi("011D", SOD) + dgi("01B0", b"\x03\x01"),
        dgi("0302", NEW_INSURER) + dgi("011D", SOD),
        dgi("0302", NEW_INSURER) + dgi("01B0", b"\x03\x02"),
        dgi("0302", NEW_INSURER) + dgi("011D", SOD) + dgi("01B0", b"\x03\x01"),
        dgi("0302", b"x") + dgi("0303", b"y") + dgi("011D", SOD) + dgi("01B0", b"\x03\x02"),
        dgi("01B0", b"\x03\x01"),
        dgi("01B0", b"\x03\x01") + dgi("011D", SOD),
        dgi("0201", OWNER),
        dgi("0101", ICCID),
        dgi("0102", CARD_ID),
        dgi("010E", chip_security(CHIP_POINT)),
        dgi("3F1C", b"\x31\x00"),
        dgi("D001", b"\x01"),
        dgi("D010", trust_point()),
    ],
    ids=lambda stream: stream[:2].hex() + f"-{len(stream)}",
)
def test_what_is_not_allowed_after_personalization_is_6985(stream: bytes) -> None:
    card = personalized()
    host = open_session(card)
    before = card.memory.cells()
    assert host.store(stream) == 0x6985
    assert card.memory.cells() == before


@pytest.mark.parametrize("life_cycle", [0x0F, 0x83])
def test_codes_and_ef_sod_may_be_replaced_later(life_cycle: int) -> None:
    host = _issuer_session(life_cycle)
    stream = dgi("8010", host.code("1111")) + dgi("8011", host.code("11111111"))
    assert host.store(stream + dgi("8012", host.code("654321")) + dgi("011D", NEW_SOD)) == OK
    assert host.card.memory.get(image.PIN) == b"1111\xff\xff\xff\xff"
    assert host.card.memory.get(image.CAN) == b"654321"


def test_a_new_pin_by_the_issuer_has_all_its_tries() -> None:
    card: SoftwareCard = personalized()
    for _ in range(3):
        send(card, b"\x00\x20\x00\x01\x080000\xff\xff\xff\xff")
    assert send(card, "00200001")[1] == 0x6983
    host = open_session(card)
    assert host.store(dgi("8010", host.code("1111"))) == OK
    card.reset()
    assert send(card, "00200001")[1] == 0x63C3


def test_the_owner_file_of_full_size_is_read_back() -> None:
    owner = b"\x62\x82\x5f\xfc" + bytes(i % 253 for i in range(24572))
    card = new_blank()
    issuer_keys_in(card)
    host = open_session(card)
    host.send("84470000", le=0)
    host.extended = True
    assert host.store(_content_stream(host, owner=owner), block=1900) == OK
    assert card.memory.get(EF_OWNER.cell) == owner
