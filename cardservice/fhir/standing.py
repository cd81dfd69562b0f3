"""Whether a Coverage is active: only where that is known, else not.

FHIR has no word for a suspended policy, and none for a card that was not believed. Clients look at
the status before all else, so both are anything but ``active``, and a code says which.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.insurance import InsurancePeriod
from cardservice.domain.lives import PolicyState
from cardservice.domain.verdict import Check, Outcome, Reason, Verdict
from cardservice.verify.examination import Examination, Problem


@unique
class CoverageStatus(StrEnum):
    """Source: HL7 FHIR R4, value set fm-status; ``entered-in-error`` is not ours to say."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    DRAFT = "draft"  # what it says is not known to be so


@dataclass(frozen=True, slots=True)
class CoverageStanding:
    """The status and the stable code of why."""

    status: CoverageStatus
    reason: str


_ENDED: Final = frozenset({Reason.POLICY_EXPIRED, Reason.INSURER_ENDED, Reason.SUPERSEDED})
_STATES: Final = {
    PolicyState.SUSPENDED: CoverageStanding(CoverageStatus.CANCELLED, "policy-suspended"),
    PolicyState.CLOSED: CoverageStanding(CoverageStatus.CANCELLED, "policy-closed"),
}


def standing_of_policy(
    state: PolicyState, insurance: InsurancePeriod, *, expiry: date | None, today: date
) -> CoverageStanding:
    """Return how a policy of the register stands on ``today``; last days are within it."""
    stopped = _STATES.get(state)
    if stopped is not None:
        return stopped
    if expiry is not None and expiry < today:
        return CoverageStanding(CoverageStatus.CANCELLED, Reason.POLICY_EXPIRED)
    if insurance.end_date is not None and insurance.end_date < today:
        return CoverageStanding(CoverageStatus.CANCELLED, Reason.INSURER_ENDED)
    if insurance.start_date > today:
        return CoverageStanding(CoverageStatus.DRAFT, Reason.INSURER_NOT_STARTED)
    return CoverageStanding(CoverageStatus.ACTIVE, Reason.POLICY_GOOD)


def standing_of_examination(examination: Examination) -> CoverageStanding:
    """Return how the policy stands that a card shows.

    ``cancelled`` needs proved data: else anybody's forged card would cancel a policy in the
    clinic's records.
    """
    verdict = examination.verdict
    if verdict is None:
        return CoverageStanding(
            CoverageStatus.DRAFT, examination.problem or Problem.CARD_UNREADABLE
        )
    if is_in_force(verdict):
        return CoverageStanding(CoverageStatus.ACTIVE, Reason.POLICY_GOOD)
    ended = _ending(verdict) if examination.proved else None
    if ended is not None:
        return CoverageStanding(CoverageStatus.CANCELLED, ended.reason)
    return CoverageStanding(CoverageStatus.DRAFT, reason_in_doubt(verdict))


def is_in_force(verdict: Verdict) -> bool:
    """Return whether the verdict is ``valid`` and rests on the question whether the policy is."""
    return verdict.outcome is Outcome.VALID and policy_check(verdict) is not None


def policy_check(verdict: Verdict) -> Check | None:
    """Return the good answer to whether the policy is in force; ``None`` if there is none."""
    good = (one for one in verdict.checks if one.reason is Reason.POLICY_GOOD)
    return next((one for one in good if one.decisive and one.outcome is Outcome.VALID), None)


def reason_in_doubt(verdict: Verdict) -> Reason:
    """Return why a verdict does not say that the policy is in force."""
    if verdict.outcome is Outcome.VALID:
        return Reason.NOT_READ
    return verdict.deciding.reason


def _ending(verdict: Verdict) -> Check | None:
    bad = (one for one in verdict.checks if one.outcome is Outcome.INVALID)
    return next((one for one in bad if one.reason in _ENDED), None)
