"""SignedData built part by part, so that each part can be wrong."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cardservice.pki import cms, der
from cardservice.pki.certificates import Certificate
from cardservice.pki.der import DerTag
from cardservice.pki.keys import SigningKey
from cardservice.pki.oids import Oid
from cardservice.pki.security_object import encode_security_object
from cardservice.pki.suite import SHA_256
from tests.unit.pki.office import HASHES, SIGNED, key, root, signer_under

CONTENT = encode_security_object(HASHES, digest=SHA_256)
CERTIFICATE: Certificate = signer_under(root()).certificate
SHA256_ALGORITHM = der.algorithm(Oid.SHA256)
TIME = cms.signing_time_attribute(SIGNED)
DIGEST = cms.message_digest_attribute(sha256(CONTENT).digest())


def attribute(oid: str, *values: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.set_of(*values))


@dataclass(frozen=True, kw_only=True)
class SignedData:
    """Parts of an EF.SOD; each is encoded as it stands, and the attributes are signed."""

    content_info_type: str = Oid.SIGNED_DATA
    version: int = 3
    digest_algorithms: tuple[bytes, ...] = (SHA256_ALGORITHM,)
    content_type: str = Oid.LDS_SECURITY_OBJECT
    content: bytes | None = CONTENT
    certificates: tuple[bytes, ...] = (CERTIFICATE.der,)
    signer_version: int = 1
    sid: bytes = field(default=der.sequence(CERTIFICATE.issuer_and_serial))
    digest_algorithm: bytes = SHA256_ALGORITHM
    attributes: tuple[bytes, ...] | None = (cms.CONTENT_TYPE_ATTRIBUTE, TIME, DIGEST)
    signature_algorithm: bytes = der.algorithm(Oid.ECDSA_WITH_SHA256)
    signing_key: SigningKey = field(default_factory=lambda: key("signer"))
    signers: int = 1

    def but(self, **changes: Any) -> "SignedData":
        return replace(self, **changes)

    def ef_sod(self) -> bytes:
        content = () if self.content is None else (der.explicit(0, der.octet_string(self.content)),)
        certificates = der.encode(cms.CERTIFICATES_TAG, *self.certificates)
        data = der.sequence(
            der.integer(self.version),
            der.set_of(*self.digest_algorithms),
            der.sequence(der.oid(self.content_type), *content),
            certificates if self.certificates else b"",
            der.encode(DerTag.SET, *([self._signer_info()] * self.signers)),
        )
        info = der.sequence(der.oid(self.content_info_type), der.explicit(0, data))
        return der.encode(cms.EF_SOD_TAG, info)

    def _signer_info(self) -> bytes:
        attributes, covered = b"", self.content or b""
        if self.attributes is not None:
            attributes = der.encode(cms.ATTRIBUTES_TAG, *self.attributes)
            covered = der.encode(DerTag.SET, *self.attributes)
        return der.sequence(
            der.integer(self.signer_version),
            self.sid,
            self.digest_algorithm,
            attributes,
            self.signature_algorithm,
            der.octet_string(self.signing_key.sign(covered)),
        )


GOOD = SignedData()
