"""Who signed: each doubt about a signer keeps the card from being valid."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from cardservice.domain.verdict import CheckName, Outcome, Reason
from cardservice.pki.certificates import Certificate, Extension, parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.extensions import UsagePeriod, document_types, usage_period
from cardservice.pki.oids import Oid
from cardservice.pki.trust import TrustStore
from cardservice.verify.reading import CardReading
from tests.chain import LISTED, NOW, SIGNED, SIGNER_SERIAL, START, issuer
from tests.unit.pki.office import key, reissued
from tests.unit.verify.readings import (
    check_of,
    judge,
    outcome_of,
    reading,
    sod,
)

VALID, INVALID, UNDECIDED = Outcome.VALID, Outcome.INVALID, Outcome.UNDECIDED


def signer_check(
    card: CardReading, trust: TrustStore, *, now: datetime = NOW
) -> tuple[Outcome, Reason]:
    """Return what is said of the signer; no doubt about a signer leaves the card valid."""
    examination = judge(card, trust=trust, now=now)
    check = check_of(examination, CheckName.SIGNER_TRUSTED)
    assert check.outcome is not VALID
    assert outcome_of(examination) is check.outcome
    return check.outcome, check.reason


def test_a_signer_of_another_scheme_is_unknown() -> None:
    ours, other = reading(), issuer("Another Scheme")
    assert signer_check(ours, other.trust()) == (UNDECIDED, Reason.SIGNER_UNKNOWN)


def test_a_signer_of_another_key_under_our_roots_name_is_unknown() -> None:
    impostor = issuer("Policy Scheme", demonstration=True)
    card = reading(security_object=sod(signer=impostor.signer))
    assert signer_check(card, issuer().trust()) == (UNDECIDED, Reason.SIGNER_UNKNOWN)


def signed_by_another_key(certificate: Certificate, **changes: Extension) -> DocumentSigner:
    """Return a signer whose certificate names our root's key, which did not sign it."""
    extensions = {**certificate.extensions, **changes}
    octets = reissued(certificate, key("impostor"), extensions)
    return DocumentSigner(parse_certificate(octets), issuer().signer.key)


def test_a_signer_that_names_our_roots_key_in_vain_is_forged() -> None:
    forged = signed_by_another_key(issuer().signer.certificate)
    card = reading(security_object=sod(signer=forged))
    assert signer_check(card, issuer().trust()) == (INVALID, Reason.SIGNER_UNKNOWN)


def our_signer_with(extensions: Mapping[str, Extension]) -> DocumentSigner:
    """Return a signer our root did sign, with some extensions else."""
    certificate = issuer().signer.certificate
    octets = reissued(certificate, issuer().root.key, {**certificate.extensions, **extensions})
    return DocumentSigner(parse_certificate(octets), issuer().signer.key)


def test_a_signer_of_other_documents_is_not_allowed() -> None:
    passports = our_signer_with({Oid.DOCUMENT_TYPE_LIST: document_types("P")})
    card = reading(security_object=sod(signer=passports))
    assert signer_check(card, issuer().trust()) == (INVALID, Reason.SIGNER_NOT_ALLOWED)


@pytest.mark.parametrize(
    "period",
    [
        UsagePeriod(SIGNED + timedelta(days=1), SIGNED + timedelta(days=90)),
        UsagePeriod(START, SIGNED - timedelta(days=1)),
    ],
    ids=["not begun", "over"],
)
def test_a_record_signed_out_of_the_signers_usage_period_is_invalid(period: UsagePeriod) -> None:
    out_of_time = our_signer_with({Oid.PRIVATE_KEY_USAGE_PERIOD: usage_period(period)})
    card = reading(security_object=signed_in_secret(out_of_time))
    expected = (INVALID, Reason.SIGNER_OUT_OF_USAGE_PERIOD)
    assert signer_check(card, issuer().trust()) == expected


def signed_in_secret(signer: DocumentSigner) -> bytes:
    """Sign at SIGNED with a key whose time that is not, as whoever stole it would."""
    object.__setattr__(signer, "usage", issuer().signer.usage)
    return sod(signer=signer)


def test_a_revoked_signer_makes_the_card_invalid() -> None:
    trust = issuer().trust([issuer().revocations(SIGNER_SERIAL)])
    assert signer_check(reading(), trust) == (INVALID, Reason.SIGNER_REVOKED)


def test_an_expired_signer_leaves_the_card_undecided() -> None:
    much_later = datetime(2041, 11, 2, tzinfo=UTC)
    fresh = issuer().revocations(at=much_later - timedelta(days=1))
    expected = (UNDECIDED, Reason.SIGNER_EXPIRED)
    examination = judge(reading(), trust=issuer().trust([fresh]), now=much_later)
    check = check_of(examination, CheckName.SIGNER_TRUSTED)
    assert (check.outcome, check.reason) == expected
    assert outcome_of(examination) is UNDECIDED


def test_a_desk_without_a_revocation_list_does_not_decide() -> None:
    expected = (UNDECIDED, Reason.REVOCATIONS_UNAVAILABLE)
    assert signer_check(reading(), issuer().trust([])) == expected


def test_a_desk_with_an_old_revocation_list_does_not_decide() -> None:
    after_a_week = LISTED + timedelta(days=7, seconds=1)
    expected = (UNDECIDED, Reason.REVOCATIONS_STALE)
    assert signer_check(reading(), issuer().trust(), now=after_a_week) == expected


def test_a_card_of_a_demonstration_root_is_refused_in_production_only() -> None:
    demonstration = issuer(demonstration=True)
    card = reading(security_object=sod(signer=demonstration.signer))
    assert outcome_of(judge(card, trust=demonstration.trust())) is VALID
    store = demonstration.trust([], production=True)
    assert signer_check(card, store) == (INVALID, Reason.TEST_CARD)
