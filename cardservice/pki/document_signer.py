"""A document signer: a certificate with its key, and the SignedData they make.

Source: ICAO 9303-10, 4.6.2.2 and table 38; RFC 5652, 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cardservice.errors import UsageError
from cardservice.pki import cms, der
from cardservice.pki.certificates import Certificate
from cardservice.pki.cms import SignerParts
from cardservice.pki.der import DerTag
from cardservice.pki.extensions import UsagePeriod, usage_period_of
from cardservice.pki.keys import SigningKey
from cardservice.pki.security_object import encode_security_object


@dataclass(frozen=True, slots=True)
class DocumentSigner:
    """Signs policy records while its key's usage period lasts.

    Raises:
        UsageError: the key is not the certificate's.
    """

    certificate: Certificate
    key: SigningKey
    usage: UsagePeriod = field(init=False)
    _parts: SignerParts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.certificate.public_key != self.key.public_key:
            raise UsageError("the key is not the one of the signer's certificate")
        object.__setattr__(self, "usage", usage_period_of(self.certificate))
        parts = cms.signer_parts(self.certificate, self.key.suite)
        object.__setattr__(self, "_parts", parts)

    def sign(self, hashes: Mapping[int, bytes], *, at: datetime) -> bytes:
        """Return a ContentInfo with version 3 SignedData over the hashes, DER.

        Raises:
            UsageError: hashes no security object can list, or ``at`` outside the usage period.
        """
        if not self.usage.holds(at := der.utc(at)):
            raise UsageError(
                f"the signer's key signs from {self.usage.begin} to {self.usage.end} only"
            )
        digest = self.key.suite.digest
        content = encode_security_object(hashes, digest=digest)
        attributes = cms.signed_attributes(digest.of(content), at)
        signature = self.key.sign(der.encode(DerTag.SET, attributes))
        return cms.content_info(
            self._parts, content=content, attributes=attributes, signature=signature
        )
