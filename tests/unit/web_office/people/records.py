"""People in the register, with policies and cards, and twins among them."""

from typing import Any
from uuid import UUID

from cardservice.registry.commands import Answer
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_people import Person
from cardservice.registry.ports_policies import Policy
from tests.office_world import World
from tests.registry.forms import made
from tests.registry.offices import BORN, REGION, START
from tests.registry.stations_world import keep


def person_page(done: Answer) -> str:
    """Return the page of the person of an approved application."""
    return f"/office/people/{made(done, 'person')}"


def policy_page(done: Answer) -> str:
    """Return the address under which the policy of an approved application is changed."""
    return f"/office/policies/{made(done, 'policy')}"


def new_card(world: World, done: Answer, **changes: Any) -> UUID:
    """Return a card of the policy of an approved application, active unless told."""
    row: dict[str, Any] = {
        "number": 20_260_000_001,
        "state": "active",
        "activated_at": START,
        "created_at": START,
        "updated_at": START,
    }
    card = Card(
        region=REGION,
        id=world.desk.office.new_id(),
        policy_id=made(done, "policy"),
        **(row | changes),
    )
    keep(world.desk, lambda work: work.cards.add(card))
    return card.id


def new_person(world: World, **changes: Any) -> UUID:
    """Return a person without a policy, much like the one that applications are for."""
    row: dict[str, Any] = {
        "surname": "Пробный",
        "given_name": "Семён",
        "patronymic": "Пробович",
        "sex": "male",
        "birth_date": BORN,
        "category": "citizen",
        "created_at": START,
    }
    one = Person(region=REGION, id=world.desk.office.new_id(), **(row | changes))
    keep(world.desk, lambda work: work.people.add(one))
    return one.id


def card_now(world: World, card_id: UUID) -> Card:
    """Return a card as it is kept."""
    with world.desk.reading() as work:
        found: Card = work.cards.get(REGION, card_id)
    return found


def policy_now(world: World, done: Answer) -> Policy:
    """Return the policy of an approved application as it is kept."""
    with world.desk.reading() as work:
        found: Policy = work.policies.get(REGION, made(done, "policy"))
    return found


def person_now(world: World, person_id: UUID) -> Person:
    """Return a person as they are kept."""
    with world.desk.reading() as work:
        found: Person = work.people.get(REGION, person_id)
    return found
