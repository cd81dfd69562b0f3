"""Outcomes in the office's words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from cardservice.errors import Refusal
from cardservice.officelink.reports import SPOIL_REASONS, report_of
from cardservice.personalization.jobs import Outcome, Work
from cardservice.personalization.journal import SpoiledReason
from cardservice.registry.stations_orders import SpoilReason

SIGNED = datetime(2026, 6, 1, 9, tzinfo=UTC)
MADE = Outcome(
    order_id="order-1",
    work=Work.NEW_CARD,
    chip=bytes(range(8)),
    number=1 << 32 | 5,
    signed_at=SIGNED,
)


def test_a_made_card_is_told_with_its_number_chip_time_and_last_day() -> None:
    report = report_of(MADE, date(2027, 1, 31))
    assert (report.order_id, report.what) == ("order-1", "card")
    assert report.body == {
        "number": 1 << 32 | 5,
        "chip_serial": "0001020304050607",
        "signed_at": "2026-06-01T09:00:00+00:00",
        "valid_until": "2027-01-31",
    }


def test_an_outcome_that_names_a_last_day_is_believed_before_the_book() -> None:
    told = replace(MADE, valid_until=date(2026, 12, 31))
    assert report_of(told, date(2027, 1, 31)).body["valid_until"] == "2026-12-31"


@pytest.mark.parametrize("work", [one for one in Work if one is not Work.NEW_CARD])
def test_work_on_a_card_says_neither_chip_nor_last_day(work: Work) -> None:
    report = report_of(replace(MADE, work=work), None)
    assert report.what == ("update" if work is Work.CHANGE_INSURER else "service")
    assert set(report.body) == {"number", "signed_at"}


@pytest.mark.parametrize("work", [Work.NEW_CARD, Work.CHANGE_INSURER])
def test_what_must_have_been_signed_is_not_told_without_the_time(work: Work) -> None:
    with pytest.raises(Refusal) as caught:
        report_of(replace(MADE, work=work, signed_at=None), None)
    assert caught.value.code == "outcome-incomplete"


def test_every_reason_of_a_station_is_one_of_the_office() -> None:
    assert set(SPOIL_REASONS) == set(SpoiledReason)
    assert set(SPOIL_REASONS.values()) <= {one.value for one in SpoilReason}


def test_a_spoiled_card_is_told_with_its_chip_and_its_order_queued_again() -> None:
    report = report_of(replace(MADE, spoiled="not-as-ordered"), None)
    assert report.what == "spoiling"
    assert report.body == {
        "reason": "wrong-data",
        "again": True,
        "chip_serial": "0001020304050607",
    }


def test_a_reason_that_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(Refusal) as caught:
        report_of(replace(MADE, spoiled="eaten"), None)
    assert caught.value.code == "outcome-incomplete"


def test_no_two_outcomes_have_one_name_and_the_same_one_has_the_same_for_ever() -> None:
    changes = product(
        ("order-1", "order-2"), (5, 6), (bytes(8), bytes(7) + b"\1"), (None, "broken")
    )
    outcomes = [
        replace(MADE, order_id=order, number=number, chip=chip, spoiled=spoiled)
        for order, number, chip, spoiled in changes
    ]
    assert len({report_of(one, None).key for one in outcomes}) == len(outcomes)
    assert report_of(MADE, None).key == report_of(MADE, date(2027, 1, 1)).key
    longest = replace(MADE, order_id="a" * 36, number=(1 << 48) - 1, spoiled="lost")
    assert len(report_of(longest, None).key) <= 100
