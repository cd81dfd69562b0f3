"""Places of issue and clinics on their pages: searched, added, changed, closed, opened."""

from uuid import UUID, uuid4

import httpx
import pytest

from cardservice.accounts.roles import Role
from cardservice.registry.places import free_times
from cardservice.registry.places_form import place_of_issue
from cardservice.registry.ports_base import Ask
from cardservice.registry.ports_places import MedicalOrganisation, Place
from tests.office_world import NOBODYS, World
from tests.registry.offices import REGION
from tests.unit.accounts.browser import Browser
from tests.unit.web_office.sending import send

PLACES = "/office/places"
CLINICS = "/office/organisations"
NAME = "Пункт на Примерной"
POINT = {
    "name": NAME,
    "address": "г. Макетный, ул. Примерная, 1",
    "phone": "+7 000 000-00-00",
    "visit_minutes": "30",
    "desks": "2",
    "hours.0": "9:00-13:00, 14:00–18:00",
    "hours.1": "09:00–13:00",
    "services": ["applications", "hand-over"],
    "collectables": ["card"],
}
CLINIC_NAME = "Поликлиника № 1"
CLINIC = {
    "ogrn": "1020000000008",
    "joined_on": "2026-01-01",
    "name": CLINIC_NAME,
    "place": "г. Макетный",
    "address": "ул. Лечебная, 2",
    "services": "терапевт\nхирург",
}
MONDAY = "2026-06-08"


def place(world: World, id_: str) -> Place:
    with world.desk.reading() as work:
        found: Place = work.places.get(REGION, UUID(id_))
    return found


def clinic(world: World, id_: str) -> MedicalOrganisation:
    with world.desk.reading() as work:
        found: MedicalOrganisation = work.medical_organisations.get(REGION, UUID(id_))
    return found


def id_in(sent: httpx.Response) -> str:
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].rpartition("/")[2]


def added(browser: Browser) -> str:
    return id_in(send(browser, f"{PLACES}/new", POINT))


def joined(browser: Browser) -> str:
    return id_in(send(browser, f"{CLINICS}/new", CLINIC))


def test_a_place_is_added_with_its_hours_and_found_by_a_word(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    made = place(world, added(clerk))
    issue = place_of_issue(made)
    assert [(one.weekday, f"{one.opens:%H:%M}") for one in issue.hours] == [
        (0, "09:00"),
        (0, "14:00"),
        (1, "09:00"),
    ]
    assert (made.collects, issue.desks) == (True, 2)
    assert NAME in clerk.get(f"{PLACES}?q=примерной").text
    assert NAME not in clerk.get(f"{PLACES}?q=другой").text


def test_a_place_is_shown_as_it_was_typed_and_changed(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{PLACES}/{added(clerk)}"
    page = clerk.get(one).text
    assert 'value="09:00–13:00, 14:00–18:00"' in page
    changed = {**POINT, "name": "Другой пункт", "hours.1": ""}
    assert send(clerk, one, changed).status_code == 303
    kept = place(world, one.rpartition("/")[2])
    assert kept.name == "Другой пункт"
    assert len(place_of_issue(kept).hours) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "Пункт\u202e"),
        ("hours.0", "с утра"),
        ("hours.0", "18:00-09:00"),
        ("hours.0", "25:00-26:00"),
        ("hours.0", "09:00-12:00, 11:00-13:00"),
        ("visit_minutes", "½"),
        ("visit_minutes", "999"),
        ("desks", "0"),
        ("services", "rm -rf"),
        ("collectables", "gold"),
    ],
)
def test_what_is_wrong_with_a_place_is_said_and_nothing_typed_is_lost(
    world: World, field: str, typed: str
) -> None:
    clerk = world.browser(Role.CLERK)
    sent = send(clerk, f"{PLACES}/new", {**POINT, field: typed})
    assert sent.status_code == 422
    assert f'href="#{field.partition(".")[0]}' in sent.text
    assert "г. Макетный, ул. Примерная, 1" in sent.text
    assert 'value="applications" checked' in sent.text or field == "services"
    with world.desk.reading() as work:
        assert work.places.of_region(REGION).rows == ()


def test_times_of_several_days_are_opened_and_again_without_harm(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{PLACES}/{added(clerk)}"
    days = {"first_day": MONDAY, "last_day": "2026-06-10"}
    for _ in range(2):
        assert send(clerk, f"{one}/times", days, on=one).status_code == 303
    times = free_times(
        world.desk.office, REGION, UUID(one.rpartition("/")[2]), ask=Ask(limit=200)
    ).rows
    assert len(times) == (8 + 8) + 8
    assert clerk.get(one).text.count("8 Jun 2026") > 1


@pytest.mark.parametrize(
    ("first", "last"), [("2026-06-10", "2026-06-08"), (MONDAY, "2026-08-08"), ("", ""), ("x", "y")]
)
def test_days_that_are_no_month_are_refused(world: World, first: str, last: str) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{PLACES}/{added(clerk)}"
    sent = send(clerk, f"{one}/times", {"first_day": first, "last_day": last}, on=one)
    assert sent.status_code == 422
    assert NAME in sent.text


def test_a_place_is_closed_once_and_offers_no_more(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{PLACES}/{added(clerk)}"
    assert send(clerk, f"{one}/closing", {"closed_on": MONDAY}, on=one).status_code == 303
    page = clerk.get(one).text
    assert "Closed for good from 8 Jun 2026" in page
    assert "Open these days" not in page


def test_a_clinic_is_added_found_changed_and_leaves(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{CLINICS}/{joined(clerk)}"
    assert CLINIC_NAME in clerk.get(f"{CLINICS}?q=хирург").text
    assert send(clerk, one, {**CLINIC, "services": "окулист"}).status_code == 303
    assert clinic(world, one.rpartition("/")[2]).services == ["окулист"]
    leaving = {"last_day": "2026-07-31"}
    assert send(clerk, f"{one}/leaving", leaving, on=one).status_code == 303
    page = clerk.get(one).text
    assert "31 Jul 2026" in page
    assert "Save" not in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("ogrn", "123"), ("joined_on", "soon"), ("name", ""), ("services", "\u0007")],
)
def test_what_is_wrong_with_a_clinic_is_said_and_nothing_typed_is_lost(
    world: World, field: str, typed: str
) -> None:
    sent = send(world.browser(Role.CLERK), f"{CLINICS}/new", {**CLINIC, field: typed})
    assert sent.status_code == 422
    assert f'href="#{field}"' in sent.text
    assert "ул. Лечебная, 2" in sent.text


def test_a_last_day_before_the_first_is_refused(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    one = f"{CLINICS}/{joined(clerk)}"
    sent = send(clerk, f"{one}/leaving", {"last_day": "2025-01-01"}, on=one)
    assert sent.status_code == 422
    assert 'value="2025-01-01"' in sent.text


@pytest.mark.parametrize("path", [PLACES, f"{PLACES}/new", CLINICS, f"{CLINICS}/{NOBODYS}"])
def test_others_change_no_place(world: World, path: str) -> None:
    assert world.browser(Role.APPROVER).get(path).status_code == 403
    assert world.browser().get(path).status_code == 303


def test_what_is_not_there_is_not_found(world: World) -> None:
    administrator = world.browser(Role.ADMINISTRATOR)
    for area in (PLACES, CLINICS):
        assert administrator.get(f"{area}/{uuid4()}").status_code == 404
        assert administrator.get(f"{area}/nothing").status_code == 422
