"""Whom a desk is to trust, as the service tells it: taken only as far as the desk's roots vouch.

The first root is pinned when the desk is enrolled. From then on a root is added only where a
root of the desk has signed a link to its key; a revocation list is taken only with the signature
of such an authority; and nothing goes back to what was before.

Source: ICAO 9303-12, 5.3 (link certificates); RFC 5280, 5.2.3 and 6.3; ``cardservice.pki.trust``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique

from cardservice.desk.trust_roots import KnownRoots, linked_roots
from cardservice.domain.numbers import Ogrn
from cardservice.domain.verdict import Outcome
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.revocations import RevocationList, parse_revocation_list
from cardservice.pki.service_tokens import (
    LONGEST_TRUST_TOKEN,
    TRUST_TYPE,
    TrustClaims,
    UnverifiedToken,
    read_service_token,
    trust_claims,
)
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.trust import CLOCK_TOLERANCE, TrustStore


@unique
class TrustFault(StrEnum):
    """Why a trust token, or a part of it, is not believed; stable, for pages and logs."""

    MALFORMED = "trust-malformed"
    TOO_LONG = "trust-too-long"
    SIGNER_REFUSED = "trust-signer-refused"
    SIGNER_UNDECIDED = "trust-signer-undecided"
    ALTERED = "trust-altered"
    NOT_YET = "trust-not-yet"
    EXPIRED = "trust-expired"
    OLDER = "trust-older"
    NOT_LINKED = "trust-root-not-linked"
    REVOCATIONS_REFUSED = "trust-revocations-refused"
    REVOCATIONS_OLDER = "trust-revocations-older"


class TrustError(AuthenticationError):
    """A trust token is not believed; ``fault`` says why."""

    def __init__(self, fault: TrustFault) -> None:
        super().__init__(f"the list of authorities is not believed: {fault.value}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustBundle:
    """Whom a desk believes from now on.

    Attributes:
        token: as it came, to be kept and verified again.
        issued, expires: UTC.
        roots: self-signed certificates, DER: the pinned ones first.
        links: link certificates, DER.
        revocations: newest revocation list of each authority, DER.
        statement_keys: OGRN and SubjectPublicKeyInfo, DER, of who signs temporary certificates.
        lists: number of a status list → its URI.
        not_linked: roots that came and were not taken, since nothing vouches for them.
        production: whatever leads to a demonstration root is refused.
    """

    token: str = field(repr=False)
    issued: datetime
    expires: datetime
    roots: tuple[bytes, ...] = field(repr=False)
    links: tuple[bytes, ...] = field(repr=False)
    revocations: tuple[bytes, ...] = field(repr=False)
    statement_keys: tuple[tuple[Ogrn, bytes], ...] = field(repr=False)
    lists: Mapping[int, str]
    not_linked: int
    production: bool

    def trust_store(self) -> TrustStore:
        """Return what judges the signers of cards."""
        return TrustStore(
            self.roots,
            links=self.links,
            revocations=self.revocations,
            production=self.production,
        )

    def list_signers(self) -> ListSigners:
        """Return what judges the signers of status lists, of the time and of the next bundle."""
        return ListSigners(
            self.roots,
            links=self.links,
            revocations=self.revocations,
            production=self.production,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTrust:
    """What a desk holds against the next token.

    Attributes:
        pinned: roots, DER, of the desk's enrolment.
        newest: the bundle that is believed now; None: there was none yet.
        production: refuse whatever leads to a demonstration root.
    """

    pinned: tuple[bytes, ...] = field(repr=False)
    newest: TrustBundle | None = field(default=None, repr=False)
    production: bool


def verify_trust(token: str, *, expected: ExpectedTrust, now: datetime) -> TrustBundle:
    """Return the bundle that the token proves, with what the desk had before.

    Args:
        token: from anybody.
        expected: what the desk has.
        now: the desk's time, aware.

    Raises:
        TrustError: what is wrong, as ``fault``; nothing else is ever raised. NOT_LINKED is never
            raised: such a root is left aside and counted.
    """
    if len(token) > LONGEST_TRUST_TOKEN:
        raise TrustError(TrustFault.TOO_LONG)
    try:
        read = read_service_token(token, typ=TRUST_TYPE)
        claims = trust_claims(read.said)
        # Roots and revocation lists prove themselves; so the signer is judged by the newest.
        bundle = _assembled(token, claims, expected)
        _require_signed(read, claims, bundle.list_signers(), now=now)
    except MalformedDataError:
        raise TrustError(TrustFault.MALFORMED) from None
    _require_now(claims, expected, now=now)
    return bundle


def linked_signers(token: str, *, expected: ExpectedTrust) -> ListSigners:
    """Return who would judge signers if the roots of the token were taken that links lead to.

    For a desk that does not know the time well enough to judge the token: roots and links prove
    themselves at any time. Neither the token nor its revocation lists are believed.

    Args:
        token: from anybody.
        expected: what the desk has.

    Raises:
        TrustError: TOO_LONG, MALFORMED.
    """
    if len(token) > LONGEST_TRUST_TOKEN:
        raise TrustError(TrustFault.TOO_LONG)
    try:
        offered = trust_claims(read_service_token(token, typ=TRUST_TYPE).said).roots
        roots = linked_roots(_known(expected), offered)
    except MalformedDataError:
        raise TrustError(TrustFault.MALFORMED) from None
    return ListSigners(
        roots.roots,
        links=roots.links,
        revocations=() if expected.newest is None else expected.newest.revocations,
        production=expected.production,
    )


def _known(expected: ExpectedTrust) -> KnownRoots:
    newest = expected.newest
    if newest is None:
        return KnownRoots(expected.pinned)
    return KnownRoots(newest.roots, newest.links)


def _assembled(token: str, claims: TrustClaims, expected: ExpectedTrust) -> TrustBundle:
    roots = linked_roots(_known(expected), claims.roots)
    return TrustBundle(
        token=token,
        issued=claims.issued,
        expires=claims.expires,
        roots=roots.roots,
        links=roots.links,
        revocations=_revocations(claims, roots, expected),
        statement_keys=claims.statement_keys,
        lists=claims.lists,
        not_linked=roots.left_aside,
        production=expected.production,
    )


def _revocations(
    claims: TrustClaims, roots: KnownRoots, expected: ExpectedTrust
) -> tuple[bytes, ...]:
    judge = TrustStore(roots.roots, links=roots.links, production=expected.production)
    before = () if expected.newest is None else expected.newest.revocations
    held = _by_issuer(parse_revocation_list(one) for one in before)
    offered = [parse_revocation_list(one) for one in claims.revocations]
    for one in offered:
        # First whose it is: of a stranger's list its number says nothing.
        try:
            # A store takes a list with a good signature, and of one issuer none but the first.
            judge.add_revocations(one.der)
        except AuthenticationError:
            raise TrustError(TrustFault.REVOCATIONS_REFUSED) from None
        _require_newer(one, held.get(one.issuer))
    return tuple(one.der for one in {**held, **_by_issuer(offered)}.values())


def _require_newer(offered: RevocationList, held: RevocationList | None) -> None:
    if held is None or offered.der == held.der:
        return
    if offered.number <= held.number or offered.this_update < held.this_update:
        raise TrustError(TrustFault.REVOCATIONS_OLDER)


def _by_issuer(lists: Iterable[RevocationList]) -> dict[bytes, RevocationList]:
    return {one.issuer: one for one in lists}


def _require_signed(
    read: UnverifiedToken, claims: TrustClaims, signers: ListSigners, *, now: datetime
) -> None:
    judged = signers.judge(read.signer_der, issued=claims.issued, now=now)
    if judged.outcome is not Outcome.VALID:
        refused = judged.outcome is Outcome.INVALID
        raise TrustError(TrustFault.SIGNER_REFUSED if refused else TrustFault.SIGNER_UNDECIDED)
    try:
        read.require_signed()
    except AuthenticationError:
        raise TrustError(TrustFault.ALTERED) from None


def _require_now(claims: TrustClaims, expected: ExpectedTrust, *, now: datetime) -> None:
    if claims.issued > now + CLOCK_TOLERANCE:
        raise TrustError(TrustFault.NOT_YET)
    if now >= claims.expires:
        raise TrustError(TrustFault.EXPIRED)
    if expected.newest is not None and claims.issued < expected.newest.issued:
        raise TrustError(TrustFault.OLDER)
