"""The DER writer."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cardservice.errors import UsageError
from cardservice.pki import der
from cardservice.pki.oids import Oid


@pytest.mark.parametrize(
    ("at", "encoded"),
    [
        (datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), b"\x17\x0d491231235959Z"),
        (datetime(2050, 1, 1, tzinfo=UTC), b"\x18\x0f20500101000000Z"),
        (datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=3))), b"\x17\x0d251231230000Z"),
        (datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC), b"\x17\x0d260101000000Z"),
    ],
)
def test_a_time_is_utc_in_whole_seconds_and_generalized_from_2050(
    at: datetime, encoded: bytes
) -> None:
    assert der.time(at) == encoded


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="time zone"):
        der.time(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_members_of_a_set_are_sorted_by_their_encoding() -> None:
    assert der.set_of(b"\x04\x01\x02", b"\x02\x01\x05") == bytes.fromhex("3106 020105 040102")


@pytest.mark.parametrize(
    ("size", "header"),
    [(0, "0400"), (127, "047F"), (128, "048180"), (255, "0481FF"), (256, "04820100")],
)
def test_lengths_are_minimal(size: int, header: str) -> None:
    assert der.octet_string(bytes(size))[: -size or None] == bytes.fromhex(header)


def test_the_marker_is_the_identifier_of_its_uuid() -> None:
    from uuid import UUID

    assert f"2.25.{UUID('c72523ba-cf93-47f2-963b-26c4ed280bec').int}" == Oid.DEMONSTRATION
