"""What a central service adds to a card: the time that a command takes to the station and back.

The same software card is made with keys in the process and through a central service on the
loopback, with the journal in memory both times. What is more, a command, is the figure: a network
adds its own round trip to it.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench.cards import card_orders
from bench.figures import FULL, Figure, Pace
from cardservice.home.central import CentralHome
from cardservice.home.central_tokens import CentralTokens
from cardservice.home.folder import Folder
from cardservice.home.issuer import Home, new_ephemeral, new_scalar, scratch_home, utc_now
from cardservice.home.station_central import CentralStation
from cardservice.home.station_keys import issuer_keys
from cardservice.personalization.central_book import CentralBook
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.order import CardOrder
from cardservice.personalization.station import MadeCard, Station
from cardservice.pki.keys import KeyStore
from cardservice.serving.central import central_serving
from cardservice.settings import load_settings
from cardservice.transport.registry import open_link
from cardservice.verify.examiner import CardExaminer
from cardservice.verify.judging import Judge
from cardservice.web.serve import bind

LOOPBACK: Final = "127.0.0.1"
BLANK: Final = "sim:"
TARGET_MS: Final = 1
MS: Final = 1_000  # in a second
DIGITS: Final = 3
REFERENCE: Final = "the same card, keys in this process: a command of the host and the card"


@dataclass(frozen=True, slots=True)
class Ways:
    """Both ways to make a card.

    Attributes:
        here: with the keys in this process.
        far: through the central.
    """

    orders: list[CardOrder]
    here: Callable[[CardOrder], MadeCard]
    far: Callable[[CardOrder], MadeCard]


def central(pace: Pace = FULL) -> Figure:
    """Measure what a command takes more through a central service on the loopback."""
    with _ways(pace.cards + 1) as ways:
        ways.here(ways.orders[0])
        ways.far(ways.orders[0])
        pairs = [(_ms(ways.here, one), _ms(ways.far, one)) for one in ways.orders[1:]]
    here, far = (median(one) for one in zip(*pairs, strict=True))
    return Figure(
        name="station.central",
        value=round(far - here, DIGITS),
        unit="ms/command",
        reference=REFERENCE,
        reference_value=round(here, DIGITS),
        note=f"added on the loopback, journal calls and connecting included; target {TARGET_MS} ms",
    )


def _ms(make: Callable[[CardOrder], MadeCard], order: CardOrder) -> float:
    """Return the milliseconds of a command, of a card made so."""
    start = perf_counter()
    made = make(order)
    return (perf_counter() - start) * MS / made.commands


@contextmanager
def _ways(cards: int) -> Iterator[Ways]:
    with (
        scratch_home(load_settings()) as (home, keys),
        TemporaryDirectory(prefix="cardservice-") as place,
        bind(LOOPBACK, 0) as listener,
    ):
        made, token = _central(home, keys, Path(place))
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        with central_serving(made, listener):
            here, far = _station(made), CentralStation(url, token, journal=_journal())
            yield Ways(
                card_orders(home, cards),
                lambda order: here.make(open_link(BLANK), order),
                lambda order: far.make(open_link(BLANK), order),
            )


def _central(home: Home, keys: KeyStore, place: Path) -> tuple[CentralHome, str]:
    tokens = CentralTokens(place / "tokens")
    examiner = _examiner(home)
    made = CentralHome(
        keys=issuer_keys(Folder(home.folder.path), keys),
        examiner=lambda: examiner,
        preflight=lambda: None,
        book=CentralBook(MemoryJournal(utc_now)),
        tokens=tokens,
    )
    return made, tokens.draw("station", os.urandom)


def _station(made: CentralHome) -> Station:
    return Station(
        made.keys,
        examiner=made.examiner(),
        issued=None,
        entropy=secrets.token_bytes,
        clock=utc_now,
        journal=_journal(),
    )


def _examiner(home: Home) -> CardExaminer:
    judge = Judge(
        home.trust,
        register=None,
        clock=utc_now,
        region=None,
        register_max_age=timedelta(hours=1),
    )
    return CardExaminer(judge, new_ephemeral=new_ephemeral, new_scalar=new_scalar)


def _journal() -> StationJournal:
    return StationJournal(MemoryJournal(utc_now))
