"""A desk enrolled at a service that may lie."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cardservice.desk.freshness import Topic
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.errors import CardServiceError
from cardservice.home.desk import DeskEnrolment, desk_home
from cardservice.home.desk_at_work import DeskAtWork, desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_refresh import DeskRefresher, code_of
from cardservice.home.desk_time import monotonic
from cardservice.home.enrolment_files import DeskWish
from cardservice.keystores.memory import InsecureMemoryKeyStore
from cardservice.settings import Settings
from tests.simulated.desk_agent.service import CODE, Service, service_at
from tests.unit.home.homes import settings_at


@dataclass
class Place:
    """A desk's home and keys; several programs come and go in it."""

    service: Service
    path: Path
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )
    whole_s: float = 2.0

    @property
    def settings(self) -> Settings:
        return settings_at(self.path)

    @property
    def terms(self) -> ServiceTerms:
        return ServiceTerms(
            address=self.service.address, connect_s=0.5, whole_s=self.whole_s, list_s=self.whole_s
        )

    def enrol(
        self, code: str = CODE, confirm: Callable[[DeskWish], None] = lambda _: None
    ) -> DeskEnrolment:
        with ServiceLink(self.terms) as link:
            return enrol_desk(
                desk_home(self.settings),
                self.keys,
                OpenCalls(link, entropy=lambda count: bytes(range(count)), monotonic=monotonic),
                CodeGiven(service=self.service.address, code=code),
                confirm=confirm,
                production=False,
            )

    @contextmanager
    def at_work(self) -> Iterator["AtWork"]:
        with desk_at_work(self.settings, self.keys, terms=self.terms) as desk:
            yield AtWork(desk, DeskRefresher(desk))


@dataclass
class AtWork:
    """A desk and what refreshes it, step by step in the test's own thread."""

    desk: DeskAtWork
    refresher: DeskRefresher

    def fetch(self, topic: Topic) -> str | None:
        """Return the code of why it failed; None: it did not."""
        try:
            self.refresher.fetch(topic)
        except CardServiceError as error:
            return code_of(error)
        return None

    def fetch_all(self) -> list[str | None]:
        return [self.fetch(topic) for topic in Topic]


Start = Callable[[], AbstractContextManager[AtWork]]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_at(tmp_path / "issuer") as found:
        yield found


@pytest.fixture
def place(service: Service, tmp_path: Path) -> Place:
    return Place(service, tmp_path / "home")


@pytest.fixture
def desk(place: Place) -> Iterator[AtWork]:
    place.enrol()
    with place.at_work() as found:
        yield found
