"""Signs of abuse: what shows one, and that honest desks show none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.signs import (
    BURST,
    BURST_TIME,
    CLINICS_APART,
    NEAR,
    REGIONS_APART,
    WINDOWS,
    Sighting,
    SignKind,
    signs_in,
)
from cardservice.domain.verdict import Reason

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ONE = Sighting(
    at=NOON,
    region="45000",
    organisation=UUID(int=1),
    desk=UUID(int=1),
    card=b"card",
    reason=Reason.CARD_ACTIVE,
)
ELSEWHERE = replace(ONE, region="46000", organisation=UUID(int=2), desk=UUID(int=2))
NEXT_DOOR = replace(ELSEWHERE, region=ONE.region)


def kinds(*sightings: Sighting) -> list[SignKind]:
    """Return what the first sighting shows beside the others."""
    return [one.kind for one in signs_in(sightings[:1], sightings)]


@pytest.mark.parametrize(
    ("other", "apart"), [(ELSEWHERE, REGIONS_APART), (NEXT_DOOR, CLINICS_APART)]
)
def test_a_card_is_in_two_places_up_to_the_threshold_and_not_beyond(
    other: Sighting, apart: timedelta
) -> None:
    for way in (apart, -apart):
        assert kinds(ONE, replace(other, at=NOON + way)) == [SignKind.FAR_APART]
    assert kinds(ONE, replace(other, at=NOON + apart + TICK)) == []
    assert kinds(ONE, replace(other, at=NOON - apart - TICK)) == []


@pytest.mark.parametrize(
    "change", [{"card": None}, {"card": b"other"}, {"proven": False}, {"organisation": UUID(int=1)}]
)
def test_what_is_another_card_or_time_or_the_same_clinic_is_no_second_place(
    change: dict[str, object],
) -> None:
    assert kinds(ONE, replace(NEXT_DOOR, **change)) == []  # type: ignore[arg-type]


def test_two_cards_that_were_not_read_are_not_one_card() -> None:
    assert kinds(replace(ONE, card=None), replace(ELSEWHERE, card=None)) == []


def test_a_burst_counts_wrong_numbers_and_not_presentations() -> None:
    many = [replace(ONE, at=NOON + number * TICK) for number in range(100)]
    assert kinds(*many) == []
    typed = replace(ONE, card=None, wrong_numbers=BURST)
    assert kinds(typed) == [SignKind.WRONG_NUMBERS]
    assert kinds(replace(typed, wrong_numbers=BURST - 1)) == []


@given(st.permutations(range(BURST)), st.timedeltas(timedelta(), BURST_TIME))
def test_a_burst_is_found_with_the_last_sighting_told_in_whatever_order(
    order: list[int], width: timedelta
) -> None:
    at = [NOON + width * number / (BURST - 1) for number in range(BURST)]
    told = [replace(ONE, card=None, at=at[number], wrong_numbers=1) for number in order]
    for count in range(1, BURST):
        assert signs_in(told[count - 1 : count], told[:count]) == ()
    (sign,) = signs_in(told[-1:], told)
    assert (sign.sightings, sign.last_at - sign.first_at) == (BURST, at[-1] - at[0])


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_wrong_numbers_with_enough_time_between_are_no_burst(gaps: list[int]) -> None:
    at, told = NOON, []
    for gap in gaps:
        at += BURST_TIME / (BURST - 1) + gap * TICK
        told.append(replace(ONE, card=None, at=at, wrong_numbers=1))
    assert signs_in(told, told) == ()


def test_an_unknown_signer_is_about_the_desk_and_a_copied_chip_about_the_card() -> None:
    (unknown,) = signs_in([replace(ONE, reason=Reason.SIGNER_UNKNOWN)], ())
    (copied,) = signs_in([replace(ONE, reason=Reason.CHIP_COPIED)], ())
    assert (unknown.card, copied.card) == (None, b"card")


@pytest.mark.parametrize("reason", [*Reason, "a-reason-of-a-newer-desk"])
def test_only_these_reasons_are_signs(reason: str) -> None:
    expected = {
        Reason.CHIP_COPIED: [SignKind.CHIP_COPIED],
        Reason.SIGNER_UNKNOWN: [SignKind.SIGNER_UNKNOWN],
        Reason.SIGNER_REVOKED: [SignKind.SIGNER_UNKNOWN],
        Reason.TRUST_LAYER_REMOVED: [SignKind.TRUST_LAYER_REMOVED],
    }
    assert kinds(replace(ONE, reason=reason)) == expected.get(reason, [])  # type: ignore[call-overload]


def test_every_kind_has_a_window_and_no_rule_looks_further_than_near() -> None:
    assert set(WINDOWS) == set(SignKind)
    assert max(REGIONS_APART, CLINICS_APART, BURST_TIME) <= NEAR


def test_neither_a_sighting_nor_a_sign_shows_its_card() -> None:
    one = replace(ONE, reason=Reason.CHIP_COPIED, card=b"secret")
    assert "secret" not in repr(one)
    assert "secret" not in repr(signs_in([one], ()))
