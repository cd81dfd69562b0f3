"""A central service on the loopback, its book in memory, and stations that have no keys."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cardservice.errors import CardServiceError
from cardservice.home.central import CentralHome
from cardservice.home.central_tokens import CentralTokens
from cardservice.home.station_central import CentralStation
from cardservice.home.station_central_terms import CentralTerms
from cardservice.personalization.central import Begin
from cardservice.personalization.central_book import CentralBook
from cardservice.personalization.journal_calls import Call, LaneJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.lane_faults import code_of
from cardservice.personalization.station import MadeCard
from cardservice.serving.central import central_serving
from cardservice.verify.ports import PresentedCard
from cardservice.web.central.app import MOST_OPEN
from cardservice.web.central.conversation import Bounds
from cardservice.web.serve import bind
from simulators.card import SoftwareCard
from tests.chain import NOW, SIGNED, an_order, desk, issuer, link_to

EXAMINER = desk(None, now=SIGNED)
QUICK = Bounds(begin_s=5.0, answer_s=10.0, whole_s=20.0)


@dataclass
class Watched:
    """A central that remembers how each making ended for it."""

    home: CentralHome
    ends: list[str] = field(default_factory=list)

    def station_of(self, token: str) -> str | None:
        return self.home.station_of(token)

    def make(self, card: PresentedCard, begin: Begin, call: Call) -> MadeCard:
        try:
            made = self.home.make(card, begin, call)
        except CardServiceError as error:
            self.ends.append(code_of(error))
            raise
        except BaseException as error:
            self.ends.append(type(error).__name__)
            raise
        self.ends.append("made")
        return made


@dataclass
class Centre:
    """A central's disk, which outlives its service.

    Attributes:
        url: of the service that runs now.
        memory: of its book.
    """

    path: Path
    clock: Callable[[], datetime] = lambda: SIGNED
    memory: MemoryJournal = field(default_factory=lambda: MemoryJournal(lambda: NOW))
    url: str = ""
    token: str = field(default="", repr=False)
    central: Watched | None = None

    @property
    def book(self) -> CentralBook:
        return CentralBook(self.memory)

    @property
    def ends(self) -> list[str]:
        return [] if self.central is None else self.central.ends

    def home(self) -> CentralHome:
        tokens = CentralTokens(self.path / "tokens")
        self.token = self.token or tokens.draw("station-1", os.urandom)
        return CentralHome(
            keys=issuer().keys,
            examiner=lambda: EXAMINER,
            preflight=lambda: None,
            book=self.book,
            tokens=tokens,
            clock=self.clock,
        )

    @contextmanager
    def serving(self, *, bounds: Bounds = QUICK, most_open: int = MOST_OPEN) -> Iterator[str]:
        """Run the service for the length of the block."""
        self.central = Watched(self.home())
        with (
            bind("127.0.0.1", 0) as listener,
            central_serving(self.central, listener, bounds=bounds, most_open=most_open),
        ):
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield self.url

    def station(self, journal: LaneJournal, **terms: Any) -> CentralStation:
        wanted = {"url": self.url, "token": self.token, "late_s": 10.0, **terms}
        return CentralStation(self.url, self.token, journal=journal, terms=CentralTerms(**wanted))


def memory_journal() -> StationJournal:
    return StationJournal(MemoryJournal(lambda: NOW))


def attempt(  # noqa: PLR0913 - one making, by keyword
    centre: Centre,
    journal: LaneJournal,
    card: SoftwareCard,
    *,
    order: str = "order-a",
    index: int = 1,
    link: PresentedCard | None = None,
) -> str:
    """Let the card be made; return what came of it, a code."""
    try:
        station = centre.station(journal)
        station.make(link or link_to(card), an_order(index=index), order_id=order)
    except CardServiceError as error:
        return code_of(error)
    finally:
        card.power_up()
    return "made"
