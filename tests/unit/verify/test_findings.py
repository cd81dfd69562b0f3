"""When texts count as proved: never on less than a good signature of a trusted signer."""

from typing import Any

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.verify.findings import SignerFinding
from tests.unit.verify.findings_of import GOOD, found


def test_texts_under_a_good_security_object_of_a_trusted_signer_are_proved() -> None:
    assert GOOD.data_proved


@pytest.mark.parametrize(
    "changes",
    [
        {"has_security_object": False},
        {"security_object_fault": Reason.SIGNATURE_WRONG},
        {"data_fault": Reason.DATA_ALTERED},
        {"signer": None},
        {"signer": SignerFinding(Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)},
        {"signer": SignerFinding(Outcome.INVALID, Reason.SIGNER_REVOKED)},
    ],
)
def test_texts_are_not_proved_when_any_of_it_fails(changes: dict[str, Any]) -> None:
    assert not found(**changes).data_proved
