"""The verification service over an opened home: its application, its server, and what it renews."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from cardservice.accounts.assertions import Assertions
from cardservice.errors import CardServiceError, Refusal
from cardservice.home.clinics import ClinicHome
from cardservice.home.issuer import new_ephemeral, new_scalar
from cardservice.registry.clinics import desk_of_client
from cardservice.registry.ports_clinics import ClinicDesk
from cardservice.registry.stations_numbers import LIST_NUMBER
from cardservice.serving.clinics_tls import Tls
from cardservice.serving.listening import web_settings
from cardservice.web.api.common import API
from cardservice.web.clinics import fhir_parts, ops
from cardservice.web.clinics.app import create_clinic_app
from cardservice.web.clinics.app_parts import SERVICE, ClinicService
from cardservice.web.clinics.card_sessions_relay import open_sessions
from cardservice.web.clinics.clients import DeskKeys, KnownClients
from cardservice.web.clinics.clients_tokens import AccessTokens
from cardservice.web.clinics.limits import new_limits
from cardservice.web.clinics.parts import CardTerms, ClinicParts
from cardservice.web.clinics.probes import DatabaseUp, DiskFree, ListAge, SignerLeft
from cardservice.web.metrics import Metrics
from cardservice.web.serve import GRACE_S

LOOK_S: Final = 10.0  # between looks whether something is due
AGAIN_S: Final = 60.0  # after a job failed
STOP_S: Final = 30.0
KEEP_ALIVE_S: Final = 75
"""A clinic's system keeps its connection between the steps of a card: it stays with one process."""
LONGEST_MESSAGE: Final = 256 * 1024
_QUEUE: Final = 4  # messages of one client that may wait: it speaks in turn
_log: Final = logging.getLogger(__name__)


def clinic_parts_of(home: ClinicHome, metrics: Metrics) -> ClinicParts:
    """Return what the routes for clinics need; starts nothing."""
    service, enrolment = _service(home), home.terminal.enrolment
    return ClinicParts(
        office=home.office.office,
        region=home.office.region,
        clients=service.clients,
        judge=home.judges,
        cards=CardTerms(enrolment=enrolment, new_ephemeral=new_ephemeral, new_scalar=new_scalar),
        statement_keys=home.statement_keys,
        version_key=home.keys.versions,
        more={SERVICE: service, ops.NAME: _ops(home, metrics), fhir_parts.NAME: _fhir(home)},
    )


def clinics_app(home: ClinicHome) -> FastAPI:
    """Return the application of an opened home; starts nothing."""
    settings = home.office.settings
    named = settings.model_copy(update={"public_address": home.address})
    made: list[FastAPI] = []
    metrics = Metrics(lambda: sum(open_sessions(app) for app in made))
    parts = clinic_parts_of(home, metrics)
    made.append(create_clinic_app(parts, settings=web_settings(named)))
    return made[0]


def clinics_server(home: ClinicHome, tls: Tls | None = None) -> uvicorn.Server:
    """Return the server of an opened home, not begun."""
    config = uvicorn.Config(
        clinics_app(home),
        log_config=None,
        access_log=False,
        server_header=False,
        # Only where something stands before us that says who asks, and on this machine.
        proxy_headers=home.office.settings.clinics_address is not None,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_max_queue=_QUEUE,
        ws_per_message_deflate=False,
        **({} if tls is None else tls.options()),
    )
    return uvicorn.Server(config)


def serve_clinics(home: ClinicHome, listener: socket.socket, *, tls: Tls | None = None) -> None:
    """Answer on ``listener`` until told to stop; renew and publish meanwhile."""
    with upkeep_running(home):
        clinics_server(home, tls).run(sockets=[listener])


@contextmanager
def clinics_serving(home: ClinicHome, listener: socket.socket) -> Iterator[None]:
    """Answer on ``listener`` from a thread meanwhile."""
    server = clinics_server(home)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="clinics", daemon=True
    )
    with upkeep_running(home):
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(STOP_S)


@contextmanager
def upkeep_running(home: ClinicHome, *, look_s: float = LOOK_S) -> Iterator[None]:
    """Do in a thread meanwhile what is due: the signer, the own terminal, the list."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_keep_up, args=(Upkeep(home), stop, look_s), name="upkeep", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_S)


class Upkeep:
    """What has to be done when its time has come; processes of one machine take turns.

    Args:
        home: what is kept up.
        timer: seconds that never go back.
    """

    def __init__(self, home: ClinicHome, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._jobs: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("list-signer", home.renew_signer),
            ("terminal", home.terminal.renew_if_due),
            ("status-list", home.publisher.publish_if_due),
        )
        self._timer = timer
        self._not_before: dict[str, float] = {}

    def look(self) -> tuple[str, ...]:
        """Do what is due; return the names of what was done. Never raises."""
        return tuple(name for name, do in self._jobs if self._is_done(name, do))

    def _is_done(self, name: str, do: Callable[[], bool]) -> bool:
        if self._timer() < self._not_before.get(name, float("-inf")):
            return False
        try:
            done = do()
        except (CardServiceError, OSError) as error:
            self._not_before[name] = self._timer() + AGAIN_S
            code = error.code if isinstance(error, Refusal) else type(error).__name__
            _log.error("not renewed: %s: %s", name, code)
            return False
        if done:
            _log.info("renewed: %s", name)
        return done


def _keep_up(upkeep: Upkeep, stop: threading.Event, look_s: float) -> None:
    while not stop.is_set():
        upkeep.look()
        stop.wait(look_s)


def _service(home: ClinicHome) -> ClinicService:
    office, programs = home.office.office, home.office.sign_in.api_tokens
    tokens = AccessTokens(home.keys.access, address=home.address, clock=office.clock)

    def find_desk(client_id: str) -> ClinicDesk:
        return desk_of_client(office, client_id)

    return ClinicService(
        clients=KnownClients(
            tokens,
            find_desk=find_desk,
            find_program=programs.recognise,
            timer=time.monotonic,
        ),
        desks=home.desks,
        assertions=Assertions(
            DeskKeys(find_desk), audience=f"{home.address}{API}/token", clock=office.clock
        ),
        spent=home.spent,
        tokens=tokens,
        signer=home.signer,
        trust=home.trust,
        lists=home.lists,
        cards_key=home.keys.cards,
        limits=new_limits(),
    )


def _ops(home: ClinicHome, metrics: Metrics) -> ops.OpsParts:
    clock = home.office.office.clock
    return ops.OpsParts(
        metrics=metrics,
        database=DatabaseUp(home.office.database),
        published=ListAge(home.lists.folder / f"{LIST_NUMBER}.json", clock),
        signer=SignerLeft(lambda: home.signer.signer().usage.end, clock),
        others=(DiskFree(home.folder.path),),
    )


def _fhir(home: ClinicHome) -> fhir_parts.FhirParts:
    papers = home.office.papers
    insurers = {} if papers is None else {papers.insurer.ogrn: papers.insurer.name}
    return fhir_parts.FhirParts(systems=fhir_parts.systems_at(home.address), insurers=insurers)
