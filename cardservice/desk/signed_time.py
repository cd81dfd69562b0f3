"""The time as the service signs it: what a desk asks of it before it believes it.

The signer is judged at the time it claims. That its revocation list is stale or missing is no
reason to refuse: a desk that is new, or was off for a month, has no fresh one, and cannot know of
one before it knows the time. Nothing is lost by it, since whoever holds a stolen key would claim
a time at which the list was fresh.
"""

from datetime import datetime
from enum import StrEnum, unique
from typing import Final

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.service_tokens import (
    LONGEST_TIME_TOKEN,
    TIME_TYPE,
    UnverifiedToken,
    read_service_token,
    time_claims,
)
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.trust import SignerJudgement

_LET_PASS: Final = frozenset({Reason.REVOCATIONS_STALE, Reason.REVOCATIONS_UNAVAILABLE})


@unique
class TimeFault(StrEnum):
    """Why a signed time is not believed; stable, for pages and logs."""

    MALFORMED = "time-malformed"
    SIGNER_REFUSED = "time-signer-refused"
    SIGNER_UNDECIDED = "time-signer-undecided"
    ALTERED = "time-altered"
    OTHER_QUESTION = "time-of-another-question"
    WENT_BACK = "time-went-back"
    TOO_LATE = "time-answer-late"


class TimeProofError(AuthenticationError):
    """A signed time is not believed; ``fault`` says why."""

    def __init__(self, fault: TimeFault) -> None:
        super().__init__(f"the signed time is not believed: {fault.value}")
        self.fault = fault


def verify_time(token: str, *, nonce: str, signers: ListSigners) -> datetime:
    """Return the time that the token proves, UTC.

    Args:
        token: from anybody, in answer to a question with ``nonce``.
        nonce: base64url of 16 octets or more, drawn for this question.
        signers: whom the desk believes.

    Raises:
        TimeProofError: MALFORMED, SIGNER_REFUSED, SIGNER_UNDECIDED, ALTERED, OTHER_QUESTION.
    """
    try:
        return _verified(token, nonce, signers)
    except MalformedDataError:
        raise TimeProofError(TimeFault.MALFORMED) from None


def _verified(token: str, nonce: str, signers: ListSigners) -> datetime:
    if len(token) > LONGEST_TIME_TOKEN:
        raise TimeProofError(TimeFault.MALFORMED)
    read = read_service_token(token, typ=TIME_TYPE)
    claims = time_claims(read.said)
    _require_trusted(signers.judge(read.signer_der, issued=claims.at, now=claims.at))
    _require_signed(read)
    if claims.nonce != nonce:
        raise TimeProofError(TimeFault.OTHER_QUESTION)
    return claims.at


def _require_trusted(judged: SignerJudgement) -> None:
    if judged.outcome is Outcome.INVALID:
        raise TimeProofError(TimeFault.SIGNER_REFUSED)
    if judged.outcome is not Outcome.VALID and judged.reason not in _LET_PASS:
        raise TimeProofError(TimeFault.SIGNER_UNDECIDED)


def _require_signed(read: UnverifiedToken) -> None:
    try:
        read.require_signed()
    except AuthenticationError:
        raise TimeProofError(TimeFault.ALTERED) from None
