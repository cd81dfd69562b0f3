"""EF.SOD: signed by a document signer, read at a desk, verified in two steps.

Neither step judges the signer: ``trust.TrustStore.judge_signer`` does, from the verified
object's ``signer_der`` and ``signing_time``.

Source: ICAO 9303-10, 4.6.2; card.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cardservice.apdu.tlv import DataObject, parse_objects
from cardservice.domain.verdict import Reason
from cardservice.errors import AuthenticationError, MalformedDataError, PeerError
from cardservice.pki.cms import EF_SOD_TAG, UnverifiedSecurityObject
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.foreign_form import read_foreign_form
from cardservice.pki.issued_form import match_issued_form
from cardservice.pki.suite import DigestAlgorithm

LONGEST_EF_SOD = 4_096  # octets: card.md, section 2


@dataclass(frozen=True, slots=True)
class VerifiedSecurityObject:
    """Hashes that the holder of the embedded certificate's key has signed.

    Attributes:
        hashes: by data-group number.
        digest: made them; ``digest.of(octets)`` is what to compare with.
        signing_time: UTC, None when the signer named none.
        signer_der: the certificate, DER; whether to trust it is not judged.
    """

    hashes: Mapping[int, bytes] = field(repr=False)
    digest: DigestAlgorithm
    signing_time: datetime | None
    signer_der: bytes = field(repr=False)


def sign_ef_sod(hashes: Mapping[int, bytes], *, signer: DocumentSigner, at: datetime) -> bytes:
    """Return ``77{CMS SignedData}``, DER, at most 4,096 octets.

    Args:
        hashes: by data-group number 1 to 16, made with the signer's suite's digest.
        at: signing time, aware; lies in the signer's usage period; fractions are dropped.

    Raises:
        UsageError: a number, count or length that cannot be, or a time that may not.
    """
    return DataObject(EF_SOD_TAG, signer.sign(hashes, at=at)).encode()


def parse_ef_sod(octets: bytes) -> UnverifiedSecurityObject:
    """Return the parts of an EF.SOD; nothing is verified.

    Args:
        octets: the whole file: one object and nothing behind it.

    Raises:
        MalformedDataError: too long, or not ``77{SignedData v3}`` over a security object
            with one signer whose certificate is embedded.
    """
    if len(octets) > LONGEST_EF_SOD:
        raise MalformedDataError(f"EF.SOD is longer than {LONGEST_EF_SOD} octets")
    return match_issued_form(octets) or read_foreign_form(_value(octets))


def _value(octets: bytes) -> bytes:
    objects = tuple(parse_objects(octets))
    if len(objects) != 1 or objects[0].tag != EF_SOD_TAG:
        raise MalformedDataError("EF.SOD is not one object 77")
    return objects[0].value


def verify_ef_sod(unverified: UnverifiedSecurityObject) -> VerifiedSecurityObject:
    """Return the signed hashes, once digest and signature are right.

    Raises:
        AuthenticationError: the content is not what was signed, or the signature is not by
            the embedded certificate's key.
    """
    if unverified.digest.of(unverified.content) != unverified.message_digest:
        raise AuthenticationError("message digest is not the content's")
    unverified.verifier(unverified.signature, unverified.covered)
    objects = unverified.objects
    return VerifiedSecurityObject(
        objects.hashes, objects.digest, unverified.signing_time, unverified.signer_der
    )


def reason_of(error: PeerError) -> Reason:
    """Return why *data signed* failed, for an error of the two functions above."""
    if isinstance(error, AuthenticationError):
        return Reason.SIGNATURE_WRONG
    return Reason.SECURITY_OBJECT_MALFORMED
