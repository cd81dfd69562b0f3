"""Time-based one-time passwords, by the values of the standard.

Source: RFC 6238, appendix B.
"""

from datetime import UTC, datetime

import pytest

from cardservice.accounts.totp import matching_step, step_at, totp_code

SEED = b"1234567890"
SEEDS = {"sha1": SEED * 2, "sha256": (SEED * 4)[:32], "sha512": (SEED * 7)[:64]}
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), VECTORS)
def test_the_codes_are_those_of_the_standard(
    seconds: int, sha1: str, sha256: str, sha512: str
) -> None:
    step = step_at(datetime.fromtimestamp(seconds, UTC))
    codes = [totp_code(SEEDS[one], step, digits=8, algorithm=one) for one in SEEDS]
    assert codes == [sha1, sha256, sha512]


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STEP = step_at(NOW)
SECRET = SEEDS["sha1"]


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(drift: int) -> None:
    code = totp_code(SECRET, STEP + drift)
    assert matching_step(SECRET, code, now=NOW, after=-1) == STEP + drift


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_clock_two_steps_off_is_refused(drift: int) -> None:
    assert matching_step(SECRET, totp_code(SECRET, STEP + drift), now=NOW, after=-1) is None


def test_a_used_step_and_older_ones_are_spent() -> None:
    codes = [totp_code(SECRET, STEP + drift) for drift in (-1, 0, 1)]
    found = [matching_step(SECRET, one, now=NOW, after=STEP) for one in codes]
    assert found == [None, None, STEP + 1]


@pytest.mark.parametrize("code", ["", "0", "٠٠٠٠٠٠", "\x00" * 6, "0000000", "\ud800"])
def test_what_is_no_code_fits_no_step(code: str) -> None:
    assert matching_step(SECRET, code, now=NOW, after=-1) is None


def test_at_the_beginning_of_time_there_is_a_code_too() -> None:
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    assert matching_step(SECRET, totp_code(SECRET, 0), now=begin, after=-1) is not None
