"""A clinic system's page, of another origin, in a real browser: it asks the desk by the client."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from typing_extensions import override

from cardservice.home.desk_pairing import DeskPairings
from cardservice.transport.events import ReaderAdded, ReaderRemoved
from cardservice.web.app import create_app
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.local.install import install_local
from cardservice.web.serve import DeskServer, bind
from tests.unit.web.doubles import READER, DoubleExaminer, DoubleWatch
from tests.unit.web.examples import AT, CAN
from tests.web.running import KNOWN, OPENED, STOP_WITHIN_S

pytestmark = pytest.mark.browser

PAGE = b"""<!doctype html><meta charset="utf-8"><title>Clinic</title>
<p id="connection"></p><p id="code"></p><p id="surname"></p><p id="count">0</p>"""
CONNECT = """async ([origin, token]) => {
  const { connect } = await import(origin + "/local/v1/client.js");
  const say = (id, text) => { document.getElementById(id).textContent = text ?? ""; };
  let count = 0;
  window.desk = connect({ origin, token,
    onVerdict(verdict, reader) {
      window.reader = reader;
      say("surname", verdict.holder?.surname ?? verdict.problem);
      say("count", String(count += 1));
    },
    onState(state) {
      say("connection", state.connection);
      say("code", state.code);
      if (!state.readers.some((one) => one.phase === "judged")) say("surname", "");
    },
  });
}"""
BEGIN = """async (origin) => {
  const { pair } = await import(origin + "/local/v1/client.js");
  window.begun = await pair({ origin, name: "Clinic" });
  return window.begun.page;
}"""
REFUSED = """async ([url, init]) => {
  try { return (await fetch(url, init)).status; } catch (error) { return error.name; }
}"""
SOCKET = """(url) => new Promise((done) => {
  const socket = new WebSocket(url);
  const seen = [];
  socket.onopen = () => seen.push("open");
  socket.onmessage = (event) => seen.push(event.data);
  socket.onclose = () => done(seen);
})"""


class _ClinicPages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def site() -> Iterator[str]:
    """Serve a page of its own origin; yields the origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _ClinicPages)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(STOP_WITHIN_S)
        server.server_close()


@pytest.fixture
def clinic() -> Iterator[str]:
    with site() as origin:
        yield origin


@dataclass(frozen=True, slots=True)
class AskedDesk:
    url: str
    watch: DoubleWatch
    pairings: DeskPairings
    examiner: DoubleExaminer

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def asked_desk(folder: Path, clinic: str, *, port: int = 0) -> Iterator[AskedDesk]:
    """Run a desk that pages of ``clinic`` may ask, with one reader."""
    hub, watch, examiner = DeskHub(), DoubleWatch(), DoubleExaminer(dict(KNOWN), OPENED)
    runner = DeskRunner(hub=hub, watch=watch, examiner=examiner)
    app, pairings = create_app(hub), DeskPairings(folder)
    install_local(app, pairings, origins={clinic}, compat_origin=clinic)
    server, listener = DeskServer(app, hub), bind("127.0.0.1", port)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    runner.start()
    thread.start()
    watch.tell(ReaderAdded(READER))
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield AskedDesk(url, watch, pairings, examiner)
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        runner.stop()
        listener.close()


@pytest.fixture
def asked(tmp_path: Path, clinic: str) -> Iterator[AskedDesk]:
    with asked_desk(tmp_path, clinic) as running:
        yield running


def page_of(context: BrowserContext, origin: str) -> Page:
    page = context.new_page()
    page.goto(origin)
    return page


def connected(context: BrowserContext, clinic: str, asked: AskedDesk) -> Page:
    """Return a paired page of the clinic that follows the desk."""
    page = page_of(context, clinic)
    token = asked.pairings.add("Clinic", clinic, at=AT)[1]
    page.evaluate(CONNECT, [asked.url, token])
    expect(page.locator("#connection")).to_have_text("open")
    return page


def test_a_page_is_paired_by_the_code_on_the_desks_page(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = page_of(context, clinic)
    shown = page_of(context, page.evaluate(BEGIN, asked.url))
    expect(shown.get_by_text(clinic)).to_be_visible()
    code = shown.locator(".code").inner_text()
    token = page.evaluate("(code) => window.begun.confirm(code)", code)
    page.evaluate(CONNECT, [asked.url, token])
    expect(page.locator("#connection")).to_have_text("open")
    assert asked.pairings.holder_of(token, clinic) is not None


def test_a_tap_reaches_the_clinics_page_and_goes_with_the_card(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = connected(context, clinic, asked)
    asked.watch.present(b"valid")
    expect(page.locator("#surname")).to_have_text("ИВАНОВ")
    asked.watch.remove()
    expect(page.locator("#surname")).to_have_text("")
    asked.watch.present(b"bank")
    expect(page.locator("#surname")).to_have_text("not-a-policy-card")


def test_the_number_typed_in_the_clinics_page_opens_the_card(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = connected(context, clinic, asked)
    asked.watch.present(b"closed")
    expect(page.locator("#count")).to_have_text("1")
    page.evaluate("(can) => window.desk.sendNumber(window.reader, can)", CAN)
    expect(page.locator("#count")).to_have_text("2")
    assert asked.examiner.numbers == [None, CAN]


def test_an_unplugged_reader_is_noticed_and_works_again(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = connected(context, clinic, asked)
    asked.watch.present(b"valid")
    expect(page.locator("#surname")).to_have_text("ИВАНОВ")
    asked.watch.tell(ReaderRemoved(READER))
    expect(page.locator("#surname")).to_have_text("")
    asked.watch.tell(ReaderAdded(READER))
    asked.watch.present(b"other")
    expect(page.locator("#surname")).not_to_have_text("")


def test_the_page_finds_a_desk_that_was_started_anew(
    context: BrowserContext, clinic: str, tmp_path: Path
) -> None:
    with asked_desk(tmp_path, clinic) as first:
        page = connected(context, clinic, first)
        first.watch.present(b"valid")
        expect(page.locator("#surname")).to_have_text("ИВАНОВ")
        port = first.port
    expect(page.locator("#connection")).to_have_text("lost")
    expect(page.locator("#surname")).to_have_text("")
    with asked_desk(tmp_path, clinic, port=port) as second:
        second.watch.present(b"other")
        expect(page.locator("#connection")).to_have_text("open")
        expect(page.locator("#surname")).not_to_have_text("")


def test_an_ended_pairing_ends_the_pages_connection_for_good(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = connected(context, clinic, asked)
    asked.pairings.end(asked.pairings.all()[0].id)
    asked.watch.present(b"valid")
    expect(page.locator("#connection")).to_have_text("refused")
    expect(page.locator("#code")).to_have_text("token-wrong")
    expect(page.locator("#surname")).to_have_text("")


def test_an_older_page_gets_its_answer(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    page = page_of(context, clinic)
    asked.watch.present(b"valid")
    said = "async (url) => (await (await fetch(url)).json())"
    page.wait_for_function(
        "async (url) => (await (await fetch(url)).json()).ok", arg=f"{asked.url}/?args=name"
    )
    assert page.evaluate(said, f"{asked.url}/?args=name,patr")["data"] == {
        "name": "ИВАН",
        "patr": "ИВАНОВИЧ",
    }


@pytest.mark.parametrize("path", ["/local/v1/readers", "/?args=name", "/local/pairings", "/"])
def test_a_page_of_a_foreign_origin_can_read_nothing(
    context: BrowserContext, asked: AskedDesk, path: str
) -> None:
    asked.watch.present(b"valid")
    with site() as foreign:
        page = page_of(context, foreign)
        assert page.evaluate(REFUSED, [asked.url + path, {}]) == "TypeError"


def test_a_page_of_a_foreign_origin_opens_no_stream(
    context: BrowserContext, asked: AskedDesk
) -> None:
    with site() as foreign:
        page = page_of(context, foreign)
        url = asked.url.replace("http", "ws") + "/local/v1/stream"
        assert page.evaluate(SOCKET, url) == []


def test_a_stolen_token_opens_nothing_at_a_foreign_origin(
    context: BrowserContext, clinic: str, asked: AskedDesk
) -> None:
    token = asked.pairings.add("Clinic", clinic, at=AT)[1]
    headers = {"headers": {"Authorization": f"Bearer {token}"}}
    with site() as foreign:
        page = page_of(context, foreign)
        asked_for = [f"{asked.url}/local/v1/readers", headers]
        assert page.evaluate(REFUSED, asked_for) == "TypeError"
