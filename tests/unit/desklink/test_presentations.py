"""A presentation travels and is kept without loss; whatever else comes is malformed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.desk.presentations import BearerCheck, Presentation, Substitute
from cardservice.desklink.presentations import read_presentation, say_presentation
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.verdict import Outcome
from cardservice.errors import MalformedDataError

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(FIRST - FIRST, LAST - FIRST).map(lambda later: FIRST + later)
PRESENTATIONS = st.builds(
    Presentation,
    id=st.uuids(),
    at=MOMENTS,
    grade=st.sampled_from(TimeGrade),
    outcome=st.none() | st.sampled_from(Outcome),
    reason=st.from_regex(r"[a-z-]{1,40}", fullmatch=True),
    card_number=st.none() | st.integers(0, (1 << 48) - 1),
    offline=st.booleans(),
    wrong_numbers=st.integers(0, 1000),
    bearer=st.none() | st.sampled_from(BearerCheck),
    substitute=st.none() | st.sampled_from(Substitute),
)
ONE = {
    "id": "00000000-0000-0000-0000-000000000001",
    "at": "2026-11-22T08:00:00Z",
    "grade": "proven",
    "outcome": "valid",
    "reason": "data-intact",
    "card_number": "000100000005",
    "offline": False,
    "wrong_numbers": 0,
    "bearer": None,
    "substitute": None,
}


@given(PRESENTATIONS)
def test_what_is_written_is_read_again(given: Presentation) -> None:
    assert read_presentation(json.loads(json.dumps(say_presentation(given)))) == given


def test_times_end_in_z_and_cards_have_twelve_digits() -> None:
    said = say_presentation(read_presentation(ONE))
    assert said == ONE


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "x"),
        ("id", None),
        ("at", "2026-11-22T08:00:00"),
        ("at", 7),
        ("grade", "sure"),
        ("outcome", 7),
        ("card_number", "5"),
        ("card_number", 5),
        ("card_number", "00010000000G"),
        ("wrong_numbers", True),
        ("wrong_numbers", -1),
        ("bearer", "face"),
        ("substitute", []),
        ("reason", None),
    ],
)
def test_anything_else_is_malformed(member: str, value: Any) -> None:
    with pytest.raises(MalformedDataError):
        read_presentation({**ONE, member: value})


@pytest.mark.parametrize("member", ONE)
def test_no_member_may_be_missing(member: str) -> None:
    with pytest.raises(MalformedDataError):
        read_presentation({name: value for name, value in ONE.items() if name != member})
