"""Policy numbers of a batch: each once, in little memory, unreadable there."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cardservice.domain.numbers import Enp
from cardservice.personalization.preflight import Candidate, Fault
from cardservice.personalization.preflight_numbers import SeenNumbers, refuse_repeated
from tests.chain import an_order


def key(octets: int) -> bytes:
    return bytes(range(octets))


def candidate(row: int, enp: str) -> Candidate:
    order = an_order()
    return Candidate(row=row, order=replace(order, holder=replace(order.holder, enp=Enp(enp))))


@given(st.lists(st.integers(0, 300), max_size=400))
def test_the_first_row_of_a_number_is_told_whatever_came_between(numbers: list[int]) -> None:
    seen, first = SeenNumbers(key), dict[int, int]()
    for row, number in enumerate(numbers, 1):
        assert seen.first_row(f"{number:016}", row) == first.setdefault(number, row)


def test_many_more_numbers_than_the_first_room_holds_are_kept() -> None:
    seen = SeenNumbers(key)
    rows = range(1, 5_001)
    assert all(seen.first_row(f"{row:016}", row) == row for row in rows)
    assert all(seen.first_row(f"{row:016}", 9_999) == row for row in rows)


def test_a_number_cannot_be_read_from_the_memory() -> None:
    seen = SeenNumbers(key)
    seen.first_row("0058000844000019", 2)
    held = [value for value in vars(seen).values() if not isinstance(value, int)]
    assert not any(b"0058000844000019" in bytes(value) for value in held)
    assert not any(int("0058000844000019").to_bytes(8, "little") in bytes(one) for one in held)


def test_a_second_order_for_a_policy_number_is_refused_with_the_row_of_the_first() -> None:
    first, again = candidate(2, "0058000844000019"), candidate(9, "0058000844000019")
    other = candidate(5, "0050610893000021")
    kept, between, refused = refuse_repeated([first, other, again], SeenNumbers(key))
    assert (kept, between) == (first, other)
    sentence = "The policy number stands in row 2 already."
    assert refused.faults == (Fault("duplicate-enp", sentence, "enp"),)
    assert refused.order is None


def test_a_row_refused_before_passes_as_it_is() -> None:
    refused = Candidate(row=3, faults=(Fault("known", "It was known before."),))
    assert list(refuse_repeated([refused, refused], SeenNumbers(key))) == [refused, refused]
