"""Who may sign status lists: whom the issuer's root certified for that, and for nothing else.

A list's signer works every half hour on a machine with a network, so it is no document signer:
its certificate has a document type of its own. A stolen list key makes no cards, and a document
signer's key makes no lists.

Source: RFC 5280, 6.1; ICAO 9303-12, 7.1 (documentTypeList); ``cardservice.pki.trust``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import extensions as ext
from cardservice.pki.anchors import Authority, AuthoritySet
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.extensions import KeyUsage
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import RevocationList
from cardservice.pki.terms import Terms
from cardservice.pki.trust import (
    CLOCK_TOLERANCE,
    EXPIRED,
    FORGED,
    NOT_ALLOWED,
    OUT_OF_USAGE_PERIOD,
    TEST_CARD,
    UNAVAILABLE,
    UNKNOWN,
    SignerJudgement,
    TrustStore,
)

STATUS_LIST_TYPE: Final = "SL"
"""Our document type of lists [P], as ``POLICY_DOCUMENT_TYPE`` is that of cards."""

LIST_SIGNER_TERMS: Final = Terms(signs=3, holds=4)
"""A list is good for days; a month is more than any of them outlives the key by."""

_UNDERSTOOD: Final = frozenset({Oid.KEY_USAGE, Oid.BASIC_CONSTRAINTS})
"""Critical extensions that are judged here; any other forbids the use."""


class ListSigners:
    """Whom one desk believes about lists; its anchors are those of its cards.

    Args:
        roots, links: as of ``TrustStore``.
        revocations: revocation lists, DER, as ``add_revocations`` takes them.
        production: refuse whatever leads to a demonstration root.

    Raises:
        MalformedDataError, AuthenticationError: as ``TrustStore``.
    """

    def __init__(
        self,
        roots: Iterable[bytes],
        *,
        links: Iterable[bytes] = (),
        revocations: Iterable[bytes] = (),
        production: bool,
    ) -> None:
        anchors, further = tuple(roots), tuple(links)
        self._authorities = AuthoritySet(anchors, further)
        self._store = TrustStore(anchors, links=further, production=production)
        self._production = production
        self._held: dict[bytes, RevocationList] = {}
        for octets in revocations:
            self.add_revocations(octets)

    def add_revocations(self, octets: bytes) -> RevocationList:
        """Return the revocation list now in force for its issuer; raises as ``TrustStore``."""
        held = self._store.add_revocations(octets)
        self._held[held.issuer] = held
        return held

    def judge(self, signer_der: bytes, *, issued: datetime, now: datetime) -> SignerJudgement:
        """Return whether this signer might sign a list then, and is still believed now.

        Args:
            signer_der: the certificate a list names, from anybody.
            issued: the list's time, aware.
            now: the desk's proven time, aware.
        """
        try:
            certificate = parse_certificate(signer_der)
            authority = self._authorities.find_issuer(certificate)
            if authority is None:
                return UNKNOWN
            if self._production and authority.demonstration:
                return TEST_CARD
            if not _is_allowed(certificate):
                return NOT_ALLOWED
            return self._judge_times(certificate, authority, issued=issued, now=now)
        except MalformedDataError:
            return NOT_ALLOWED
        except AuthenticationError:
            return FORGED

    def _judge_times(
        self, certificate: Certificate, authority: Authority, *, issued: datetime, now: datetime
    ) -> SignerJudgement:
        if not ext.usage_period_of(certificate).holds(issued):
            return OUT_OF_USAGE_PERIOD
        held = self._held.get(certificate.issuer)
        age = timedelta() if held is None else max(now - held.this_update, timedelta())
        if held is not None and certificate.serial in held.revoked:
            return SignerJudgement(Outcome.INVALID, Reason.SIGNER_REVOKED, age)
        if not all(_is_in_force(one, now) for one in (certificate, authority.certificate)):
            return EXPIRED
        if held is None:
            return UNAVAILABLE
        if not held.this_update - CLOCK_TOLERANCE <= now <= held.next_update:
            return SignerJudgement(Outcome.UNDECIDED, Reason.REVOCATIONS_STALE, age)
        return SignerJudgement(Outcome.VALID, Reason.SIGNER_GOOD, age)


def _is_allowed(certificate: Certificate) -> bool:
    critical = {name for name, one in certificate.extensions.items() if one.critical}
    return (
        bool(ext.key_usage_of(certificate) & KeyUsage.DIGITAL_SIGNATURE)
        and not ext.is_authority(certificate)
        and ext.document_types_of(certificate) == {STATUS_LIST_TYPE}
        and critical <= _UNDERSTOOD
    )


def _is_in_force(certificate: Certificate, now: datetime) -> bool:
    return certificate.not_before - CLOCK_TOLERANCE <= now <= certificate.not_after
