"""A desk as ``cardservice desk run`` puts it together, in this process, on a free port."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Final

from bench.soak.desk_service import wait_until
from bench.soak.desk_truth import Book, NotingHub
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.home.desk import desk_home
from cardservice.home.desk_at_work import DeskAtWork, desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_pairing import DeskPairings
from cardservice.home.desk_time import monotonic
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.serving.desk import parts_of
from cardservice.serving.desk_agent import DeskAgent
from cardservice.settings import Settings, load_settings
from cardservice.transport.budget import BudgetedWatch
from cardservice.transport.pcsc.watch import PcscWatch
from cardservice.web.app import create_app
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.standing import DeskStanding
from cardservice.web.desk.state import DeskState, Phase
from cardservice.web.local.install import install_local
from cardservice.web.serve import DeskServer, bind

ORIGIN: Final = "https://clinic.example.org"
REFRESH: Final = timedelta(seconds=20)
"""Instead of half an hour, so that lists and trust come often."""
START_S: Final = 30.0
STOP_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class RunningDesk:
    """A desk that runs.

    Attributes:
        token: of a page that is paired with it.
    """

    hub: NotingHub
    book: Book
    agent: DeskAgent
    port: int
    token: str = field(repr=False)

    @property
    def state(self) -> DeskState:
        """What it shows now."""
        return self.hub.state

    def is_calm(self, readers: int) -> bool:
        """Return whether so many readers are there, and no card."""
        desk = self.state
        waiting = [one for one in desk.readers if one.phase is Phase.WAITING]
        return desk.trouble is None and len(waiting) == len(desk.readers) == readers

    def has_told_all(self) -> bool:
        """Return whether nothing waits to be told to the service."""
        return self.agent.condition.queue.waiting == 0


@contextmanager
def running_desk(folder: Path, *, address: str, code: str) -> Iterator[RunningDesk]:
    """Enrol a desk with ``code``, and lend it while it works."""
    settings = load_settings(home=folder, region=None)
    keys = InsecureMemoryKeyStore(production=False)
    _enrol(settings, keys, address=address, code=code)
    with ExitStack() as stack:
        at_work = stack.enter_context(desk_at_work(settings, keys))
        book = Book()
        hub = NotingHub(book)
        agent = DeskAgent(at_work, show=_shown_by(hub), every=REFRESH)
        agent.start()
        stack.callback(agent.stop)
        pairings = DeskPairings(folder)
        _, token = pairings.add("soak", ORIGIN, at=datetime.now(UTC))
        port = _serve(settings, at_work, hub, agent, pairings, stack)
        yield RunningDesk(hub, book, agent, port, token)


def _serve(  # noqa: PLR0913, PLR0917 - the parts of a desk
    settings: Settings,
    at_work: DeskAtWork,
    hub: NotingHub,
    agent: DeskAgent,
    pairings: DeskPairings,
    stack: ExitStack,
) -> int:
    parts = parts_of(at_work)
    app = create_app(hub, parts=parts)
    install_local(app, pairings, origins=[ORIGIN])
    runner = DeskRunner(
        hub=hub,
        watch=BudgetedWatch(PcscWatch(), settings.card_time_budget_s),
        examiner=at_work.examiners.live,
        report=agent.report,
        moments=parts.moments,
    )
    listener = stack.enter_context(bind("127.0.0.1", 0))
    server = DeskServer(app, hub)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="soak desk")
    runner.start()
    stack.callback(runner.stop)
    thread.start()
    stack.callback(_stop, server, thread)
    if not wait_until(lambda: server.started, START_S):
        raise TimeoutError("the desk's server did not start")
    return int(listener.getsockname()[1])


def _stop(server: DeskServer, thread: Thread) -> None:
    server.should_exit = True
    thread.join(STOP_S)


def _enrol(settings: Settings, keys: InsecureMemoryKeyStore, *, address: str, code: str) -> None:
    with ServiceLink(ServiceTerms(address=address)) as link:
        enrol_desk(
            desk_home(settings),
            keys,
            OpenCalls(link, entropy=secrets.token_bytes, monotonic=monotonic),
            CodeGiven(service=address, code=code),
            confirm=lambda _: None,
            production=False,
        )


def _shown_by(hub: NotingHub) -> Callable[[DeskStanding], None]:
    def show(standing: DeskStanding) -> None:
        hub.update(lambda desk: replace(desk, standing=standing))

    return show
