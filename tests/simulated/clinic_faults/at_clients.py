"""Clients that break off, repeat themselves, come in thousands, send too much, or are foreign."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cardservice.accounts.roles import Role
from cardservice.domain.verdict import Outcome
from cardservice.home.desk_pairing import DeskPairings
from cardservice.home.office_accounts import issue_token
from cardservice.verify.relay_book import LIMITS
from cardservice.web.app import create_app
from cardservice.web.clinics.card_sessions_relay import CardRelay, Opening
from cardservice.web.clinics.card_sessions_stream import FRAME_MAX
from cardservice.web.clinics.clients import DESK_RIGHTS
from cardservice.web.clinics.parts import Client
from cardservice.web.local.install import install_local
from tests.chain import link_to
from tests.registry.offices import REGION
from tests.simulated.clinic.door import PATIENCE_S, until
from tests.simulated.clinic.town import API, problem
from tests.simulated.clinic_faults.stage import TIME, Stage
from tests.unit.accounts.running import running_app
from tests.unit.web_clinics.card_world import answers

ALLOWED: Final = "https://clinic.example.org"
FOREIGN: Final = "https://evil.example"
BODY_MAX: Final = 256 * 1024
HALF_OPEN: Final = 10_000
SESSIONS: Final = "/card-sessions"


def network_cut(stage: Stage) -> None:
    """The network goes in the middle of an answer, of a card's session, and of a socket's."""
    stage.lie(TIME, lambda _, __: None)
    relay = relay_of(stage)
    with streaming(stage) as stream:
        stream.send("{}")
        stream.recv(PATIENCE_S)
        assert len(relay.sessions) == 1
        stream.socket.close()
    until(lambda: len(relay.sessions) == 0)
    opened = opening(stage)
    # Its client never comes back, and another one cannot go on with it.
    place = f"{SESSIONS}/{opened['session']}/answers"
    stage.refused(_posted_by_another(stage, place, failed(opened)), 404)
    assert stage.post(place, failed(opened)).is_success


def _posted_by_another(stage: Stage, path: str, sent: dict[str, Any]) -> httpx.Response:
    """Return what the service answers a program that has as many rights, and no session."""
    office = stage.town.home.office
    _, token = issue_token(
        office, "another", role=Role.CLINIC, region=office.region, lasts=timedelta(days=1)
    )
    bearer = {"Authorization": f"Bearer {token}"}
    address = f"{stage.town.door.address}{API}{path}"
    return httpx.post(address, headers=bearer, json=sent, timeout=PATIENCE_S)


def answers_twice(stage: Stage) -> None:
    """A client sends each of a card's answers twice: it gets the same reply, and one verdict."""
    card, told = link_to(stage.good.software), opening(stage)
    place = f"{SESSIONS}/{told['session']}/answers"
    while "verdict" not in told:
        sent = answers(told, card)
        told, again = stage.post(place, sent).json(), stage.post(place, sent)
        if "verdict" in told:
            # Nothing of a card stays after its verdict.
            assert problem(again) == "session-unknown"
        else:
            assert again.json() == told
    assert told["verdict"]["outcome"] == Outcome.VALID
    card.close()
    stage.good.software.power_up()
    _everything_twice(stage)


def out_of_order(stage: Stage) -> None:
    """A client answers a step that is not due, or says something else than it said."""
    told = opening(stage)
    place = f"{SESSIONS}/{told['session']}/answers"
    count = len(told["commands"])
    for step in (2, 9):
        stage.refused(stage.post(place, {"step": step, "answers": ["6a82"] * count}), 409)
    assert stage.post(place, {"step": 1, "answers": ["6a82"] * count}).is_success
    stage.refused(stage.post(place, {"step": 1, "answers": ["9000"] * count}), 409)


def half_open(stage: Stage) -> None:
    """Ten thousand sessions are begun and left; those who come are told when to come again."""
    relay, seconds = relay_of(stage), [0.0]
    relay.sessions._timer = lambda: seconds[0]
    for _ in range(HALF_OPEN // LIMITS.of_client):
        client = Client(id=uuid4(), region=REGION, name="", rights=DESK_RIGHTS, desk=True)
        for _ in range(LIMITS.of_client):
            relay.open(client, Opening())
    assert len(relay.sessions) == HALF_OPEN
    stage.refused(stage.post(SESSIONS, {}), 503)
    assert stage.desk.tap(stage.good.software).outcome is Outcome.VALID
    seconds[0] = LIMITS.idle_s + 1
    assert stage.post(SESSIONS, {}).status_code == 201
    assert len(relay.sessions) == 1


def oversized(stage: Stage) -> None:
    """A body and a frame are longer than anything that is asked for."""
    stage.refused(stage.post(SESSIONS, bytes(BODY_MAX + 1)), 413)
    with streaming(stage) as stream:
        stream.send("x" * (FRAME_MAX + 1))
        with pytest.raises(ConnectionClosed) as end:
            stream.recv(PATIENCE_S)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1009
    stage.codes.add(end.value.rcvd.reason)


def foreign_page(stage: Stage) -> None:
    """A page of another origin asks the desk, and asks the service with a desk's token."""
    app = create_app(stage.desk.hub)
    install_local(app, DeskPairings(stage.path), origins=(ALLOWED,), compat_origin=None)
    with running_app(app) as desk:
        for origin in (FOREIGN, "null", f"{ALLOWED}.evil.example"):
            for method, path in (("POST", "/pairings"), ("GET", "/readers")):
                answer = httpx.request(
                    method, f"{desk}/local/v1{path}", headers={"Origin": origin}, json={"name": "x"}
                )
                stage.refused(answer, 403)
                assert "Access-Control-Allow-Origin" not in answer.headers
    asked = stage.town.door.address + API + SESSIONS
    preflight = httpx.options(
        asked, headers={"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    )
    assert not any(name.startswith("access-control") for name in preflight.headers)


def opening(stage: Stage) -> dict[str, Any]:
    """Return what a client is told that begins with a card."""
    answer = stage.post(SESSIONS, {})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def failed(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a client says whose card was taken away."""
    return {"step": told["step"], "answers": [], "failure": "card-removed"}


def relay_of(stage: Stage) -> CardRelay:
    """Return the book of the sessions of the service that runs; it is there after the first."""
    told = opening(stage)
    stage.post(f"{SESSIONS}/{told['session']}/answers", failed(told))
    relay = stage.town.door.app.state.card_relay
    assert isinstance(relay, CardRelay)
    assert len(relay.sessions) == 0
    return relay


@contextmanager
def streaming(stage: Stage) -> Iterator[ClientConnection]:
    """Lend a socket of a clinic's system to the service."""
    url = f"ws://{stage.town.door.address.removeprefix('http://')}{API}{SESSIONS}/stream"
    bearer = {"Authorization": f"Bearer {stage.desk.token()}"}
    with connect(url, additional_headers=bearer, close_timeout=1) as stream:
        yield stream


def _everything_twice(stage: Stage) -> None:
    """Let all that the desk sends arrive twice; a presentation is one all the same."""
    stage.desk.tap(stage.good.software)
    stage.line.twice = True
    assert stage.desk.refresh() == set()
    assert stage.desk.report().taken == 1
    assert set(stage.line.repeated) <= {200, 304}
