"""The Policy Root CA: profiles as another reader sees them, and what it refuses to sign."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.errors import UsageError
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.names import Fund, root_name, signer_name
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import Revocation, RevocationReason
from cardservice.pki.terms import Terms, add_months
from tests.unit.pki import office
from tests.unit.pki.office import FUND, NAME, START, key, root, signer_under


def load(octets: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(octets)


ROOT = load(root().certificate.der)
SIGNER = load(signer_under(root()).certificate.der)


def test_a_root_signs_five_years_and_holds_twenty_five() -> None:
    usage = ROOT.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert usage.not_before is not None
    assert usage.not_after is not None
    assert (usage.not_before.year, usage.not_after.year) == (2026, 2031)
    assert ROOT.not_valid_after_utc == START.replace(year=2051)


def test_a_root_is_a_critical_ca_without_ca_below_it() -> None:
    constraints = ROOT.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert (constraints.value.ca, constraints.value.path_length) == (True, 0)


def test_a_root_may_sign_certificates_and_lists_and_nothing_else() -> None:
    usage = ROOT.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert (usage.value.key_cert_sign, usage.value.crl_sign) == (True, True)
    assert not usage.value.digital_signature


def test_key_identifiers_are_the_ones_another_implementation_computes() -> None:
    expected = x509.SubjectKeyIdentifier.from_public_key(_ec(ROOT)).digest
    for certificate in (ROOT, SIGNER):
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        assert named.key_identifier == expected
    assert ROOT.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest == (
        expected
    )


def _ec(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    public_key = certificate.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    return public_key


def test_root_and_signer_are_signed_by_the_root() -> None:
    for certificate in (ROOT, SIGNER):
        certificate.verify_directly_issued_by(ROOT)
    with pytest.raises(ValueError, match="does not match"):
        ROOT.verify_directly_issued_by(SIGNER)


def test_a_signer_signs_three_months_and_holds_fifteen_years() -> None:
    usage = SIGNER.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert usage.not_after is not None
    assert usage.not_after.replace(tzinfo=UTC) == START.replace(year=2027, month=2)
    assert SIGNER.not_valid_after_utc == START.replace(year=2041)


def test_a_signer_may_sign_documents_of_our_type_and_nothing_else() -> None:
    usage = SIGNER.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    types = SIGNER.extensions.get_extension_for_oid(x509.ObjectIdentifier(Oid.DOCUMENT_TYPE_LIST))
    assert types.value.public_bytes() == bytes.fromhex("3009 020100 3104 1302") + b"OM"


def test_a_signers_name_says_which_fund_it_signs_for() -> None:
    assert SIGNER.subject.rfc4514_string() == (
        "CN=Policy Document Signer 77001,O=Фонд обязательного медицинского страхования,C=RU"
    )


def test_a_demonstration_root_bears_the_critical_marker_and_a_real_one_does_not() -> None:
    marked = load(root("marked", demonstration=True).certificate.der)
    marker = x509.ObjectIdentifier(Oid.DEMONSTRATION)
    assert marked.extensions.get_extension_for_oid(marker).critical
    with pytest.raises(x509.ExtensionNotFound):
        ROOT.extensions.get_extension_for_oid(marker)


LATER = START + timedelta(days=4 * 365)


def test_a_link_certificate_is_the_successors_key_under_the_old_roots_signature() -> None:
    successor = root("successor", at=LATER)
    link = load(root().link_to(successor.certificate, serial=9))
    link.verify_directly_issued_by(ROOT)
    assert _ec(link) == _ec(load(successor.certificate.der))
    assert link.not_valid_before_utc == LATER
    assert link.not_valid_after_utc == ROOT.not_valid_after_utc
    old_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(_ec(ROOT))
    assert link.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value == old_key


def test_a_link_to_a_root_of_another_name_is_refused() -> None:
    stranger = root("stranger", subject=root_name("Another Scheme"))
    with pytest.raises(UsageError, match="same name"):
        root().link_to(stranger.certificate, serial=9)


def test_a_root_whose_signing_time_is_over_makes_no_link_and_no_signer() -> None:
    late = root("too late", at=START + timedelta(days=6 * 365))
    with pytest.raises(UsageError, match="make its successor"):
        root().link_to(late.certificate, serial=9)
    with pytest.raises(UsageError, match="make its successor"):
        root().issue_signer(
            FUND, public_key=key("s").public_key, serial=2, at=late.certificate.not_before
        )


def test_a_signer_that_would_outlive_its_root_is_refused() -> None:
    terms = Terms(signs=3, holds=26 * 12)
    with pytest.raises(UsageError, match="outlive"):
        root().issue_signer(FUND, public_key=key("s").public_key, serial=2, at=START, terms=terms)


@pytest.mark.parametrize("serial", [0, -1, 1 << 159])
def test_a_serial_number_is_positive_and_fits_into_20_octets(serial: int) -> None:
    with pytest.raises(UsageError, match="20 octets"):
        create_root(key("root"), subject=NAME, serial=serial, at=START)


def test_the_largest_serial_number_is_read_back() -> None:
    serial = (1 << 159) - 1
    made = create_root(key("root"), subject=NAME, serial=serial, at=START)
    assert load(made.certificate.der).serial_number == serial


def test_an_authority_needs_its_own_key() -> None:
    with pytest.raises(UsageError, match="not the one"):
        CertificateAuthority(root().certificate, key("another"))


@pytest.mark.parametrize(
    ("at", "months", "end"),
    [
        (datetime(2026, 11, 30, tzinfo=UTC), 3, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 11, 30, tzinfo=UTC), 3, datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2029, 2, 28, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), 1, datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), 0, datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(at: datetime, months: int, end: datetime) -> None:
    assert add_months(at, months) == end


@pytest.mark.parametrize("code", ["", "7700", "770011", "7700x", "７７００１"])
def test_a_fund_has_a_code_of_five_digits(code: str) -> None:
    with pytest.raises(UsageError, match="five digits"):
        Fund(code, "Fund")


@pytest.mark.parametrize("name", ["", "ф" * 65])
def test_a_fund_has_a_name_that_fits_into_a_certificate(name: str) -> None:
    with pytest.raises(UsageError, match="64 characters"):
        Fund("77001", name)


def test_a_name_of_64_cyrillic_characters_fits() -> None:
    assert ("ф" * 64).encode() in signer_name(Fund("77001", "ф" * 64))


@pytest.mark.parametrize("country", ["ru", "RUS", "", "РФ"])
def test_a_country_is_two_upper_case_letters(country: str) -> None:
    with pytest.raises(UsageError, match="upper-case"):
        root_name("Scheme", country=country)


def test_a_revocation_list_is_what_another_reader_finds_in_it() -> None:
    revoked = [
        Revocation(9, START),
        Revocation(7, START, RevocationReason.KEY_COMPROMISE),
    ]
    octets = root().issue_revocations(revoked, number=3, at=office.NOW)
    listed = x509.load_der_x509_crl(octets)
    assert listed.is_signature_valid(_ec(ROOT))
    assert listed.issuer == ROOT.subject
    assert (listed.last_update_utc, listed.next_update_utc) == (
        office.NOW,
        office.NOW + timedelta(days=7),
    )
    assert listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 3
    assert [one.serial_number for one in listed] == [7, 9]
    reason = listed[0].extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.key_compromise
    assert not listed[1].extensions


def test_certificates_read_back_as_written() -> None:
    assert parse_certificate(root().certificate.der) == root().certificate
