"""Stations, couriers and officers who send requests, and cards at every point of their way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from cardservice.accounts.rights import Right, may
from cardservice.accounts.roles import Role
from cardservice.domain.roles import Role as ActingRole
from cardservice.registry.actor import Actor
from cardservice.registry.ports_making import Card, Order
from tests.office_world import Program, World
from tests.registry import stations_world as stage
from tests.registry.offices import REGION, START

SIGNED = "2026-06-01T09:00:00+03:00"
MADE = {"number": 17, "chip_serial": "0aFF", "signed_at": SIGNED}


def program_of(world: World, role: Role) -> tuple[Program, Actor]:
    """Return a program with all rights of a role, and who it is."""
    scopes = frozenset(one for one in Right if one is not Right.OPEN and may({role}, one))
    record, token = world.accounts.tokens.issue(
        "a program", role=role, scopes=scopes, region=REGION, lasts=timedelta(days=30)
    )
    return Program(world.app, token), Actor(record.id, ActingRole(role.value))


def station(world: World) -> tuple[Program, Actor]:
    """Return a station with ten blanks."""
    program, actor = program_of(world, Role.STATION)
    stage.new_blanks(world.desk, station=actor)
    return program, actor


def personalized(world: World, number: int = 1) -> Order:
    """Return an order whose card was made."""
    _, actor = station(world)
    order = stage.new_order(world.desk, number)
    stage.personalized(world.desk, stage.lease(world.desk, order, actor), actor)
    return stage.order_now(world.desk, order.id)


def arrived(world: World) -> Order:
    """Return an order whose card waits for its person."""
    order = personalized(world)
    sent = stage.dispatch(world.desk, stage.new_place(world.desk), order.id)
    stage.arrive(world.desk, sent.number)
    return stage.order_now(world.desk, order.id)


def handing(order: Order, **changes: Any) -> dict[str, object]:
    """Return what a clerk says at a hand-over."""
    said = {
        "place_id": str(order.place_id),
        "came": "self",
        "shown": "passport_rf",
        "matched": True,
        "old_card": "none",
    }
    return said | changes


def kept_card(world: World, state: str = "active", number: int = 77) -> Card:
    """Return a card that its holder has, in that state."""
    policy, _ = stage.new_policy(world.desk)
    card = Card(
        region=REGION,
        id=world.desk.office.new_id(),
        number=number,
        policy_id=policy.id,
        state=state,
        signed_at=START,
        created_at=START,
        updated_at=START,
    )
    stage.keep(world.desk, lambda work: work.cards.add(card))
    return card


def new_update(world: World) -> tuple[Order, Card]:
    """Return an order for a record on a card that its holder has, and the card."""
    card = kept_card(world)
    with world.desk.reading() as work:
        policy = work.policies.get(REGION, card.policy_id)
    return stage.order_for(world.desk, policy, card_id=card.id), card


def looked_at(world: World, person_id: UUID) -> list[tuple[str, str]]:
    """Return role and reason of every look at a person."""
    with world.desk.reading() as work:
        return [(one.role, one.reason) for one in work.looks.at_person(REGION, person_id).rows]


def holder_of(world: World, order: Order) -> UUID:
    """Return the id of the person an order is for."""
    with world.desk.reading() as work:
        found: UUID = work.policies.get(REGION, order.policy_id).person_id
    return found
