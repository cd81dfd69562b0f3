"""Class bytes: ISO/IEC 7816-4 5.4.1."""

from typing import Any

import pytest

from cardservice.apdu.class_byte import ClassByte, SecureMessagingKind, class_of_get_response
from cardservice.errors import MalformedDataError
from tests.shared import vectors

ALL = vectors("apdu")["cla"]
INTERINDUSTRY = [one for one in ALL if "channel" in one]
PROPRIETARY = [one for one in ALL if one.get("proprietary")]
INVALID = [one for one in ALL if "invalid" in one]


@pytest.mark.parametrize("case", INTERINDUSTRY, ids=lambda case: case["cla"])
def test_an_interindustry_class_tells_channel_protection_and_chaining(case: dict[str, Any]) -> None:
    facts = ClassByte.parse(int(case["cla"], 16))
    assert (facts.channel, facts.is_chained) == (case["channel"], case["chain"])
    assert facts.secure_messaging is not None
    # The further interindustry classes have one bit only: "yes" or none.
    expected = case["sm"] if isinstance(case["sm"], int) else 2
    assert facts.secure_messaging == expected
    assert not facts.is_proprietary


@pytest.mark.parametrize("case", PROPRIETARY, ids=lambda case: case["cla"])
def test_a_proprietary_class_says_nothing_more(case: dict[str, Any]) -> None:
    facts = ClassByte.parse(int(case["cla"], 16))
    assert facts == ClassByte(None, None, is_chained=False)
    assert facts.is_proprietary


@pytest.mark.parametrize("cla", [*(int(one["cla"], 16) for one in INVALID), 0x3F, -1, 256])
def test_a_reserved_class_is_refused(cla: int) -> None:
    with pytest.raises(MalformedDataError):
        ClassByte.parse(cla)


def test_the_four_kinds_of_protection_are_told_apart() -> None:
    kinds = [ClassByte.parse(cla).secure_messaging for cla in (0x00, 0x04, 0x08, 0x0C)]
    assert kinds == list(SecureMessagingKind)


@pytest.mark.parametrize(
    ("cla", "expected"),
    [(0x00, 0x00), (0x0C, 0x00), (0x13, 0x03), (0x84, 0x00), (0x4F, 0x4F), (0x75, 0x45)],
)
def test_get_response_keeps_the_channel_and_nothing_else(cla: int, expected: int) -> None:
    assert class_of_get_response(cla) == expected
