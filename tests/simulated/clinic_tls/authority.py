"""An authority for certificates of services on this machine, good and bad."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = (x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost"))
ELSEWHERE = (x509.DNSName("clinics.example.org"), x509.IPAddress(IPv4Address("127.0.0.2")))
Names = tuple[x509.GeneralName, ...]
Span = tuple[timedelta, timedelta]
NOW: Span = (timedelta(hours=-1), timedelta(hours=1))
OVER: Span = (timedelta(hours=-2), timedelta(hours=-1))
EARLY: Span = (timedelta(hours=1), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Files:
    """A certificate chain and its key."""

    certificate: Path
    key: Path

    @property
    def options(self) -> tuple[str, ...]:
        """Those of the service's command."""
        return ("--tls-cert", str(self.certificate), "--tls-key", str(self.key))


@dataclass(slots=True)
class Authority:
    """An authority with its key.

    Attributes:
        folder: where its files are.
        name: of the authority.
    """

    folder: Path
    name: str = "An authority of a clinic's network"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    made: int = 0

    @property
    def file(self) -> Path:
        """Its own certificate, PEM."""
        path = self.folder / "authority.pem"
        if not path.exists():
            path.write_bytes(self._certificate().public_bytes(Encoding.PEM))
        return path

    def issue(
        self,
        names: Names = HERE,
        span: Span = NOW,
        *,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
        passphrase: bytes | None = None,
    ) -> Files:
        """Return a new certificate of a service, and its key."""
        self.made += 1
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder("a service", self.name, span)
            .public_key(key.public_key())
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .sign(self.key, SHA256())
        )
        kept: KeySerializationEncryption = NoEncryption()
        if passphrase is not None:
            kept = BestAvailableEncryption(passphrase)
        files = Files(
            self.folder / f"service-{self.made}.pem", self.folder / f"service-{self.made}.key"
        )
        files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
        files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kept))
        return files

    def own(self) -> Files:
        """Return its own certificate and key, as a service shows them that has no authority."""
        key = self.folder / "authority.key"
        plain = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key.write_bytes(plain)
        return Files(self.file, key)

    def _certificate(self) -> x509.Certificate:
        return (
            _builder(self.name, self.name, NOW)
            .public_key(self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, SHA256())
        )


def _builder(subject: str, issuer: str, span: Span) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + span[0])
        .not_valid_after(now + span[1])
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
