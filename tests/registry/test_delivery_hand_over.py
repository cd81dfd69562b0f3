"""The hand-over: identity, receipt, the old card, and never twice."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.domain.roles import Role
from cardservice.registry.actor import Actor
from cardservice.registry.cards import Loss, ReportCard, report_card
from cardservice.registry.commands import Answer
from cardservice.registry.delivery_hand_over import HandOver, OldCard, hand_over
from cardservice.registry.ports import Work
from cardservice.registry.ports_making import Order
from cardservice.registry.ports_policies import TemporaryCertificate
from tests.registry.offices import REGION, START, TODAY, Desk, refused
from tests.registry.stations_world import (
    STATION,
    arrive,
    at_once,
    card_now,
    dispatch,
    keep,
    made,
    new_blanks,
    new_order,
    new_place,
    new_policy,
    order_for,
    order_now,
)


def arrived(desk: Desk, order: Order | None = None) -> Order:
    new_blanks(desk, 1 + len(desk.audit()))
    id_ = made(desk, order or new_order(desk)).id
    arrive(desk, dispatch(desk, new_place(desk), id_).number)
    return order_now(desk, id_)


def command_for(desk: Desk, order: Order, **changes: Any) -> HandOver:
    assert order.place_id is not None
    good = HandOver(
        region=REGION,
        key=desk.key(),
        order_id=order.id,
        version=order.version,
        place_id=order.place_id,
        came=Applicant.SELF,
        shown=DocumentType.PASSPORT_RF,
        matched=True,
        old_card=OldCard.NONE,
    )
    return replace(good, **changes)


def handed(desk: Desk, order: Order, **changes: Any) -> Answer:
    return hand_over(desk.office, desk.clerk, command_for(desk, order, **changes))


def with_old_card(desk: Desk) -> tuple[str, Order]:
    """Return the id of a card in use, and the order for the one after it, arrived."""
    policy, _ = new_policy(desk)
    first = handed(desk, arrived(desk, order_for(desk, policy)))
    return first.made["card"], arrived(desk, order_for(desk, policy))


def test_a_card_is_active_from_its_hand_over_and_not_before(desk: Desk) -> None:
    order = arrived(desk)
    assert order.card_id is not None
    assert card_now(desk, order.card_id).state == "personalized"
    answer = handed(desk, order)
    card = card_now(desk, order.card_id)
    assert (answer.state, card.state, card.activated_at) == ("handed-over", "active", START)


def test_the_old_card_ends_when_the_new_one_is_handed_over_and_not_before(desk: Desk) -> None:
    old, order = with_old_card(desk)
    assert card_now(desk, old).state == "active"
    new = handed(desk, order, old_card=OldCard.TAKEN_BACK).made["card"]
    assert (card_now(desk, old).state, card_now(desk, old).reason) == ("terminated", "replaced")
    assert card_now(desk, new).state == "active"


@pytest.mark.parametrize(
    ("old_card", "reason"),
    [(OldCard.LOST, "lost"), (OldCard.STOLEN, "stolen"), (OldCard.DESTROYED, "damaged")],
)
def test_an_old_card_that_is_not_brought_ends_too(
    desk: Desk, old_card: OldCard, reason: str
) -> None:
    old, order = with_old_card(desk)
    handed(desk, order, old_card=old_card)
    assert card_now(desk, old).reason == reason


def test_nothing_is_handed_over_while_nobody_says_what_became_of_the_old_card(desk: Desk) -> None:
    old, order = with_old_card(desk)
    before = desk.audit()
    refused("old-card-missing", lambda: handed(desk, order))
    assert card_now(desk, old).state == "active"
    assert order_now(desk, order.id).state == "arrived"
    assert desk.audit() == before


def test_there_is_a_receipt_and_a_record_of_the_check(desk: Desk) -> None:
    answer = handed(desk, arrived(desk), came=Applicant.PARENT_OR_GUARDIAN)
    with desk.reading() as work:
        order = work.orders.get(REGION, answer.id)
        (receipt,) = work.receipts.of_order(REGION, order.id)
        assert work.documents.of_application(REGION, order.application_id) == ()
        policy = work.policies.get(REGION, order.policy_id)
        looks = work.looks.at_person(REGION, policy.person_id).rows
    assert (receipt.number, receipt.handed_at, receipt.handed_by) == (
        answer.number,
        START,
        desk.clerk.name,
    )
    assert (receipt.came, receipt.shown, receipt.old_card) == (
        "parent-or-guardian",
        "passport_rf",
        "none",
    )
    assert (receipt.card_id, receipt.person_id, receipt.place_id) == (
        order.card_id,
        policy.person_id,
        order.place_id,
    )
    assert [(one.reason, one.actor) for one in looks] == [("card.hand-over", desk.clerk.name)]
    fact = desk.audit()[-1].fact
    assert (fact.action, dict(fact.details)) == (
        "card.receipt",
        {
            "receipt": answer.made["receipt"],
            "came": "parent-or-guardian",
            "shown": "passport_rf",
            "old_card": "none",
        },
    )


def test_the_temporary_certificate_is_used_up(desk: Desk) -> None:
    order = arrived(desk)
    assert order.application_id is not None
    certificate = TemporaryCertificate(
        region=REGION,
        id=desk.office.new_id(),
        number="000000001",
        application_id=order.application_id,
        state="issued",
        issued_on=TODAY,
        valid_until=TODAY,
    )
    spent = replace(certificate, id=desk.office.new_id(), number="000000002", state="expired")
    keep(desk, lambda work: work.certificates.add(certificate, spent))
    handed(desk, order)
    with desk.reading() as work:
        states = [
            one.state for one in work.certificates.of_application(REGION, order.application_id)
        ]
    assert states == ["used-up", "expired"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"matched": False}, "identity-not-confirmed"),
        ({"shown": DocumentType.SNILS}, "identity-document"),
        ({"shown": DocumentType.POWER_OF_ATTORNEY}, "identity-document"),
        ({"version": 1}, "stale"),
    ],
)
def test_without_a_check_of_who_came_nothing_is_handed_over(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    order = arrived(desk)
    before = desk.audit()
    refused(code, lambda: handed(desk, order, **changes))
    assert order_now(desk, order.id) == order
    assert desk.audit() == before


def test_a_card_is_handed_over_where_it_is(desk: Desk) -> None:
    order = arrived(desk)
    elsewhere = new_place(desk)
    refused("other-place", lambda: handed(desk, order, place_id=elsewhere))


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COURIER])
def test_an_approver_and_a_courier_hand_over_and_take_the_old_card_back(
    desk: Desk, role: Role
) -> None:
    old, order = with_old_card(desk)
    command = command_for(desk, order, old_card=OldCard.TAKEN_BACK)
    hand_over(desk.office, Actor(UUID(int=0xC0), role), command)
    assert order_now(desk, order.id).state == "handed-over"
    assert card_now(desk, old).state == "terminated"


def test_nobody_else_hands_over(desk: Desk) -> None:
    order = arrived(desk)
    for actor in (STATION, desk.applicant, desk.officer):
        command = command_for(desk, order)
        refused("role-not-allowed", partial(hand_over, desk.office, actor, command))


def test_a_card_that_did_not_arrive_is_not_handed_over(desk: Desk) -> None:
    new_blanks(desk)
    place, id_ = new_place(desk), made(desk, new_order(desk)).id
    dispatch(desk, place, id_)
    refused("state-order-in-delivery", lambda: handed(desk, order_now(desk, id_)))


def test_a_card_reported_lost_on_its_way_is_not_handed_over(desk: Desk) -> None:
    order = arrived(desk)
    assert order.card_id is not None
    lost = ReportCard(region=REGION, key="lost", card_id=order.card_id, loss=Loss.LOST)
    report_card(desk.office, desk.clerk, lost)
    refused("state-card-terminated", lambda: handed(desk, order))


def test_a_card_of_a_closed_policy_is_not_handed_over(desk: Desk) -> None:
    order = arrived(desk)

    def close(work: Work) -> None:
        policy = work.policies.get(REGION, order.policy_id)
        work.policies.change(replace(policy, state="closed"))

    keep(desk, close)
    refused("policy-closed", lambda: handed(desk, order))


def test_a_hand_over_sent_twice_with_one_key_has_one_receipt(desk: Desk) -> None:
    command = command_for(desk, arrived(desk))
    first = hand_over(desk.office, desk.clerk, command)
    assert hand_over(desk.office, desk.clerk, command) == first
    assert desk.actions().count("card.receipt") == 1
    other = replace(command, came=Applicant.REPRESENTATIVE)
    refused("key-reused", lambda: hand_over(desk.office, desk.clerk, other))


def test_a_card_handed_over_twice_at_once_is_handed_over_once(either_desk: Desk) -> None:
    desk = either_desk
    order = arrived(desk)
    acts: list[Callable[[], Answer]] = [
        partial(hand_over, desk.office, desk.clerk, command_for(desk, order)) for _ in range(2)
    ]
    came_to = at_once(acts)
    assert [one for one in came_to if isinstance(one, str)] == ["state-order-handed-over"]
    assert desk.actions().count("card.receipt") == 1
