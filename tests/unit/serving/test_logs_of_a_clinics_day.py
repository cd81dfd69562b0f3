"""A full day over the whole service for clinics, and a search of all that was logged for people.

The service, its office and a desk, each as they really are; every logger says all it has to say.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from tests.registry.conftest import ready_file
from tests.simulated.clinic.desks import Place
from tests.unit.serving import clinics_day as right
from tests.unit.serving import clinics_faults as wrong
from tests.unit.serving.whole_logs import Day, everything_logged

__all__ = ["ready_file"]

LIVES = "cardservice_requests_total"


@pytest.fixture(scope="module")
def lived(
    ready_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Day, frozenset[str]]]:
    """A day of a clinic, and the names of all routes that there are."""
    path = tmp_path_factory.mktemp("town")
    with right.clinics_day(path, ready_file) as found, everything_logged() as out:
        lives_through(found, path / "desk")
        routes = iter_route_contexts(found.town.door.app.routes)
        names = frozenset(one.name for one in routes if one.name)
        metrics = httpx.get(f"{found.town.service}/metrics").text
        yield Day(out.getvalue(), metrics, found.people, found.asked), names


def lives_through(day: right.ClinicsDay, path: Path) -> None:
    """Let a desk be enrolled and used all day, by its clerk and by programs; then things fail."""
    place = Place(day.town, path)
    place.enrol(day.town.code(day.town.clinic()))
    with place.at_work() as desk:
        right.works_at_the_desk(day, desk)
        with day.line(desk.token()) as line:
            right.reads_cards(day, line, desk.token())
            right.asks_fhir(day, line)
            right.shows_papers(day, line)
            right.opens_what_is_open(line)
            wrong.errs(day, line)
            wrong.fails(day, line, desk)


@pytest.fixture
def day(lived: tuple[Day, frozenset[str]]) -> Day:
    """That day."""
    return lived[0]


def test_nobody_is_in_the_logs_of_a_clinics_day(day: Day) -> None:
    assert day.people.found_in(day.logged) == []
    assert len(day.people.names) >= 4
    assert len(day.people.numbers) >= 7
    assert day.logged.count("\n") > 2 * day.asked > 200


def test_every_route_of_the_service_was_answered_rightly_on_that_day(
    lived: tuple[Day, frozenset[str]],
) -> None:
    day, routes = lived
    assert routes - {route for route, status in day.answered if status < 300} == set()


def test_what_was_wrong_and_what_failed_was_logged(day: Day) -> None:
    statuses = {status for _, status in day.answered}
    assert {400, 401, 404, 409, 422, 500} <= statuses
    failed = {one["event"]: one for one in day.lines if one.get("error") == "ValueError"}
    assert {"request", "a card's stream failed", "a thread ended"} <= failed.keys()
    assert failed["request"]["status"] == 500
    assert "not renewed: list-signer: OSError" in day.logged
    assert "the desk's agent: ValueError" in day.logged


def test_nobody_is_in_the_figures_of_a_clinics_day(day: Day) -> None:
    assert LIVES in day.metrics
    assert day.people.found_in(day.metrics) == []


def test_a_line_that_names_somebody_would_have_been_found(day: Day) -> None:
    with pytest.raises(AssertionError):
        test_nobody_is_in_the_logs_of_a_clinics_day(day.naming_somebody())
