"""Judging a signer: one acceptance and one rejection for each thing judged."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import extensions as ext
from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.certificates import CertificateFields, Extension
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.names import root_name
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import Revocation
from cardservice.pki.trust import SIGNERS_KEPT, SignerJudgement, TrustStore
from tests.unit.pki import office
from tests.unit.pki.foreign import ec_key, root_certificate, rsa_key
from tests.unit.pki.judged import GOOD, SECOND, SIGNER, judge, resigned
from tests.unit.pki.office import (
    NAME,
    NOW,
    SIGNER_SERIAL,
    START,
    Desk,
    key,
    root,
    signer_under,
)


def test_a_signer_of_ours_is_good_and_the_age_is_that_of_the_list() -> None:
    assert judge(Desk().store()) == GOOD


def test_the_second_judgement_is_the_first_one_again() -> None:
    store = Desk().store()
    assert judge(store) == judge(store) == GOOD


# names an authority


def test_a_root_we_do_not_have_leaves_the_signer_undecided() -> None:
    stranger = root("stranger", subject=root_name("Another Scheme"))
    found = judge(Desk().store(), signer_under(stranger).certificate.der)
    assert found == SignerJudgement(Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)


def test_a_key_of_our_roots_name_that_we_do_not_have_leaves_the_signer_undecided() -> None:
    found = judge(Desk().store(), signer_under(root("next root")).certificate.der)
    assert found == SignerJudgement(Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)


def test_a_certificate_that_names_our_roots_key_and_is_not_signed_by_it_is_invalid() -> None:
    found = judge(Desk().store(), resigned(by=root("forger")))
    assert found == SignerJudgement(Outcome.INVALID, Reason.SIGNER_UNKNOWN)


def test_a_certificate_that_names_only_our_roots_name_is_invalid_too() -> None:
    forged = resigned(by=root("forger"), without=(Oid.AUTHORITY_KEY_IDENTIFIER,))
    assert judge(Desk().store(), forged).outcome is Outcome.INVALID


def test_a_certificate_that_names_our_roots_key_under_another_name_is_invalid() -> None:
    namesake = root("forger", subject=root_name("Another Scheme"))
    ours = ext.authority_key_identifier(ext.key_identifier(root().key.public_key))
    fields = CertificateFields(
        serial=5,
        issuer=namesake.certificate.subject,
        subject=SIGNER.subject,
        not_before=SIGNER.not_before,
        not_after=SIGNER.not_after,
        public_key=SIGNER.public_key,
        extensions={**SIGNER.extensions, Oid.AUTHORITY_KEY_IDENTIFIER: ours},
    )
    found = judge(Desk().store(), office.sign_fields(fields, namesake.key))
    assert found == SignerJudgement(Outcome.INVALID, Reason.SIGNER_UNKNOWN)


def test_a_self_signed_signer_is_never_its_own_root() -> None:
    found = judge(Desk().store(), root("forger").certificate.der)
    assert found.outcome is not Outcome.VALID


def test_a_certificate_without_the_key_identifier_is_found_by_name_and_signature() -> None:
    octets = resigned(without=(Oid.AUTHORITY_KEY_IDENTIFIER,))
    assert judge(Desk().store(), octets) == GOOD


# demonstration roots


@pytest.mark.parametrize(
    ("production", "reason"), [(True, Reason.TEST_CARD), (False, Reason.SIGNER_GOOD)]
)
def test_production_refuses_a_demonstration_root_and_a_demonstration_takes_it(
    production: bool, reason: Reason
) -> None:
    marked = root("marked", demonstration=True)
    if production:
        store = TrustStore([marked.certificate.der, root().certificate.der], production=True)
    else:
        store = Desk(authority=marked, production=False).store()
    found = judge(store, signer_under(marked).certificate.der)
    assert found.reason is reason
    assert found.outcome is (Outcome.INVALID if production else Outcome.VALID)


def test_production_takes_no_revocation_list_from_a_demonstration_root() -> None:
    marked = root("marked", demonstration=True)
    store = TrustStore([marked.certificate.der, root().certificate.der], production=True)
    with pytest.raises(AuthenticationError, match="no authority"):
        store.add_revocations(marked.issue_revocations([], number=99, at=NOW))


def test_a_link_from_a_demonstration_root_hands_its_marker_on() -> None:
    marked, plain = root("marked", demonstration=True), root("unmarked")
    link = marked.link_to(plain.certificate, serial=3)
    store = TrustStore([marked.certificate.der], links=[link], production=True)
    assert judge(store, signer_under(plain).certificate.der).reason is Reason.TEST_CARD


# links

LATER = START + timedelta(days=4 * 365)


def successor() -> CertificateAuthority:
    return root("successor", at=LATER)


def test_a_signer_under_a_linked_root_is_good_for_a_desk_that_has_only_the_old_root() -> None:
    link = root().link_to(successor().certificate, serial=3)
    new_list = successor().issue_revocations([], number=8, at=LATER)
    store = TrustStore(
        [root().certificate.der], links=[link], revocations=[new_list], production=True
    )
    found = judge(store, signer_under(successor()).certificate.der, signed=LATER, now=LATER)
    assert (found.outcome, found.reason) == (Outcome.VALID, Reason.SIGNER_GOOD)


def test_the_successors_list_covers_what_the_old_root_issued() -> None:
    link = root().link_to(successor().certificate, serial=3)
    entry = Revocation(SIGNER_SERIAL, LATER)
    new_list = successor().issue_revocations([entry], number=8, at=LATER)
    store = TrustStore(
        [root().certificate.der], links=[link], revocations=[new_list], production=True
    )
    assert judge(store, now=LATER).reason is Reason.SIGNER_REVOKED


def test_links_are_followed_in_any_order() -> None:
    third = root("third", at=LATER + timedelta(days=4 * 365))
    links = [
        successor().link_to(third.certificate, serial=4),
        root().link_to(successor().certificate, serial=3),
    ]
    store = TrustStore([root().certificate.der], links=links, production=True)
    at = third.certificate.not_before
    found = judge(store, signer_under(third).certificate.der, signed=at, now=at)
    assert found.reason is Reason.REVOCATIONS_UNAVAILABLE


def test_a_link_that_no_root_signed_is_refused() -> None:
    link = root("forger").link_to(root("forgers next").certificate, serial=3)
    with pytest.raises(AuthenticationError, match="leads from no root"):
        TrustStore([root().certificate.der], links=[link], production=True)


def test_a_link_that_names_our_root_and_is_signed_by_another_is_refused() -> None:
    ours = ext.authority_key_identifier(ext.key_identifier(root().key.public_key))
    extensions = dict(root("forgers next").certificate.extensions)
    extensions[Oid.AUTHORITY_KEY_IDENTIFIER] = ours
    link = office.reissued(root("forgers next").certificate, key("forger"), extensions)
    with pytest.raises(AuthenticationError, match="leads from no root"):
        TrustStore([root().certificate.der], links=[link], production=True)


# what the certificate allows


@pytest.mark.parametrize(
    "make",
    [
        lambda: resigned(KEY_USAGE=ext.key_usage(KeyUsage.CRL_SIGN)),
        lambda: resigned(without=(Oid.KEY_USAGE,)),
        lambda: resigned(DOCUMENT_TYPE_LIST=ext.document_types("P", "ID")),
        lambda: resigned(without=(Oid.DOCUMENT_TYPE_LIST,)),
        lambda: resigned(BASIC_CONSTRAINTS=ext.authority_constraints(0)),
        lambda: resigned(CRL_REASON=Extension(critical=True, value=b"\x05\x00")),
        lambda: resigned(DEMONSTRATION=ext.demonstration_marker()),
        lambda: resigned(PRIVATE_KEY_USAGE_PERIOD=Extension(critical=False, value=b"\x05\x00")),
        lambda: b"\x30\x00",
    ],
    ids=[
        "signs lists only",
        "no usage",
        "passports",
        "no types",
        "a CA",
        "unknown critical extension",
        "marked",
        "malformed usage period",
        "no certificate",
    ],
)
def test_a_certificate_that_is_not_for_policies_is_not_allowed(make: Callable[[], bytes]) -> None:
    found = judge(Desk().store(), make())
    assert found == SignerJudgement(Outcome.INVALID, Reason.SIGNER_NOT_ALLOWED)


def test_an_unknown_extension_that_is_not_critical_is_no_obstacle() -> None:
    octets = resigned(CRL_REASON=Extension(critical=False, value=b"\x05\x00"))
    assert judge(Desk().store(), octets) == GOOD


def test_our_type_among_others_is_enough() -> None:
    assert (
        judge(Desk().store(), resigned(DOCUMENT_TYPE_LIST=ext.document_types("ID", "OM"))) == GOOD
    )


# time of signing

USAGE = ext.usage_period_of(SIGNER)


@pytest.mark.parametrize("signed", [USAGE.begin, USAGE.end], ids=["first", "last"])
def test_a_signature_of_the_first_or_last_second_of_the_usage_period_is_good(
    signed: datetime,
) -> None:
    assert judge(Desk().store(), signed=signed) == GOOD


@pytest.mark.parametrize(
    "signed", [USAGE.begin - SECOND, USAGE.end + SECOND, None], ids=["before", "after", "never"]
)
def test_a_signature_outside_the_usage_period_is_invalid(signed: datetime | None) -> None:
    found = judge(Desk().store(), signed=signed)
    assert found == SignerJudgement(Outcome.INVALID, Reason.SIGNER_OUT_OF_USAGE_PERIOD)


# time of judging


def test_a_signer_that_signed_in_time_is_good_until_its_last_second() -> None:
    at = SIGNER.not_after
    assert judge(Desk(issued=at).store(), now=at).reason is Reason.SIGNER_GOOD


@pytest.mark.parametrize("now", [SIGNER.not_after + SECOND, SIGNER.not_before - SECOND])
def test_a_signer_that_is_not_valid_now_is_undecided(now: datetime) -> None:
    found = judge(Desk(issued=now).store(), now=now)
    assert found == SignerJudgement(Outcome.UNDECIDED, Reason.SIGNER_EXPIRED)


# the operator's files


@pytest.mark.parametrize("octets", [b"", SIGNER.der], ids=["nothing", "a signer's certificate"])
def test_a_root_that_is_no_ca_certificate_is_refused(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        TrustStore([octets], production=True)


def test_a_root_that_may_sign_certificates_and_is_no_ca_is_refused() -> None:
    extensions = dict(root().certificate.extensions)
    del extensions[Oid.BASIC_CONSTRAINTS]
    octets = office.reissued(root().certificate, root().key, extensions)
    with pytest.raises(MalformedDataError, match="certification authority"):
        TrustStore([octets], production=True)


def test_a_root_that_says_another_issued_it_is_refused() -> None:
    octets = office.reissued(
        root().certificate,
        root().key,
        root().certificate.extensions,
        issuer=root_name("Another Scheme"),
    )
    with pytest.raises(AuthenticationError, match="not self-signed"):
        TrustStore([octets], production=True)


def test_a_root_that_did_not_sign_itself_is_refused() -> None:
    octets = office.reissued(root().certificate, key("forger"), root().certificate.extensions)
    with pytest.raises(AuthenticationError):
        TrustStore([octets], production=True)


def test_a_link_is_no_root() -> None:
    link = root().link_to(successor().certificate, serial=3)
    with pytest.raises(AuthenticationError):
        TrustStore([link], production=True)


@pytest.mark.parametrize(
    "octets",
    [
        root_certificate(ec_key("secp384r1")),
        root_certificate(ec_key("brainpoolP256r1")),
        root_certificate(rsa_key()),
        root_certificate(rsa_key(), pss=True),
        root_certificate(rsa_key(1024)),
    ],
    ids=["P-384", "Brainpool", "RSA", "RSA-PSS", "RSA too short"],
)
def test_roots_of_other_kinds_stand_beside_ours(octets: bytes) -> None:
    store = TrustStore([octets, root().certificate.der], production=True)
    assert judge(store).reason is Reason.REVOCATIONS_UNAVAILABLE


def test_the_memory_of_signers_is_bounded_and_forgets_nothing_of_its_judgement() -> None:
    store = Desk().store()
    for number in range(SIGNERS_KEPT + 10):
        judge(store, number.to_bytes(4))
    assert judge(store) == GOOD
    assert len(store._chains) <= SIGNERS_KEPT


def test_a_root_name_is_shared_by_a_root_and_its_successor() -> None:
    assert successor().certificate.subject == NAME
