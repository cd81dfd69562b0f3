"""Times at a point of issue through the API: booked, looked at, given up."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.places import OpenTimes, open_times
from tests.office_world import NOBODYS, World
from tests.registry import forms
from tests.registry.offices import REGION, TODAY
from tests.registry.stations_world import new_place
from tests.unit.web_api.steps import V1, clerk, code, visit
from tests.unit.web_api.test_own_application import OWN, applicant

BOOKINGS = f"{V1}/bookings"


def free_time(world: World, days: int = 7) -> str:
    """Return the id of a time that one can book."""
    desk, place = world.desk, new_place(world.desk)
    wish = OpenTimes(
        region=REGION, key=desk.key(), place_id=place, day=TODAY + timedelta(days=days)
    )
    open_times(desk.office, desk.clerk, wish)
    items = visit(world.app, "GET", f"{V1}/places/{place}/times").json()["items"]
    return str(items[0]["id"])


def test_a_time_is_booked_once_and_given_up(world: World) -> None:
    filed, slot, program = forms.submitted(world.desk), free_time(world), clerk(world)
    wish = {"slot_id": slot, "application_id": str(filed.id)}
    booked = program.send("POST", BOOKINGS, wish, key="book")
    assert booked.status_code == 201
    assert program.send("POST", BOOKINGS, wish, key="book").json() == booked.json()
    found = program.get(booked.headers["location"]).json()
    assert (found["slot_id"], found["starts_at"]) == (slot, "2026-06-08T09:00:00Z")
    listed = program.get(f"{V1}/applications/{filed.id}/bookings").json()["items"]
    assert listed == [found]
    twice = program.send("POST", BOOKINGS, wish | {"slot_id": free_time(world)})
    assert (twice.status_code, code(twice)) == (409, "booked-already")
    path = f"{booked.headers['location']}/ending"
    ended = program.send("POST", path, version=1)
    assert (ended.status_code, ended.json()["version"]) == (200, 2)
    again = program.send("POST", path, version=2)
    assert (again.status_code, code(again)) == (409, "booking-ended")


def test_a_time_that_is_taken_is_refused(world: World) -> None:
    slot, program = free_time(world), clerk(world)
    answers = [
        program.send(
            "POST",
            BOOKINGS,
            {"slot_id": slot, "application_id": str(forms.submitted(world.desk).id)},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 409]
    assert code(answers[1]) == "time-full"


def test_a_booking_is_ended_on_the_version_that_was_seen(world: World) -> None:
    filed, program = forms.submitted(world.desk), clerk(world)
    wish = {"slot_id": free_time(world), "application_id": str(filed.id)}
    booked = program.send("POST", BOOKINGS, wish).headers["location"]
    old = program.send("POST", f"{booked}/ending", version=3)
    assert (old.status_code, code(old)) == (412, "stale")
    gone = program.send("POST", f"{BOOKINGS}/{uuid4()}/ending", version=1)
    assert (gone.status_code, code(gone)) == (404, "not-found")
    assert program.get(booked).json()["ended_at"] is None


@pytest.mark.parametrize("body", [{}, {"slot_id": "soon", "application_id": str(NOBODYS)}, []])
def test_a_booking_of_another_form_is_refused(world: World, body: object) -> None:
    answer = clerk(world).send("POST", BOOKINGS, body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


def test_what_is_not_there_is_not_booked(world: World) -> None:
    program, filed = clerk(world), forms.submitted(world.desk)
    for slot, application in ((uuid4(), filed.id), (UUID(free_time(world)), uuid4())):
        wish = {"slot_id": str(slot), "application_id": str(application)}
        assert program.send("POST", BOOKINGS, wish).status_code == 404
    assert program.get(f"{V1}/applications/{uuid4()}/bookings").status_code == 404
    assert program.get(f"{BOOKINGS}/{uuid4()}").status_code == 404


def test_an_applicant_books_and_gives_up_their_own_time_only(world: World) -> None:
    mine, other = (forms.submitted(world.desk) for _ in range(2))
    own, theirs = applicant(world, mine.id), applicant(world, other.id)
    booked = own.send("POST", f"{OWN}/bookings", {"slot_id": free_time(world)})
    assert booked.status_code == 200
    (one,) = own.get(f"{OWN}/bookings").json()["items"]
    assert (one["id"], one["application_id"]) == (booked.json()["id"], str(mine.id))
    assert theirs.get(f"{OWN}/bookings").json()["items"] == []
    path = f"{OWN}/bookings/{one['id']}/ending"
    refused = theirs.send("POST", path, version=1)
    assert (refused.status_code, code(refused)) == (404, "not-found")
    assert own.send("POST", path, version=1).status_code == 200


def test_who_enters_no_applications_books_nothing(world: World) -> None:
    wish = {"slot_id": str(uuid4()), "application_id": str(uuid4())}
    for role in (Role.STATION, Role.EMPLOYER, Role.AUDITOR):
        program = world.program(role)
        assert program.send("POST", BOOKINGS, wish).status_code == 403
        assert program.get(f"{BOOKINGS}/{uuid4()}").status_code == 403
