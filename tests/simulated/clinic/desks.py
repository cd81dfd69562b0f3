"""A clinic's desk in the town: its own folder, keys, reader and page, over the real line."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cardservice.desk.freshness import Topic
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.domain.verdict import Check, Reason, Verdict
from cardservice.errors import CardServiceError
from cardservice.home.desk import DeskEnrolment, desk_home
from cardservice.home.desk_at_work import DeskAtWork, desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_refresh import DeskRefresher, Reported, code_of
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.settings import Settings, load_settings
from cardservice.transport.inprocess import InProcessWatch
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from simulators.reader import Card, InProcessReader
from tests.simulated.clinic.door import until
from tests.simulated.clinic.town import Town

READER: Final = "Reader 1"
NAME: Final = "Окно 1"


@dataclass
class DeskAt:
    """A desk at work, step by step in the test's own thread; its reader has threads of its own."""

    at_work: DeskAtWork
    refresher: DeskRefresher
    reader: InProcessReader
    hub: DeskHub

    def fetch(self, topic: Topic) -> str | None:
        """Return the code of why it failed; None: it did not."""
        try:
            self.refresher.fetch(topic)
        except CardServiceError as error:
            return code_of(error)
        return None

    def refresh(self) -> set[str]:
        """Ask for everything; return the codes of what failed."""
        return {code for topic in Topic if (code := self.fetch(topic)) is not None}

    def renew(self) -> str | None:
        """Return the code of why the certificate was not renewed; None: it was."""
        try:
            self.refresher.renew()
        except CardServiceError as error:
            return code_of(error)
        return None

    def report(self) -> Reported:
        """Tell the service what waits."""
        return self.refresher.report()

    def token(self) -> str:
        """Return the access token that the desk has."""
        return self.at_work.calls._tokens.token(self.at_work.link)

    @property
    def waiting(self) -> int:
        """How many presentations were not told yet."""
        return self.at_work.queue.state.waiting

    def tap(self, card: Card) -> Verdict:
        """Lay a card on the reader, and take it away; return the verdict that the page had."""
        before = self.waiting
        self.reader.insert(card)
        try:
            until(self._judged)
            (shown,) = self.hub.state.readers
            examination = shown.examination
        finally:
            self.reader.remove()
        until(lambda: self.waiting == before + 1)
        assert examination is not None
        assert examination.verdict is not None, examination.problem
        return examination.verdict

    def _judged(self) -> bool:
        return any(one.examination is not None for one in self.hub.state.readers)


@dataclass
class Place:
    """Where a desk stands: its folder and keys; programs come and go in it."""

    town: Town
    path: Path
    name: str = NAME
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )
    whole_s: float = 5.0
    address: str = ""

    @property
    def settings(self) -> Settings:
        """Those of the desk."""
        return load_settings(home=self.path)

    @property
    def terms(self) -> ServiceTerms:
        """How long it waits, and whom it asks: the service, or a line to it."""
        address = self.address or self.town.service
        return ServiceTerms(
            address=address, connect_s=1.0, whole_s=self.whole_s, list_s=self.whole_s
        )

    def enrol(self, code: str) -> DeskEnrolment:
        """Enrol with a code of the office."""
        with ServiceLink(ServiceTerms(address=self.town.service)) as link:
            return enrol_desk(
                desk_home(self.settings),
                self.keys,
                OpenCalls(link, entropy=secrets.token_bytes, monotonic=self.town.clock.monotonic),
                CodeGiven(service=self.town.service, code=code),
                confirm=lambda _: None,
                production=False,
            )

    @contextmanager
    def at_work(self) -> Iterator[DeskAt]:
        """Lend the desk, its reader watched."""
        hub, reader = DeskHub(), InProcessReader(READER)
        with desk_at_work(self.settings, self.keys, terms=self.terms) as desk:
            runner = DeskRunner(
                hub=hub,
                watch=InProcessWatch([reader]),
                examiner=desk.examiners.live,
                report=desk.queue.add,
                moments=desk.time.now,
            )
            runner.start()
            try:
                yield DeskAt(desk, DeskRefresher(desk), reader, hub)
            finally:
                runner.stop()


def check(verdict: Verdict, *reasons: Reason) -> Check:
    """Return the one check of a verdict that has one of the reasons."""
    (found,) = [one for one in verdict.checks if one.reason in reasons]
    return found
