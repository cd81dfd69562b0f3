"""What the station's use cases need from outside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

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
        issuer_master: derives the key set (version 31) the station writes.
        signer: the issuing fund's document signer.
        trust_point: CVCA certificate by which cards will know terminals, 7F21 as a whole; None
            for cards that no terminal is to be known to.
    """

    transport_master: SecretKey = field(repr=False)
    issuer_master: SecretKey = field(repr=False)
    signer: DocumentSigner = field(repr=False)
    trust_point: bytes | None = field(default=None, repr=False)
