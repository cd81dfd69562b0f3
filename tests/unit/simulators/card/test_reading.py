"""READ BINARY and GET DATA."""

import pytest

from simulators.card import SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_INS,
    FOMS_ROOT,
    OK,
    PaceHost,
    Scp03Host,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    CARD_ID,
    INSURER,
    OWNER,
    SOD,
    TRANSPORT,
    Content,
    in_range,
    new_blank,
    personalized,
)


def _owner_selected(owner: bytes = OWNER) -> SoftwareCard:
    card = personalized(Content(owner=owner))
    select_aid(card, FOMS_ID)
    assert send(card, "00A4020C020201")[1] == OK
    return card


def test_all_there_is_ends_with_9000_and_an_explicit_length_beyond_the_end_with_6282() -> None:
    card = _owner_selected()
    size = len(OWNER)
    assert send(card, "00B0000000") == (OWNER, OK)
    assert send(card, f"00B00000{size:02X}") == (OWNER, OK)
    assert send(card, f"00B00000{size + 1:02X}") == (OWNER, 0x6282)
    assert send(card, f"00B000{size - 1:02X}02") == (OWNER[-1:], 0x6282)


def test_an_offset_at_or_beyond_the_end_is_6b00() -> None:
    card = _owner_selected()
    assert send(card, f"00B000{len(OWNER) - 1:02X}01") == (OWNER[-1:], OK)
    for offset in (len(OWNER), 0x7FFF):
        assert send(card, f"00B0{offset:04X}00") == (b"", 0x6B00)


@pytest.mark.parametrize(
    ("command", "length", "sw"),
    [
        ("00B0000000", 256, OK),
        ("00B00000000000", 2000, OK),
        ("00B000000007D0", 2000, OK),
        ("00B000000007D1", 0, 0x6700),
        ("00B00000000100", 256, OK),
        ("00B00000", 0, 0x6700),
        ("00B0000001AA00", 0, 0x6700),
        ("00B00B0000FFFF", 0, 0x6700),
    ],
)
def test_a_block_is_at_most_what_the_form_of_le_carries(command: str, length: int, sw: int) -> None:
    card = _owner_selected(b"\x62\x82\x0b\xb4" + bytes(2996))
    data, got = send(card, command)
    assert (len(data), got) == (length, sw)


def test_reading_in_blocks_of_any_size_gives_the_file() -> None:
    owner = b"\x62\x82\x03\xe4" + bytes(i % 251 for i in range(996))
    card = _owner_selected(owner)
    for block in (1, 97, 231, 255):
        read = b"".join(
            send(card, f"00B0{offset:04X}{block:02X}")[0] for offset in range(0, 1000, block)
        )
        assert read == owner


def test_an_sfi_makes_its_file_current_at_an_offset_of_one_octet() -> None:
    card = personalized()
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B0820300") == (CARD_ID[3:], OK)
    assert send(card, "00B0000103") == (CARD_ID[1:4], OK)


def test_the_aliases_in_the_root_are_the_owner_and_the_current_insurer() -> None:
    card = personalized()
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B0910000") == (OWNER, OK)
    assert send(card, "00B0920000") == (INSURER, OK)
    select_aid(card, FOMS_ID)
    assert send(card, "00B0910000") == (b"", 0x6A82)


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00B0A10000", 0x6A86),
        ("00B0C10000", 0x6A86),
        ("00B0800000", 0x6A82),
        ("00B09E0000", 0x6A82),
        ("00B09C0000", 0x6A82),
        ("00B08100", 0x6700),
    ],
)
def test_an_sfi_that_names_no_file_is_refused(command: str, sw: int) -> None:
    card = personalized()
    select_aid(card, FOMS_ROOT)
    assert send(card, command) == (b"", sw)


def test_without_a_current_file_reading_is_6986() -> None:
    assert send(personalized(), "00B0000000") == (b"", 0x6986)


def test_in_range_personal_data_need_pace_and_an_absent_file_stays_6a82() -> None:
    card = in_range(personalized())
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B08E0001")[1] == OK
    for sfi in ("81", "82", "9D", "91", "92"):
        assert send(card, f"00B0{sfi}0000") == (b"", 0x6982)
    assert send(card, "00B09C0000") == (b"", 0x6A82)


def test_a_refused_read_by_sfi_still_makes_the_file_current() -> None:
    card = in_range(personalized())
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B08E0001")[1] == OK
    assert send(card, "00B09DFF00") == (b"", 0x6982)
    assert send(card, "00B0000000") == (b"", 0x6982)


def test_pace_opens_personal_data_but_not_the_history() -> None:
    base = personalized()
    history = "file:FOMS_INS/0305"
    card = in_range(copy_of(base, changes={history: INSURER}))
    terminal = PaceHost(card).run()
    terminal.send("00A4040C", FOMS_ROOT)
    assert terminal.send("00B09D00", le=b"\x00")[0] == SOD[:223]
    terminal.send("00A4040C", FOMS_INS)
    assert terminal.send("00B08100", le=b"\x00") == (INSURER, OK)
    assert terminal.send("00B08500", le=b"\x00") == (b"", 0x6982)


def test_on_contact_only_the_history_is_closed() -> None:
    card = copy_of(personalized(), changes={"file:FOMS_INS/0305": INSURER})
    select_aid(card, FOMS_INS)
    assert send(card, "00B0810000") == (INSURER, OK)
    assert send(card, "00B0850000") == (b"", 0x6982)


@pytest.mark.parametrize(
    ("profile", "interface", "chip_security", "iccid"),
    [
        (1, "contact", OK, OK),
        (1, "contactless", OK, 0x6982),
        (2, "contact", OK, 0x6982),
        (2, "contactless", OK, 0x6982),
        (3, "contact", 0x6982, 0x6982),
        (3, "contactless", 0x6982, 0x6982),
    ],
)
def test_the_profile_and_the_interface_decide_what_is_open(
    profile: int, interface: str, chip_security: int, iccid: int
) -> None:
    card = personalized(Content(profile=profile))
    card = card if interface == "contact" else in_range(card)
    assert send(card, "00B09C0000")[1] == OK
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B08E0000")[1] == chip_security
    assert send(card, "00B0810000")[1] == iccid


def test_a_private_card_shows_its_chip_security_after_pace() -> None:
    card = in_range(personalized(Content(profile=3)))
    terminal = PaceHost(card).run()
    terminal.send("00A4040C", FOMS_ROOT)
    assert terminal.send("00B08E00", le=b"\x00")[1] == OK
    assert terminal.send("00B08100", le=b"\x00")[1] == OK


def test_a_blank_card_shows_ef_atr_info_only() -> None:
    card = new_blank()
    assert send(card, "00A4020C022F01")[1] == OK
    assert send(card, "00B0000001") == (b"\x7f", OK)
    assert send(card, "00B09C0000") == (b"", 0x6985)
    select_aid(card, FOMS_ROOT)
    assert send(card, "00B0000000") == (b"", 0x6985)


def test_get_data_gives_the_pointer_where_it_belongs() -> None:
    card = personalized()
    assert send(card, "00CA01B002") == (b"", 0x6A88)
    select_aid(card, FOMS_INS)
    assert send(card, "00CA01B002") == (b"\x03\x01", OK)
    assert send(card, "80CA01B000") == (b"\x03\x01", OK)
    assert send(card, "00CA01B0") == (b"\x03\x01", OK)
    assert send(card, "00CA01B001") == (b"", 0x6700)
    assert send(card, "00CA01B001AA") == (b"", 0x6700)


def test_in_range_the_pointer_needs_a_right_but_its_absence_comes_first() -> None:
    card = in_range(personalized())
    assert send(card, "00CA01B002") == (b"", 0x6A88)
    select_aid(card, FOMS_INS)
    assert send(card, "00CA01B002") == (b"", 0x6982)


def test_get_data_gives_the_key_information_of_the_present_set() -> None:
    expected = "E012C00401308810C00402308810C00403308810"
    assert send(new_blank(), "00CA00E000") == (bytes.fromhex(expected), OK)
    expected = expected.replace("308810", "318810")
    assert send(in_range(personalized()), "80CA00E000") == (bytes.fromhex(expected), OK)


def test_unknown_tags_are_6a88() -> None:
    for tag in ("0066", "9F7F", "5F52", "0000"):
        assert send(personalized(), f"00CA{tag}00") == (b"", 0x6A88)


@pytest.mark.parametrize("life_cycle", [0x07, 0x0F, 0x83, 0xFF])
def test_the_life_cycle_can_always_be_asked(life_cycle: int) -> None:
    card = copy_of(personalized(), changes={image.LIFE_CYCLE: bytes((life_cycle,))})
    for cla in ("00", "80"):
        assert send(card, f"{cla}CADF0100") == (bytes((life_cycle,)), OK)
    others = {0x07: OK, 0x0F: OK, 0x83: 0x6985, 0xFF: 0x6985}
    assert send(card, "00CA00E000")[1] == others[life_cycle]


def test_a_blocked_card_gives_every_data_object_under_the_issuers_keys() -> None:
    card = copy_of(new_blank(), changes={image.LIFE_CYCLE: b"\x83"})
    assert select_aid(card, FOMS_ROOT) == 0x6283

    host = Scp03Host(card, TRANSPORT)
    assert host.open() == OK
    assert host.send("84CA00E0", le=0)[1] == OK
