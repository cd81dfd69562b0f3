"""SELECT and the file tree."""

import pytest

from simulators.card import image
from simulators.card.tampering import copy_of
from tests.unit.simulators.card.hosts import (
    FOMS_ID,
    FOMS_INS,
    FOMS_ROOT,
    OK,
    apdu,
    select_aid,
    send,
)
from tests.unit.simulators.card.issuing import (
    CARD_ACCESS,
    ICCID,
    OWNER,
    Content,
    in_range,
    new_blank,
    personalized,
    trust_point,
)


@pytest.mark.parametrize("aid", [FOMS_ROOT, FOMS_ID, FOMS_INS])
def test_each_application_is_selected_by_its_full_name_from_anywhere(aid: bytes) -> None:
    card = personalized()
    for start in (b"", FOMS_ROOT, FOMS_ID, FOMS_INS):
        if start:
            select_aid(card, start)
        assert select_aid(card, aid) == OK


@pytest.mark.parametrize("aid", [b"foms", b"FOMS_ROOT", b"foms_root\x00", b"1PAY.SYS.DDF01"])
def test_a_name_that_is_not_the_full_aid_is_6a82(aid: bytes) -> None:
    assert select_aid(personalized(), aid) == 0x6A82


def test_the_answer_describes_the_application_as_fci_or_fcp_or_not_at_all() -> None:
    card = personalized()
    name = "8409666F6D735F726F6F74"
    for p2, expected in (("00", "6F0B" + name), ("04", "620B" + name), ("0C", "")):
        data, sw = send(card, apdu(f"00A404{p2}", FOMS_ROOT, 0))
        assert (data.hex().upper(), sw) == (expected, OK)


def test_the_mf_is_selected_empty_or_by_3f00_and_described_by_its_id() -> None:
    card = personalized()
    for data in (b"", b"\x3f\x00"):
        assert send(card, apdu("00A40004", data, 0)) == (bytes.fromhex("620483023F00"), OK)
    for data in (b"\x3f", b"\x3f\x01", b"\x01\x01", b"\x3f\x00\x00"):
        assert send(card, apdu("00A4000C", data))[1] == 0x6A82


def test_an_elementary_file_is_described_with_size_kind_id_and_sfi() -> None:
    card = personalized()
    select_aid(card, FOMS_ROOT)
    fcp = f"62{14:02X}8002{len(ICCID):04X}820101830201018801{0x01 << 3:02X}"
    assert send(card, apdu("00A40204", b"\x01\x01", 0)) == (bytes.fromhex(fcp), OK)


def test_ef_atr_info_has_no_sfi_and_tells_2048_octets_each_way() -> None:
    card = new_blank()
    fcp, sw = send(card, apdu("00A40204", b"\x2f\x01", 0))
    assert (fcp.hex().upper(), sw) == ("620D8002000B82010183022F018800", OK)
    assert send(card, "00B0000000") == (bytes.fromhex("7F66080202080002020800"), OK)


def test_the_size_is_shown_only_to_those_who_may_read_now() -> None:
    card = in_range(personalized())
    select_aid(card, FOMS_ID)
    assert send(card, apdu("00A40204", b"\x02\x01", 0)) == (
        bytes.fromhex("620A82010183020201880108"),
        OK,
    )


def test_an_id_names_a_file_in_the_current_application_only() -> None:
    card = personalized(Content(cvca=trust_point()))
    assert send(card, "00A4020C02011C")[1] == OK
    assert send(card, "00B0000000") == (CARD_ACCESS, OK)
    select_aid(card, FOMS_ROOT)
    assert send(card, "00A4020C02011C")[1] == OK
    assert send(card, "00B0000000")[0][:2] == b"\x42\x0f"
    assert send(card, "00A4020C020201")[1] == 0x6A82


def test_a_failed_select_changes_nothing() -> None:
    card = personalized()
    select_aid(card, FOMS_ID)
    send(card, "00A4020C020201")
    for failing in ("00A4040C03666F6F", "00A4020C020202", "00A4000C013F", "00A4050C020201"):
        assert send(card, failing)[1] != OK
    assert send(card, "00B0000000") == (OWNER, OK)


def test_selecting_an_application_leaves_no_file_current() -> None:
    card = personalized()
    select_aid(card, FOMS_ID)
    send(card, "00A4020C020201")
    select_aid(card, FOMS_ID)
    assert send(card, "00B0000000")[1] == 0x6986


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00A4010C023F00", 0x6A86),
        ("00A4040109666F6D735F726F6F74", 0x6A86),
        ("00A4040C", 0x6700),
        ("00A4040C11" + "41" * 17, 0x6700),
        ("00A4020C013F", 0x6700),
        ("00A4020C03011C00", 0x6700),
        ("00A4040009666F6D735F726F6F7405", 0x6700),
    ],
)
def test_wrong_parameters_and_lengths_are_refused(command: str, sw: int) -> None:
    assert send(personalized(), command)[1] == sw


def test_a_missing_le_counts_as_all() -> None:
    assert send(personalized(), apdu("00A40404", FOMS_ROOT))[0].hex().startswith("620b8409")


def test_a_blocked_card_selects_applications_with_6283_and_no_files() -> None:
    card = copy_of(personalized(), changes={image.LIFE_CYCLE: b"\x83"})
    assert send(card, apdu("00A40404", FOMS_ROOT, 0)) == (
        bytes.fromhex("620B8409666F6D735F726F6F74"),
        0x6283,
    )
    assert send(card, "00A4020C020101")[1] == 0x6985
    assert send(card, "00A4000C") == (b"", 0x6283)
    assert send(card, "00A4040C03666F6F")[1] == 0x6A82


def test_a_terminated_card_selects_nothing() -> None:
    card = copy_of(personalized(), changes={image.LIFE_CYCLE: b"\xff"})
    for command in (apdu("00A40404", FOMS_ROOT, 0), apdu("00A4FFFF")):
        assert send(card, command) == (b"", 0x6285)
