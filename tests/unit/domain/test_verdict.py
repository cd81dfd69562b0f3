"""A verdict is the worst of its decisive checks, and never made of nothing."""

from datetime import UTC, datetime

import pytest

from cardservice.domain.verdict import Check, CheckName, Outcome, Reason, Verdict
from cardservice.errors import UsageError

NOW = datetime(2030, 1, 1, tzinfo=UTC)
GOOD = Check(CheckName.DATA_SIGNED, Outcome.VALID, Reason.DATA_INTACT)
BAD = Check(CheckName.CHIP_GENUINE, Outcome.INVALID, Reason.CHIP_COPIED)
OPEN = Check(CheckName.CARD_NOT_BLOCKED, Outcome.UNDECIDED, Reason.REGISTER_UNREACHABLE)
ASIDE = Check(CheckName.BEARER, Outcome.UNDECIDED, Reason.BEARER_NOT_CONFIRMED, decisive=False)


@pytest.mark.parametrize(
    ("checks", "outcome", "decided_by"),
    [
        ((GOOD,), Outcome.VALID, GOOD),
        ((GOOD, ASIDE), Outcome.VALID, GOOD),
        ((GOOD, OPEN), Outcome.UNDECIDED, OPEN),
        ((OPEN, BAD, GOOD), Outcome.INVALID, BAD),
    ],
)
def test_the_worst_decisive_check_decides(
    checks: tuple[Check, ...], outcome: Outcome, decided_by: Check
) -> None:
    verdict = Verdict(checks=checks, at=NOW)
    assert verdict.outcome is outcome
    assert verdict.deciding == decided_by


@pytest.mark.parametrize("checks", [(), (ASIDE,)])
def test_a_verdict_without_a_decisive_check_cannot_be_made(checks: tuple[Check, ...]) -> None:
    with pytest.raises(UsageError):
        Verdict(checks=checks, at=NOW)
