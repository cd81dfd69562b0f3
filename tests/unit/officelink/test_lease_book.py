"""What a station has leased, on its disk."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from cardservice.errors import Refusal, SourceUnavailableError
from cardservice.officelink.lease_book import FORGOTTEN_AFTER, Lease, LeaseBook, lost
from cardservice.personalization.jobs import Work

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def lease(order_id: str = "order-1", version: int = 2, day: date | None = None) -> Lease:
    return Lease(order_id=order_id, version=version, until=NOW, work=Work.NEW_CARD, valid_until=day)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station" / "leases.json"


def book_at(path: Path) -> LeaseBook:
    return LeaseBook(path, entropy=os.urandom)


def test_a_book_that_is_opened_again_has_all_its_leases_in_their_order(path: Path) -> None:
    book = book_at(path)
    kept = [lease("order-2", day=date(2027, 1, 1)), lease("order-1"), lost(lease("order-3"))]
    for one in kept:
        book.taken(one)
    book.drop("order-1")
    assert book_at(path).leases() == (kept[0], kept[2])


def test_nobody_else_may_read_the_book(path: Path) -> None:
    book_at(path)
    assert path.stat().st_mode & 0o077 == 0


def test_the_book_names_no_person(path: Path) -> None:
    book_at(path).taken(lease())
    kept = json.loads(path.read_bytes())
    (line,) = kept["orders"]
    assert set(kept) == {"format", "salt", "next", "orders"}
    assert set(line) == {"order", "version", "until", "work", "valid_until", "lost"}


def test_a_lease_is_asked_for_by_one_name_until_it_was_answered(path: Path) -> None:
    key = book_at(path).key
    book = book_at(path)
    assert book.key == key
    book.taken(lease())
    assert book.key != key
    assert book_at(path).key == book.key


def test_two_books_never_ask_by_the_same_name(path: Path, tmp_path: Path) -> None:
    assert book_at(path).key != book_at(tmp_path / "other").key


def test_a_lease_lost_long_ago_is_forgotten_and_one_that_is_ours_never(path: Path) -> None:
    book = book_at(path)
    book.taken(lease("ours"))
    book.taken(lost(lease("lost")))
    book.forget_old(NOW + FORGOTTEN_AFTER)
    assert book.get("lost") is not None
    book.forget_old(NOW + FORGOTTEN_AFTER + timedelta(seconds=1))
    assert [one.order_id for one in book.leases()] == ["ours"]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format": 2, "salt": "00", "next": 1, "orders": []}',
        b'{"format": 1, "salt": "x", "next": 1, "orders": []}',
        b'{"format": 1, "salt": "00", "next": 1, "orders": [{}]}',
        b'{"format": 1, "salt": "00", "next": 1, "orders": [{"order": "0058000844000019"}]}',
    ],
)
def test_a_damaged_book_is_refused_and_left_as_it_is(path: Path, octets: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(octets)
    with pytest.raises(Refusal) as caught:
        book_at(path)
    assert caught.value.code == "lease-book-damaged"
    assert path.read_bytes() == octets


def test_a_full_disk_is_said_and_the_book_written_with_the_next_change(
    path: Path, mocker: MockerFixture
) -> None:
    book = book_at(path)
    full = mocker.patch(
        "cardservice.officelink.lease_book.os.fsync", side_effect=OSError(28, "No space left")
    )
    with pytest.raises(SourceUnavailableError) as caught:
        book.taken(lease())
    assert caught.value.code == "lease-book-not-written"
    mocker.stop(full)
    assert book_at(path).leases() == ()
    book.save()
    assert book_at(path).leases() == (lease(),)
