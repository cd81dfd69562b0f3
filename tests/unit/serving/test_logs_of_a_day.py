"""A full day over the demonstration, and a search of everything that was logged for its people.

Office, the routes for clinics and the desk, each behind a real server; every logger of the process
says all it has to say. Whoever is in the register or in the desk's drawer must not be in the log.
"""

import io
import json
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any, cast

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from cardservice.data import Table, read_table
from cardservice.domain.rows import Accepted, read_rows
from cardservice.fhir.systems import Systems
from cardservice.home.demonstration import DemonstrationCards, make_demonstration
from cardservice.home.issuer import scratch_home, utc_now
from cardservice.home.office_demonstration import (
    DemonstrationOffice,
    demonstration_office,
    fill_office,
)
from cardservice.home.office_timers import timer_parts
from cardservice.registry.timers import run_all
from cardservice.registry.timers_jobs import AT_CLOSING, JOBS
from cardservice.serving.logs import Formatter
from cardservice.serving.office import office_app
from cardservice.settings import Settings
from cardservice.texts.demonstration import DEMONSTRATION_CARDS
from cardservice.transport.inprocess import InProcessWatch
from cardservice.web.app import create_app
from cardservice.web.clinics.ops import OpsParts
from cardservice.web.clinics.parts import ClinicParts
from cardservice.web.clinics.probes import DatabaseUp
from cardservice.web.desk.hub import DeskHub
from cardservice.web.desk.runner import DeskRunner
from cardservice.web.desk.state import Phase
from cardservice.web.metrics import Metrics
from cardservice.web.request_log import RequestLog
from cardservice.web.serve import bind
from tests.unit.accounts.browser import TOKEN
from tests.unit.home.test_office_demonstration import cheap_settings
from tests.unit.serving.test_logs import logs_kept
from tests.unit.web_clinics.fhir_world import ASKS, Known, fhir_app

STAFF = ("clerk", "approver", "auditor", "security-officer", "administrator")
PAGES = (
    *("/office/people", "/office/queue", "/office/orders", "/office/uploads"),
    *("/office/complaints", "/office/audit", "/office/delivery", "/account", "/healthz", "/"),
)
LINKS = 2  # of each page that are followed
STOP_WITHIN_S = 10.0
VERDICT_WITHIN_S = 20.0


@dataclass(frozen=True)
class Day:
    """What was logged on a day, and whom it must not name."""

    logged: str
    metrics: str
    people: frozenset[str]
    numbers: frozenset[str]
    asked: int


def over_http() -> Settings:
    """Return settings under which a browser keeps its session on plain http."""
    return cheap_settings().model_copy(update={"insecure_cookies": True})


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve ``app`` as the service does, its logs ours; the address."""
    config = uvicorn.Config(app, log_config=None, log_level="debug", access_log=True)
    server, listener = uvicorn.Server(config), bind("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S)
        listener.close()


@pytest.fixture(scope="module")
def day() -> Day:
    """A day of the demonstration, logged for programs and for people."""
    metrics = Metrics()
    with logs_kept() as out, everything_said(out):
        with demonstration_office(over_http(), show=lambda _: None) as office:
            assert fill_office(office)
            people, numbers = known_to(office)
            asked = visits_office(office, metrics) + asks_fhir(office, metrics, numbers)
            run_all(timer_parts(office.office), (*JOBS, *AT_CLOSING))
        of_desk = shows_cards(metrics)
        return Day(
            out.getvalue(),
            metrics.text().decode(),
            people | of_desk[0],
            numbers | of_desk[1],
            asked,
        )


@contextmanager
def everything_said(out: io.StringIO) -> Iterator[None]:
    """Let every logger there is say all it has to say, in both forms."""
    root, ours = logging.getLogger(), logging.getLogger("cardservice")
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    readable = logging.StreamHandler(out)
    readable.setFormatter(Formatter(as_json=False))
    root.addHandler(readable)
    yield


def known_to(demonstration: DemonstrationOffice) -> tuple[frozenset[str], frozenset[str]]:
    """Return surnames, and numbers of people, policies and cards."""
    office = demonstration.office
    names: set[str] = set()
    numbers: set[str] = set()
    with office.database.connected(writing=False) as connection:
        persons = connection.exec_driver_sql("SELECT surname, snils, phone, email FROM persons")
        for surname, *others in persons:
            names.add(surname)
            numbers |= {one for one in others if one}
        for (enp,) in connection.exec_driver_sql("SELECT enp FROM policies"):
            numbers.add(enp)
        for (number,) in connection.exec_driver_sql("SELECT number FROM cards"):
            numbers.add(f"{number:012x}")
    bare = {one.replace("-", "").replace(" ", "") for one in numbers if one[0].isdigit()}
    assert len(names) > 20
    assert len(numbers) > 60
    return frozenset(names), frozenset(numbers | bare)


def visits_office(demonstration: DemonstrationOffice, metrics: Metrics) -> int:
    """Let each member of the staff sign in, search for everybody and open what they may."""
    asked = 0
    app = office_app(demonstration.office)
    with serving(RequestLog(app, metrics)) as address:
        for name in STAFF:
            with httpx.Client(base_url=address, follow_redirects=True) as browser:
                signed_in(browser, name, demonstration.password)
                asked += sum(opened(browser, page) for page in PAGES)
                asked += searched(browser, demonstration)
    return asked


def signed_in(browser: httpx.Client, name: str, password: str) -> None:
    token = TOKEN.search(browser.get("/sign-in").text)
    assert token is not None
    form = {"token": token[1], "name": name, "password": password}
    origin = {"origin": str(browser.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    browser.headers.update(origin)
    assert "/sign-in" not in str(browser.post("/sign-in", data=form).url.path), name


def opened(browser: httpx.Client, page: str) -> int:
    """Open a page and the first pages it leads to; how many were asked."""
    text = browser.get(page, headers={"accept": "text/html"}).text
    links = [one.partition('"')[0] for one in text.split('href="/')[1:]]
    for link in links[:LINKS]:
        browser.get(f"/{link.replace('&amp;', '&')}", headers={"accept": "text/html"})
    return 1 + len(links[:LINKS])


def searched(browser: httpx.Client, demonstration: DemonstrationOffice) -> int:
    """Search for some people, also where nobody should: in addresses."""
    with demonstration.office.database.reading() as work:
        found = work.people.search(name="о").rows or work.people.search(name="а").rows
    for one in found[:2]:
        for where in ("/office/people", f"/office/people/{one.person.surname}", "/nowhere"):
            query = {"name": one.person.surname, "enp": one.policies[0].enp if one.policies else ""}
            browser.get(where, params=query)
        browser.post("/office/people", data={"name": one.person.surname})
    return 4 * len(found[:2])


def asks_fhir(demonstration: DemonstrationOffice, metrics: Metrics, numbers: frozenset[str]) -> int:
    """Let a clinic ask about everybody, by form and by address, rightly and wrongly."""
    office, systems = demonstration.office, Systems()
    parts = ClinicParts(
        office=office.office,
        region=office.region,
        clients=Known(),
        judge=cast(Any, None),
        version_key=bytes(32),
        more={"ops": OpsParts(metrics=metrics, database=DatabaseUp(office.office.database))},
    )
    enps = sorted(one for one in numbers if len(one) == 16 and one.isdigit())
    with (
        serving(RequestLog(failing_too(fhir_app(parts)), metrics)) as address,
        httpx.Client(base_url=address, headers=ASKS) as clinic,
    ):
        for enp in enps:
            token = f"{systems.enp}|{enp}"
            found = clinic.post("/fhir/r4/Patient/_search", data={"identifier": token}).json()
            for entry in found.get("entry", ()):
                clinic.get(f"/fhir/r4/Patient/{entry['resource']['id']}")
            clinic.get("/fhir/r4/Coverage", params={"identifier": token})
            clinic.get(f"/fhir/r4/Patient/{enp}")
            httpx.get(f"{address}/{enp}/fails")  # the server ends the connection after it
        clinic.get("/ready")
        clinic.get("/metrics")
    return 4 * len(enps)


def failing_too(app: FastAPI) -> FastAPI:
    """Add a route that fails with the number it was asked for in its error."""

    @app.get("/{number}/fails")
    def fail(number: str) -> None:
        raise ValueError(f"nothing under {number}")

    return app


def shows_cards(metrics: Metrics) -> tuple[frozenset[str], frozenset[str]]:
    """Put every card of the demonstration on a reader of a desk; return its people and numbers."""
    with ExitStack() as stack:
        home, keys = stack.enter_context(scratch_home(cheap_settings()))
        cards = make_demonstration(home, keys)
        hub = DeskHub()
        watch = InProcessWatch(cards.tray.readers.values())
        runner = DeskRunner(hub=hub, watch=watch, examiner=home.examiner())
        app = RequestLog(create_app(hub, demonstration=cards), metrics)
        address = stack.enter_context(serving(app))
        runner.start()
        stack.callback(runner.stop)
        with httpx.Client(base_url=address) as browser:
            for card in DEMONSTRATION_CARDS:
                show(cards, hub, card.value)
                browser.get("/")
                browser.get(f"/{cards.printed(card.value) or ''}")
    rows = read_rows(read_table(Table.HOLDERS).splitlines(), today=utc_now().date())
    holders = [one.order.holder for one in rows if isinstance(one, Accepted)]
    numbers = {one.enp for one in holders} | {one.snils for one in holders if one.snils}
    return (
        frozenset(one.surname for one in holders),
        frozenset({*map(str, numbers), *cards.numbers.values()}),
    )


def show(cards: DemonstrationCards, hub: DeskHub, card: str) -> None:
    """Put a card on the first reader, wait until it was examined, and take it away."""
    reader = next(iter(cards.tray.readers))
    cards.tap(card, reader)
    until = time.monotonic() + VERDICT_WITHIN_S
    while time.monotonic() < until:
        if any(one.phase is Phase.JUDGED for one in hub.state.readers):
            break
        time.sleep(0.005)
    cards.lift(reader)


def test_nobody_is_in_the_logs_of_a_full_day(day: Day) -> None:
    logged = day.logged.casefold()
    assert day.logged.count("\n") > 2 * day.asked > 300
    assert [name for name in day.people if name.casefold() in logged] == []
    assert [number for number in day.numbers if number.casefold() in logged] == []


def test_the_day_was_logged(day: Day) -> None:
    assert "clinic_search_fhir_by_form" in day.logged
    assert "show_people" in day.logged
    assert "show_desk" in day.logged
    assert "ValueError" in day.logged


def test_nobody_is_in_the_figures_of_a_full_day(day: Day) -> None:
    text = day.metrics.casefold()
    assert len(list(text_string_to_metric_families(day.metrics))) >= 8
    assert [one for one in (*day.people, *day.numbers) if one.casefold() in text] == []


def test_a_line_that_names_somebody_would_have_been_found(day: Day) -> None:
    named = replace(day, logged=f"{day.logged}\n{next(iter(day.people))}")
    with pytest.raises(AssertionError):
        test_nobody_is_in_the_logs_of_a_full_day(named)


def test_every_line_for_programs_is_an_object() -> None:
    with logs_kept() as out:
        logging.getLogger("httpx").warning("x")
        logging.getLogger("cardservice").info("y")
    assert all(set(json.loads(one)) >= {"at", "level"} for one in io.StringIO(out.getvalue()))
