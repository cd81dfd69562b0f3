"""A desk's day: every card of the demonstration on its reader, asked about by all who may ask."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from cardservice.data import Table, read_table
from cardservice.domain.rows import Accepted, read_rows
from cardservice.home.demonstration import DemonstrationCards, make_demonstration
from cardservice.home.desk_pairing import DeskPairings
from cardservice.home.issuer import scratch_home, utc_now
from cardservice.texts.demonstration import DEMONSTRATION_CARDS
from cardservice.transport.inprocess import InProcessWatch
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.state import Phase
from cardservice.web.desk.views import key_of
from cardservice.web.local.install import install_local
from cardservice.web.metrics import Metrics
from cardservice.web.request_log import RequestLog
from tests.unit.home.test_office_demonstration import cheap_settings
from tests.unit.serving.whole_logs import People, asks_wrongly, failing_too, serving

VERDICT_WITHIN_S: Final = 20.0
SYSTEM: Final = "https://clinic.example.org"
"""The clinic system whose pages may ask this desk."""


def shows_cards(metrics: Metrics, folder: Path) -> People:
    """Put every card on a reader, let page and systems ask, err and fail; return their people."""
    with ExitStack() as stack:
        home, keys = stack.enter_context(scratch_home(cheap_settings()))
        cards, hub = make_demonstration(home, keys), DeskHub()
        runner = DeskRunner(
            hub=hub,
            watch=InProcessWatch(cards.tray.readers.values()),
            examiner=home.examiner(),
        )
        app, pairings = failing_too(create_app(hub, demonstration=cards)), DeskPairings(folder)
        install_local(app, pairings, origins=[SYSTEM], compat_origin=SYSTEM)
        address = stack.enter_context(serving(RequestLog(app, metrics)))
        runner.start()
        stack.callback(runner.stop)
        _, token = pairings.add("МИС", SYSTEM, at=utc_now())
        asks = {"Origin": SYSTEM, "Authorization": f"Bearer {token}"}
        reader, people = next(iter(cards.tray.readers)), people_of(cards)
        with (
            httpx.Client(base_url=address) as browser,
            httpx.Client(base_url=address, headers=asks) as system,
        ):
            for card in DEMONSTRATION_CARDS:
                asking = Asking(browser, system, reader, cards.printed(card.value) or "")
                show(cards, hub, card.value, asking)
            whom, number = min(people.names), min(people.numbers)
            for line in (browser, system):
                asks_wrongly(line, app, whom, number)
                line.get(f"/{whom}/fails")  # the server ends the connection after it
    return people


def people_of(cards: DemonstrationCards) -> People:
    """Return the holders of the demonstration, and what their cards have printed on them."""
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    holders = [one.order.holder for one in rows if isinstance(one, Accepted)]
    numbers = {one.enp for one in holders} | {one.snils for one in holders if one.snils}
    return People(
        frozenset(one.surname for one in holders),
        frozenset({*map(str, numbers), *cards.numbers.values()}),
    )


@dataclass(frozen=True)
class Asking:
    """Who asks about the card that lies there: the page, and a clinic system in two ways."""

    browser: httpx.Client
    system: httpx.Client
    reader: str
    printed: str

    def __call__(self) -> None:
        self.browser.get("/")
        self.browser.get("/api/v1/desk")
        self.browser.get(f"/{self.printed}")
        self.system.get(f"/local/v1/readers/{key_of(self.reader)}/verdict")
        self.system.get("/", params={"args": "surname,name,patr,enp,birth_date,sex"})


def show(cards: DemonstrationCards, hub: DeskHub, card: str, ask: Callable[[], None]) -> None:
    """Put a card on the first reader, ask once it was examined, and take it away."""
    reader = next(iter(cards.tray.readers))
    cards.tap(card, reader)
    until = time.monotonic() + VERDICT_WITHIN_S
    while time.monotonic() < until:
        if any(one.phase is Phase.JUDGED for one in hub.state.readers):
            break
        time.sleep(0.005)
    ask()
    cards.lift(reader)
