from dataclasses import replace
from typing import Any

import pytest

from cardservice.errors import Refusal
from cardservice.personalization.printing import (
    FaceJob,
    FaceMarks,
    LaneStopError,
    marks_on_chip,
    require_face_of,
)
from tests.unit.personalization.made_cards import CHIP, SECRETS, a_made_card

MADE = a_made_card()
SEEN = FaceMarks(card_number=MADE.order.card_number, can=SECRETS.can, enp=MADE.order.holder.enp)


def test_the_marks_of_a_face_are_those_that_went_to_the_chip() -> None:
    assert marks_on_chip(MADE) == SEEN


def test_the_face_of_the_chip_passes() -> None:
    require_face_of(MADE, SEEN)
    with pytest.raises(LaneStopError):
        require_face_of(a_made_card(index=8), SEEN)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("card_number", {"card_number": SEEN.card_number + 1}),
        ("can", {"can": "640194"}),
        ("can", {"can": ""}),
        ("can", {"can": "٦٤٠١٩٣"}),
        ("enp", {"enp": "0058000844000019"}),
        ("card_number", {"card_number": 1, "can": "000000"}),
    ],
)
def test_a_face_of_another_chip_stops_the_lane_and_says_where_it_differs(
    field: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(LaneStopError) as caught:
        require_face_of(MADE, replace(SEEN, **changed))
    assert (caught.value.code, caught.value.field) == ("face-of-another-chip", field)


def test_what_stops_a_lane_is_a_refusal_that_quotes_nothing() -> None:
    with pytest.raises(Refusal) as caught:
        require_face_of(MADE, replace(SEEN, can="777777"))
    assert "777777" not in str(caught.value)
    assert SECRETS.can not in str(caught.value)


def test_marks_and_jobs_show_no_secret_when_they_are_printed() -> None:
    told = repr(SEEN) + repr(FaceJob(chip_serial=CHIP, document=b"%PDF of 640193"))
    assert SECRETS.can not in told
    assert SEEN.enp not in told


def test_a_job_is_named_after_the_chip_alone() -> None:
    assert FaceJob(chip_serial=CHIP, document=b"").name == "0102030405060708"
