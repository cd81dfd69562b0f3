"""A central service over a home: the issuer's keys, the stations' tokens, the book of what it made.

Each making has a ``Station`` of its own, over keys that are opened once; its card and its journal
are far away.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal, UsageError
from cardservice.home.central_tokens import CentralTokens
from cardservice.home.folder import Folder, read_marker
from cardservice.home.issuer import card_examiner, open_trust, utc_now
from cardservice.home.station_keys import KeySecrets, issuer_keys, open_key_store
from cardservice.personalization.central import Begin
from cardservice.personalization.central_book import CentralBook
from cardservice.personalization.central_journal import CentralJournal
from cardservice.personalization.journal_calls import Call
from cardservice.personalization.ports import IssuerKeys
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.trust import TrustStore
from cardservice.settings import Settings
from cardservice.storage.journal_file import JournalFile
from cardservice.verify.ports import Examiner, PresentedCard

FOLDER: Final = "central"  # in the home


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralHome:
    """What makes cards for stations that have no keys; safe for threads.

    Attributes:
        keys: the issuer's.
        examiner: returns what reads cards as a clinic does, by the revocations of this moment.
        preflight: raises Refusal when what is signed now would not be trusted.
        book: what this central made.
        tokens: whom it makes cards for.
    """

    keys: IssuerKeys = field(repr=False)
    examiner: Callable[[], Examiner]
    preflight: Callable[[], None]
    book: CentralBook
    tokens: CentralTokens
    clock: Callable[[], datetime] = utc_now

    def station_of(self, token: str) -> str | None:
        """Return the station that a token is of, None: of none."""
        return self.tokens.station_of(token)

    def make(self, card: PresentedCard, begin: Begin, call: Call) -> MadeCard:
        """Return the card that a station began; raises as ``Station.make``.

        Args:
            card: in the station's reader.
            begin: what is to be made.
            call: asks the station's journal.
        """
        station = Station(
            self.keys,
            examiner=self.examiner(),
            issued=None,
            entropy=secrets.token_bytes,
            clock=self.clock,
            preflight=self.preflight,
            journal=CentralJournal(call, book=self.book, clock=self.clock),
        )
        return station.make(card, begin.order, order_id=begin.order_id, lane=begin.lane)


@contextmanager
def opened_central(settings: Settings, given: KeySecrets) -> Iterator[CentralHome]:
    """Lend the central service of a home, its keys opened and its book locked.

    Raises:
        UsageError: the settings name another central service, which has the keys then.
        KeyStoreError: the keys cannot be opened.
        Refusal: no home, a damaged one, one for demonstration in production; another process
            writes the book.
    """
    if settings.station_central is not None:
        raise UsageError("unset station_central: a central service has the keys itself")
    folder = Folder(settings.home)
    if read_marker(folder)["demonstration"] and settings.production:
        raise Refusal("demonstration-home", "Production refuses this demonstration home.")
    with ExitStack() as stack:
        keys = issuer_keys(folder, open_key_store(settings, folder, given, stack))
        book = stack.enter_context(opened_book(settings))
        yield CentralHome(
            keys=keys,
            examiner=lambda: card_examiner(settings, _trust(settings), None),
            preflight=lambda: _require_trusted(_trust(settings), keys),
            book=book,
            tokens=tokens_of(settings),
        )


@contextmanager
def opened_book(settings: Settings) -> Iterator[CentralBook]:
    """Lend the book of a home's central; raises Refusal as ``JournalFile``."""
    folder = _folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = JournalFile(folder / "book", clock=utc_now)
    try:
        yield CentralBook(file)
    finally:
        file.close()


def tokens_of(settings: Settings) -> CentralTokens:
    """Return the tokens of a home's central."""
    return CentralTokens(_folder(settings) / "tokens")


def _folder(settings: Settings) -> Path:
    return Folder(settings.home).require().path / FOLDER


def _trust(settings: Settings) -> TrustStore:
    # Read each time: a service that runs for months sees every new revocation list.
    return open_trust(Folder(settings.home), production=settings.production)


def _require_trusted(trust: TrustStore, keys: IssuerKeys) -> None:
    now = utc_now()
    judged = trust.judge_signer(keys.signer.certificate.der, signing_time=now, now=now)
    if judged.outcome is not Outcome.VALID:
        raise Refusal(
            judged.reason,
            f"The document signer is not trusted now ({judged.reason}); "
            "renew it and the revocation list with: cardservice pki renew",
        )
