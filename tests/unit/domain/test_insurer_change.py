"""When an insurer may be changed."""

from datetime import date

import pytest

from cardservice.domain.insurer_change import (
    ChangeGround,
    InsurerChange,
    PastChange,
    expect_another,
    expect_change,
)
from cardservice.domain.rule_sets import RULES_2011
from cardservice.domain.terms import WEEKDAYS
from cardservice.errors import Refusal

OWN, MOVE, LEFT = ChangeGround.OWN_WISH, ChangeGround.MOVE, ChangeGround.INSURER_LEFT


def outcome(
    ground: ChangeGround, filed: date, happened: date | None = None, *past: PastChange
) -> str:
    change = InsurerChange(ground=ground, filed_on=filed, happened_on=happened)
    try:
        expect_change(change, past, rules=RULES_2011, calendar=WEEKDAYS)
    except Refusal as refusal:
        return refusal.code if refusal.field else "no field"
    return "granted"


@pytest.mark.parametrize(
    ("filed", "code"),
    [
        (date(2026, 1, 1), "granted"),
        (date(2026, 11, 1), "granted"),
        (date(2026, 11, 2), "change-after-cutoff"),
        (date(2026, 12, 31), "change-after-cutoff"),
    ],
)
def test_a_change_by_own_wish_is_filed_by_the_first_of_november(filed: date, code: str) -> None:
    assert outcome(OWN, filed) == code


@pytest.mark.parametrize(
    ("past", "code"),
    [
        (PastChange(OWN, date(2026, 1, 1)), "change-already-this-year"),
        (PastChange(OWN, date(2025, 10, 31)), "granted"),
        (PastChange(MOVE, date(2026, 3, 1)), "granted"),
        (PastChange(LEFT, date(2026, 3, 1)), "granted"),
    ],
)
def test_own_wish_serves_once_a_calendar_year(past: PastChange, code: str) -> None:
    assert outcome(OWN, date(2026, 10, 1), None, past) == code


@pytest.mark.parametrize(
    ("moved", "filed", "code"),
    [
        (date(2026, 11, 20), date(2026, 12, 21), "granted"),  # the 20th is a Sunday
        (date(2026, 11, 20), date(2026, 12, 22), "move-too-long-ago"),
        (date(2026, 11, 20), date(2026, 11, 20), "granted"),
        (date(2026, 11, 20), date(2026, 11, 19), "move-in-future"),
        (None, date(2026, 11, 19), "move-date-missing"),
    ],
)
def test_after_a_move_there_is_a_month_whatever_the_season(
    moved: date | None, filed: date, code: str
) -> None:
    assert outcome(MOVE, filed, moved, PastChange(OWN, date(2026, 2, 1))) == code


def test_when_the_insurer_leaves_a_change_is_always_granted_once_the_day_is_known() -> None:
    filed, used = date(2026, 12, 1), PastChange(OWN, date(2026, 2, 1))
    assert outcome(LEFT, filed, date(2027, 1, 1), used) == "granted"
    assert outcome(LEFT, filed, None, used) == "insurer-left-date-missing"


def test_the_insurer_one_has_is_no_change() -> None:
    with pytest.raises(Refusal) as refusal:
        expect_another("1009900000230", "1009900000230")
    assert refusal.value.code == "insurer-same"
    expect_another("1009900000230", "1009900000010")
