"""A service that signs and a desk that believes it, both with clocks that tests set."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cardservice.desk.knowledge import AskService, Knowledge
from cardservice.desk.proven_time import ProvenTime, TimeBound
from cardservice.domain.numbers import Enp
from cardservice.domain.proven_time import Moment, TimeGrade
from cardservice.domain.register import AnswerSource, CardStatus, RegisterAnswer
from cardservice.pki.authority import CertificateAuthority
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.revocations import Revocation
from cardservice.pki.service_tokens import TrustClaims, sign_time, sign_trust
from cardservice.pki.status_list_tokens import StatusListSigner
from cardservice.pki.status_list_trust import LIST_SIGNER_TERMS, STATUS_LIST_TYPE
from tests.unit.pki.office import FUND, NOW, START, key, root
from tests.unit.pki.status_lists import URI, list_signer

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
NONCE = "bm9uY2Ugb2YgMTYgb2N0ZXRz"
LIST = 1
ENP = Enp("7750930842000018")


def card(place: int, number: int = LIST) -> int:
    """Return the card number of a place of a list."""
    return number << 32 | place


@dataclass
class Clocks:
    """Both clocks of a PC; each is set alone or they run on together."""

    wall: datetime = NOW
    monotonic: float = 1_000.0

    def run(self, elapsed: timedelta) -> None:
        self.wall += elapsed
        self.monotonic += elapsed.total_seconds()

    def sleep(self, elapsed: timedelta) -> None:
        """A machine whose monotonic clock stands still while it sleeps."""
        self.wall += elapsed


@dataclass
class Pc:
    """A PC on which the desk runs, is stopped and runs again; ``disk`` stays."""

    clocks: Clocks = field(default_factory=Clocks)
    disk: list[TimeBound] = field(default_factory=list)

    def start(self) -> ProvenTime:
        self.clocks.monotonic = 5.0  # every boot begins anew
        return ProvenTime(
            monotonic=lambda: self.clocks.monotonic,
            wall=lambda: self.clocks.wall,
            kept=self.disk[-1] if self.disk else None,
            keep=self.disk.append,
        )

    def prove(self, time: ProvenTime, signed: datetime, journey: float = 0.0) -> Moment:
        sent = self.clocks.monotonic
        self.clocks.run(timedelta(seconds=journey))
        return time.proved(
            signed, sent_at_monotonic=sent, received_at_monotonic=self.clocks.monotonic
        )


@cache  # a signature is another one each time, and so would be the list
def revocations(
    *serials: int,
    number: int = 1,
    at: datetime = NOW - timedelta(days=1),
    authority: CertificateAuthority | None = None,
) -> bytes:
    entries = [Revocation(serial, at) for serial in serials]
    return (authority or root()).issue_revocations(entries, number=number, at=at)


def other_signer() -> StatusListSigner:
    """Return the signer that follows ``list_signer``: another key, another certificate."""
    octets = root().issue_signer(
        FUND,
        public_key=key("next list key").public_key,
        serial=78,
        at=START,
        terms=LIST_SIGNER_TERMS,
        types=(STATUS_LIST_TYPE,),
    )
    return StatusListSigner(parse_certificate(octets), key("next list key"))


def trust_claims(**changes: Any) -> TrustClaims:
    said: dict[str, Any] = {
        "issued": NOW - 5 * MINUTE,
        "expires": NOW + 96 * HOUR,
        "roots": (root().certificate.der,),
        "revocations": (revocations(),),
        "lists": {LIST: URI},
    }
    return TrustClaims(**{**said, **changes})


def trust_token(signer: StatusListSigner | None = None, **changes: Any) -> str:
    return sign_trust(signer or list_signer(), trust_claims(**changes))


def time_token(
    at: datetime = NOW, *, nonce: str = NONCE, signer: StatusListSigner | None = None
) -> str:
    return sign_time(signer or list_signer(), nonce=nonce, at=at)


@dataclass
class Desk:
    """A desk's knowledge at a time that tests set."""

    now: datetime = NOW
    ask: AskService | None = None
    knowledge: Knowledge = field(init=False)

    def __post_init__(self) -> None:
        self.knowledge = Knowledge(
            [root().certificate.der], production=True, moments=self.moment, ask=self.ask
        )

    def moment(self) -> Moment:
        return Moment(at=self.now, grade=TimeGrade.PROVEN, since_proof=timedelta(0))

    def look_up(self, place: int, number: int = LIST) -> RegisterAnswer | None:
        return self.knowledge.look_up(ENP, card_number=card(place, number))


def said(card_status: CardStatus, as_of: datetime = NOW, **changes: Any) -> RegisterAnswer:
    """Return an answer of the service."""
    facts: dict[str, Any] = {
        "newest_record": NOW - 48 * HOUR,
        "trust_layer": True,
        "source": AnswerSource.REGISTER,
    }
    return RegisterAnswer(card=card_status, as_of=as_of, **{**facts, **changes})
