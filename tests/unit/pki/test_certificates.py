"""Certificates as values, read beside ``cryptography``'s own reader."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardservice.errors import MalformedDataError
from cardservice.pki import der
from cardservice.pki import extensions as ext
from cardservice.pki.certificates import Certificate, Extension, parse_certificate
from cardservice.pki.der import DerTag
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.oids import Oid
from tests.unit.pki.foreign import ec_key, root_certificate
from tests.unit.pki.office import root, signer_under

OURS = signer_under(root()).certificate


def with_extension(oid: Oid, value: bytes) -> Certificate:
    """Return our signer's certificate with one extension's value replaced; unsigned."""
    extensions = {**OURS.extensions, oid: Extension(critical=False, value=value)}
    return Certificate(
        **{
            **{name: getattr(OURS, name) for name in Certificate.__slots__},
            "extensions": extensions,
        }
    )


@pytest.mark.parametrize(
    "octets", [OURS.der, root().certificate.der, root_certificate(ec_key("secp384r1"))]
)
def test_a_certificate_says_what_another_reader_finds_in_it(octets: bytes) -> None:
    ours, theirs = parse_certificate(octets), x509.load_der_x509_certificate(octets)
    spki = theirs.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert (ours.tbs, ours.signature) == (theirs.tbs_certificate_bytes, theirs.signature)
    assert (ours.serial, ours.public_key) == (theirs.serial_number, spki)
    assert (ours.issuer, ours.subject) == (
        theirs.issuer.public_bytes(),
        theirs.subject.public_bytes(),
    )
    assert (ours.not_before, ours.not_after) == (
        theirs.not_valid_before_utc,
        theirs.not_valid_after_utc,
    )
    assert {(oid, one.critical) for oid, one in ours.extensions.items()} == {
        (one.oid.dotted_string, one.critical) for one in theirs.extensions
    }


@pytest.mark.parametrize("cut", range(0, len(OURS.der), 7))
def test_a_truncated_certificate_is_malformed(cut: int) -> None:
    with pytest.raises(MalformedDataError):
        parse_certificate(OURS.der[:cut])


def test_an_octet_behind_a_certificate_is_malformed() -> None:
    with pytest.raises(MalformedDataError):
        parse_certificate(OURS.der + b"\x00")


def test_an_over_long_certificate_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(MalformedDataError, match="too long"):
        parse_certificate(bytes(16_385))


def test_two_signature_algorithms_in_one_certificate_are_refused() -> None:
    other = der.algorithm(Oid.ECDSA_WITH_SHA384)
    octets = der.sequence(OURS.tbs, other, der.bit_string(OURS.signature))
    with pytest.raises(MalformedDataError, match="two algorithms"):
        parse_certificate(octets)


def test_a_signature_that_is_not_whole_octets_is_refused() -> None:
    bits = der.bit_string(OURS.signature[:-1] + b"\x00", unused_bits=1)
    with pytest.raises(MalformedDataError, match="whole octets"):
        parse_certificate(der.sequence(OURS.tbs, OURS.signature_algorithm, bits))


def test_an_extension_given_twice_is_refused() -> None:
    listed = next(iter(OURS.extensions.values())).encode(Oid.KEY_USAGE)
    once, twice = (der.explicit(3, der.sequence(*([listed] * n))) for n in (1, 2))
    assert parse_certificate(_rebuilt(once)).extensions.keys() == {Oid.KEY_USAGE}
    with pytest.raises(MalformedDataError, match="twice"):
        parse_certificate(_rebuilt(twice))


def test_a_version_1_certificate_is_refused() -> None:
    with pytest.raises(MalformedDataError, match="version 3"):
        parse_certificate(_rebuilt(b"", version=0))


def _rebuilt(extensions: bytes, *, version: int = 2) -> bytes:
    tbs = der.sequence(
        der.explicit(0, der.integer(version)),
        der.integer(OURS.serial),
        OURS.signature_algorithm,
        OURS.issuer,
        der.sequence(der.time(OURS.not_before), der.time(OURS.not_after)),
        OURS.subject,
        OURS.public_key,
        extensions,
    )
    return der.sequence(tbs, OURS.signature_algorithm, der.bit_string(OURS.signature))


def test_issuer_and_serial_are_those_of_the_certificate() -> None:
    assert OURS.issuer_and_serial == OURS.issuer + der.integer(OURS.serial)


@pytest.mark.parametrize(
    ("oid", "read"),
    [
        (Oid.KEY_USAGE, ext.key_usage_of),
        (Oid.BASIC_CONSTRAINTS, ext.is_authority),
        (Oid.PRIVATE_KEY_USAGE_PERIOD, ext.usage_period_of),
        (Oid.DOCUMENT_TYPE_LIST, ext.document_types_of),
        (Oid.SUBJECT_KEY_IDENTIFIER, ext.subject_key_identifier_of),
    ],
)
@pytest.mark.parametrize("value", [b"", b"\x00", b"\x30\x01", b"\xff" * 9], ids=bytes.hex)
def test_a_malformed_extension_is_malformed_data(oid: Oid, read: object, value: bytes) -> None:
    assert callable(read)
    with pytest.raises(MalformedDataError):
        read(with_extension(oid, value))


def test_a_usage_period_with_one_end_takes_the_other_from_the_validity() -> None:
    until = der.encode(DerTag.CONTEXT | 1, b"20270101000000Z")
    period = ext.usage_period_of(with_extension(Oid.PRIVATE_KEY_USAGE_PERIOD, der.sequence(until)))
    assert period.begin == OURS.not_before
    assert f"{period.end:%Y-%m-%d}" == "2027-01-01"


@pytest.mark.parametrize(
    ("usage", "encoded"),
    [
        (KeyUsage.DIGITAL_SIGNATURE, "03020780"),
        (KeyUsage.KEY_CERT_SIGN | KeyUsage.CRL_SIGN, "03020106"),
    ],
)
def test_key_usage_is_the_bit_string_of_the_profile(usage: KeyUsage, encoded: str) -> None:
    assert ext.key_usage(usage).value.hex() == encoded


def test_an_authority_key_identifier_without_a_key_names_none() -> None:
    serial_only = der.sequence(der.encode(DerTag.CONTEXT | 2, b"\x01"))
    extension = Extension(critical=False, value=serial_only)
    assert ext.authority_key_identifier_of({Oid.AUTHORITY_KEY_IDENTIFIER: extension}) is None
