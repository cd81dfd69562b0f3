"""An EF.SOD with any octet changed, or cut anywhere, is never taken for a good one."""

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import MalformedDataError, PeerError
from cardservice.pki.ef_sod import VerifiedSecurityObject, parse_ef_sod, verify_ef_sod
from tests.unit.pki.office import NOW, Desk, ef_sod

STORE = Desk().store()
BITS = (0x01, 0x20, 0x80)  # a neighbour, constructed against primitive, the class


def accepted(octets: bytes) -> VerifiedSecurityObject | None:
    """Return what a desk would believe; None when it would not."""
    try:
        verified = verify_ef_sod(parse_ef_sod(octets))
    except PeerError:
        return None
    judged = STORE.judge_signer(verified.signer_der, signing_time=verified.signing_time, now=NOW)
    return verified if judged.outcome is Outcome.VALID else None


def test_the_unaltered_object_is_accepted() -> None:
    assert accepted(ef_sod()) is not None


@pytest.mark.parametrize("bit", BITS, ids=hex)
def test_every_octet_changed_is_refused(bit: int) -> None:
    octets = ef_sod()
    survivors = [
        at
        for at in range(len(octets))
        if accepted(octets[:at] + bytes((octets[at] ^ bit,)) + octets[at + 1 :])
    ]
    assert survivors == []


def test_every_truncation_is_malformed() -> None:
    octets = ef_sod()
    for cut in range(len(octets)):
        with pytest.raises(MalformedDataError):
            parse_ef_sod(octets[:cut])


def test_every_octet_left_out_is_refused() -> None:
    octets = ef_sod()
    for at in range(len(octets)):
        assert accepted(octets[:at] + octets[at + 1 :]) is None
