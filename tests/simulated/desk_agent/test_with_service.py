"""The desk and the service of this house, over HTTP: what each says, the other understands."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn

from cardservice.desk.freshness import Topic
from cardservice.desk.presentations import Presentation
from cardservice.desklink.link import ServiceLink
from cardservice.desklink.open_calls import OpenCalls
from cardservice.desklink.terms import ServiceTerms
from cardservice.domain.numbers import Enp
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import AnswerSource, CardStatus
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.home.desk import DeskEnrolment, desk_home
from cardservice.home.desk_at_work import desk_at_work
from cardservice.home.desk_enrolling import CodeGiven, enrol_desk
from cardservice.home.desk_refresh import DeskRefresher
from cardservice.home.desk_time import monotonic
from cardservice.keystores.memory import InsecureMemoryKeyStore
from tests.registry.conftest import ready_file
from tests.simulated.desk_agent.conftest import AtWork
from tests.unit.home.homes import settings_at
from tests.unit.web_clinics import service_world
from tests.unit.web_clinics.service_world import CLINIC, Service, new_service

__all__ = ["ready_file"]
NAME = "Окно 1"
ENP = Enp("7750930842000015")


@dataclass
class Place:
    """A desk's home and keys."""

    address: str
    path: Path
    keys: InsecureMemoryKeyStore = field(
        default_factory=lambda: InsecureMemoryKeyStore(production=False)
    )

    def enrol(self, code: str) -> DeskEnrolment:
        with ServiceLink(ServiceTerms(address=self.address)) as link:
            return enrol_desk(
                desk_home(settings_at(self.path)),
                self.keys,
                OpenCalls(link, entropy=secrets.token_bytes, monotonic=monotonic),
                CodeGiven(service=self.address, code=code),
                confirm=lambda _: None,
                production=False,
            )

    @contextmanager
    def at_work(self) -> Iterator[AtWork]:
        with desk_at_work(settings_at(self.path), self.keys) as desk:
            yield AtWork(desk, DeskRefresher(desk))


@contextmanager
def served(service: Service, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(service.app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def service(ready_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setattr(service_world, "ADDRESS", address)
        with new_service(tmp_path / "issuer", database=ready_file) as made, served(made, listener):
            yield made


@pytest.fixture
def place(service: Service, tmp_path: Path) -> Place:
    assert service is not None
    return Place(service_world.ADDRESS, tmp_path / "desk-home")


def test_a_desk_enrols_learns_asks_reports_renews_and_is_ended(
    service: Service, place: Place
) -> None:
    clinic = service.clinic()
    enrolment = place.enrol(service.code(clinic))
    assert (enrolment.desk, enrolment.clinic) == (NAME, CLINIC.name)
    with place.at_work() as desk:
        assert desk.fetch_all() == [None, None, None]
        moment = desk.desk.time.now()
        assert moment.grade is TimeGrade.PROVEN
        assert abs(moment.at - service.clock()) < timedelta(minutes=1)
        held = desk.desk.knowledge.held_list(1)
        assert held is not None
        answer = desk.desk.knowledge.look_up(ENP, card_number=1 << 32 | 3)
        assert answer is not None
        assert (answer.source, answer.card) == (AnswerSource.REGISTER, CardStatus.UNKNOWN)
        desk.desk.queue.add(
            Presentation(
                id=UUID(int=1),
                at=moment.at,
                grade=TimeGrade.PROVEN,
                outcome=Outcome.VALID,
                reason="data-intact",
                card_number=1 << 32 | 3,
            )
        )
        assert desk.refresher.report().taken == 1
        service.clock.go(days=5)
        desk.fetch(Topic.TIME)
        assert desk.refresher.renewal_is_due()
        desk.refresher.renew()
        assert not desk.refresher.renewal_is_due()


def test_a_code_is_good_once_and_for_the_desk_that_lost_its_answer(
    service: Service, place: Place, tmp_path: Path
) -> None:
    code = service.code(service.clinic())
    place.enrol(code.lower())
    with pytest.raises(Refusal) as refused:
        Place(place.address, tmp_path / "another").enrol(code)
    assert refused.value.code == "enrolment-code-wrong"
