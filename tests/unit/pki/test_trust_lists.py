"""Revocation lists in a trust store: what they revoke, and which lists are taken."""

from datetime import datetime, timedelta

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError
from cardservice.pki import extensions as ext
from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.oids import Oid
from cardservice.pki.trust import SignerJudgement, TrustStore
from tests.unit.pki import office
from tests.unit.pki.judged import GOOD, SECOND, judge
from tests.unit.pki.office import (
    NOW,
    SIGNER_SERIAL,
    START,
    Desk,
    root,
)


def test_a_revoked_signer_is_invalid_whenever_it_signed() -> None:
    found = judge(Desk(revoked=(5, SIGNER_SERIAL)).store())
    assert (found.outcome, found.reason) == (Outcome.INVALID, Reason.SIGNER_REVOKED)


def test_revoking_others_does_not_revoke_this_one() -> None:
    assert judge(Desk(revoked=(5, SIGNER_SERIAL + 1)).store()) == GOOD


@pytest.mark.parametrize("days", [100, 20 * 365], ids=["stale", "expired"])
def test_a_revoked_signer_stays_invalid_when_list_and_certificate_have_run_out(days: int) -> None:
    found = judge(Desk(revoked=(SIGNER_SERIAL,)).store(), now=NOW + timedelta(days=days))
    assert found.reason is Reason.SIGNER_REVOKED


def test_without_a_list_the_signer_is_undecided() -> None:
    found = judge(Desk().store(with_list=False))
    assert found == SignerJudgement(Outcome.UNDECIDED, Reason.REVOCATIONS_UNAVAILABLE)


def test_a_list_is_good_to_the_second_of_its_next_update() -> None:
    assert judge(Desk(issued=NOW - timedelta(days=7)).store()).reason is Reason.SIGNER_GOOD


@pytest.mark.parametrize(
    ("issued", "age"),
    [
        (NOW - timedelta(days=7) - SECOND, timedelta(days=7) + SECOND),
        (NOW + timedelta(minutes=5) + SECOND, timedelta()),
    ],
    ids=["past its next update", "newer than the clock"],
)
def test_a_list_that_is_not_of_this_time_leaves_the_signer_undecided(
    issued: datetime, age: timedelta
) -> None:
    found = judge(Desk(issued=issued).store())
    assert found == SignerJudgement(Outcome.UNDECIDED, Reason.REVOCATIONS_STALE, age)


def test_a_list_a_little_newer_than_the_clock_is_taken() -> None:
    assert judge(Desk(issued=NOW + timedelta(minutes=5)).store()).reason is Reason.SIGNER_GOOD


def list_number(number: int, authority: CertificateAuthority | None = None) -> bytes:
    return (authority or root()).issue_revocations([], number=number, at=NOW)


def test_a_list_of_a_higher_number_replaces_the_one_held() -> None:
    store = Desk(revoked=(SIGNER_SERIAL,)).store()
    assert judge(store).reason is Reason.SIGNER_REVOKED
    store.add_revocations(list_number(2))
    assert judge(store).reason is Reason.SIGNER_GOOD


@pytest.mark.parametrize("number", [1, 4, 5], ids=["lower", "one lower", "same"])
def test_list_numbers_never_go_back(number: int) -> None:
    store = Desk().store(with_list=False)
    store.add_revocations(list_number(5))
    with pytest.raises(AuthenticationError, match="not newer than 5"):
        store.add_revocations(root().issue_revocations([], number=number, at=START))


def test_the_same_list_again_is_no_error() -> None:
    store = Desk().store(with_list=False)
    octets = list_number(5)
    assert store.add_revocations(octets) == store.add_revocations(octets)


@pytest.mark.parametrize("forger", ["forger", "marked"])
def test_a_list_that_no_root_here_signed_is_refused(forger: str) -> None:
    with pytest.raises(AuthenticationError, match="no authority"):
        Desk().store().add_revocations(list_number(9, root(forger)))


def test_a_list_with_a_changed_octet_is_refused() -> None:
    octets = bytearray(list_number(9))
    octets[-1] ^= 1
    with pytest.raises(AuthenticationError, match="no authority"):
        Desk().store().add_revocations(bytes(octets))


def test_a_root_that_may_not_sign_lists_signs_none() -> None:
    extensions = dict(root().certificate.extensions)
    extensions[Oid.KEY_USAGE] = ext.key_usage(KeyUsage.KEY_CERT_SIGN)
    octets = office.reissued(root().certificate, root().key, extensions)
    with pytest.raises(AuthenticationError, match="no authority"):
        TrustStore([octets], revocations=[list_number(1)], production=True)
