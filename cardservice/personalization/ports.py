"""What the station's use cases need from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.errors import UsageError
from cardservice.personalization.key_versions import (
    FIRST_ISSUER_KEY_VERSION,
    require_issuer_version,
)
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import SecretKey

Clock = Callable[[], datetime]
Entropy = Callable[[int], bytes]  # octets wanted → that many unpredictable octets
NewEphemeralKey = Callable[[], ec.EllipticCurvePrivateKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerKeys:
    """The keys a station works with; the masters act where they live.

    Attributes:
        transport_master: derives the key set (version 30) that blank cards arrive with.
        issuer_master: derives the key set that the station writes.
        signer: the issuing fund's document signer.
        trust_point: CVCA certificate by which cards will know terminals, 7F21 as a whole; None
            for cards that no terminal is to be known to.
        issuer_version: key version of that key set, 31 to 7F.
        other_masters: by key version, those that derive what other cards of this issuer have.

    Raises:
        UsageError: a version that no issuer may have, or one with two masters.
    """

    transport_master: SecretKey = field(repr=False)
    issuer_master: SecretKey = field(repr=False)
    signer: DocumentSigner = field(repr=False)
    trust_point: bytes | None = field(default=None, repr=False)
    issuer_version: int = FIRST_ISSUER_KEY_VERSION
    other_masters: Mapping[int, SecretKey] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Judge the versions."""
        for version in (self.issuer_version, *self.other_masters):
            require_issuer_version(version)
        if self.issuer_version in self.other_masters:
            raise UsageError("one key version has two issuer masters")

    @property
    def issuer_masters(self) -> Mapping[int, SecretKey]:
        """Return all masters of the issuer by key version, the current one too."""
        return {self.issuer_version: self.issuer_master, **self.other_masters}
