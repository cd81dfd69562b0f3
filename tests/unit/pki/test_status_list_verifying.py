"""Believing a list: one acceptance, and one rejection for each thing that is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.pki import extensions as ext
from cardservice.pki.certificates import Extension
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.extensions import POLICY_DOCUMENT_TYPE, KeyUsage
from cardservice.pki.names import root_name
from cardservice.pki.oids import Oid
from cardservice.pki.status_list import (
    StatusList,
    StatusListError,
    StatusListFault,
    StatusType,
    compress,
)
from cardservice.pki.status_list_claims import encode_cwt_claims
from cardservice.pki.status_list_cose import write_sign1
from cardservice.pki.status_list_encoding import (
    decode_base64url,
    decode_json,
    encode_base64url,
    encode_json,
)
from cardservice.pki.status_list_tokens import StatusListSigner, TokenForm
from cardservice.pki.status_list_trust import STATUS_LIST_TYPE, ListSigners
from cardservice.pki.trust import CLOCK_TOLERANCE
from tests.unit.pki import office
from tests.unit.pki.office import NOW, START, Desk, root, signer_under
from tests.unit.pki.status_lists import (
    BLOCKED,
    ENDED,
    ISSUED,
    PLACES,
    SERIAL,
    URI,
    claims,
    desk,
    list_signer,
    lst,
    signed,
    verify,
)
from tests.unit.pki.test_status_list_tokens import DRAFT

SECOND = timedelta(seconds=1)
FORMS = list(TokenForm)


def refused(do: Callable[[], object]) -> StatusListFault:
    with pytest.raises(StatusListError) as caught:
        do()
    return caught.value.fault


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_our_signer_is_believed_and_tells_each_card_its_status(form: TokenForm) -> None:
    found = verify(signed(form), form)
    assert (found.uri, found.issued, found.ttl) == (URI, ISSUED, timedelta(minutes=30))
    assert found.expires == ISSUED + timedelta(hours=96)
    assert found.listed.places == PLACES
    assert found.status_of(BLOCKED) is StatusType.SUSPENDED
    assert found.status_of(ENDED) is StatusType.INVALID
    assert found.status_of(0) is StatusType.VALID
    assert found.signer.reason is Reason.SIGNER_GOOD
    assert found.signer.outcome is Outcome.VALID


def test_a_place_beyond_the_list_says_nothing_of_the_card() -> None:
    found = verify(signed())
    assert refused(lambda: found.status_of(PLACES)) is StatusListFault.NO_SUCH_PLACE


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"uri": URI + "2"}, StatusListFault.OTHER_LIST),
        ({"uri": URI.upper()}, StatusListFault.OTHER_LIST),
        ({"bits": 1}, StatusListFault.OTHER_WIDTH),
        ({"bits": 8}, StatusListFault.OTHER_WIDTH),
        ({"lst": b"\x78\xda"}, StatusListFault.MALFORMED),
        ({"issued": NOW + CLOCK_TOLERANCE + SECOND}, StatusListFault.NOT_YET),
        ({"expires": NOW}, StatusListFault.EXPIRED),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_signed_list_that_is_not_the_expected_one_is_refused(
    form: TokenForm, changes: dict[str, Any], fault: StatusListFault
) -> None:
    assert refused(lambda: verify(signed(form, **changes), form)) is fault


def test_a_list_a_little_ahead_of_the_desks_clock_and_one_second_before_its_end_is_good() -> None:
    verify(signed(issued=NOW + CLOCK_TOLERANCE))
    assert verify(signed(expires=NOW + SECOND)).expires == NOW + SECOND


def test_a_desk_never_goes_back_to_a_list_older_than_the_one_it_knows() -> None:
    assert verify(signed(), newest_known=ISSUED).issued == ISSUED
    fault = refused(lambda: verify(signed(), newest_known=ISSUED + SECOND))
    assert fault is StatusListFault.OLDER


def test_no_more_places_than_expected_are_inflated() -> None:
    assert verify(signed(), most_places=PLACES).listed.places == PLACES
    fault = refused(lambda: verify(signed(), most_places=PLACES - 4))
    assert fault is StatusListFault.TOO_LONG


def test_a_list_that_was_altered_after_signing_is_refused() -> None:
    octets = signed().replace(lst(), all_valid())
    assert refused(lambda: verify(octets)) is StatusListFault.ALTERED


def test_a_jwt_that_was_altered_after_signing_is_refused() -> None:
    header, payload, signature = signed(TokenForm.JWT).split(b".")
    said = decode_json(decode_base64url(payload.decode()))
    said["status_list"]["lst"] = encode_base64url(all_valid())
    altered = encode_base64url(encode_json(said)).encode()
    octets = b".".join((header, altered, signature))
    fault = refused(lambda: verify(octets, TokenForm.JWT))
    assert fault is StatusListFault.ALTERED


def all_valid() -> bytes:
    """Return another list of as many octets."""
    octets = compress(StatusList(2, bytes(PLACES // 4)))
    return octets + bytes(len(lst()) - len(octets))


# the signer


@pytest.mark.parametrize("form", FORMS)
def test_a_list_that_names_no_certificate_is_refused(form: TokenForm) -> None:
    assert refused(lambda: verify(DRAFT[form], form)) is StatusListFault.SIGNER_REFUSED


def signed_by(signer: StatusListSigner, **changes: Any) -> bytes:
    return signer.sign(claims(**changes), TokenForm.CWT)


def as_list_signer(signer: DocumentSigner) -> StatusListSigner:
    return StatusListSigner(signer.certificate, signer.key)


def test_a_document_signer_makes_no_lists() -> None:
    octets = signed_by(as_list_signer(signer_under(root())))
    assert refused(lambda: verify(octets)) is StatusListFault.SIGNER_REFUSED


def test_one_that_may_sign_cards_and_lists_makes_no_lists() -> None:
    both = list_signer(root(), STATUS_LIST_TYPE, POLICY_DOCUMENT_TYPE)
    assert refused(lambda: verify(signed_by(both))) is StatusListFault.SIGNER_REFUSED


def test_a_signer_of_lists_makes_no_cards() -> None:
    judged = (
        Desk().store().judge_signer(list_signer().certificate.der, signing_time=ISSUED, now=NOW)
    )
    assert judged.reason is Reason.SIGNER_NOT_ALLOWED


def test_a_signer_under_our_roots_name_and_another_key_is_refused() -> None:
    forged = list_signer(root("forger"))
    fault = refused(lambda: verify(signed_by(forged)))
    assert fault is StatusListFault.SIGNER_UNDECIDED  # its key identifier is nobody's here


def test_a_signer_of_another_scheme_leaves_the_list_undecided() -> None:
    stranger = list_signer(root("stranger", subject=root_name("Another Scheme")))
    assert refused(lambda: verify(signed_by(stranger))) is StatusListFault.SIGNER_UNDECIDED


def test_a_revoked_signer_is_refused() -> None:
    fault = refused(lambda: verify(signed(), signers=desk(revoked=(SERIAL,))))
    assert fault is StatusListFault.SIGNER_REFUSED
    assert verify(signed(), signers=desk(revoked=(SERIAL + 1,))).uri == URI


@pytest.mark.parametrize(
    ("signers", "now"),
    [(desk(held=False), NOW), (desk(), NOW + timedelta(days=7))],
    ids=["no revocation list", "a stale one"],
)
def test_without_fresh_revocations_the_list_is_undecided(
    signers: ListSigners, now: datetime
) -> None:
    octets = signed(expires=NOW + timedelta(days=30))
    fault = refused(lambda: verify(octets, signers=signers, now=now))
    assert fault is StatusListFault.SIGNER_UNDECIDED


def test_a_list_from_before_the_keys_time_is_refused() -> None:
    early = list_signer(root(), at=ISSUED + SECOND)
    octets = write_sign1(encode_cwt_claims(claims()), early.certificate.der, early.key)
    assert refused(lambda: verify(octets)) is StatusListFault.SIGNER_REFUSED


def judged(**extensions: Extension) -> Reason:
    """Return how our signer's certificate with other extensions is judged."""
    certificate = list_signer().certificate
    changed: dict[str, Extension] = {Oid[name]: one for name, one in extensions.items()}
    every = {**certificate.extensions, **changed}
    octets = office.reissued(certificate, root().key, every)
    return desk().judge(octets, issued=ISSUED, now=NOW).reason


def test_a_signer_may_sign_is_no_authority_and_has_no_critical_extension_unknown_here() -> None:
    assert judged() is Reason.SIGNER_GOOD
    assert judged(KEY_USAGE=ext.key_usage(KeyUsage.CRL_SIGN)) is Reason.SIGNER_NOT_ALLOWED
    assert judged(BASIC_CONSTRAINTS=ext.authority_constraints(0)) is Reason.SIGNER_NOT_ALLOWED
    assert judged(DEMONSTRATION=ext.demonstration_marker()) is Reason.SIGNER_NOT_ALLOWED


def test_a_signer_whose_certificate_ended_leaves_the_list_undecided() -> None:
    certificate, issued = list_signer().certificate, list_signer().usage.end
    later = certificate.not_after + SECOND
    crl = root().issue_revocations([], number=2, at=later)
    signers = desk()
    signers.add_revocations(crl)
    found = [
        signers.judge(certificate.der, issued=issued, now=now) for now in (later, later - SECOND)
    ]
    assert [one.reason for one in found] == [Reason.SIGNER_EXPIRED, Reason.SIGNER_GOOD]
    assert found[0].outcome is Outcome.UNDECIDED


def test_a_desk_without_revocations_says_that_it_has_none() -> None:
    found = desk(held=False).judge(list_signer().certificate.der, issued=ISSUED, now=NOW)
    assert found.reason is Reason.REVOCATIONS_UNAVAILABLE


@pytest.mark.parametrize("production", [False, True])
def test_a_demonstration_root_signs_no_lists_of_production(production: bool) -> None:
    marked, now = root("marked", demonstration=True), START + timedelta(days=6)
    issued, expires = now - SECOND, now + timedelta(days=1)
    octets = signed_by(list_signer(marked), issued=issued, expires=expires)
    signers = ListSigners([marked.certificate.der], production=production)
    if not production:
        signers.add_revocations(marked.issue_revocations([], number=1, at=START))
        assert verify(octets, signers=signers, now=now).issued == issued
        return
    fault = refused(lambda: verify(octets, signers=signers, now=now))
    assert fault is StatusListFault.SIGNER_REFUSED
