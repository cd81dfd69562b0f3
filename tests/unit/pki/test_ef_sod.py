"""EF.SOD: signing, the two readers, verifying, and the published vectors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cardservice.domain.verdict import Reason
from cardservice.errors import AuthenticationError, MalformedDataError, PeerError, UsageError
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.ef_sod import parse_ef_sod, reason_of, sign_ef_sod, verify_ef_sod
from cardservice.pki.foreign_form import read_foreign_form
from cardservice.pki.issued_form import match_issued_form
from tests.shared import vectors
from tests.unit.pki import office
from tests.unit.pki.office import HASHES, SIGNED, ef_sod, root, signer_under

VECTORS = vectors("ef_sod_synthetic")
BSI = VECTORS["synthetic"][0]
NEGATIVE = VECTORS["negative"]


def test_what_is_signed_verifies_to_hashes_time_and_certificate() -> None:
    verified = verify_ef_sod(parse_ef_sod(ef_sod()))
    assert dict(verified.hashes) == HASHES
    assert verified.signing_time == SIGNED
    assert verified.signer_der == signer_under(root()).certificate.der
    assert all(verified.digest.of(office.OBJECTS[n]) == verified.hashes[n] for n in HASHES)


def test_both_readers_find_the_same_in_what_we_issue() -> None:
    quick, patient = match_issued_form(ef_sod()), read_foreign_form(ef_sod()[4:])
    names = ("content", "objects", "digest", "message_digest", "covered", "signature")
    assert quick is not None
    for name in (*names, "signer_der", "signing_time"):
        assert getattr(quick, name) == getattr(patient, name)


def test_the_patient_readers_result_verifies_too() -> None:
    assert dict(verify_ef_sod(read_foreign_form(ef_sod()[4:])).hashes) == HASHES


def test_the_signing_time_loses_its_fraction_of_a_second() -> None:
    at = SIGNED + timedelta(microseconds=999_999)
    octets = sign_ef_sod(HASHES, signer=signer_under(root()), at=at)
    assert parse_ef_sod(octets).signing_time == SIGNED


def test_a_signing_time_from_2050_on_is_signed_and_read() -> None:
    at = datetime(2051, 3, 1, tzinfo=UTC)
    signer = signer_under(root("late root", at=at), "late signer")
    octets = sign_ef_sod(HASHES, signer=signer, at=at)
    assert verify_ef_sod(parse_ef_sod(octets)).signing_time == at


def test_sixteen_hashes_fit_into_ef_sod() -> None:
    octets = sign_ef_sod(
        {n: bytes(32) for n in range(1, 17)}, signer=signer_under(root()), at=SIGNED
    )
    assert set(verify_ef_sod(parse_ef_sod(octets)).hashes) == set(range(1, 17))


@pytest.mark.parametrize("days", [-1, 93], ids=["before", "after"])
def test_a_signer_does_not_sign_outside_its_usage_period(days: int) -> None:
    with pytest.raises(UsageError, match="only"):
        sign_ef_sod(HASHES, signer=signer_under(root()), at=office.START + timedelta(days=days))


def test_a_signer_needs_its_own_key() -> None:
    with pytest.raises(UsageError, match="not the one"):
        DocumentSigner(signer_under(root()).certificate, office.key("another"))


def test_another_keys_signature_is_wrong() -> None:
    certificate = signer_under(root()).certificate
    thief = DocumentSigner(certificate, _Pretender())
    octets = sign_ef_sod(HASHES, signer=thief, at=SIGNED)
    with pytest.raises(AuthenticationError, match="does not verify"):
        verify_ef_sod(parse_ef_sod(octets))


class _Pretender:
    """Shows the signer's public key and signs with another."""

    suite = office.key("signer").suite
    public_key = office.key("signer").public_key

    def sign(self, data: bytes) -> bytes:
        return office.key("thief").sign(data)


def test_a_changed_hash_is_found_by_the_message_digest() -> None:
    octets = ef_sod()
    at = octets.index(HASHES[1])
    changed = octets[:at] + bytes(32) + octets[at + 32 :]
    with pytest.raises(AuthenticationError, match="message digest"):
        verify_ef_sod(parse_ef_sod(changed))


def test_the_published_object_verifies_to_the_published_facts() -> None:
    verified = verify_ef_sod(parse_ef_sod(bytes.fromhex(BSI["files"]["ef_sod"])))
    facts = BSI["facts"]
    assert {str(n): value.hex() for n, value in verified.hashes.items()} == facts["dg_hashes"]
    assert verified.signing_time is None
    certificate = parse_certificate(verified.signer_der)
    assert f"{certificate.serial:x}" == facts["ds_serial"]
    assert [str(certificate.not_before), str(certificate.not_after)] == facts["ds_validity"]


@pytest.mark.parametrize(("file", "number"), [("dg1", 1), ("dg14", 14)])
def test_the_published_data_groups_have_the_published_hashes(file: str, number: int) -> None:
    verified = verify_ef_sod(parse_ef_sod(bytes.fromhex(BSI["files"]["ef_sod"])))
    assert verified.digest.of(bytes.fromhex(BSI["files"][file])) == verified.hashes[number]


def test_a_data_group_beside_the_published_object_is_not_covered() -> None:
    verified = verify_ef_sod(parse_ef_sod(bytes.fromhex(BSI["files"]["ef_sod"])))
    assert 15 not in verified.hashes


WORDS = {
    "econtent_type": "not a security object",
    "content_type": "not signed data",
    "signed_data_version": "not version 3",
    "econtent_type or parse": "malformed|not a security object",
    "lds_version": "unknown version",
}


@pytest.mark.parametrize("case", NEGATIVE, ids=lambda case: case["why"])
def test_the_published_bad_objects_fail_for_the_published_cause(case: Any) -> None:
    with pytest.raises(MalformedDataError, match=WORDS[case["must_fail"][0]]):
        parse_ef_sod(bytes.fromhex(case["ef_sod"]))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x77",
        b"\x77\x00",
        ef_sod()[4:],
        b"\x6e" + ef_sod()[1:],
        ef_sod() + b"\x00",
        ef_sod()[:-1],
        ef_sod() + ef_sod(),
        b"\x77\x82\x10\x00" + bytes(4_096),
    ],
    ids=range(9),
)
def test_what_is_not_one_object_77_of_at_most_4096_octets_is_malformed(octets: bytes) -> None:
    with pytest.raises(MalformedDataError):
        parse_ef_sod(octets)


def test_a_length_with_a_superfluous_octet_is_tolerated_outside_the_signed_data() -> None:
    octets = b"\x77\x83\x00" + ef_sod()[2:]
    assert dict(verify_ef_sod(parse_ef_sod(octets)).hashes) == HASHES


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MalformedDataError("x"), Reason.SECURITY_OBJECT_MALFORMED),
        (AuthenticationError("x"), Reason.SIGNATURE_WRONG),
    ],
)
def test_an_error_says_which_reason_the_desk_shows(error: PeerError, reason: Reason) -> None:
    assert reason_of(error) is reason


def test_unverified_content_does_not_print() -> None:
    assert HASHES[1].hex() not in repr(parse_ef_sod(ef_sod()))
