"""A home put to use: a station that makes cards, an examiner that judges them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec

from cardservice.domain.orders import PolicyOrder
from cardservice.domain.register import CardStatus
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal, UsageError
from cardservice.home.anchors import read_anchors, trust_store
from cardservice.home.enrolment import load_enrolment
from cardservice.home.folder import (
    Folder,
    NewHome,
    establish,
    read_fund,
    read_marker,
)
from cardservice.home.station_keys import issuer_keys
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.document_signer import DocumentSigner
from cardservice.pki.keys import KeyStore
from cardservice.pki.names import Fund
from cardservice.pki.trust import TrustStore
from cardservice.settings import Settings
from cardservice.storage.ledger import CardLedger, LedgerEntry
from cardservice.verify.access import Enrolment
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge

STATUS_LIST: Final = 1  # this home's one status list
INDEX_BITS: Final = 32
DRAWS: Final = 64
"""Draws for a free place in the list; with 9 of 10 places taken, one search in 850 fails."""

DEMONSTRATION_FUND: Final = Fund("00000", "Образцовый фонд ОМС")


def utc_now() -> datetime:
    """Return the time of this machine's clock, aware."""
    return datetime.now(UTC)


def new_ephemeral() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def new_scalar(order: int) -> int:
    """Return a fresh secret for a group of that order, 1 to order - 1."""
    return 1 + secrets.randbelow(order - 1)


@dataclass(frozen=True, slots=True)
class Home:
    """An opened home: the ledger and the trust anchors; keys are fetched when cards are made."""

    folder: Folder
    settings: Settings
    ledger: CardLedger
    trust: TrustStore
    fund: Fund

    def examiner(self, *, enrolment: Enrolment | None = None) -> CardExaminer:
        """Return what judges cards at this home's desk, with its ledger as the register.

        Args:
            enrolment: from ``enrolment``; without it cards that ask for a terminal stay shut.
        """
        return card_examiner(self.settings, self.trust, self.ledger, enrolment=enrolment)

    def enrolment(self, keys: KeyStore) -> Enrolment | None:
        """Return what this desk shows to cards, good today; None if it was never enrolled.

        Raises:
            Refusal, KeyStoreError: as ``load_enrolment``.
        """
        return load_enrolment(self.folder, keys, on=utc_now().date())

    def station(self, keys: KeyStore) -> Station:
        """Return what makes cards with this home's keys.

        Raises:
            KeyStoreError: a key is missing, or cannot be opened.
            Refusal: the home is damaged.
        """
        issuer = issuer_keys(self.folder, keys)
        return Station(
            issuer,
            examiner=card_examiner(self.settings, self.trust, None),
            issued=_LedgerRecorder(self.ledger),
            entropy=secrets.token_bytes,
            clock=utc_now,
            preflight=lambda: self._require_trusted(issuer.signer),
        )

    def _require_trusted(self, signer: DocumentSigner) -> None:
        """Refuse to make cards that this home's own desk would not trust."""
        now = utc_now()
        judged = self.trust.judge_signer(signer.certificate.der, signing_time=now, now=now)
        if judged.outcome is not Outcome.VALID:
            raise Refusal(
                judged.reason,
                f"The document signer is not trusted now ({judged.reason}); "
                "renew it and the revocation list with: cardservice pki renew",
            )

    def order_for(
        self, policy: PolicyOrder, *, taken: Callable[[int], bool] = lambda _: False
    ) -> CardOrder:
        """Return the card order for a checked row, with a free place in the status list.

        Args:
            policy: the row.
            taken: says of a card's number, 48 bits, whether somebody has it whom the ledger does
                not know yet.

        Raises:
            Refusal: ``status-list-full``.
        """
        return CardOrder(
            holder=policy.holder,
            insurance=policy.insurance,
            fund=self.fund.code,
            list_number=STATUS_LIST,
            list_index=self._free_index(taken),
            issue_date=utc_now().date(),
        )

    def new_card_number(self, *, taken: Callable[[int], bool] = lambda _: False) -> int:
        """Return a free place in the status list, list number and index, as ``order_for``."""
        return _number(self._free_index(taken))

    def _free_index(self, taken: Callable[[int], bool]) -> int:
        for _ in range(DRAWS):
            index = secrets.randbelow(self.settings.status_list_places)
            number = _number(index)
            if not self.ledger.knows_card(number) and not taken(number):
                return index
        raise Refusal("status-list-full", "The status list has no free place left.")


def _number(index: int) -> int:
    return STATUS_LIST << INDEX_BITS | index


@dataclass(frozen=True, slots=True)
class _LedgerRecorder:
    """Writes made cards into the ledger: the station's ``IssuedCards``."""

    ledger: CardLedger

    def issued(self, made: MadeCard) -> None:
        self.ledger.record(
            LedgerEntry(
                enp=made.order.holder.enp,
                card_number=made.order.card_number,
                signed_at=made.signed_at,
                status=CardStatus.ACTIVE,
            )
        )


def open_home(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Home:
    """Return the home of ``settings``; no key is needed to judge cards.

    Raises:
        Refusal: no home there, of another version, damaged, or for demonstration in production.
    """
    folder = Folder(settings.home)
    marker = read_marker(folder)
    if marker["demonstration"] and settings.production:
        raise Refusal("demonstration-home", "Production refuses this demonstration home.")
    trust = open_trust(folder, production=settings.production)
    ledger = CardLedger(folder.ledger, clock=clock)
    return Home(folder, settings, ledger, trust, read_fund(folder))


def open_trust(folder: Folder, *, production: bool) -> TrustStore:
    """Return whom a home believes, as its files are now; raises Refusal ``home-damaged``."""
    return trust_store(folder, read_anchors(folder), production=production)


def anywhere_examiner(settings: Settings) -> CardExaminer:
    """Return an examiner for any card: with the home's anchors and ledger if there is a home.

    Without one nothing can be proved to be trusted, and the verdict says so.

    Raises:
        Refusal: there is a home, and it cannot be opened.
    """
    if Folder(settings.home).marker.is_file():
        return open_home(settings).examiner()
    trust = TrustStore([], production=settings.production)
    return card_examiner(settings, trust, None)


@contextmanager
def scratch_home(settings: Settings) -> Iterator[tuple[Home, KeyStore]]:
    """Lend a demonstration home in a temporary folder, its keys in memory; gone afterwards.

    Raises:
        UsageError: in production, which refuses demonstration keys.
    """
    if settings.production:
        sentence = "production refuses demonstration keys; unset CARDSERVICE_PRODUCTION to try it"
        raise UsageError(sentence)
    with TemporaryDirectory(prefix="cardservice-") as place:
        keys = InsecureMemoryKeyStore(production=settings.production)
        folder = Folder(Path(place))
        wish = NewHome(fund=DEMONSTRATION_FUND, demonstration=True)
        establish(folder, keys, wish, entropy=secrets.token_bytes, at=utc_now())
        yield open_home(settings.model_copy(update={"home": Path(place)})), keys


def card_examiner(
    settings: Settings,
    trust: TrustStore,
    register: CardLedger | None,
    *,
    enrolment: Enrolment | None = None,
) -> CardExaminer:
    """Return what reads and judges cards by the settings; without ``register`` it asks none."""
    judge = Judge(
        trust,
        register=register,
        clock=utc_now,
        region=settings.region,
        register_max_age=timedelta(hours=settings.revocation_max_age_h),
        zone=ZoneInfo(settings.time_zone),
    )
    return CardExaminer(
        judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar, enrolment=enrolment
    )
