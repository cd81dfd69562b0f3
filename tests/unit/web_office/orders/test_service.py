"""Work on a card is ordered with a small form, from where the card is shown."""

import pytest

from cardservice.accounts.roles import Role
from tests.office_world import World
from tests.registry.forms import approved
from tests.registry.offices import REGION
from tests.unit.web_office.people.records import new_card, person_page
from tests.unit.web_office.queue.pages import fill, words

WORK = {"work": "new-pin", "ground": "letter-lost"}


def test_a_clerk_orders_work_on_a_card_and_sees_the_order(world: World) -> None:
    done = approved(world.desk)
    card = new_card(world, done)
    clerk = world.browser(Role.CLERK)
    path = f"/office/cards/{card}/service"
    assert path in clerk.get(person_page(done)).text
    assert path in clerk.get(f"/office/cards/{card}").text
    sent = fill(clerk, path, **WORK)
    order = clerk.get(sent.headers["location"])
    assert "New PIN and PUK" in words(order)
    assert "The letter with the PIN was lost" in words(order)
    assert "Print file" not in words(order)
    with world.desk.reading() as work:
        (kept,) = [one for one in work.orders.queue(REGION, "queued").rows if one.card_id == card]
    assert (kept.work, kept.ground) == ("new-pin", "letter-lost")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "work"),
        ({"work": "new-pin"}, "ground"),
        ({"work": "burn", "ground": "damaged"}, "work"),
        ({"work": "new-pin", "ground": "damaged"}, "ground"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said_beside_its_field(
    world: World, typed: dict[str, str], field: str
) -> None:
    card = new_card(world, approved(world.desk))
    answer = fill(world.browser(Role.CLERK), f"/office/cards/{card}/service", **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_work_ordered_twice_is_refused_on_the_page(world: World) -> None:
    card = new_card(world, approved(world.desk))
    clerk, path = world.browser(Role.CLERK), f"/office/cards/{card}/service"
    fill(clerk, path, **WORK)
    assert "ordered already" in words(fill(clerk, path, **WORK))


@pytest.mark.parametrize("state", ["personalized", "terminated"])
def test_a_card_that_no_holder_has_offers_no_work(world: World, state: str) -> None:
    done = approved(world.desk)
    card = new_card(world, done, state=state)
    clerk, path = world.browser(Role.CLERK), f"/office/cards/{card}/service"
    assert path not in clerk.get(person_page(done)).text
    assert path not in clerk.get(f"/office/cards/{card}").text
    assert fill(clerk, path, **WORK).status_code == 422


def test_a_security_officer_blocks_cards_and_orders_no_work(world: World) -> None:
    card = new_card(world, approved(world.desk))
    officer = world.browser(Role.SECURITY_OFFICER)
    assert "/service" not in officer.get(f"/office/cards/{card}").text
    assert officer.get(f"/office/cards/{card}/service").status_code == 403


def test_the_form_is_said_in_russian(world: World) -> None:
    card = new_card(world, approved(world.desk))
    clerk = world.browser(Role.CLERK)
    shown = words(clerk.get(f"/office/cards/{card}/service?lang=ru"))
    assert "Новые ПИН-код и ПУК-код: ПИН-код забыт" in shown
