"""Points of issue through the API: looked up by anybody, entered by the office."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.ports_places import Place
from tests.office_world import World
from tests.registry.offices import REGION, TODAY
from tests.registry.stations_world import keep, new_place
from tests.unit.web_api.steps import V1, clerk, code, visit

PLACES = f"{V1}/places"
WISH: dict[str, Any] = {
    "name": "Пункт 7",
    "address": "ул. Учебная, 7",
    "hours": [{"weekday": 0, "opens": "09:00", "closes": "10:00"}],
    "services": ["hand-over"],
    "collectables": ["card"],
    "desks": 2,
}


def test_a_place_is_entered_once_and_found_by_anybody(world: World) -> None:
    program = clerk(world)
    done = program.send("POST", PLACES, WISH, key="new")
    assert (done.status_code, done.headers["etag"]) == (201, '"1"')
    assert program.send("POST", PLACES, WISH, key="new").json() == done.json()
    shown = visit(world.app, "GET", done.headers["location"])
    found = shown.json()
    assert (found["name"], found["collects"], found["closed_on"]) == ("Пункт 7", True, None)
    assert found["issuing"]["hours"] == WISH["hours"]
    assert (found["issuing"]["visit_minutes"], found["issuing"]["desks"]) == (15, 2)
    again = visit(
        world.app,
        "GET",
        done.headers["location"],
        headers={"If-None-Match": shown.headers["etag"]},
    )
    assert again.status_code == 304


def test_places_come_by_name_in_pages_of_the_region_that_is_named(world: World) -> None:
    for name in ("В", "А", "Б"):
        new_place(world.desk, name=name)
    one = visit(world.app, "GET", PLACES, params={"limit": 2}).json()
    two = visit(world.app, "GET", PLACES, params={"limit": 2, "cursor": one["next"]}).json()
    names = [each["name"] for each in (*one["items"], *two["items"])]
    assert (names, two["next"]) == (["А", "Б", "В"], None)
    far = visit(world.app, "GET", PLACES, params={"region": "45000"}).json()
    assert far["items"] == []
    assert visit(world.app, "GET", PLACES, params={"region": "Москва"}).status_code == 422


def test_a_place_whose_hours_cannot_be_read_is_shown_without_them(world: World) -> None:
    place = Place(
        region=REGION,
        id=world.desk.office.new_id(),
        name="Старый",
        address="ул. Старая, 1",
        hours={},
        services={},
        collects=False,
    )
    keep(world.desk, lambda work: work.places.add(place))
    found = visit(world.app, "GET", f"{PLACES}/{place.id}").json()
    assert (found["name"], found["issuing"]) == ("Старый", None)


def test_a_place_is_changed_and_closed(world: World) -> None:
    program, path = clerk(world), f"{PLACES}/{new_place(world.desk)}"
    changed = program.send("PUT", path, WISH | {"name": "Пункт 8"}, version=1)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    day = str(TODAY + timedelta(days=1))
    closed = program.send("POST", f"{path}/closing", {"on": day}, version=2)
    assert closed.status_code == 200
    found = visit(world.app, "GET", path).json()
    assert (found["name"], found["closed_on"]) == ("Пункт 8", day)


def test_times_are_opened_and_found_by_anybody(world: World) -> None:
    program, path = clerk(world), f"{PLACES}/{new_place(world.desk)}"
    day = {"day": str(TODAY + timedelta(days=1))}  # a Tuesday
    opened = program.send("POST", f"{path}/times", day)
    assert (opened.status_code, opened.json()["number"]) == (200, "1")
    (time,) = visit(world.app, "GET", f"{path}/times").json()["items"]
    assert (time["minutes"], time["free"], time["starts_at"]) == (15, 1, "2026-06-02T09:00:00Z")
    twice = program.send("POST", f"{path}/times", day)
    assert (twice.status_code, code(twice)) == (409, "duplicate")
    far = program.send("POST", f"{path}/times", {"day": "9999-12-31"})
    assert (far.status_code, code(far)) == (409, "day-wrong")


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [("PUT", "", WISH), ("POST", "/closing", {"on": "2026-07-01"})],
)
def test_a_change_on_an_old_version_or_of_nothing_changes_nothing(
    world: World, method: str, part: str, body: object
) -> None:
    program, path = clerk(world), f"{PLACES}/{new_place(world.desk)}"
    old = program.send(method, f"{path}{part}", body, version=4)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send(method, f"{PLACES}/{uuid4()}{part}", body, version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert visit(world.app, "GET", path).json()["version"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Пункт\0"}, "name"),
        ({"hours": [{"weekday": 7, "opens": "09:00", "closes": "10:00"}]}, "hours.0.weekday"),
        ({"hours": [{"weekday": 0, "opens": "24:00", "closes": "25:00"}]}, "hours.0.opens"),
        ({"hours": WISH["hours"] * 29}, "hours"),
        ({"services": ["haircut"]}, "services.0"),
        ({"desks": 0}, "desks"),
        ({"desks": True}, "desks"),
        ({"visit_minutes": 241}, "visit_minutes"),
    ],
)
def test_a_place_of_another_form_is_refused(
    world: World, changes: dict[str, Any], field: str
) -> None:
    answer = clerk(world).send("POST", PLACES, WISH | changes)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")
    assert answer.json()["findings"][0]["field"] == field


@pytest.mark.parametrize(
    ("hours", "wanted"),
    [
        ([("10:00", "09:00")], "hours-wrong"),
        ([("09:00", "11:00"), ("10:00", "12:00")], "hours-overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    world: World, hours: list[tuple[str, str]], wanted: str
) -> None:
    said = [{"weekday": 0, "opens": one, "closes": two} for one, two in hours]
    answer = clerk(world).send("POST", PLACES, WISH | {"hours": said})
    assert (answer.status_code, code(answer)) == (409, wanted)


def test_who_edits_no_places_may_not(world: World) -> None:
    for role in (Role.APPROVER, Role.STATION, Role.COURIER):
        assert world.program(role).send("POST", PLACES, WISH).status_code == 403
    assert visit(world.app, "POST", PLACES, json=WISH).status_code == 401
