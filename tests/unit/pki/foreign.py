"""Keys of other issuers' kinds, and certificates made with ``cryptography`` alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.unit.pki.office import START

_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "secp256r1": ec.SECP256R1,
    "secp384r1": ec.SECP384R1,
    "brainpoolP256r1": ec.BrainpoolP256R1,
}


@dataclass(frozen=True)
class ForeignKey:
    private: CertificateIssuerPrivateKeyTypes

    @property
    def spki(self) -> bytes:
        public = self.private.public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@cache
def ec_key(curve: str) -> ForeignKey:
    return ForeignKey(ec.generate_private_key(_CURVES[curve]()))


@cache
def rsa_key(bits: int = 2048) -> ForeignKey:
    return ForeignKey(rsa.generate_private_key(65537, bits))


def name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])


def builder(key: ForeignKey, *, subject: str, issuer: str, serial: int) -> x509.CertificateBuilder:
    at: datetime = START
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .serial_number(serial)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=3650))
        .public_key(key.private.public_key())
    )


def root_certificate(key: ForeignKey, *, subject: str = "Foreign Root", pss: bool = False) -> bytes:
    """Return a self-signed CA certificate, DER."""
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        builder(key, subject=subject, issuer=subject, serial=7)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    scheme = padding.PSS(padding.MGF1(SHA256()), 32) if pss else None
    return made.sign(key.private, SHA256(), rsa_padding=scheme).public_bytes(Encoding.DER)
