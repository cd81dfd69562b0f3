"""The table of rights and the tables of lives say the same of who may do what."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from cardservice.accounts.rights import GRANTS, Right
from cardservice.domain.lives import LIVES
from cardservice.domain.roles import Role

# Which right opens what: what a use case asks for before it asks the table of the life.
_ENTER = "application.enter application.own"
OPENS = {
    "application submit": f"{_ENTER} application.upload",
    "application ask-for-documents": "application.enter",
    "application bring-documents": _ENTER,
    "application approve": "application.decide",
    "application refuse": "application.decide",
    "application withdraw": _ENTER,
    "order lease": "order.make",
    "order give-back": "order.make",
    "order personalize": "order.make",
    "order update": "order.make",
    "order serve": "order.make",
    "order spoil": "order.change",
    "order queue-again": "order.change",
    "order cancel": "order.change",
    "order dispatch": "delivery order.change",
    "order arrive": "delivery",
    "order hand-over": "card.hand-over",
    "card personalize": "order.make",
    "card hand-over": "card.hand-over",
    "card block": "card.block",
    "card unblock": "card.unblock",
    "card report-lost": "card.block",
    "card report-stolen": "card.block",
    "card find-damaged": "card.block order.change",
    "card find-faulty": "card.block order.change",
    "card replace": "card.block card.hand-over",
    "card withdraw": "order.change policy.change",
    "policy suspend": "policy.change",
    "policy resume": "policy.change",
    "policy close-for-death": "policy.change",
    "policy close-for-right-lost": "policy.change",
    "policy close-as-duplicate": "person.merge",
    "temporary-certificate use-up": "application.enter card.hand-over order.make",
    "complaint answer": "complaint.answer",
    "complaint withdraw": "complaint.answer application.own",
}


def rights_of(life_and_event: str) -> frozenset[Right]:
    return frozenset(map(Right, OPENS[life_and_event].split()))


def moves() -> Iterator[tuple[str, frozenset[Role]]]:
    """Yield life and event, and who may, for all that somebody signed in can do."""
    for table in LIVES:
        for row in table.rows:
            people = row.roles - {Role.SERVICE}
            if people:
                yield f"{table.life} {row.event.value}", people


def test_every_move_of_a_person_is_opened_by_a_right() -> None:
    assert {name for name, _ in moves()} == OPENS.keys()


@pytest.mark.parametrize(("move", "roles"), sorted(moves(), key=str))
def test_who_may_move_something_has_a_right_that_opens_it(
    move: str, roles: frozenset[Role]
) -> None:
    granted = frozenset[Role]().union(*(GRANTS[one] for one in rights_of(move)))
    assert roles <= granted


def test_who_has_a_right_may_do_something_with_it() -> None:
    can: dict[Right, frozenset[Role]] = defaultdict(frozenset)
    for move, roles in moves():
        for right in rights_of(move):
            can[right] |= roles
    assert {
        right: roles for right, roles in GRANTS.items() if right in can and roles - can[right]
    } == {}


@pytest.mark.parametrize(
    ("move", "roles"),
    [
        ("order hand-over", {Role.CLERK, Role.APPROVER, Role.COURIER}),
        ("order arrive", {Role.CLERK, Role.APPROVER, Role.COURIER}),
        ("card unblock", {Role.APPROVER, Role.SECURITY_OFFICER}),
        ("application approve", {Role.APPROVER}),
    ],
)
def test_a_right_of_one_kind_of_move_is_given_to_exactly_who_may(
    move: str, roles: set[Role]
) -> None:
    assert GRANTS[next(iter(rights_of(move)))] == roles
    assert {one for name, who in moves() if name == move for one in who} == roles


def test_an_employer_and_a_courier_may_do_their_part_and_nothing_else() -> None:
    has = {role: {right for right, roles in GRANTS.items() if role in roles} for role in Role}
    for_all = {Right.OPEN, Right.ACCOUNT}
    assert has[Role.EMPLOYER] == for_all | {Right.APPLICATION_UPLOAD}
    assert has[Role.COURIER] == for_all | {Right.DELIVERY, Right.CARD_HAND_OVER}
