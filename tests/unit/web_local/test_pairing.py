"""The code that proves that somebody sits at the desk."""

import pytest

from cardservice.errors import Refusal
from cardservice.web.local.pairing import GOOD_FOR_S, STARTS, STARTS_WITHIN_S, TRIES, PairingBook

HERE, THERE = "https://clinic.example.org", "https://other.example.org"


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def book(clock: Time) -> PairingBook:
    return PairingBook(clock=clock)


def refused(book: PairingBook, pairing_id: str, code: str, origin: str = HERE) -> str:
    with pytest.raises(Refusal) as caught:
        book.confirm(pairing_id, origin, code)
    return caught.value.code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_on_the_desks_page_is_good_once(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    assert book.notices()[0].code == begun.code
    assert book.confirm(begun.id, HERE, begun.code) == "МИС"
    assert book.notices() == ()
    assert refused(book, begun.id, begun.code) == "pairing-unknown"


def test_the_fifth_wrong_code_ends_it(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    said = [refused(book, begun.id, wrong(begun.code)) for _ in range(TRIES)]
    assert said == ["pairing-code-wrong"] * TRIES
    assert refused(book, begun.id, begun.code) == "pairing-unknown"


def test_four_wrong_codes_leave_one_try(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    for _ in range(TRIES - 1):
        refused(book, begun.id, wrong(begun.code))
    assert book.confirm(begun.id, HERE, begun.code) == "МИС"


def test_after_two_minutes_it_is_over(book: PairingBook, clock: Time) -> None:
    begun = book.begin("МИС", HERE)
    clock.now += GOOD_FOR_S
    assert refused(book, begun.id, begun.code) == "pairing-unknown"


def test_a_code_that_is_over_is_shown_no_more(book: PairingBook, clock: Time) -> None:
    book.begin("МИС", HERE)
    clock.now += GOOD_FOR_S
    assert book.notices() == ()


def test_another_origin_cannot_finish_it_and_uses_up_no_try(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    for _ in range(TRIES + 1):
        assert refused(book, begun.id, begun.code, THERE) == "pairing-unknown"
    assert book.confirm(begun.id, HERE, begun.code) == "МИС"


def test_who_does_not_know_its_name_uses_up_no_try(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    for _ in range(TRIES + 1):
        assert refused(book, "ключ", wrong(begun.code)) == "pairing-unknown"
    assert book.confirm(begun.id, HERE, begun.code) == "МИС"


def test_a_new_beginning_ends_the_one_before(book: PairingBook) -> None:
    first, second = book.begin("МИС", HERE), book.begin("МИС", HERE)
    assert [one.id for one in book.notices()] == [second.id]
    assert refused(book, first.id, first.code) == "pairing-unknown"


def test_nobody_can_begin_until_a_guess_succeeds(book: PairingBook, clock: Time) -> None:
    for _ in range(STARTS):
        book.begin("МИС", HERE)
    with pytest.raises(Refusal) as caught:
        book.begin("МИС", THERE)
    assert caught.value.code == "pairing-too-often"
    clock.now += STARTS_WITHIN_S
    assert book.begin("МИС", THERE).origin == THERE


def test_the_code_is_in_no_text_of_the_notice(book: PairingBook) -> None:
    begun = book.begin("МИС", HERE)
    assert begun.code not in repr(begun)
