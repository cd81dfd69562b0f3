"""The whole chain for tests: an issuer in memory, blank and made cards, a clinic's desk.

One clock that stands still until a test moves it, keys that live as long as the process.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.domain.numbers import Enp
from cardservice.domain.register import CardStatus, RegisterAnswer
from cardservice.keystores.memory import (
    DEMONSTRATION_TRANSPORT_MASTER,
    TRANSPORT_MASTER,
    InsecureMemoryKeyStore,
)
from cardservice.personalization.order import CardOrder
from cardservice.personalization.ports import IssuerKeys
from cardservice.personalization.station import IssuedCards, MadeCard, Station
from cardservice.pki.authority import CertificateAuthority, create_root
from cardservice.pki.certificates import parse_certificate
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.names import Fund, root_name
from cardservice.pki.revocations import Revocation
from cardservice.pki.trust import TrustStore
from cardservice.policycard.photo import Photo, PhotoFormat
from cardservice.transport.inprocess import SeamLink, open_seam
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from cardservice.verify.ports import Examiner, PolicyRegister
from simulators.card import SoftwareCard, blank_card
from simulators.reader import Card, InProcessReader
from tests.unit.policycard.golden_records import insurer_record, owner_record

START = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
LISTED = START + timedelta(days=9)  # the revocation list, in force for a week
SIGNED = START + timedelta(days=10)
NOW = START + timedelta(days=12)
FUND = Fund("77001", "Фонд обязательного медицинского страхования")
REGION = "45000"  # of the golden insurer's record
LIST_NUMBER = 1
SIGNER_SERIAL = 0x1234_5678_9ABC
PHOTO = Photo(PhotoFormat.JPEG, b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)


@dataclass
class StandingClock:
    """A clock that shows ``now`` until a test sets it."""

    now: datetime = SIGNED

    def __call__(self) -> datetime:
        return self.now


@dataclass
class MemoryRegister:
    """A register of issued cards; ``stopped`` makes it unreachable, ``as_of`` old."""

    clock: Callable[[], datetime]
    newest: dict[str, datetime] = field(default_factory=dict)
    cards: dict[int, CardStatus] = field(default_factory=dict)
    stopped: bool = False
    as_of: datetime | None = None
    asked: list[tuple[str, int | None]] = field(default_factory=list)
    made: list[MadeCard] = field(default_factory=list)

    def issued(self, made: MadeCard) -> None:
        enp = made.order.holder.enp
        self.made.append(made)
        self.newest[enp] = max(made.signed_at, self.newest.get(enp, made.signed_at))
        self.cards[made.order.card_number] = CardStatus.ACTIVE

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer | None:
        self.asked.append((enp, card_number))
        if self.stopped:
            return None
        card = CardStatus.UNKNOWN
        if card_number is not None:
            card = self.cards.get(card_number, CardStatus.UNKNOWN)
        newest = self.newest.get(enp)
        return RegisterAnswer(
            newest_record=newest,
            trust_layer=newest is not None,
            card=card,
            as_of=self.as_of or self.clock(),
        )


class TrustingRegister:
    """A register that says of every card that it is good, to see what else speaks against it."""

    def look_up(self, enp: Enp, *, card_number: int | None) -> RegisterAnswer:
        return RegisterAnswer(
            newest_record=START, trust_layer=False, card=CardStatus.ACTIVE, as_of=NOW
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The root, a document signer under it and the station's masters."""

    root: CertificateAuthority
    keys: IssuerKeys

    @property
    def signer(self) -> DocumentSigner:
        return self.keys.signer

    def revocations(self, *revoked: int, at: datetime = LISTED, number: int = 1) -> bytes:
        entries = [Revocation(serial, at) for serial in revoked]
        return self.root.issue_revocations(entries, number=number, at=at)

    def trust(
        self, revocations: Sequence[bytes] | None = None, *, production: bool = False
    ) -> TrustStore:
        """Return a desk's store; with an empty list in force unless others are given."""
        lists = [self.revocations()] if revocations is None else revocations
        return TrustStore([self.root.certificate.der], revocations=lists, production=production)


@cache
def issuer(name: str = "Policy Scheme", *, demonstration: bool = False) -> Issuer:
    """Return the issuer of that name, whose keys are new in each test run."""
    keys = InsecureMemoryKeyStore(production=False)
    root = create_root(
        keys.generate("root"),
        subject=root_name(name),
        serial=1,
        at=START,
        demonstration=demonstration,
    )
    key = keys.generate("signer")
    der = root.issue_signer(FUND, public_key=key.public_key, serial=SIGNER_SERIAL, at=START)
    masters = IssuerKeys(
        transport_master=keys.put_secret(TRANSPORT_MASTER, DEMONSTRATION_TRANSPORT_MASTER),
        issuer_master=keys.generate_secret("issuer-master"),
        signer=DocumentSigner(parse_certificate(der), key),
    )
    return Issuer(root=root, keys=masters)


def new_ephemeral() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def an_order(
    *, index: int = 7, photo: Photo | None = None, insurer: str = "insurer-plain"
) -> CardOrder:
    """Return an order for the golden holder and insurer."""
    owner = owner_record("owner-snils")
    return CardOrder(
        holder=owner.holder,
        insurance=insurer_record(insurer).insurance,
        fund=FUND.code,
        list_number=LIST_NUMBER,
        list_index=index,
        issue_date=owner.issue_date,
        photo=photo,
    )


def link_to(card: Card) -> SeamLink:
    """Return a link to ``card``, in a new reader of this process."""
    reader = InProcessReader("reader of a test")
    reader.insert(card)
    return open_seam(reader.connect)


def desk(
    register: PolicyRegister | None,
    *,
    trust: TrustStore | None = None,
    now: datetime = NOW,
    new_ephemeral: Callable[[], ec.EllipticCurvePrivateKey] = new_ephemeral,
) -> CardExaminer:
    """Return a clinic's examiner in the region of the golden insurer."""
    store = issuer().trust() if trust is None else trust
    judge = Judge(store, register=register, clock=lambda: now, region=REGION)
    return CardExaminer(judge, new_ephemeral=new_ephemeral)


def station(
    issued: IssuedCards, *, examiner: Examiner | None = None, clock: StandingClock | None = None
) -> Station:
    """Return a station of the issuer, which reads its cards back as a clinic without a register."""
    standing = clock or StandingClock()
    return Station(
        issuer().keys,
        examiner=examiner or desk(None, now=standing.now),
        issued=issued,
        entropy=secrets.token_bytes,
        clock=standing,
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A made card, what the station said of it, and the register that knows it."""

    card: SoftwareCard
    made: MadeCard
    register: MemoryRegister


def make_card(order: CardOrder | None = None, *, signed: datetime = SIGNED) -> Issued:
    """Return a new card, made at ``signed`` by a station of the issuer."""
    clock = StandingClock(signed)
    register = MemoryRegister(clock)
    card = blank_card()
    made = station(register, clock=clock).make(link_to(card), order or an_order())
    clock.now = NOW
    return Issued(card, made, register)


@cache
def _kept(photo: Photo | None) -> Issued:
    return make_card(an_order(photo=photo))


def issued_card(*, photo: Photo | None = None) -> Issued:
    """Return a made card that tests share; copy the card before anything is done to it."""
    kept = _kept(photo)
    known = kept.register
    register = replace(known, newest=dict(known.newest), cards=dict(known.cards), asked=[])
    return Issued(kept.card, kept.made, register)
