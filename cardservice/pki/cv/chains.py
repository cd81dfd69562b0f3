"""Trust in CV certificates: from a CVCA over links and document verifier to a terminal.

As a card does, but for the days: a card's clock only knows what certificates told it, so the
office and the desk judge days by their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from cardservice.errors import AuthenticationError, UsageError
from cardservice.pki.cv.certificates import CvCertificate
from cardservice.pki.cv.curves import Domain
from cardservice.pki.cv.terms import ALL_RIGHTS, Role, TerminalRights


@dataclass(frozen=True, slots=True)
class TrustedCertificate:
    """A certificate whose signature was verified; made by the functions below only.

    Attributes:
        certificate: as received.
        domain: the curve of its key, its own or inherited.
    """

    certificate: CvCertificate
    domain: Domain

    def verify(self, signature: bytes, message: bytes) -> bytes:
        """Return ``message`` if ``signature``, plain r ‖ s, is the holder's over it.

        Raises:
            AuthenticationError: it is not.
            MalformedDataError: the holder's key is no point of its curve.
        """
        return self.certificate.public_key.verify(signature, message, domain=self.domain)


@dataclass(frozen=True, slots=True)
class VerifiedChain:
    """A terminal's certificates, each verified with the key of the one before.

    Attributes:
        trust_point: where it starts; not shown to a card, which has it.
        certificates: links (or none), document verifier, terminal.
        terminal: the last of them, with its curve.
    """

    trust_point: CvCertificate
    certificates: tuple[CvCertificate, ...]
    terminal: TrustedCertificate

    @property
    def rights(self) -> TerminalRights:
        """What a policy card grants: the rights that all of the chain have.

        Raises:
            MalformedDataError: a certificate of another type of terminal, whose bits mean
                something else.

        Source: TR-03110-3 C.4 (relative and effective authorization); card.md 5.
        """
        chain = (self.trust_point, *self.certificates)
        return reduce(and_, (one.chat.rights for one in chain), ALL_RIGHTS)


def verify_trust_point(certificate: CvCertificate) -> TrustedCertificate:
    """Return a self-signed CVCA certificate as a trust point; that it is ours, the caller knows.

    Raises:
        AuthenticationError: it is not self-signed, or its signature does not verify.
    """
    if not certificate.is_self_signed:
        raise AuthenticationError("a trust point signs its own certificate")
    return _with_key_of(certificate, TrustedCertificate(certificate, _domain(certificate)))


def verify_issued(certificate: CvCertificate, issuer: TrustedCertificate) -> TrustedCertificate:
    """Return ``certificate`` as trusted because ``issuer`` signed it. Not checked: days.

    Raises:
        AuthenticationError: it names another authority, the issuer's role does not issue such a
            certificate, or the signature does not verify.

    Source: TR-03110-3 C.3 (CVCA → link or document verifier → terminal).
    """
    if certificate.car != issuer.certificate.chr:
        raise AuthenticationError("the certificate names another authority")
    if not _may_issue(issuer.certificate.chat.role, certificate.chat.role):
        raise AuthenticationError("the issuer's role does not issue such certificates")
    return _with_key_of(certificate, issuer)


def verify_chain(
    trust_point: TrustedCertificate, certificates: Sequence[CvCertificate], *, on: date
) -> VerifiedChain:
    """Return the chain from ``trust_point`` to a terminal, good on the day ``on``.

    A trust point and links may have expired, as for a card; no certificate may be ahead of its
    time, because a card that takes it would set its date forward.

    Args:
        trust_point: the one to start from, from ``verify_trust_point``.
        certificates: links of trust points (or none), document verifier, terminal.
        on: the day, UTC.

    Raises:
        AuthenticationError: a certificate that the one before did not issue, is not valid on
            that day, or a chain that does not end with a terminal.
        MalformedDataError: a key that is no point of its curve.

    Source: TR-03110-3 C.3, C.4; vectors ``cv_certificates.json`` (chains).
    """
    holder = trust_point
    for certificate in certificates:
        holder = verify_issued(certificate, holder)
        _check_days(certificate, on)
    if holder.certificate.chat.role is not Role.TERMINAL:
        raise AuthenticationError("the chain does not end with a terminal")
    return VerifiedChain(trust_point.certificate, tuple(certificates), holder)


def _may_issue(issuer: Role, holder: Role) -> bool:
    if issuer is Role.CVCA:
        return holder is not Role.TERMINAL
    return issuer.is_document_verifier and holder is Role.TERMINAL


def _with_key_of(certificate: CvCertificate, issuer: TrustedCertificate) -> TrustedCertificate:
    issuer.verify(certificate.signature, certificate.body)
    return TrustedCertificate(certificate, certificate.public_key.domain or issuer.domain)


def _check_days(certificate: CvCertificate, on: date) -> None:
    if on < certificate.effective:
        raise AuthenticationError("a certificate is not effective yet")
    if on > certificate.expiration and certificate.chat.role is not Role.CVCA:
        raise AuthenticationError("a certificate has expired")


def _domain(certificate: CvCertificate) -> Domain:
    if certificate.public_key.domain is None:
        raise UsageError("a self-signed certificate was parsed without its curve")
    return certificate.public_key.domain
