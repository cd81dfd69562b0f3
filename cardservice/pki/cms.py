"""What both readers of an EF.SOD and its writer share: parts of SignedData, and the result.

Source: RFC 5652, 5; ICAO 9303-10, 4.6.2.2.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cardservice.pki import der
from cardservice.pki.certificates import Certificate
from cardservice.pki.der import DerTag
from cardservice.pki.oids import Oid
from cardservice.pki.security_object import SecurityObject
from cardservice.pki.suite import DigestAlgorithm, SignatureSuite, Verifier

SIGNED_DATA_VERSION = 3  # the content is not id-data (RFC 5652, 5.1)
SIGNER_INFO_VERSION = 1  # issuerAndSerialNumber (RFC 5652, 5.3)
SIGNER_INFO_VERSION_BY_KEY = 3  # subjectKeyIdentifier

EF_SOD_TAG = 0x77
CERTIFICATES_TAG = DerTag.CONTEXT_CONSTRUCTED  # [0] in SignedData
ATTRIBUTES_TAG = DerTag.CONTEXT_CONSTRUCTED  # [0] in SignerInfo

SIGNED_DATA = der.oid(Oid.SIGNED_DATA)
LDS_SECURITY_OBJECT = der.oid(Oid.LDS_SECURITY_OBJECT)
CONTENT_TYPE_ATTRIBUTE = der.sequence(der.oid(Oid.CONTENT_TYPE), der.set_of(LDS_SECURITY_OBJECT))


def signing_time_attribute(at: datetime) -> bytes:
    return der.sequence(der.oid(Oid.SIGNING_TIME), der.set_of(der.time(at)))


def message_digest_attribute(value: bytes) -> bytes:
    return der.sequence(der.oid(Oid.MESSAGE_DIGEST), der.set_of(der.octet_string(value)))


def signed_attributes(digest: bytes, at: datetime) -> bytes:
    """Return the attributes we sign, one after the other, without the SET OF around them."""
    # The DER order of the attributes is that of their lengths: the octet behind the tag.
    return CONTENT_TYPE_ATTRIBUTE + signing_time_attribute(at) + message_digest_attribute(digest)


@dataclass(frozen=True, slots=True)
class SignerParts:
    """What all documents of one signer share, encoded once.

    Attributes:
        before_content: SignedData up to its content.
        certificates: SignedData between content and signer infos.
        signer: SignerInfo up to the signed attributes.
        signature_algorithm: SignerInfo between signed attributes and signature.
    """

    before_content: bytes
    certificates: bytes
    signer: bytes
    signature_algorithm: bytes


def signer_parts(certificate: Certificate, suite: SignatureSuite) -> SignerParts:
    """Return what all documents share whose signer has ``certificate`` and a key of ``suite``."""
    digest_algorithm = der.algorithm(suite.digest.oid)
    signer = der.sequence(certificate.issuer_and_serial)
    return SignerParts(
        before_content=der.integer(SIGNED_DATA_VERSION) + der.set_of(digest_algorithm),
        certificates=der.encode(CERTIFICATES_TAG, certificate.der),
        signer=der.integer(SIGNER_INFO_VERSION) + signer + digest_algorithm,
        signature_algorithm=suite.signature_algorithm,
    )


def content_info(
    parts: SignerParts, *, content: bytes, attributes: bytes, signature: bytes
) -> bytes:
    """Return a ContentInfo with our SignedData of one signer, DER."""
    signer_info = der.sequence(
        parts.signer,
        der.encode(ATTRIBUTES_TAG, attributes),
        parts.signature_algorithm,
        der.octet_string(signature),
    )
    signed_data = der.sequence(
        parts.before_content,
        der.sequence(LDS_SECURITY_OBJECT, der.explicit(0, der.octet_string(content))),
        parts.certificates,
        der.encode(DerTag.SET, signer_info),
    )
    return der.sequence(SIGNED_DATA, der.explicit(0, signed_data))


@dataclass(frozen=True, slots=True)
class UnverifiedSecurityObject:
    """A well-formed EF.SOD that proves nothing yet; give it to ``verify_ef_sod``.

    Attributes:
        content: the LDSSecurityObject as received.
        objects: the same, decoded.
        digest: makes the message digest of the content.
        message_digest: what the signed attributes say it is.
        covered: signed attributes as the DER SET OF that the signature covers.
        verifier: checks a signature with the embedded certificate's key.
        signer_der: the embedded certificate, of an issuer nobody has judged yet.
        signing_time: UTC; None when the attribute is absent (other issuers').
    """

    content: bytes = field(repr=False)
    objects: SecurityObject = field(repr=False)
    digest: DigestAlgorithm
    message_digest: bytes = field(repr=False)
    covered: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    verifier: Verifier = field(repr=False)
    signer_der: bytes = field(repr=False)
    signing_time: datetime | None
