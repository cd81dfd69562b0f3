"""What may stand in a station's journal, and how it is written."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import MalformedDataError, UsageError
from cardservice.personalization.journal import (
    BlanksReceived,
    BlanksReturned,
    CardEnded,
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    DataStored,
    Entry,
    Finalized,
    Intent,
    KeysReplaced,
    OrderGivenBack,
    OutcomeReported,
    ServiceBegun,
    ServiceDone,
    ServiceDropped,
    ServiceReported,
    SpoiledReason,
    StationStarted,
    Verified,
    check_order_id,
)
from cardservice.personalization.journal_coding import NAMES, decode_entry, encode_entry
from cardservice.personalization.journal_frames import MAX_PAYLOAD

AT = datetime(2026, 11, 11, 9, 30, 0, 250_000, tzinfo=UTC)
SIGNED = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
CHIP = bytes(range(8))
POINT = b"\x04" + bytes(64)
ORDER = "018f3a30-1c7e-7cc0-8000-0000000000aa"

EVERY_KIND: list[Entry] = [
    StationStarted(),
    Intent(order=ORDER, lane=16, number=2**48 - 1),
    CardSeen(chip=CHIP, order=ORDER, lane=1),
    KeysReplaced(chip=CHIP),
    ChipKeyMade(chip=CHIP, point=POINT),
    DataStored(chip=CHIP, order=ORDER, number=7, signed_at=SIGNED),
    Finalized(chip=CHIP),
    Verified(chip=CHIP),
    CardMade(chip=CHIP, order=ORDER, number=7, signed_at=SIGNED),
    CardSpoiled(chip=CHIP, reason=SpoiledReason.BROKEN),
    CardEnded(chip=CHIP),
    OutcomeReported(chip=CHIP),
    OrderGivenBack(order=ORDER),
    BlanksReceived(first=0, last=2**64 - 1),
    BlanksReturned(first=7, last=7),
    ServiceBegun(order=ORDER, chip=CHIP, number=7, work="change-insurer", signed_at=SIGNED),
    ServiceDone(order=ORDER),
    ServiceReported(order=ORDER),
    ServiceDropped(order=ORDER),
]


@pytest.mark.parametrize("entry", EVERY_KIND, ids=lambda entry: type(entry).__name__)
def test_an_entry_comes_back_as_it_was_written(entry: Entry) -> None:
    octets = encode_entry(entry, AT)
    assert decode_entry(octets) == (entry, AT)
    assert len(octets) <= MAX_PAYLOAD / 2


def test_every_kind_of_entry_has_a_name_and_is_tried_here() -> None:
    assert set(NAMES.values()) == set(get_args(Entry)) == {type(entry) for entry in EVERY_KIND}


def test_no_entry_has_room_for_a_person_or_a_secret() -> None:
    members = {field.name for kind in NAMES.values() for field in fields(kind)}
    of_cards = {"order", "lane", "number", "chip", "point", "signed_at", "reason"}
    assert members == {*of_cards, "first", "last", "work"}


@pytest.mark.parametrize(
    "name",
    [
        *["", "-a", "a b", "Иванов", "a" * 65, "a\n", "a/b"],
        *["0054910834000015", "12345678901", "123-456-789-01"],
    ],
)
def test_an_order_is_not_named_by_a_person_nor_by_anything_that_is_no_name(name: str) -> None:
    with pytest.raises(UsageError) as error:
        check_order_id(name)
    assert not name or name not in str(error.value)


@pytest.mark.parametrize("name", ["a", ORDER, "card-000100000007", "7" * 15, "a" * 64])
def test_registry_names_of_orders_are_taken(name: str) -> None:
    assert check_order_id(name) == name


WRONG: list[Callable[[], Entry]] = [
    lambda: Intent(order="a b", lane=1, number=1),
    lambda: Intent(order="a", lane=0, number=1),
    lambda: Intent(order="a", lane=256, number=1),
    lambda: Intent(order="a", lane=1, number=-1),
    lambda: Intent(order="a", lane=1, number=2**48),
    lambda: Verified(chip=bytes(7)),
    lambda: ChipKeyMade(chip=CHIP, point=bytes(64)),
    lambda: ChipKeyMade(chip=bytes(9), point=POINT),
    lambda: CardMade(chip=CHIP, order="a", number=1, signed_at=AT),
    lambda: CardMade(chip=CHIP, order="a", number=1, signed_at=SIGNED.replace(tzinfo=None)),
    lambda: CardMade(chip=CHIP, order="", number=1, signed_at=SIGNED),
    lambda: DataStored(chip=CHIP, order="a", number=2**48, signed_at=SIGNED),
    lambda: BlanksReceived(first=2, last=1),
    lambda: BlanksReturned(first=0, last=2**64),
    lambda: ServiceDone(order="a b"),
    lambda: ServiceBegun(order="a", chip=CHIP[1:], number=1, work="w", signed_at=None),
    lambda: ServiceBegun(order="a", chip=CHIP, number=2**48, work="w", signed_at=None),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_values_that_no_card_has_do_not_get_into_the_journal(wrong: Callable[[], Entry]) -> None:
    with pytest.raises(UsageError):
        wrong()


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b'{"entry":"started"}',
        b'{"entry":"started","at":"2026-11-11T09:30:00"}',
        b'{"entry":"of tomorrow","at":"2026-11-11T09:30:00+00:00"}',
        b'{"entry":["started"],"at":"2026-11-11T09:30:00+00:00"}',
        b'{"entry":"started","at":"2026-11-11T09:30:00+00:00","name":"x"}',
        b'{"entry":"verified","at":"2026-11-11T09:30:00+00:00"}',
        b'{"entry":"verified","at":"2026-11-11T09:30:00+00:00","chip":"00"}',
        b'{"entry":"verified","at":"2026-11-11T09:30:00+00:00","chip":"zz"}',
        b'{"entry":"verified","at":"2026-11-11T09:30:00+00:00","chip":7}',
        b'{"entry":"intent","at":"2026-11-11T09:30:00+00:00","order":"a","lane":true,"number":1}',
        b"[" * 1000,
    ],
)
def test_octets_that_are_no_entry_are_refused(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        decode_entry(octets)


@given(st.binary(max_size=300) | st.sampled_from(EVERY_KIND).map(lambda e: encode_entry(e, AT)[1:]))
def test_any_octets_are_an_entry_or_a_refusal(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        decode_entry(octets)


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    entry = CardMade(chip=CHIP, order="a", number=1, signed_at=SIGNED)
    octets = encode_entry(entry, AT)
    assert b"+00:00" in octets
    assert decode_entry(octets)[1] - AT == timedelta(0)
