"""A full day over the demonstration, and a search of everything that was logged for its people.

Office, the routes for clinics and the desk, each behind a real server; every logger of the process
says all it has to say. Whoever is in the register or in the desk's drawer must not be in the log.
"""

import io
import json
import logging
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from cardservice.fhir.systems import Systems
from cardservice.home.office_demonstration import (
    DemonstrationOffice,
    demonstration_office,
    fill_office,
)
from cardservice.home.office_timers import timer_parts
from cardservice.registry.timers import run_all
from cardservice.registry.timers_jobs import AT_CLOSING, JOBS
from cardservice.serving.office import office_app
from cardservice.settings import Settings
from cardservice.web.clinics.ops import OpsParts
from cardservice.web.clinics.parts import ClinicParts
from cardservice.web.clinics.probes import DatabaseUp
from cardservice.web.metrics import Metrics
from cardservice.web.request_log import RequestLog
from tests.unit.accounts.browser import TOKEN
from tests.unit.home.test_office_demonstration import cheap_settings
from tests.unit.serving.desk_day import shows_cards
from tests.unit.serving.test_logs import logs_kept
from tests.unit.serving.whole_logs import (
    Day,
    People,
    asks_wrongly,
    everything_logged,
    failing_too,
    people_in,
    serving,
)
from tests.unit.web_clinics.fhir_world import ASKS, Known, fhir_app

STAFF = ("clerk", "approver", "auditor", "security-officer", "administrator")
PAGES = (
    *("/office/people", "/office/queue", "/office/orders", "/office/uploads"),
    *("/office/complaints", "/office/audit", "/office/delivery", "/account", "/healthz", "/"),
)
ERRING = ("clerk", "administrator")
ENP_DIGITS = 16
LINKS = 2  # of each page that are followed


def over_http() -> Settings:
    """Return settings under which a browser keeps its session on plain http."""
    return cheap_settings().model_copy(update={"insecure_cookies": True})


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """A day of the demonstration, logged for programs and for people."""
    metrics = Metrics()
    with everything_logged() as out:
        with demonstration_office(over_http(), show=lambda _: None) as office:
            assert fill_office(office)
            people = people_in(office.office.database)
            assert len(people.names) > 80
            assert len(people.numbers) > 200
            asked = visits_office(office, metrics, people)
            asked += asks_fhir(office, metrics, people.numbers)
            run_all(timer_parts(office.office), (*JOBS, *AT_CLOSING))
        of_desk = shows_cards(metrics, tmp_path_factory.mktemp("desk"))
        return Day(out.getvalue(), metrics.text().decode(), people | of_desk, asked)


def visits_office(demonstration: DemonstrationOffice, metrics: Metrics, people: People) -> int:
    """Let each member of the staff sign in, search for everybody, open what they may and err."""
    asked = 0
    app = failing_too(office_app(demonstration.office))
    with serving(RequestLog(app, metrics)) as address:
        for name in STAFF:
            with httpx.Client(base_url=address, follow_redirects=True) as browser:
                signed_in(browser, name, demonstration.password)
                asked += sum(opened(browser, page) for page in PAGES)
                asked += searched(browser, demonstration)
                if name in ERRING:
                    asked += erred(browser, app, people)
    return asked


def erred(browser: httpx.Client, app: FastAPI, people: People) -> int:
    """Send forms and documents that nobody takes, then ask for what fails; all name people."""
    whom = min(people.names)
    enp = min(one for one in people.numbers if len(one) == ENP_DIGITS and one.isdigit())
    asked = asks_wrongly(browser, app, whom, enp)
    for one in (whom, enp):
        browser.get(f"/{one}/fails", headers={"connection": "close"})
    return asked + 2


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


def test_nobody_is_in_the_logs_of_a_full_day(day: Day) -> None:
    assert day.logged.count("\n") > 2 * day.asked > 300
    assert day.people.found_in(day.logged) == []


def test_the_day_was_logged(day: Day) -> None:
    assert "clinic_search_fhir_by_form" in day.logged
    assert "show_people" in day.logged
    assert "show_desk" in day.logged
    assert ("local_verdict", 200) in day.answered
    assert ("fail", 500) in day.answered
    assert {403, 404, 422} <= {status for _, status in day.answered}


def test_nobody_is_in_the_figures_of_a_full_day(day: Day) -> None:
    assert len(list(text_string_to_metric_families(day.metrics))) >= 8
    assert day.people.found_in(day.metrics) == []


def test_a_line_that_names_somebody_would_have_been_found(day: Day) -> None:
    with pytest.raises(AssertionError):
        test_nobody_is_in_the_logs_of_a_full_day(day.naming_somebody())


def test_every_line_for_programs_is_an_object() -> None:
    with logs_kept() as out:
        logging.getLogger("httpx").warning("x")
        logging.getLogger("cardservice").info("y")
    assert all(set(json.loads(one)) >= {"at", "level"} for one in io.StringIO(out.getvalue()))
