"""Whom a desk believes from now on: taken as far as its own roots vouch, and never back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cardservice.desk.trust_bundle import (
    ExpectedTrust,
    TrustBundle,
    TrustError,
    TrustFault,
    linked_signers,
    verify_trust,
)
from cardservice.domain.numbers import Ogrn
from cardservice.domain.verdict import Outcome, Reason
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.extensions import POLICY_DOCUMENT_TYPE
from cardservice.pki.service_tokens import LONGEST_TRUST_TOKEN
from cardservice.pki.status_list_tokens import StatusListSigner
from cardservice.pki.trust import CLOCK_TOLERANCE
from tests.unit.desk.world import (
    HOUR,
    LIST,
    MINUTE,
    SECOND,
    other_signer,
    revocations,
    time_token,
    trust_token,
)
from tests.unit.pki.office import NAME, NOW, SIGNED, START, key, root, signer_under
from tests.unit.pki.status_lists import SERIAL, URI, list_signer

PINNED = (root().certificate.der,)
NEXT = root("next root", at=START + timedelta(days=1))
LINK = root().link_to(NEXT.certificate, serial=9)
STRANGER = root("stranger")
ISSUED = NOW - 5 * MINUTE


def believe(token: str, newest: TrustBundle | None = None, **changes: Any) -> TrustBundle:
    expected = ExpectedTrust(
        pinned=PINNED, newest=newest, production=changes.pop("production", True)
    )
    return verify_trust(token, expected=expected, now=changes.pop("now", NOW))


def fault_of(token: str, newest: TrustBundle | None = None, **changes: Any) -> TrustFault:
    with pytest.raises(TrustError) as caught:
        believe(token, newest, **changes)
    return caught.value.fault


def test_a_bundle_signed_under_the_pinned_root_is_believed() -> None:
    keys = ((Ogrn("1027739445876"), key("insurer").public_key),)
    bundle = believe(trust_token(statement_keys=keys))
    assert (bundle.issued, bundle.roots, bundle.links) == (ISSUED, PINNED, ())
    assert (dict(bundle.lists), bundle.statement_keys) == ({LIST: URI}, keys)
    assert bundle.not_linked == 0
    signer = signer_under(root()).certificate.der
    judged = bundle.trust_store().judge_signer(signer, signing_time=SIGNED, now=NOW)
    assert judged.outcome is Outcome.VALID


REFUSED: list[tuple[Callable[[], str], TrustFault]] = [
    (lambda: "", TrustFault.MALFORMED),
    (lambda: "список", TrustFault.MALFORMED),
    (time_token, TrustFault.MALFORMED),
    (lambda: "a" * (LONGEST_TRUST_TOKEN + 1), TrustFault.TOO_LONG),
    (lambda: trust_token(roots=(b"0\x00",)), TrustFault.MALFORMED),
    (lambda: trust_token(roots=PINNED * 33), TrustFault.MALFORMED),
    (lambda: trust_token(lists={1 << 16: URI}), TrustFault.MALFORMED),
    (lambda: trust_token(lists={1: ""}), TrustFault.MALFORMED),
    (lambda: trust_token(revocations=(b"",)), TrustFault.MALFORMED),
    (lambda: trust_token(list_signer(STRANGER)), TrustFault.SIGNER_UNDECIDED),
    (lambda: trust_token(list_signer(None, POLICY_DOCUMENT_TYPE)), TrustFault.SIGNER_REFUSED),
    (lambda: trust_token(revocations=(revocations(SERIAL),)), TrustFault.SIGNER_REFUSED),
    (lambda: trust_token(revocations=()), TrustFault.SIGNER_UNDECIDED),
    (lambda: trust_token()[:-8] + "AAAAAAAA", TrustFault.ALTERED),
    (
        lambda: trust_token(revocations=(revocations(authority=STRANGER),)),
        TrustFault.REVOCATIONS_REFUSED,
    ),
    (lambda: trust_token(issued=NOW + CLOCK_TOLERANCE + SECOND), TrustFault.NOT_YET),
    (lambda: trust_token(expires=NOW), TrustFault.EXPIRED),
]


@pytest.mark.parametrize(("make", "fault"), REFUSED)
def test_whatever_does_not_prove_itself_is_refused(
    make: Callable[[], str], fault: TrustFault
) -> None:
    assert fault_of(make()) is fault


def test_a_stale_revocation_list_leaves_the_signer_open() -> None:
    old = revocations(at=NOW - timedelta(days=200))
    assert fault_of(trust_token(revocations=(old,))) is TrustFault.SIGNER_UNDECIDED


def test_the_time_of_a_bundle_never_goes_back() -> None:
    newest = believe(trust_token())
    assert believe(trust_token(), newest).issued == ISSUED
    assert fault_of(trust_token(issued=ISSUED - SECOND), newest) is TrustFault.OLDER


def test_the_number_of_a_revocation_list_never_goes_back() -> None:
    second = revocations(number=2, at=NOW - HOUR)
    newest = believe(trust_token(revocations=(second,)))
    lower_number = revocations(number=1, at=NOW)
    same_number = revocations(5, number=2, at=NOW)
    earlier = revocations(number=3, at=NOW - 2 * HOUR)
    for older in (lower_number, same_number, earlier):
        token = trust_token(issued=NOW, revocations=(older,))
        assert fault_of(token, newest) is TrustFault.REVOCATIONS_OLDER


def test_a_revocation_list_that_does_not_come_again_is_kept() -> None:
    newest = believe(trust_token())
    kept = believe(trust_token(issued=NOW, revocations=()), newest)
    assert kept.revocations == newest.revocations


def test_a_signer_revoked_by_the_list_it_brings_is_refused() -> None:
    newest = believe(trust_token())
    token = trust_token(issued=NOW, revocations=(revocations(SERIAL, number=2, at=NOW),))
    assert fault_of(token, newest) is TrustFault.SIGNER_REFUSED


def test_a_root_that_is_linked_to_is_added_and_stays() -> None:
    bundle = believe(trust_token(roots=(NEXT.certificate.der, LINK, *PINNED)))
    assert (bundle.roots, bundle.links) == ((*PINNED, NEXT.certificate.der), (LINK,))
    signer = signer_under(NEXT, "signer of the next root").certificate.der
    judged = bundle.trust_store().judge_signer(signer, signing_time=SIGNED, now=NOW)
    assert judged.outcome is Outcome.VALID
    later = believe(trust_token(issued=NOW), bundle)
    assert (later.roots, later.links) == (bundle.roots, bundle.links)


def test_a_bundle_may_be_signed_under_the_root_that_it_links_to() -> None:
    signer = list_signer(NEXT, at=START + timedelta(days=2))
    assert signer.certificate.issuer == NAME
    token = trust_token(signer, roots=(NEXT.certificate.der, LINK))
    assert believe(token).roots == (*PINNED, NEXT.certificate.der)


def test_a_root_that_nothing_vouches_for_is_left_aside_and_counted() -> None:
    bundle = believe(trust_token(roots=(*PINNED, STRANGER.certificate.der)))
    assert (bundle.roots, bundle.not_linked) == (PINNED, 1)


def test_a_root_that_vouches_for_itself_through_its_own_link_is_left_aside() -> None:
    own = STRANGER.link_to(NEXT.certificate, serial=3)
    bundle = believe(trust_token(roots=(STRANGER.certificate.der, own, NEXT.certificate.der)))
    assert (bundle.roots, bundle.links, bundle.not_linked) == (PINNED, (), 3)


def test_nothing_under_a_demonstration_root_is_believed_in_production() -> None:
    demonstration = root("demonstration", demonstration=True)
    signer = StatusListSigner(
        parse_certificate(list_signer(demonstration).certificate.der), key("status list")
    )
    token = trust_token(
        signer,
        roots=(demonstration.certificate.der,),
        revocations=(revocations(authority=demonstration),),
    )
    pinned = (demonstration.certificate.der,)
    believed = ExpectedTrust(pinned=pinned, production=False)
    assert verify_trust(token, expected=believed, now=NOW).roots == pinned
    refused = ExpectedTrust(pinned=pinned, production=True)
    with pytest.raises(TrustError):
        verify_trust(token, expected=refused, now=NOW)


NEXT_SIGNER = list_signer(NEXT, at=START + timedelta(days=2))


def reason_by_links(
    token: str, newest: TrustBundle | None = None, signer: StatusListSigner = NEXT_SIGNER
) -> Reason:
    """Return what is made of a signer before the token is believed."""
    expected = ExpectedTrust(pinned=PINNED, newest=newest, production=True)
    signers = linked_signers(token, expected=expected)
    return signers.judge(signer.certificate.der, issued=NOW, now=NOW).reason


@pytest.mark.parametrize(
    "changes", [{}, {"issued": NOW - 2 * HOUR, "expires": NOW - HOUR}, {"issued": NOW + HOUR}]
)
def test_links_lead_to_the_signer_of_the_time_whatever_time_their_token_is_of(
    changes: dict[str, Any],
) -> None:
    token = trust_token(NEXT_SIGNER, roots=(NEXT.certificate.der, LINK), **changes)
    assert reason_by_links(token) is Reason.REVOCATIONS_UNAVAILABLE
    assert reason_by_links(token, believe(trust_token())) is Reason.SIGNER_GOOD


FORGED_LINK = LINK[:-8] + bytes(8)
NO_LINKS: list[tuple[bytes, ...]] = [
    (NEXT.certificate.der,),
    (NEXT.certificate.der, FORGED_LINK),
    (NEXT.certificate.der, STRANGER.link_to(NEXT.certificate, serial=3)),
    (NEXT.certificate.der, STRANGER.certificate.der, STRANGER.link_to(NEXT.certificate, serial=3)),
]


@pytest.mark.parametrize("roots", NO_LINKS)
def test_without_a_link_of_its_own_root_a_desk_knows_no_other_signer_of_the_time(
    roots: tuple[bytes, ...],
) -> None:
    token = trust_token(NEXT_SIGNER, roots=roots)
    assert reason_by_links(token) is Reason.SIGNER_UNKNOWN
    assert fault_of(token) is TrustFault.SIGNER_UNDECIDED
    kept = believe(trust_token(roots=roots))
    assert (kept.roots, kept.links, kept.not_linked) == (PINNED, (), len(roots))


def test_a_signer_that_the_desk_knows_to_be_revoked_is_refused_though_links_lead_to_it() -> None:
    assert NEXT_SIGNER.certificate.serial == SERIAL
    token = trust_token(roots=(NEXT.certificate.der, LINK), revocations=())
    known = believe(trust_token(other_signer(), revocations=(revocations(SERIAL),)))
    assert reason_by_links(token, known) is Reason.SIGNER_REVOKED


def test_no_revocation_list_of_a_token_that_is_not_believed_yet_counts() -> None:
    revoking = (revocations(SERIAL, number=9),)
    token = trust_token(roots=(NEXT.certificate.der, LINK), revocations=revoking)
    assert reason_by_links(token, believe(trust_token())) is Reason.SIGNER_GOOD


@pytest.mark.parametrize(
    ("token", "fault"),
    [
        ("", TrustFault.MALFORMED),
        ("e30.e30.e30", TrustFault.MALFORMED),
        ("a" * (LONGEST_TRUST_TOKEN + 1), TrustFault.TOO_LONG),
        (trust_token(roots=(b"0\x00",)), TrustFault.MALFORMED),
    ],
)
def test_links_are_read_of_a_trust_token_alone(token: str, fault: TrustFault) -> None:
    with pytest.raises(TrustError) as caught:
        reason_by_links(token)
    assert caught.value.fault is fault
