"""Whom a desk believes: judges a document signer at signing time and now.

The judgement is a table in two halves. First everything that makes a signer *wrong*
(``invalid``), then everything that leaves it *open* (``undecided``); what passes both is
good. A signer is never judged better than the worst that is known of it.

| finding | outcome | reason |
|---|---|---|
| names one of our authorities' keys, but that key did not sign it | invalid | signer-unknown |
| leads to a demonstration root, in production | invalid | test-card |
| wrong key usage, a CA, no policy document type, an unknown critical extension | invalid |
  signer-not-allowed |
| signed before or after the usage period, or at a time nobody said | invalid |
  signer-out-of-usage-period |
| revoked, even by a stale list | invalid | signer-revoked |
| leads to no authority here | undecided | signer-unknown |
| certificate or authority not valid now | undecided | signer-expired |
| no list of the issuer | undecided | revocations-unavailable |
| list past nextUpdate, or newer than the desk's clock | undecided | revocations-stale |

Source: card.md, section 3; RFC 5280, 6.1 and 6.3; ICAO 9303-11, 5.1 and 9303-12, 6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from cardservice.domain.verdict import Outcome, Reason
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki import extensions as ext
from cardservice.pki.anchors import Authority, AuthoritySet
from cardservice.pki.certificates import Certificate, parse_certificate
from cardservice.pki.extensions import KeyUsage, UsagePeriod
from cardservice.pki.oids import Oid
from cardservice.pki.revocations import RevocationList, parse_revocation_list

SIGNERS_KEPT = 1_024  # octets are attacker's choice, so the cache is bounded
CLOCK_TOLERANCE = timedelta(minutes=5)  # between an issuer's clock and a desk's

_UNDERSTOOD = frozenset({Oid.KEY_USAGE, Oid.BASIC_CONSTRAINTS})
"""Critical extensions of a signer that are judged here; any other forbids its use."""


@dataclass(frozen=True, slots=True)
class SignerJudgement:
    """What to show for *signer trusted*; ``age`` is that of the revocation data, if any."""

    outcome: Outcome
    reason: Reason
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Chain:
    """What is known of an allowed signer without asking for the time.

    Attributes:
        validity: when its certificate and its authority's are both valid.
    """

    issuer: bytes
    serial: int
    usage: UsagePeriod
    validity: UsagePeriod


FORGED = SignerJudgement(Outcome.INVALID, Reason.SIGNER_UNKNOWN)
TEST_CARD = SignerJudgement(Outcome.INVALID, Reason.TEST_CARD)
NOT_ALLOWED = SignerJudgement(Outcome.INVALID, Reason.SIGNER_NOT_ALLOWED)
OUT_OF_USAGE_PERIOD = SignerJudgement(Outcome.INVALID, Reason.SIGNER_OUT_OF_USAGE_PERIOD)
UNKNOWN = SignerJudgement(Outcome.UNDECIDED, Reason.SIGNER_UNKNOWN)
EXPIRED = SignerJudgement(Outcome.UNDECIDED, Reason.SIGNER_EXPIRED)
UNAVAILABLE = SignerJudgement(Outcome.UNDECIDED, Reason.REVOCATIONS_UNAVAILABLE)


class TrustStore:
    """Roots, links and revocation lists of one desk; safe to share between threads.

    Args:
        roots: self-signed root certificates, DER, the demonstration roots among them.
        links: link certificates, DER, in any order.
        revocations: revocation lists, DER, as ``add_revocations`` takes them.
        production: refuse whatever leads to a demonstration root.

    Raises:
        MalformedDataError, AuthenticationError: a file that cannot be believed; the store is
            the operator's, so it is put right and not worked around.
    """

    def __init__(
        self,
        roots: Iterable[bytes],
        *,
        links: Iterable[bytes] = (),
        revocations: Iterable[bytes] = (),
        production: bool,
    ) -> None:
        self._authorities = AuthoritySet(roots, links)
        self._production = production
        self._chains: dict[bytes, _Chain | SignerJudgement] = {}
        self._lists: dict[bytes, RevocationList] = {}
        self._writing = Lock()
        for octets in revocations:
            self.add_revocations(octets)

    def add_revocations(self, octets: bytes) -> RevocationList:
        """Return the list now in force for its issuer, which is this one or the same again.

        Raises:
            MalformedDataError: no complete revocation list.
            AuthenticationError: signed by no authority here that may sign lists, or its
                number is not higher than that of the list held: numbers never go back.
        """
        offered = parse_revocation_list(octets)
        self._require_signed(offered)
        with self._writing:
            held = self._lists.get(offered.issuer)
            if held is None or offered.number > held.number:
                self._lists[offered.issuer] = offered
            elif offered.der != held.der:
                raise AuthenticationError(
                    f"revocation list {offered.number} is not newer than {held.number}"
                )
        return offered

    def judge_signer(
        self, signer_der: bytes, *, signing_time: datetime | None, now: datetime
    ) -> SignerJudgement:
        """Return whether this signer was allowed to sign then and is still believed now.

        Args:
            signer_der: from a *verified* security object.
            signing_time: from the same; aware. None is judged as outside the usage period.
            now: the desk's clock, aware.
        """
        chain = self._chains.get(signer_der)
        if chain is None:
            chain = self._remember(signer_der, self._build(signer_der))
        if isinstance(chain, SignerJudgement):
            return chain
        if signing_time is None or not chain.usage.holds(signing_time):
            return OUT_OF_USAGE_PERIOD
        return _judge_now(chain, self._lists.get(chain.issuer), now)

    def _remember(
        self, signer_der: bytes, chain: _Chain | SignerJudgement
    ) -> _Chain | SignerJudgement:
        with self._writing:
            while len(self._chains) >= SIGNERS_KEPT:
                del self._chains[next(iter(self._chains))]
            self._chains[signer_der] = chain
        return chain

    def _require_signed(self, offered: RevocationList) -> None:
        for authority in self._authorities.issuers_of(offered.issuer, offered.authority_key):
            may_sign = ext.key_usage_of(authority.certificate) & KeyUsage.CRL_SIGN
            refused = self._production and authority.demonstration
            if may_sign and not refused and authority.has_signed(offered):
                return
        raise AuthenticationError("revocation list is signed by no authority in the store")

    def _build(self, signer_der: bytes) -> _Chain | SignerJudgement:
        try:
            certificate = parse_certificate(signer_der)
            authority = self._authorities.find_issuer(certificate)
            if authority is None:
                return UNKNOWN
            if self._production and authority.demonstration:
                return TEST_CARD
            return _chain(certificate, authority) if _is_allowed(certificate) else NOT_ALLOWED
        except MalformedDataError:
            return NOT_ALLOWED
        except AuthenticationError:
            return FORGED


def _is_allowed(certificate: Certificate) -> bool:
    critical = {name for name, one in certificate.extensions.items() if one.critical}
    return (
        bool(ext.key_usage_of(certificate) & KeyUsage.DIGITAL_SIGNATURE)
        and not ext.is_authority(certificate)
        and ext.POLICY_DOCUMENT_TYPE in ext.document_types_of(certificate)
        and critical <= _UNDERSTOOD
    )


def _chain(certificate: Certificate, authority: Authority) -> _Chain:
    begin = max(certificate.not_before, authority.certificate.not_before)
    end = min(certificate.not_after, authority.certificate.not_after)
    usage = ext.usage_period_of(certificate)
    return _Chain(certificate.issuer, certificate.serial, usage, UsagePeriod(begin, end))


def _judge_now(chain: _Chain, held: RevocationList | None, now: datetime) -> SignerJudgement:
    if held is not None and chain.serial in held.revoked:
        age = max(now - held.this_update, timedelta())
        return SignerJudgement(Outcome.INVALID, Reason.SIGNER_REVOKED, age)
    if not chain.validity.holds(now):
        return EXPIRED
    if held is None:
        return UNAVAILABLE
    age = max(now - held.this_update, timedelta())
    if not held.this_update - CLOCK_TOLERANCE <= now <= held.next_update:
        return SignerJudgement(Outcome.UNDECIDED, Reason.REVOCATIONS_STALE, age)
    return SignerJudgement(Outcome.VALID, Reason.SIGNER_GOOD, age)
