"""Ids of rows: each greater than the one before, whatever the clock does."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from cardservice.home.office_ids import TimeOrderedIds, new_id

MS = 1_000_000


def test_an_id_begins_with_its_milliseconds_and_says_its_version() -> None:
    # RFC 9562, appendix A.6: the example's time.
    one = TimeOrderedIds(nanoseconds=lambda: 0x017F22E279B0 * MS, draw=bytes)()
    assert str(one) == "017f22e2-79b0-7000-8000-000000000000"
    assert (one.version, one.variant) == (7, "specified in RFC 4122")


def test_ids_grow_though_the_clock_stands_or_is_set_back() -> None:
    times = iter([5 * MS] * 5000 + [3 * MS, 9 * MS])
    ids = TimeOrderedIds(nanoseconds=lambda: next(times))
    given = [ids() for _ in range(5002)]
    assert all(before < after for before, after in pairwise(given))


def test_threads_get_no_id_twice() -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: new_id(), range(4000)))
    assert len(set(given)) == len(given)
