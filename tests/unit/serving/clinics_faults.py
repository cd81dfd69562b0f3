"""What goes wrong in a clinic's day, each time with people in it: questions, and the program."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from cardservice.papers.statement.signed import sign_statement
from cardservice.serving.clinics import Upkeep
from cardservice.serving.desk_agent import DeskAgent
from cardservice.web.clinics.fhir_parts import FHIR, systems_at
from cardservice.web.request_log import HEADER
from tests.simulated.clinic.desks import DeskAt
from tests.simulated.clinic.door import PATIENCE_S
from tests.simulated.clinic.town import API
from tests.unit.papers import examples
from tests.unit.serving.clinics_day import HOLDERS, ClinicsDay, said, stream_of
from tests.unit.serving.whole_logs import asks_wrongly, raising_about

ID_LEN: Final = 32  # hexadecimal digits
FAILING: Final = (
    ("statements", "verify_statement"),
    ("presentations", "take_presentations"),
    ("fhir", "look_up"),
    ("card_sessions_stream", "opening_of"),
)
"""Module of the routes, and what is called in it."""


def errs(day: ClinicsDay, line: httpx.Client) -> None:
    """Send every route what it does not take, in bodies, addresses, headers and frames."""
    for card, holder in zip(day.cards, HOLDERS, strict=True):
        surname, enp = holder["surname"], day.enp(card)
        for _ in range(3):
            asks_wrongly(line, day.town.door.app, surname, enp)
        line.get(f"{API}/people/{surname}/{enp}", params={"name": surname})
        names_in_headers = {"Authorization": f"Bearer {enp}", "X-Request-ID": enp}
        line.post(f"{API}/status-questions", json={"enp": enp}, headers=names_in_headers)
        token = line.headers["Authorization"].partition(" ")[2]
        for sent in (surname, {"enp": enp}, f'{{"step": "{enp}"', {"step": 1, "answers": [enp]}):
            with stream_of(day.town, token) as stream, suppress(ConnectionClosed):
                said(stream, sent)
                stream.recv(PATIENCE_S)
        with (
            suppress(InvalidStatus),
            connect(f"{day.town.service.replace('http', 'ws', 1)}/{quote(surname)}/{enp}"),
        ):
            raise AssertionError("nobody answers there")


def fails(day: ClinicsDay, line: httpx.Client, desk: DeskAt) -> None:
    """Let the program fail wherever it can, each time with people in its error's words."""
    line.headers["Connection"] = "close"  # the server cuts the line after an error
    whom = raising_about(HOLDERS[0]["surname"], day.enp(day.cards[0]))
    with pytest.MonkeyPatch.context() as patch:
        for module, name in FAILING:
            patch.setattr(f"cardservice.web.clinics.{module}.{name}", whom)
        enp = day.enp(day.cards[0])
        sought = f"{systems_at(day.town.service).enp}|{enp}"
        code = sign_statement(examples.statement(), examples.key())
        for failed in (
            line.post(f"{API}/statements", json={"statement": code}),
            line.post(f"{API}/presentations", json={"presentations": []}),
            line.post(f"{FHIR}/Patient/_search", data={"identifier": sought}),
        ):
            told = failed.status_code, len(failed.headers.get(HEADER, ""))
            assert told == (500, ID_LEN), (told, failed.text)
        token = line.headers["Authorization"].partition(" ")[2]
        with stream_of(day.town, token) as stream, suppress(ConnectionClosed):
            said(stream, {})
        patch.setattr(type(day.town.home), "renew_signer", raising_about(enp, kind=OSError))
        Upkeep(day.town.home).look()
    thread = Thread(target=whom)
    thread.start()
    thread.join()
    fails_the_agent(desk, whom)


def fails_the_agent(desk: DeskAt, fail: Callable[..., Any]) -> None:
    """Let the desk's agent fail at its first look."""
    failed = Event()

    def show(_: object) -> None:
        failed.set()
        fail()

    agent = DeskAgent(desk.at_work, show=show)
    agent.start()
    assert failed.wait(PATIENCE_S)
    agent.stop()
