"""Guessing gets slower, never stops, and tells nothing."""

from datetime import timedelta

import pytest

from cardservice.accounts.addresses import UNKNOWN, address_key
from cardservice.accounts.buckets import Rate, TokenBuckets, TooManyRequestsError
from cardservice.accounts.lockout import BY_NAME, Delays, LockedOutError, Lockout
from cardservice.accounts.memory import InsecureMemoryAttempts
from tests.unit.accounts.office import Clock

DELAYS = Delays(free=3, first=timedelta(seconds=1), longest=timedelta(seconds=60))


def _lockout(clock: Clock) -> Lockout:
    return Lockout("name", DELAYS, store=InsecureMemoryAttempts(), clock=clock)


def test_the_delay_doubles_up_to_its_longest_and_no_further() -> None:
    waits = [DELAYS.after(one).total_seconds() for one in (0, 2, 3, 4, 5, 8, 9, 10_000)]
    assert waits == [0, 0, 1, 2, 4, 32, 60, 60]


def test_a_lock_is_never_for_ever() -> None:
    clock = Clock()
    lockout = _lockout(clock)
    for _ in range(200):
        lockout.count("a")
        clock.move(seconds=61)
    lockout.count("a")
    with pytest.raises(LockedOutError) as caught:
        lockout.count("a")
    assert 1 <= caught.value.wait_s <= 61


def test_a_try_before_its_time_is_not_counted() -> None:
    clock = Clock()
    lockout = _lockout(clock)
    for _ in range(3):
        lockout.count("a")
    for _ in range(10):
        with pytest.raises(LockedOutError):
            lockout.count("a")
    clock.move(seconds=1)
    lockout.count("a")


def test_the_right_answer_forgives_and_others_are_untouched() -> None:
    lockout = _lockout(Clock())
    for key in ("a", "b"):
        for _ in range(3):
            lockout.count(key)
    lockout.forgive("a")
    lockout.count("a")
    with pytest.raises(LockedOutError):
        lockout.count("b")


def test_taking_one_try_back_leaves_the_older_ones() -> None:
    lockout = _lockout(Clock())
    lockout.count("a")
    lockout.count("a")
    lockout.count("a")
    lockout.take_back("a")
    lockout.count("a")
    with pytest.raises(LockedOutError):
        lockout.count("a")


def test_wrong_tries_are_forgotten_after_a_day() -> None:
    clock = Clock()
    lockout = _lockout(clock)
    for _ in range(3):
        lockout.count("a")
    clock.move(days=1)
    lockout.count("a")
    lockout.count("a")
    lockout.count("a")
    with pytest.raises(LockedOutError):
        lockout.count("a")


def test_a_day_has_room_for_about_a_hundred_guesses_at_one_name() -> None:
    clock = Clock()
    lockout = Lockout("name", BY_NAME, store=InsecureMemoryAttempts(), clock=clock)
    end, guesses = clock.now + timedelta(days=1), 0
    while clock.now < end:
        try:
            lockout.count("a")
            guesses += 1
        except LockedOutError as error:
            clock.move(seconds=error.wait_s)
    assert 90 <= guesses <= 115


def test_counters_take_bounded_memory() -> None:
    store = InsecureMemoryAttempts(rows=50)
    lockout = Lockout("name", DELAYS, store=store, clock=Clock())
    for one in range(200):
        lockout.count(str(one))
    assert len(store) == 50


def test_a_bucket_gives_its_burst_and_then_one_at_a_time() -> None:
    clock = Clock()
    buckets = TokenBuckets(Rate(burst=2, every_s=10), clock=clock)
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(TooManyRequestsError) as caught:
        buckets.take("a")
    assert caught.value.wait_s == 10
    buckets.take("b")
    clock.move(seconds=10)
    buckets.take("a")
    with pytest.raises(TooManyRequestsError):
        buckets.take("a")


def test_a_refused_request_costs_nothing_more() -> None:
    clock = Clock()
    buckets = TokenBuckets(Rate(burst=1, every_s=10), clock=clock)
    buckets.take("a")
    for _ in range(5):
        with pytest.raises(TooManyRequestsError):
            buckets.take("a")
    clock.move(seconds=10)
    buckets.take("a")


def test_buckets_take_bounded_memory() -> None:
    buckets = TokenBuckets(Rate(1, 10), clock=Clock(), keys=50)
    for one in range(200):
        buckets.take(one)
    assert len(buckets) == 50


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", UNKNOWN),
        (None, UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_an_address_counts_as_what_its_owner_cannot_change(address: str | None, key: str) -> None:
    assert address_key(address) == key


def test_a_clock_that_was_set_back_shuts_nobody_out_for_longer_than_an_empty_bucket_does() -> None:
    clock = Clock()
    buckets = TokenBuckets(Rate(burst=2, every_s=10), clock=clock)
    buckets.take("a")
    clock.move(days=-365)
    with pytest.raises(TooManyRequestsError) as caught:
        buckets.take("a")
    assert caught.value.wait_s <= 11
    clock.move(seconds=10)
    buckets.take("a")
