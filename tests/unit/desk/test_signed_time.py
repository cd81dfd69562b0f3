"""A signed time: one acceptance, and a refusal for each thing that is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cardservice.desk.signed_time import TimeFault, TimeProofError, verify_time
from cardservice.pki.extensions import POLICY_DOCUMENT_TYPE
from cardservice.pki.service_tokens import LONGEST_TIME_TOKEN
from cardservice.pki.status_list_tokens import TokenForm
from cardservice.pki.status_list_trust import ListSigners
from tests.unit.desk.world import NONCE, SECOND, time_token, trust_token
from tests.unit.pki.office import NOW, START, root
from tests.unit.pki.status_lists import SERIAL, desk, list_signer, signed


def fault_of(token: str, *, signers: ListSigners | None = None, nonce: str = NONCE) -> TimeFault:
    with pytest.raises(TimeProofError) as caught:
        verify_time(token, nonce=nonce, signers=signers or desk())
    return caught.value.fault


def test_a_signed_time_is_believed_to_the_millisecond() -> None:
    at = NOW + timedelta(milliseconds=417)
    assert verify_time(time_token(at), nonce=NONCE, signers=desk()) == at


def test_a_time_that_answers_another_question_is_refused() -> None:
    assert fault_of(time_token(), nonce=NONCE + "A") is TimeFault.OTHER_QUESTION


def test_a_desk_without_a_fresh_revocation_list_still_learns_the_time() -> None:
    assert verify_time(time_token(), nonce=NONCE, signers=desk(held=False)) == NOW
    later = START + timedelta(days=80)
    assert verify_time(time_token(later), nonce=NONCE, signers=desk()) == later


REFUSED: list[tuple[Callable[[], str], TimeFault]] = [
    (lambda: "", TimeFault.MALFORMED),
    (lambda: "a.b", TimeFault.MALFORMED),
    (lambda: "время", TimeFault.MALFORMED),
    (lambda: "a" * (LONGEST_TIME_TOKEN + 1), TimeFault.MALFORMED),
    (trust_token, TimeFault.MALFORMED),
    (lambda: signed(TokenForm.JWT).decode(), TimeFault.MALFORMED),
    (lambda: time_token(signer=list_signer(root("other"))), TimeFault.SIGNER_UNDECIDED),
    (
        lambda: time_token(signer=list_signer(None, POLICY_DOCUMENT_TYPE)),
        TimeFault.SIGNER_REFUSED,
    ),
    (lambda: time_token()[:-8] + "AAAAAAAA", TimeFault.ALTERED),
]


@pytest.mark.parametrize(("make", "fault"), REFUSED)
def test_whatever_is_not_such_a_time_is_refused(make: Callable[[], str], fault: TimeFault) -> None:
    assert fault_of(make()) is fault


def test_a_revoked_signer_proves_no_time() -> None:
    assert fault_of(time_token(), signers=desk(revoked=(SERIAL,))) is TimeFault.SIGNER_REFUSED


def test_a_time_outside_the_signers_usage_period_cannot_even_be_signed() -> None:
    with pytest.raises(ValueError, match="signs from"):
        time_token(START - SECOND)
