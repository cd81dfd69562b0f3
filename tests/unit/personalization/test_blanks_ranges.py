"""Sets of chip serials as ranges: the same as a set of numbers, however they came about."""

from hypothesis import given
from hypothesis import strategies as st

from cardservice.personalization.journal import LAST_SERIAL, BlanksReceived, BlanksReturned
from cardservice.personalization.recovery_blanks import Blanks, SerialRanges

SERIALS = st.integers(0, 40)
RANGES = st.tuples(SERIALS, SERIALS).map(lambda two: (min(two), max(two)))
STEPS = st.lists(st.tuples(st.booleans(), RANGES), max_size=12)


@given(STEPS, RANGES)
def test_ranges_are_a_set_of_numbers(
    steps: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]
) -> None:
    ranges, model = SerialRanges(), set[int]()
    for adds, (first, last) in steps:
        numbers = set(range(first, last + 1))
        model = model | numbers if adds else model - numbers
        (ranges.add if adds else ranges.discard)(first, last)
    assert {one for first, last in ranges for one in range(first, last + 1)} == model
    assert ranges.size == len(model)
    wanted = set(range(asked[0], asked[1] + 1))
    assert ranges.covers(asked[0]) is (asked[0] in model)
    assert ranges.covers_all(*asked) is (wanted <= model)
    assert ranges.covers_any(*asked) is bool(wanted & model)


@given(STEPS)
def test_ranges_neither_touch_nor_overlap(steps: list[tuple[bool, tuple[int, int]]]) -> None:
    ranges = SerialRanges()
    for adds, (first, last) in steps:
        (ranges.add if adds else ranges.discard)(first, last)
    bounds = [bound for one in ranges for bound in one]
    assert bounds == sorted(bounds)
    assert all(right > left + 1 for left, right in zip(bounds[1:-1:2], bounds[2::2], strict=True))


def test_the_highest_and_the_lowest_serial_are_serials() -> None:
    ranges = SerialRanges()
    ranges.add(0, LAST_SERIAL)
    assert (ranges.covers(0), ranges.covers(LAST_SERIAL)) == (True, True)
    ranges.discard(0, 0)
    ranges.discard(LAST_SERIAL, LAST_SERIAL)
    assert list(ranges) == [(1, LAST_SERIAL - 1)]


def test_blanks_given_back_may_come_again() -> None:
    blanks = Blanks()
    blanks.apply(BlanksReceived(first=1, last=9))
    blanks.apply(BlanksReturned(first=3, last=4))
    assert (blanks.ranges, list(blanks.gone)) == ([(1, 2), (5, 9)], [(3, 4)])
    blanks.apply(BlanksReceived(first=3, last=3))
    assert (blanks.ranges, list(blanks.gone)) == ([(1, 3), (5, 9)], [(4, 4)])
    assert (blanks.received, blanks.returned, blanks.held.size) == (10, 2, 8)
