"""Public keys in certificates: curves recognised whole, signatures as r ‖ s."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.errors import AuthenticationError, MalformedDataError, UsageError
from cardservice.pki.cv.curves import DOMAINS, P256, Domain, recognise
from cardservice.pki.cv.keys import CvPublicKey, plain_signer, public_key_of
from cardservice.pki.cv.terms import KeyTag, SignatureOid
from cardservice.pki.suite import SHA_256, SignatureSuite
from tests.shared import vectors
from tests.unit.pki.cv.coding import objects, tlv
from tests.unit.pki.cv.office import PUBLISHED, each_octet, key, published

ECDSA = vectors("wycheproof/ecdsa_secp256r1_sha256_p1363_test")["testGroups"]
CASES = [(group["publicKey"]["uncompressed"], test) for group in ECDSA for test in group["tests"]]
EAC = vectors("eac2_worked_example_ecdh")["examples"][0]["terminal_authentication"]
WITH_A_CURVE = [name for name, one in PUBLISHED.items() if "81" in one["parsed"]["pk_tags"]]
WITH_CURVE = public_key_of(key("cvca 1")).encode()


def content(encoded: bytes) -> bytes:
    return objects(encoded)[0][1]


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.library.name)
def test_points_of_the_library_satisfy_the_equation_with_the_written_parameters(
    domain: Domain,
) -> None:
    p, a, b = (int.from_bytes(domain.parameters[tag]) for tag in (0x81, 0x82, 0x83))
    for scalar in range(1, 6):
        point = ec.derive_private_key(scalar, domain.library).public_key().public_numbers()
        assert (point.y**2 - point.x**3 - a * point.x - b) % p == 0


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.library.name)
def test_a_key_with_its_curve_is_read_back(domain: Domain) -> None:
    known = CvPublicKey(SignatureOid.ECDSA_SHA_512, b"\x04" + bytes(64), domain)
    assert CvPublicKey.parse(content(known.encode())) == known


@pytest.mark.parametrize("name", WITH_A_CURVE)
def test_published_curves_are_recognised(name: str) -> None:
    domain = published(name).public_key.domain
    assert domain is not None
    tags = PUBLISHED[name]["parsed"]["pk_tags"]
    assert {f"{tag:x}": octets.hex() for tag, octets in domain.parameters.items()} == {
        tag: octets for tag, octets in tags.items() if tag != "86"
    }


@pytest.mark.parametrize("tag", [tag for tag in KeyTag if tag is not KeyTag.POINT])
def test_a_curve_with_one_parameter_changed_or_missing_is_not_known(tag: KeyTag) -> None:
    changed = dict(P256.parameters)
    changed[tag] = changed[tag][:-1] + bytes((changed[tag][-1] ^ 1,))
    with pytest.raises(MalformedDataError):
        recognise(changed)
    del changed[tag]
    with pytest.raises(MalformedDataError):
        recognise(changed)


def test_a_part_of_a_curve_is_malformed_and_so_is_another_order() -> None:
    parts = objects(content(WITH_CURVE))
    for other in (parts[:2] + parts[6:], [parts[0], *reversed(parts[1:])], parts[1:]):
        with pytest.raises(MalformedDataError):
            CvPublicKey.parse(b"".join(tlv(tag, value) for tag, value in other))


@pytest.mark.parametrize(
    "algorithm",
    ["04007F00070202020201", "04007F00070202020102", "04007F00070202020206", ""],
    ids=["SHA-1", "RSA", "unknown", "empty"],
)
def test_a_key_of_another_algorithm_is_refused(algorithm: str) -> None:
    oid = tlv(0x06, bytes.fromhex(algorithm))
    with pytest.raises(MalformedDataError):
        CvPublicKey.parse(oid + tlv(0x86, b"\x04" + bytes(64)))


@pytest.mark.parametrize(("point", "test"), CASES, ids=[f"tc{test['tcId']}" for _, test in CASES])
def test_wycheproof_plain_signatures_are_judged_right(point: str, test: dict[str, Any]) -> None:
    public = CvPublicKey(SignatureOid.ECDSA_SHA_256, bytes.fromhex(point))
    message, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
    if test["result"] == "valid":
        assert public.verify(signature, message, domain=P256) == message
        return
    with pytest.raises(AuthenticationError):
        public.verify(signature, message, domain=P256)


def test_the_worked_example_of_terminal_authentication_verifies_with_sha_512() -> None:
    terminal = published("openpace_tc_ecdh_ta_cert").public_key
    domain = published("openpace_tc_ecdh_cvca_cert").public_key.domain
    assert domain is not None
    message = bytes.fromhex(EAC["id_picc"] + EAC["r_picc"] + EAC["comp_pk_pcd"])
    assert terminal.verify(bytes.fromhex(EAC["signature"]), message, domain=domain) == message
    for other in each_octet(message):
        with pytest.raises(AuthenticationError):
            terminal.verify(bytes.fromhex(EAC["signature"]), other, domain=domain)


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\x00",
        b"\x04" + bytes(64),
        public_key_of(key("a")).point[:-1],
        b"\x02" + public_key_of(key("a")).point[1:33],
    ],
    ids=["empty", "identity", "off the curve", "short", "compressed"],
)
def test_a_key_that_is_no_point_of_its_curve_verifies_nothing(point: bytes) -> None:
    with pytest.raises(MalformedDataError):
        CvPublicKey(SignatureOid.ECDSA_SHA_256, point).verify(bytes(64), b"", domain=P256)


def test_a_signing_key_signs_plainly_what_its_public_key_verifies() -> None:
    sign = plain_signer(key("terminal"))
    public = public_key_of(key("terminal"))
    signature = sign(b"message")
    assert len(signature) == 64
    assert public.verify(signature, b"message", domain=P256) == b"message"
    with pytest.raises(AuthenticationError):
        public_key_of(key("verifier")).verify(signature, b"message", domain=P256)


class _Unsuited:
    """A signing key of a suite that CV certificates do not know."""

    suite = SignatureSuite("other", SHA_256, b"", lambda _: lambda __, ___: None)
    public_key = b""

    def sign(self, data: bytes) -> bytes:
        return data


def test_a_suite_without_an_identifier_signs_no_certificate() -> None:
    for use in (plain_signer, public_key_of):
        with pytest.raises(UsageError, match="other"):
            use(_Unsuited())
