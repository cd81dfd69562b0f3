"""What a desk asks of a status list before it believes it.

In this order: its length, its form, its signer, its signature, which list it is, its times, that
it is no older than the one held, its width, and what it holds. Nothing is inflated before the
signature was verified.

Source: draft-ietf-oauth-status-list, sections 8.3 and 11; standards.md, section 9.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cardservice.domain.verdict import Outcome
from cardservice.errors import AuthenticationError, MalformedDataError
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.status_list import (
    BITS_AN_OCTET,
    CARD_BITS,
    STATUS_TYPES,
    StatusList,
    StatusListError,
    StatusListFault,
    StatusType,
    inflate,
)
from cardservice.pki.status_list_claims import StatusListClaims
from cardservice.pki.status_list_tokens import TokenForm, UnverifiedToken, read_token
from cardservice.pki.status_list_trust import ListSigners
from cardservice.pki.trust import CLOCK_TOLERANCE, SignerJudgement

MOST_PLACES: Final = 1 << 26  # twice what a country's cards lie in; 16 MiB in memory
_TWICE_BASE64: Final = 2  # 4/3 of 4/3 is less: statuses in a JWT are encoded twice
_ENVELOPE: Final = 65_536  # octets of headers, certificate, URI and signature, and to spare


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedList:
    """Which list a desk asks for.

    Attributes:
        uri: what its ``sub`` must be, letter by letter.
        form: CWT or JWT; nobody guesses it from the octets.
        newest_known: ``issued`` of the newest verified one; an older one is not taken.
        most_places: more are not inflated.
    """

    uri: str
    form: TokenForm = TokenForm.CWT
    newest_known: datetime | None = None
    most_places: int = MOST_PLACES

    @property
    def most_octets(self) -> int:
        """Octets of the statuses, inflated."""
        return self.most_places * CARD_BITS // BITS_AN_OCTET

    @property
    def most_token_octets(self) -> int:
        """Octets of the signed list, for whoever fetches one."""
        return _TWICE_BASE64 * self.most_octets + _ENVELOPE


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedStatusList:
    """A list that is believed.

    Attributes:
        uri: its name.
        issued: what it says was so then; ``now - issued`` is the age a verdict shows.
        expires: from then on it says nothing any more.
        ttl: after which a newer one is asked for; None: the desk's own rule.
        signer: how its signer was judged.
    """

    uri: str
    issued: datetime
    expires: datetime
    ttl: timedelta | None
    signer: SignerJudgement
    listed: StatusList = field(repr=False)

    def status_of(self, place: int) -> StatusType:
        """Return the status of the card with that index (EF.CardID, tag 55, last 4 octets).

        Not checked: that the list still holds; that depends on the desk's time.

        Raises:
            StatusListError: NO_SUCH_PLACE.
        """
        return STATUS_TYPES[self.listed.status_at(place)]


def verify_status_list(
    octets: bytes, *, expected: ExpectedList, signers: ListSigners, now: datetime
) -> VerifiedStatusList:
    """Return the list that ``octets`` are, proved to be the one that is expected.

    Args:
        octets: from anybody.
        signers: whom the desk believes.
        now: the desk's proven time, aware.

    Raises:
        StatusListError: what is wrong, as ``fault``; nothing else is ever raised.
    """
    try:
        token, claims = _read(octets, expected)
        signer = _verify_signed(token, claims.issued, signers=signers, now=now)
        _require_expected(claims, expected, now=now)
        listed = inflate(claims.lst, bits=claims.bits, most_octets=expected.most_octets)
    except MalformedDataError as error:
        raise StatusListError(StatusListFault.MALFORMED, str(error)) from None
    return VerifiedStatusList(
        uri=claims.uri,
        issued=claims.issued,
        expires=claims.expires,
        ttl=claims.ttl,
        signer=signer,
        listed=listed,
    )


def _read(octets: bytes, expected: ExpectedList) -> tuple[UnverifiedToken, StatusListClaims]:
    if len(octets) > expected.most_token_octets:
        raise StatusListError(StatusListFault.TOO_LONG, "the status list is longer than it may be")
    token = read_token(octets, expected.form)
    # The claims are needed before they are proved: the signer is judged at their time.
    return token, token.unverified_claims()


def _verify_signed(
    token: UnverifiedToken, issued: datetime, *, signers: ListSigners, now: datetime
) -> SignerJudgement:
    if token.signer_der is None:
        fault = StatusListFault.SIGNER_REFUSED
        raise StatusListError(fault, "the status list names no signer's certificate")
    judged = signers.judge(token.signer_der, issued=issued, now=now)
    if judged.outcome is not Outcome.VALID:
        refused = judged.outcome is Outcome.INVALID
        fault = StatusListFault.SIGNER_REFUSED if refused else StatusListFault.SIGNER_UNDECIDED
        raise StatusListError(fault, f"the status list's signer is not trusted: {judged.reason}")
    try:
        token.require_signed_by(parse_certificate(token.signer_der).public_key)
    except AuthenticationError:
        message = "the status list's signature does not fit what it says"
        raise StatusListError(StatusListFault.ALTERED, message) from None
    return judged


def _require_expected(claims: StatusListClaims, expected: ExpectedList, *, now: datetime) -> None:
    if claims.uri != expected.uri:
        raise StatusListError(StatusListFault.OTHER_LIST, "the status list is another one")
    if claims.issued > now + CLOCK_TOLERANCE:
        raise StatusListError(StatusListFault.NOT_YET, "the status list is of a time to come")
    if now >= claims.expires:
        raise StatusListError(StatusListFault.EXPIRED, "the status list has expired")
    if expected.newest_known is not None and claims.issued < expected.newest_known:
        message = "the status list is older than one that is known"
        raise StatusListError(StatusListFault.OLDER, message)
    if claims.bits != CARD_BITS:
        raise StatusListError(StatusListFault.OTHER_WIDTH, "the list has not two bits a card")
