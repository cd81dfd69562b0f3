"""What a hostile form, a hostile name or a clerk of another region comes to."""

import inspect
from uuid import uuid4

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from cardservice.accounts.roles import Role
from cardservice.web.office.people.routes import router as people
from cardservice.web.office.queue.routes import router as queue
from cardservice.web.signin.forms import sent_by_our_form
from tests.office_world import World
from tests.registry.forms import approved, draft, made, person, submitted
from tests.unit.accounts import office as accounts
from tests.unit.accounts.browser import Browser
from tests.unit.uploads.samples import png
from tests.unit.web_office.people.records import new_card, person_page, policy_page
from tests.unit.web_office.queue.cases import case_address, with_scan
from tests.unit.web_office.queue.pages import fill, hidden_of

OTHER_REGION = "45000"
SCRIPT = "<script>alert(1)</script>"
BIDI, NUL = "Про\u202eбный", "Про\0бный"


def calls_of(dependant: Dependant) -> set[object]:
    """Return what a route depends on, however far off."""
    inner = (calls_of(one) for one in dependant.dependencies)
    asked = set() if dependant.call is None else {inspect.unwrap(dependant.call)}
    return asked.union(*inner)


def test_every_form_is_one_of_our_own_pages() -> None:
    sent = [
        route
        for router in (queue, people)
        for route in iter_route_contexts(router.routes)
        if route.methods and "POST" in route.methods
    ]
    unguarded = [route.path for route in sent if sent_by_our_form not in calls_of(route.dependant)]
    assert len(sent) > 15
    assert unguarded == []


def test_a_form_of_another_site_changes_nothing(world: World) -> None:
    case = case_address(submitted(world.desk))
    approver = world.browser(Role.APPROVER)
    form = hidden_of(approver.get(case).text, f"{case}/approval")
    foreign = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    answer = approver.send(f"{case}/approval", form, headers=foreign)
    assert answer.status_code == httpx.codes.FORBIDDEN
    tokenless = approver.send(f"{case}/approval", form | {"token": "another"})
    assert tokenless.status_code == httpx.codes.FORBIDDEN
    assert "application.approve" not in world.desk.actions()


def test_a_clerk_of_another_region_sees_nobody_of_this_one(world: World) -> None:
    done = approved(world.desk)
    scan = made(with_scan(world, png(), "image/png"), "document")
    world.accounts.book.add(
        "far.away",
        roles=frozenset({Role.APPROVER}),
        region=OTHER_REGION,
        new_id=uuid4,
        password=accounts.PASSWORD,
    )
    browser = Browser(world.app)
    browser.sign_in("far.away", accounts.PASSWORD)
    paths = (
        case_address(done),
        person_page(done),
        f"{person_page(done)}/similar",
        f"{policy_page(done)}/change",
        f"/office/cards/{new_card(world, done)}",
        f"/office/orders/{made(done, 'order')}/card",
        f"/office/documents/{scan}",
    )
    for path in paths:
        answer = browser.get(path)
        assert (path, answer.status_code) == (path, httpx.codes.NOT_FOUND)
        assert "Пробный" not in answer.text


def test_a_name_that_is_a_script_is_shown_as_it_is_written(world: World) -> None:
    form = draft(person=person(surname=SCRIPT, address=f"Пробноград, {SCRIPT}"))
    done = approved(world.desk, form)
    clerk = world.browser(Role.CLERK)
    for path in (case_address(done), person_page(done), f"{person_page(done)}/correction"):
        page = clerk.get(path).text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("typed", [BIDI, NUL])
def test_hidden_characters_are_refused_beside_their_field(world: World, typed: str) -> None:
    done = approved(world.desk)
    answer = fill(world.browser(Role.CLERK), f"{person_page(done)}/correction", surname=typed)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert 'href="#surname"' in answer.text


@pytest.mark.parametrize("typed", ["\0", "x" * 5000, "%", "_", "' OR 1=1 --"])
def test_whatever_is_looked_for_nothing_breaks(world: World, typed: str) -> None:
    approved(world.desk)
    clerk = world.browser(Role.CLERK)
    for path, form in (
        ("/office/people", {"name": typed}),
        ("/office/people", {"snils": typed}),
        ("/office/people", {"enp": typed}),
        ("/office/queue", {"number": typed, "birth_date": "1980-02-29"}),
    ):
        answer = fill(clerk, path, **form)
        assert answer.status_code in {httpx.codes.OK, httpx.codes.UNPROCESSABLE_ENTITY}
        assert "П•••" not in answer.text


def test_a_form_that_is_too_long_is_refused_unread(world: World) -> None:
    clerk = world.browser(Role.CLERK)
    form = {"token": clerk.token("/office/people"), "name": "x" * 100_000}
    answer = clerk.send("/office/people", form)
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
