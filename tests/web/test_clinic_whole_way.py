"""The clerk's page of an enrolled desk: with the service, without it, and when it is back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cardservice.serving.desk import parts_of
from cardservice.serving.desk_agent import DeskAgent
from cardservice.web.app import create_app
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.serve import DeskServer, bind
from tests.registry.conftest import ready_file
from tests.simulated.clinic.clocks import TownClock
from tests.simulated.clinic.desks import DeskAt, Place
from tests.simulated.clinic.door import until
from tests.simulated.clinic.town import HeldCard, Town, new_town

__all__ = ["ready_file"]
pytestmark = pytest.mark.browser
SOON: Final = timedelta(seconds=0.3)
LOOK_S: Final = 0.05
STOP_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Clinic:
    """A desk with its page, and the town around it."""

    town: Town
    desk: DeskAt
    agent: DeskAgent
    card: HeldCard
    url: str

    @contextmanager
    def on_the_reader(self) -> Iterator[None]:
        """Lay the card on the reader for the length of the block."""
        self.desk.reader.insert(self.card.software)
        try:
            yield
        finally:
            self.desk.reader.remove()


@pytest.fixture
def clinic(ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """A desk whose agent asks again soon."""
    clock = TownClock()
    clock.rule(monkeypatch)
    for module in ("desk.freshness", "serving.desk_agent"):
        monkeypatch.setattr(f"cardservice.{module}.FIRST_RETRY", SOON)
        monkeypatch.setattr(f"cardservice.{module}.LAST_RETRY", SOON)
    # Links have event loops of their own, and the browser's occupies this thread.
    with ThreadPoolExecutor(1) as apart:
        stack, made = ExitStack(), new_clinic(tmp_path, ready_file, clock)
        try:
            yield apart.submit(stack.enter_context, made).result()
        finally:
            apart.submit(stack.close).result()


@contextmanager
def new_clinic(path: Path, database: Path, clock: TownClock) -> Iterator[Clinic]:
    """Lend a town with a desk and a card that the list knows."""
    with new_town(path, database, clock) as town:
        card = town.good_card()
        town.publish()
        place = Place(town, path / "desk")
        place.enrol(town.code(town.clinic()))
        with place.at_work() as desk, at_page(town, desk, card) as found:
            yield found


@contextmanager
def at_page(town: Town, desk: DeskAt, card: HeldCard) -> Iterator[Clinic]:
    """Lend a desk whose agent is at work and whose page is served."""

    def show(standing: DeskStanding) -> None:
        desk.hub.update(lambda state: replace(state, standing=standing))

    agent = DeskAgent(desk.at_work, show=show, every=SOON, look_s=LOOK_S)
    server = DeskServer(create_app(desk.hub, parts=parts_of(desk.at_work)), desk.hub)
    listener = bind("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    agent.start()
    thread.start()
    try:
        yield Clinic(town, desk, agent, card, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        agent.stop()
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()
        assert not thread.is_alive()


@pytest.fixture
def page(context: BrowserContext, clinic: Clinic) -> Page:
    """The desk's page, connected."""
    page = context.new_page()
    page.goto(clinic.url)
    page.wait_for_selector("[data-connection=open]")
    return page


def test_the_page_says_how_it_stands_while_the_service_goes_and_comes_back(
    clinic: Clinic, page: Page
) -> None:
    standing, word = page.locator(".standing"), page.locator(".word")
    expect(standing).to_have_attribute("data-mark", "online")
    with clinic.on_the_reader():
        expect(word).to_have_text("Действителен")
    until(lambda: clinic.desk.waiting == 0)

    clinic.town.door.shut()
    clinic.town.clock.go(hours=5)
    expect(standing.locator("strong")).to_have_text("Без связи с сервисом")
    expect(standing).to_contain_text("5 ч")
    with clinic.on_the_reader():
        expect(word).to_have_text("Действителен")
    until(lambda: clinic.desk.waiting == 1)
    expect(standing).to_contain_text("1")

    clinic.town.clock.go(hours=70)
    with clinic.on_the_reader():
        expect(word).to_have_text("Неясно")

    clinic.town.end_card(clinic.card, "block", "mislaid")
    clinic.town.open_service()
    clinic.town.publish()
    expect(standing).to_have_attribute("data-mark", "online")
    with clinic.on_the_reader():
        expect(word).to_have_text("Недействителен")
    until(lambda: clinic.desk.waiting == 0)
