"""Reading revocation lists: the strict form, and everything else refused."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from cardservice.errors import MalformedDataError
from cardservice.pki import der
from cardservice.pki.extensions import key_identifier
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import Revocation, RevocationReason, parse_revocation_list
from tests.unit.pki.foreign import ec_key, name
from tests.unit.pki.office import NOW, root

OURS = root().issue_revocations(
    [Revocation(5, NOW), Revocation(6, NOW, RevocationReason.KEY_COMPROMISE)], number=4, at=NOW
)


def foreign(*extensions: tuple[x509.ExtensionType, bool]) -> bytes:
    """Return a list made by another implementation, DER."""
    private = ec_key("secp256r1").private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    made = x509.CertificateRevocationListBuilder().issuer_name(name("Foreign Root"))
    made = made.last_update(NOW).next_update(NOW + timedelta(days=1))
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(private, SHA256()).public_bytes(Encoding.DER)


def test_a_list_says_what_was_written_into_it() -> None:
    listed = parse_revocation_list(OURS)
    assert listed.issuer == root().certificate.subject
    assert listed.authority_key == key_identifier(root().key.public_key)
    assert (listed.number, listed.revoked) == (4, frozenset({5, 6}))
    assert (listed.this_update, listed.next_update) == (NOW, NOW + timedelta(days=7))


def test_an_empty_list_revokes_nobody() -> None:
    assert parse_revocation_list(root().issue_revocations([], number=1, at=NOW)).revoked == set()


def test_another_implementations_list_is_read() -> None:
    assert parse_revocation_list(foreign((x509.CRLNumber(11), False))).number == 11


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        ((x509.CRLNumber(11), True),),
        ((x509.CRLNumber(11), False), (x509.DeltaCRLIndicator(10), True)),
    ],
    ids=["no number", "a critical number", "a delta"],
)
def test_a_list_without_number_or_with_a_critical_extension_is_refused(
    extensions: tuple[tuple[x509.ExtensionType, bool], ...],
) -> None:
    with pytest.raises(MalformedDataError):
        parse_revocation_list(foreign(*extensions))


def test_a_list_without_next_update_is_refused() -> None:
    listed = parse_revocation_list(OURS)
    next_update = der.time(listed.next_update)
    assert listed.tbs.count(next_update) == 1
    body = listed.tbs[listed.tbs.index(b"\x02") :].replace(next_update, b"")
    octets = der.sequence(
        der.sequence(body), listed.signature_algorithm, der.bit_string(listed.signature)
    )
    with pytest.raises(MalformedDataError):
        parse_revocation_list(octets)


def test_two_signature_algorithms_in_one_list_are_refused() -> None:
    listed = parse_revocation_list(OURS)
    other = der.algorithm(Oid.ECDSA_WITH_SHA384)
    with pytest.raises(MalformedDataError, match="two algorithms"):
        parse_revocation_list(der.sequence(listed.tbs, other, der.bit_string(listed.signature)))


def test_a_signature_that_is_not_whole_octets_is_refused() -> None:
    listed = parse_revocation_list(OURS)
    bits = der.bit_string(listed.signature[:-1] + b"\x00", unused_bits=1)
    with pytest.raises(MalformedDataError, match="whole octets"):
        parse_revocation_list(der.sequence(listed.tbs, listed.signature_algorithm, bits))


def test_an_over_long_list_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(MalformedDataError, match="too long"):
        parse_revocation_list(bytes((1 << 20) + 1))


@pytest.mark.parametrize("cut", range(0, len(OURS), 5))
def test_a_truncated_list_is_malformed(cut: int) -> None:
    with pytest.raises(MalformedDataError):
        parse_revocation_list(OURS[:cut])
