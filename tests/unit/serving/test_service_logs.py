"""Each service's own server tells of its requests, and of its errors without their words."""

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cardservice.cli.console import show_notes
from cardservice.personalization import central as messages
from cardservice.serving import office as office_serving
from cardservice.serving.central import central_server
from cardservice.serving.logs import service_logs
from cardservice.settings import load_settings
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.request_log import HEADER, RequestLog
from cardservice.web.serve import DeskServer, bind
from cardservice.web.station.app import create_station_app
from cardservice.web.station.serve import StationServer
from tests.simulated.station_central.centrals import Centre
from tests.unit.home.offices import new_office
from tests.unit.serving.test_logs import failing, logs_kept, said
from tests.unit.serving.whole_logs import failing_too, serving
from tests.web.station.floors import FakeFloor, full_station

SURNAME = "Кречетова"
STOP_WITHIN_S = 10.0
COMMANDS = "desk_command office_command desk_agent_command station central clinics_command"


@contextmanager
def running(server: uvicorn.Server) -> Iterator[str]:
    """Run a service's own server; its address."""
    listener = bind("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()


def desk_server(_: Path, __: ExitStack) -> uvicorn.Server:
    hub = DeskHub()
    return DeskServer(failing_too(create_app(hub)), hub)


def station_server(_: Path, __: ExitStack) -> uvicorn.Server:
    return StationServer(failing_too(create_station_app(FakeFloor(full_station()))))


def office_server(path: Path, stack: ExitStack) -> uvicorn.Server:
    office = stack.enter_context(new_office(path))
    app = failing_too(office_serving.office_app(office))
    return office_serving._server(app, office.settings)


@pytest.mark.parametrize(
    ("make", "route"),
    [(desk_server, "show_desk"), (station_server, "show_station"), (office_server, "show_front")],
)
def test_each_request_is_told_with_the_id_that_the_answer_has(
    make: Callable[[Path, ExitStack], uvicorn.Server], route: str, tmp_path: Path
) -> None:
    with logs_kept() as out, ExitStack() as stack:
        address = stack.enter_context(running(make(tmp_path, stack)))
        good, bad = httpx.get(f"{address}/"), httpx.get(f"{address}/{SURNAME}/fails")
    told = {one["request"]: one for one in said(out) if one["event"] == "request"}
    assert (told[good.headers[HEADER]]["route"], good.status_code) == (route, 200)
    failed = told[bad.headers[HEADER]]
    assert (failed["route"], failed["status"], failed["error"]) == ("fail", 500, "ValueError")
    assert "Exception in ASGI application" in out.getvalue()
    assert SURNAME not in out.getvalue()


def test_a_station_that_is_turned_away_is_told_of_without_what_it_showed(tmp_path: Path) -> None:
    with logs_kept() as out, running(central_server(Centre(tmp_path).home())) as address:
        shown = {"Authorization": "Bearer 0054910834000015"}
        with (
            pytest.raises(InvalidStatus),
            connect(
                f"ws://{urlsplit(address).netloc}{messages.PATH}",
                additional_headers=shown,
                proxy=None,
            ),
        ):
            pass
    (line,) = said(out)
    assert (line["route"], line["status"]) == ("enter", 401)


def test_a_socket_that_is_closed_before_it_opened_is_told_of_as_refused() -> None:
    app = FastAPI()

    @app.websocket("/stream")
    async def refuse(socket: WebSocket) -> None:
        await socket.close()

    with (
        logs_kept() as out,
        serving(RequestLog(app)) as address,
        pytest.raises(InvalidStatus),
        connect(address.replace("http", "ws") + "/stream"),
    ):
        pass
    (line,) = (one for one in said(out) if "route" in one)
    assert (line["route"], line["status"]) == ("refuse", 403)


def test_a_warning_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    show_notes()
    for as_json in (False, True):
        with service_logs(load_settings(log_json=as_json)):
            logging.getLogger("cardservice.timers").warning("late")
    first, second = capsys.readouterr().err.splitlines()
    assert (first, json.loads(second)["event"]) == ("note: late", "late")


def test_a_note_cannot_be_forged_by_a_line_break(capsys: pytest.CaptureFixture[str]) -> None:
    with service_logs(load_settings()):
        logging.getLogger("cardservice").warning("a\nStopped.\x1b[2J")
    assert capsys.readouterr().err == "note: a Stopped. [2J\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_that_ends_a_thread_is_told_without_its_words(
    as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with service_logs(load_settings(log_json=as_json)):
        thread = threading.Thread(target=failing, args=(SURNAME,))
        thread.start()
        thread.join()
    told = capsys.readouterr().err
    assert "a thread ended" in told
    assert "ValueError" in told
    assert SURNAME not in told
    assert threading.excepthook.__module__ != "cardservice.serving.logs"


def test_what_was_logged_before_is_logged_again_after_a_service_failed() -> None:
    root, out = logging.getLogger(), io.StringIO()
    kept: logging.Handler = logging.StreamHandler(out)
    root.addHandler(kept)
    with pytest.raises(ValueError, match=SURNAME):
        fails_while_it_logs()
    logging.getLogger("cardservice").warning("after")
    root.removeHandler(kept)
    assert out.getvalue() == "after\n"


def fails_while_it_logs() -> None:
    with service_logs(load_settings(log_json=True)):
        logging.getLogger("cardservice").warning("meanwhile")
        failing(SURNAME)


def test_no_command_loads_the_figures_before_their_folder_is_known() -> None:
    loads: list[Any] = [f"import cardservice.serving.{one}" for one in COMMANDS.split()]
    program = "; ".join([*loads, "import sys", "sys.exit('prometheus_client' in sys.modules)"])
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
