"""Who issues CV certificates: the CVCA for document verifiers, these for terminals.

Nothing here draws or reads a clock: keys, references and days are arguments.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Final

from cardservice.errors import UsageError
from cardservice.pki.cv.certificates import CertificateFields, CvCertificate, sign_certificate
from cardservice.pki.cv.chat import Chat
from cardservice.pki.cv.keys import public_key_of
from cardservice.pki.cv.references import HolderReference
from cardservice.pki.cv.requests import VerifiedRequest
from cardservice.pki.cv.terms import ALL_RIGHTS, Role, TerminalRights
from cardservice.pki.keys import SigningKey

DOCUMENT_VERIFIER_DAYS: Final = 90
"""A quarter: a document verifier that lost its right is out by itself, and cards keep no list."""
TERMINAL_DAYS: Final = 7
"""A week: so long a stolen terminal goes on reading cards, and a desk may be offline."""


@dataclass(frozen=True, slots=True)
class _Issuer:
    """A certificate with its private key; raises UsageError for another role or another key."""

    certificate: CvCertificate
    key: SigningKey
    ROLES: ClassVar[frozenset[Role]] = frozenset()

    def __post_init__(self) -> None:
        role = self.certificate.chat.role
        if role not in self.ROLES:
            raise UsageError(f"a certificate of the role {role.name} is not of this kind")
        if public_key_of(self.key).without_domain() != self.certificate.public_key.without_domain():
            raise UsageError("the key is not the one of the certificate")

    def _issue(
        self, request: VerifiedRequest, role: Role, rights: TerminalRights, *, at: date, days: int
    ) -> CvCertificate:
        self._require_own(request)
        self._require_in_time(at)
        if rights & self.certificate.chat.rights != rights:
            raise UsageError("nobody gives rights they do not have")
        last = at + timedelta(days=days - 1)  # the first day counts
        return sign_certificate(
            CertificateFields(
                car=self.certificate.chr,
                chr=request.chr,
                public_key=request.public_key.without_domain(),
                chat=Chat.inspection_system(role, rights),
                effective=at,
                expiration=min(last, self.certificate.expiration),
            ),
            self.key,
        )

    def _require_own(self, request: VerifiedRequest) -> None:
        if request.car not in (None, self.certificate.chr):
            raise UsageError("the request asks for another authority's signature")
        # The curve is inherited along the chain, so every key must be on it.
        if request.public_key.domain is not public_key_of(self.key).domain:
            raise UsageError("the request is for a key on another curve")

    def _require_in_time(self, at: date) -> None:
        if not self.certificate.is_valid_on(at):
            raise UsageError("the issuer's own certificate is not valid on that day")


class Cvca(_Issuer):
    """A country verifying certification authority: the trust point of cards, with its key."""

    __slots__ = ()
    ROLES = frozenset({Role.CVCA})

    def issue_document_verifier(
        self,
        request: VerifiedRequest,
        *,
        rights: TerminalRights,
        at: date,
        days: int = DOCUMENT_VERIFIER_DAYS,
    ) -> CvCertificate:
        """Return a domestic document verifier's certificate.

        Args:
            request: with the verifier's key and reference.
            rights: not more than the CVCA has.
            at: first day of validity; a card that is shown it sets its date to this day.
            days: 1 to 90, the first and the last included; fewer if the CVCA ends before.

        Raises:
            UsageError: a day, number of days, right, curve or authority that cannot be.
        """
        _require_days(days, DOCUMENT_VERIFIER_DAYS)
        return self._issue(request, Role.DOMESTIC_DV, rights, at=at, days=days)

    def link_to(self, successor: CvCertificate) -> CvCertificate:
        """Return the link certificate: what ``successor`` says, signed with this CVCA's key.

        A card that has this trust point takes it and has the successor from then on.

        Args:
            successor: the self-signed certificate of the next key.

        Raises:
            UsageError: not self-signed, of another holder, not a later key, or effective outside
                this CVCA's validity.

        Source: TR-03110-3 C.1 (link certificates).
        """
        ours = HolderReference.parse(self.certificate.chr)
        theirs = HolderReference.parse(successor.chr)
        if not successor.is_self_signed or not theirs.is_same_holder(ours) or theirs == ours:
            raise UsageError("a link leads from one key of a CVCA to its next")
        self._require_in_time(successor.effective)
        fields = CertificateFields(
            car=self.certificate.chr,
            chr=successor.chr,
            public_key=successor.public_key,
            chat=successor.chat,
            effective=successor.effective,
            expiration=successor.expiration,
            extensions=successor.extensions,
        )
        return sign_certificate(fields, self.key)


class DocumentVerifier(_Issuer):
    """An office that certifies the terminals of clinics, with its key."""

    __slots__ = ()
    ROLES = frozenset({Role.FOREIGN_DV, Role.DOMESTIC_DV})

    def issue_terminal(
        self,
        request: VerifiedRequest,
        *,
        rights: TerminalRights,
        at: date,
        days: int = TERMINAL_DAYS,
    ) -> CvCertificate:
        """Return a terminal's certificate.

        Args:
            request: with the terminal's key and reference.
            rights: not more than the document verifier has.
            at: first day of validity; a card that is shown it sets its date to this day.
            days: 1 to 7, the first and the last included; fewer if the verifier ends before.

        Raises:
            UsageError: a day, number of days, right, curve or authority that cannot be.
        """
        _require_days(days, TERMINAL_DAYS)
        return self._issue(request, Role.TERMINAL, rights, at=at, days=days)


def create_cvca(
    key: SigningKey,
    *,
    holder: HolderReference,
    effective: date,
    expiration: date,
    rights: TerminalRights = ALL_RIGHTS,
) -> Cvca:
    """Return a CVCA with its self-signed certificate, which cards get as DGI D010.

    Args:
        key: its private key, new for every sequence number.
        holder: its reference.
        effective: first day of validity.
        expiration: last day of validity.
        rights: the most that any terminal under it can have.

    Raises:
        UsageError: days the wrong way round, or a key that cannot sign CV certificates.

    Source: TR-03110-3 C.1.
    """
    fields = CertificateFields(
        car=holder.encode(),
        chr=holder.encode(),
        public_key=public_key_of(key),
        chat=Chat.inspection_system(Role.CVCA, rights),
        effective=effective,
        expiration=expiration,
    )
    return Cvca(sign_certificate(fields, key), key)


def _require_days(days: int, most: int) -> None:
    if not 1 <= days <= most:
        raise UsageError(f"such a certificate is valid for 1 to {most} days")
