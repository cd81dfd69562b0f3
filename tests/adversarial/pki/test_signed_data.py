"""SignedData with one part wrong or unusual: refused, or read as what it says."""

from typing import Any

import pytest

from cardservice.domain.verdict import Outcome
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import cms, der
from cardservice.pki.ef_sod import parse_ef_sod, verify_ef_sod
from cardservice.pki.extensions import subject_key_identifier_of
from cardservice.pki.oids import Oid
from tests.adversarial.pki.signed_data import (
    CERTIFICATE,
    CONTENT,
    DIGEST,
    GOOD,
    SHA256_ALGORITHM,
    TIME,
    SignedData,
    attribute,
)
from tests.unit.pki import office
from tests.unit.pki.office import HASHES, NOW, Desk, key, root, signer_under

TYPE = cms.CONTENT_TYPE_ATTRIBUTE
UNKNOWN = attribute("1.2.840.113549.1.9.15", der.sequence())  # SMIMECapabilities
SKI = subject_key_identifier_of(CERTIFICATE)
assert SKI is not None
BY_KEY = der.encode(0x80, SKI)


def test_the_parts_as_they_are_make_what_we_issue() -> None:
    assert dict(verify_ef_sod(parse_ef_sod(GOOD.ef_sod())).hashes) == HASHES


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": (TYPE, TIME, DIGEST, UNKNOWN)},
        {"attributes": (DIGEST, TIME, TYPE)},
        {"digest_algorithms": (der.algorithm(Oid.SHA256, der.NULL),)},
        {"digest_algorithms": (SHA256_ALGORITHM, der.algorithm(Oid.SHA512))},
        {"digest_algorithm": der.algorithm(Oid.SHA256, der.NULL)},
        {"signature_algorithm": der.algorithm(Oid.ECDSA_WITH_SHA256, der.NULL)},
        {"certificates": (CERTIFICATE.der, root().certificate.der)},
        {"signer_version": 3, "sid": BY_KEY},
    ],
    ids=[
        "more attributes",
        "another order",
        "NULL parameters",
        "several digests",
        "NULL in the signer",
        "NULL in the signature algorithm",
        "a chain",
        "named by key",
    ],
)
def test_what_the_standard_allows_other_issuers_is_read(changes: dict[str, Any]) -> None:
    assert dict(verify_ef_sod(parse_ef_sod(GOOD.but(**changes).ef_sod())).hashes) == HASHES


def test_without_a_signing_time_there_is_none() -> None:
    verified = verify_ef_sod(parse_ef_sod(GOOD.but(attributes=(TYPE, DIGEST)).ef_sod()))
    assert verified.signing_time is None


def utc_time(text: bytes) -> tuple[bytes, ...]:
    return (TYPE, attribute(Oid.SIGNING_TIME, der.encode(der.DerTag.UTC_TIME, text)), DIGEST)


@pytest.mark.parametrize(
    ("text", "year"), [(b"491231235959Z", 2049), (b"500101000000Z", 1950), (b"991231000000Z", 1999)]
)
def test_a_utc_time_from_50_on_is_of_the_last_century(text: bytes, year: int) -> None:
    verified = verify_ef_sod(parse_ef_sod(GOOD.but(attributes=utc_time(text)).ef_sod()))
    assert verified.signing_time is not None
    assert verified.signing_time.year == year


@pytest.mark.parametrize(
    "text",
    [b"261301000000Z", b"26110109300+Z", b"2611010930 0Z", b"261101T09300Z", b"261101093000z"],
)
def test_a_time_that_is_none_is_malformed(text: bytes) -> None:
    with pytest.raises(MalformedDataError):
        parse_ef_sod(GOOD.but(attributes=utc_time(text)).ef_sod())


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": None},
        {"attributes": ()},
        {"attributes": (TIME, DIGEST)},
        {"attributes": (TYPE, TIME)},
        {"attributes": (TYPE, TIME, DIGEST, DIGEST)},
        {"attributes": (TYPE, TYPE, TIME, DIGEST)},
        {"attributes": (TYPE, TIME, TIME, DIGEST)},
        {
            "attributes": (
                TYPE,
                TIME,
                attribute(Oid.MESSAGE_DIGEST, der.octet_string(b""), der.octet_string(bytes(32))),
            )
        },
        {"attributes": (TYPE, TIME, attribute(Oid.MESSAGE_DIGEST))},
        {"attributes": (TYPE, attribute(Oid.SIGNING_TIME, der.integer(1)), DIGEST)},
        {"attributes": (TYPE, TIME, attribute(Oid.MESSAGE_DIGEST, der.integer(1)))},
        {"attributes": (attribute(Oid.CONTENT_TYPE, der.oid(Oid.SIGNED_DATA)), TIME, DIGEST)},
        {"signers": 0},
        {"signers": 2},
        {"certificates": ()},
        {"certificates": (root().certificate.der,)},
        {"certificates": (CERTIFICATE.der, CERTIFICATE.der)},
        {"certificates": (CERTIFICATE.der,) + (root().certificate.der,) * 4},
        {"certificates": (b"\x30\x00",)},
        {"signer_version": 3},
        {"signer_version": 1, "sid": BY_KEY},
        {"signer_version": 3, "sid": der.encode(0x80, bytes(20))},
        {"sid": der.sequence(CERTIFICATE.issuer, der.integer(5))},
        {"sid": b"\x05\x00"},
        {"version": 1},
        {"version": 4},
        {"content": None},
        {"content": CONTENT[:-1]},
        {"content_type": "1.2.840.113549.1.7.1"},
        {"content_info_type": "1.2.840.113549.1.7.3"},
        {"digest_algorithm": der.algorithm("1.3.14.3.2.26")},
        {"digest_algorithm": der.algorithm(Oid.SHA512)},
        {"digest_algorithms": ()},
        {"digest_algorithms": (der.algorithm(Oid.SHA512),)},
        {"signature_algorithm": der.algorithm("1.2.840.10045.4.1")},
        {"signature_algorithm": der.algorithm(Oid.SHA256_WITH_RSA)},
    ],
    ids=",".join,
)
def test_what_leaves_open_who_signed_what_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedDataError):
        parse_ef_sod(GOOD.but(**changes).ef_sod())


def test_a_message_digest_of_other_content_is_wrong() -> None:
    other = cms.message_digest_attribute(bytes(32))
    with pytest.raises(AuthenticationError, match="message digest"):
        verify_ef_sod(parse_ef_sod(GOOD.but(attributes=(TYPE, TIME, other)).ef_sod()))


def test_a_signature_by_another_key_is_wrong() -> None:
    with pytest.raises(AuthenticationError, match="does not verify"):
        verify_ef_sod(parse_ef_sod(GOOD.but(signing_key=key("thief")).ef_sod()))


def test_a_certificate_of_the_same_name_and_number_leads_to_no_root() -> None:
    thief = signer_under(root("forger"), "thief")
    assert thief.certificate.issuer_and_serial == CERTIFICATE.issuer_and_serial
    forged = SignedData(certificates=(thief.certificate.der,), signing_key=thief.key)
    verified = verify_ef_sod(parse_ef_sod(forged.ef_sod()))
    judged = (
        Desk()
        .store()
        .judge_signer(verified.signer_der, signing_time=verified.signing_time, now=NOW)
    )
    assert judged.outcome is not Outcome.VALID


def test_a_forged_root_in_the_object_is_never_trusted() -> None:
    thief = signer_under(root("forger"), "thief")
    chain = (thief.certificate.der, root("forger").certificate.der)
    both_name_it = GOOD.but(certificates=chain, signing_key=thief.key).ef_sod()
    verified = verify_ef_sod(parse_ef_sod(both_name_it))
    judged = (
        Desk()
        .store()
        .judge_signer(verified.signer_der, signing_time=verified.signing_time, now=NOW)
    )
    assert judged.outcome is not Outcome.VALID


def test_attributes_passed_off_as_content_are_malformed() -> None:
    signed_once = der.set_of(TYPE, TIME, DIGEST)
    with pytest.raises(MalformedDataError):
        parse_ef_sod(GOOD.but(content=signed_once, attributes=None).ef_sod())


@pytest.mark.parametrize("depth", [50, 1_000, 2_000])
def test_deep_nesting_is_malformed(depth: int) -> None:
    octets = b""
    for _ in range(depth):
        octets = der.sequence(octets)
        if len(octets) > 4_000:
            break
    with pytest.raises(MalformedDataError):
        parse_ef_sod(der.encode(cms.EF_SOD_TAG, octets))


@pytest.mark.parametrize("header", ["7784FFFFFFFF", "77843B9ACA00", "7780", "77FF", "7785"])
def test_lengths_beyond_the_file_are_malformed(header: str) -> None:
    with pytest.raises(MalformedDataError):
        parse_ef_sod(bytes.fromhex(header) + office.ef_sod()[4:])


def test_a_well_formed_object_of_more_than_4096_octets_is_refused_unread() -> None:
    bulk = attribute("1.2.840.113549.1.9.15", der.octet_string(bytes(3_000)))
    with pytest.raises(MalformedDataError, match="longer than 4096"):
        parse_ef_sod(GOOD.but(attributes=(TYPE, TIME, DIGEST, bulk)).ef_sod())
