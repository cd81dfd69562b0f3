"""Algorithms of other issuers: what is recognised, what is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import der
from cardservice.pki.algorithms import SHA_512, digest_of_algorithm, recognise
from cardservice.pki.oids import Oid
from cardservice.pki.suite import SHA_256
from tests.unit.pki.foreign import ec_key, rsa_key

MESSAGE = b"message"
SHA1 = "1.3.14.3.2.26"


def pss_parameters(digest: str, *, salt: int = 32, mask: str = Oid.MGF1) -> bytes:
    return der.sequence(
        der.explicit(0, der.algorithm(digest, der.NULL)),
        der.explicit(1, der.algorithm(mask, der.algorithm(digest, der.NULL))),
        der.explicit(2, der.integer(salt)),
    )


def rsa_private() -> rsa.RSAPrivateKey:
    private = rsa_key().private
    assert isinstance(private, rsa.RSAPrivateKey)
    return private


def test_rsa_pss_with_its_parameters_verifies_and_rejects() -> None:
    suite = recognise(der.algorithm(Oid.RSASSA_PSS, pss_parameters(Oid.SHA256)))
    signature = rsa_private().sign(MESSAGE, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    verify = suite.verifier(rsa_key().spki)
    verify(signature, MESSAGE)
    with pytest.raises(AuthenticationError):
        verify(signature, MESSAGE + b"!")


@pytest.mark.parametrize("salt", [0, 20, 222, 223, 512])
def test_rsa_pss_with_another_salt_length_does_not_verify(salt: int) -> None:
    suite = recognise(der.algorithm(Oid.RSASSA_PSS, pss_parameters(Oid.SHA256, salt=salt)))
    signature = rsa_private().sign(MESSAGE, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    with pytest.raises(AuthenticationError):
        suite.verifier(rsa_key().spki)(signature, MESSAGE)


@pytest.mark.parametrize("parameters", [(), (der.NULL,)], ids=["absent", "null"])
def test_rsa_pkcs1_verifies_with_parameters_null_or_absent(parameters: tuple[bytes, ...]) -> None:
    suite = recognise(der.algorithm(Oid.SHA512_WITH_RSA, *parameters))
    signature = rsa_private().sign(MESSAGE, padding.PKCS1v15(), SHA512())
    assert suite.verifier(rsa_key().spki)(signature, MESSAGE) is None
    assert suite.digest is SHA_512


def test_rsa_encryption_takes_the_digest_of_the_signer_info() -> None:
    suite = recognise(der.algorithm(Oid.RSA_ENCRYPTION, der.NULL), digest=SHA_512)
    signature = rsa_private().sign(MESSAGE, padding.PKCS1v15(), SHA512())
    assert suite.verifier(rsa_key().spki)(signature, MESSAGE) is None


@pytest.mark.parametrize("curve", ["secp384r1", "brainpoolP256r1"])
def test_ecdsa_on_other_named_curves_verifies_and_rejects(curve: str) -> None:
    private = ec_key(curve).private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    verify = recognise(der.algorithm(Oid.ECDSA_WITH_SHA384)).verifier(ec_key(curve).spki)
    signature = private.sign(MESSAGE, ec.ECDSA(SHA384()))
    verify(signature, MESSAGE)
    with pytest.raises(AuthenticationError):
        verify(signature[:-1] + bytes((signature[-1] ^ 1,)), MESSAGE)


@pytest.mark.parametrize(
    "identifier",
    [
        b"",
        b"\x30\x00",
        b"\x30\x02\x05\x00",
        der.algorithm("1.2.840.113549.1.1.5"),  # SHA-1 with RSA
        der.algorithm("1.2.840.10045.4.1"),  # ECDSA with SHA-1
        der.algorithm("1.2.840.113549.1.1.4"),  # MD5 with RSA
        der.algorithm(Oid.ECDSA_WITH_SHA256, der.integer(1)),
        der.algorithm(Oid.RSASSA_PSS),
        der.algorithm(Oid.RSASSA_PSS, der.sequence()),  # the default is SHA-1
        der.algorithm(Oid.RSASSA_PSS, pss_parameters(SHA1)),
        der.algorithm(Oid.RSASSA_PSS, pss_parameters(Oid.SHA256, salt=513)),
        der.algorithm(Oid.RSASSA_PSS, pss_parameters(Oid.SHA256, salt=-1)),
        der.algorithm(Oid.RSASSA_PSS, pss_parameters(Oid.SHA256, mask=Oid.SHA256)),
        der.algorithm(Oid.RSASSA_PSS, der.integer(1)),
    ],
    ids=range(14),
)
def test_weak_unknown_and_malformed_algorithms_are_refused(identifier: bytes) -> None:
    with pytest.raises(MalformedDataError):
        recognise(identifier)


def test_an_rsa_key_under_2048_bits_is_refused() -> None:
    with pytest.raises(MalformedDataError, match="too short"):
        recognise(der.algorithm(Oid.SHA256_WITH_RSA)).verifier(rsa_key(1024).spki)


@pytest.mark.parametrize("oid", [Oid.SHA256_WITH_RSA, Oid.ECDSA_WITH_SHA256])
def test_a_key_of_the_other_kind_is_refused(oid: Oid) -> None:
    spki = ec_key("secp256r1").spki if oid is Oid.SHA256_WITH_RSA else rsa_key().spki
    with pytest.raises(MalformedDataError):
        recognise(der.algorithm(oid)).verifier(spki)


@pytest.mark.parametrize("parameters", [(), (der.NULL,)], ids=["absent", "null"])
def test_a_digest_is_recognised_with_parameters_null_or_absent(
    parameters: tuple[bytes, ...],
) -> None:
    assert digest_of_algorithm(der.algorithm(Oid.SHA256, *parameters)) is SHA_256


@pytest.mark.parametrize("name", ["SHA224", "SHA256", "SHA384", "SHA512"])
def test_a_digest_has_the_size_it_says(name: str) -> None:
    digest = digest_of_algorithm(der.algorithm(Oid[name]))
    assert len(digest.of(MESSAGE)) == digest.size


def test_sha_1_is_no_digest_here() -> None:
    with pytest.raises(MalformedDataError, match="unsupported digest"):
        digest_of_algorithm(der.algorithm(SHA1))
