"""EF.CardID and EF.ICCID: strict, since machines act on them."""

from dataclasses import replace

import pytest

from cardservice.apdu.tlv import encode_object
from cardservice.errors import MalformedDataError, UsageError
from cardservice.policycard.identity import (
    decode_card_id,
    decode_iccid,
    encode_card_id,
    encode_iccid,
)
from tests.unit.policycard.golden_records import card_identity, iccid, octets_of

CARD_ID = octets_of("card-id")[2:]
ICCID = octets_of("iccid")[2:]


@pytest.mark.parametrize(
    "wrong",
    [
        {"chip_serial": bytes(7)},
        {"fund": "0001"},
        {"fund": "0000A"},
        {"list_number": -1},
        {"list_number": 0x1_0000},
        {"list_index": 0x1_0000_0000},
    ],
    ids=str,
)
def test_a_card_id_that_does_not_fit_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        encode_card_id(replace(card_identity(), **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"chip_serial": bytes(9)}, {"issuer_code": 256}], ids=str)
def test_an_iccid_that_does_not_fit_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        encode_iccid(replace(iccid(), **wrong))  # type: ignore[arg-type]


def test_the_largest_place_in_the_largest_list_comes_back() -> None:
    last = replace(card_identity(), list_number=0xFFFF, list_index=0xFFFF_FFFF)
    assert decode_card_id(encode_card_id(last)).identity == last


def test_unknown_objects_are_passed_over_and_noted() -> None:
    extra = encode_object(0x5A, b"?")
    assert decode_card_id(encode_object(0x61, extra + CARD_ID)).skipped == (
        "unknown object 5A was not read",
    )
    assert decode_iccid(encode_object(0x60, ICCID + extra)).iccid == iccid()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("520102", "520103", "card type is not one that is known"),
        ("530101", "530102", "card version is not one that is known"),
        ("520102", "", "card type is missing"),
        ("51080102030405060708", "510701020304050607", "chip serial is not 8 octets"),
        ("54053030303031", "54053030304131", "fund is not 5 digits"),
        ("54053030303031", "", "fund is missing"),
        ("550600030012D687", "550500030012D6", "list entry is not 6 octets"),
        ("520102", "520102520102", "EF.CardID has a field twice"),
    ],
)
def test_a_card_id_that_could_mean_something_else_is_malformed(
    old: str, new: str, message: str
) -> None:
    value = bytes.fromhex(CARD_ID.hex().upper().replace(old, new))
    with pytest.raises(MalformedDataError) as found:
        decode_card_id(encode_object(0x61, value))
    assert str(found.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (ICCID[3:], "issuer code is missing"),
        (ICCID[:3], "issuer data is missing"),
        (b"\x41\x02\x00\x01" + ICCID[3:], "issuer code is not 1 octets"),
        (ICCID * 2, "EF.ICCID has a field twice"),
    ],
)
def test_an_iccid_without_its_two_fields_is_malformed(value: bytes, message: str) -> None:
    with pytest.raises(MalformedDataError) as found:
        decode_iccid(encode_object(0x60, value))
    assert str(found.value) == message
