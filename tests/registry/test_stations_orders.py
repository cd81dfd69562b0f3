"""Orders after their lease: made, spoiled, queued again, cancelled."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cardservice.domain.roles import Role
from cardservice.domain.stock import Stock
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.stations import return_expired_leases
from cardservice.registry.stations_orders import (
    CancelOrder,
    CancelReason,
    QueueOrderAgain,
    SpoilOrder,
    SpoilReason,
    cancel_order,
    queue_order_again,
    spoil_order,
)
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    arrive,
    card_now,
    dispatch,
    lease,
    made,
    new_blanks,
    new_order,
    new_place,
    order_for,
    order_now,
    personalized,
    stock,
)


def spoil(
    desk: Desk, order: Answer, actor: Actor, reason: SpoilReason = SpoilReason.DAMAGED, **more: Any
) -> Answer:
    command = SpoilOrder(
        region=REGION,
        key=desk.key(),
        order_id=order.id,
        version=order.version,
        reason=reason,
        **more,
    )
    return spoil_order(desk.office, actor, command)


def cancel(desk: Desk, order: Any, actor: Actor | None = None) -> Answer:
    command = CancelOrder(
        region=REGION,
        key=desk.key(),
        order_id=order.id,
        version=order.version,
        reason=CancelReason.NOT_WANTED,
    )
    return cancel_order(desk.office, actor or desk.clerk, command)


def test_a_made_card_is_kept_and_one_blank_is_issued(desk: Desk) -> None:
    order = new_order(desk)
    new_blanks(desk, 3)
    answer = personalized(desk, lease(desk, order), number=77)
    kept, card = order_now(desk, order.id), card_now(desk, answer.made["card"])
    assert (kept.state, kept.attempts, kept.card_id) == ("personalized", 1, card.id)
    assert (card.state, card.number, card.policy_id) == ("personalized", 77, order.policy_id)
    assert card.activated_at is None
    assert stock(desk) == Stock(received=3, at_station=2, issued=1)
    assert desk.actions()[-3:] == ["card.personalize", "order.personalize", "stock.issue"]


def test_a_card_made_of_no_blank_is_refused_and_leaves_nothing(desk: Desk) -> None:
    leased = lease(desk, new_order(desk))
    before = desk.audit()
    refused("stock-short", lambda: personalized(desk, leased))
    assert order_now(desk, leased.id).state == "leased"
    assert desk.audit() == before
    with desk.reading() as work:
        assert work.cards.of_policy(REGION, order_now(desk, leased.id).policy_id) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": -1}, "card-number-wrong"),
        ({"number": 1 << 48}, "card-number-wrong"),
        ({"chip_serial": b""}, "chip-serial-wrong"),
        ({"chip_serial": bytes(33)}, "chip-serial-wrong"),
    ],
)
def test_a_card_that_cannot_be_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    refused(code, lambda: personalized(desk, leased, **changes))


def test_a_card_number_is_given_once_in_a_region(desk: Desk) -> None:
    new_blanks(desk)
    personalized(desk, lease(desk, new_order(desk, 1)), number=5)
    second = lease(desk, new_order(desk, 2))
    refused("duplicate", lambda: personalized(desk, second, number=5))
    assert stock(desk).issued == 1


def test_a_card_finished_after_its_lease_counts_while_nobody_else_has_the_order(
    desk: Desk,
) -> None:
    new_blanks(desk)
    late = lease(desk, new_order(desk, 1))
    lost = lease(desk, new_order(desk, 2))
    desk.clock.now += timedelta(minutes=31)
    assert personalized(desk, late).state == "personalized"
    assert return_expired_leases(desk.office, REGION) == 1
    refused("lease-not-yours", lambda: personalized(desk, lost))


def test_only_the_station_with_the_lease_reports_a_card(desk: Desk) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    refused("lease-not-yours", lambda: personalized(desk, leased, OTHER_STATION))
    refused("role-not-allowed", lambda: personalized(desk, leased, desk.clerk))


def test_a_blank_spoiled_while_making_is_counted_and_the_order_queued_again(desk: Desk) -> None:
    new_blanks(desk, 2)
    leased = lease(desk, new_order(desk))
    refused("lease-not-yours", lambda: spoil(desk, leased, OTHER_STATION))
    assert spoil(desk, leased, STATION).state == "queued"
    order = order_now(desk, leased.id)
    assert (order.attempts, order.station, order.leased_until) == (1, None, None)
    assert stock(desk) == Stock(received=2, at_station=1, spoiled=1)
    assert made(desk, order).state == "personalized"


@pytest.mark.parametrize("reason", SpoilReason)
def test_a_card_spoiled_on_its_way_never_becomes_valid(desk: Desk, reason: SpoilReason) -> None:
    new_blanks(desk, 2)
    done, place = made(desk, new_order(desk)), new_place(desk)
    arrive(desk, dispatch(desk, place, done.id).number)
    order = order_now(desk, done.id)
    again = spoil(desk, Answer(id=order.id, version=order.version), desk.clerk, reason)
    card = card_now(desk, done.made["card"])
    assert again.state == "queued"
    assert (card.state, card.reason, card.terminated_at) == ("terminated", reason.value, START)
    assert order_now(desk, done.id).card_id is None
    assert (stock(desk).issued, stock(desk).spoiled) == (1, 0)


def test_a_spoiled_order_waits_for_a_decision_where_that_is_asked_for(desk: Desk) -> None:
    new_blanks(desk, 2)
    first = spoil(desk, lease(desk, new_order(desk, 1)), STATION, again=False)
    second = spoil(desk, lease(desk, new_order(desk, 2)), STATION, again=False)
    assert (first.state, cancel(desk, first).state) == ("spoiled", "cancelled")
    command = QueueOrderAgain(
        region=REGION, key="again", order_id=second.id, version=second.version
    )
    assert queue_order_again(desk.office, desk.clerk, command).state == "queued"


def test_a_cancelled_order_has_its_card_terminated(desk: Desk) -> None:
    new_blanks(desk)
    done = made(desk, new_order(desk))
    assert cancel(desk, done).state == "cancelled"
    card = card_now(desk, done.made["card"])
    assert (card.state, card.reason) == ("terminated", "not-wanted")
    facts = [one.fact for one in desk.audit() if one.fact.action == "order.cancel"]
    assert [one.ground for one in facts] == ["not-wanted"]


def test_a_courier_neither_spoils_nor_cancels(desk: Desk) -> None:
    new_blanks(desk)
    done, courier = made(desk, new_order(desk)), Actor(UUID(int=0xC1), Role.COURIER)
    refused("role-not-allowed", lambda: spoil(desk, done, courier))
    refused("role-not-allowed", lambda: cancel(desk, done, courier))


def test_a_leased_order_is_given_back_before_it_can_be_cancelled(desk: Desk) -> None:
    leased = lease(desk, new_order(desk))
    refused("state-order-leased", lambda: cancel(desk, leased))


def test_a_queued_order_is_cancelled_by_the_office_only_and_once(desk: Desk) -> None:
    order = new_order(desk)
    refused("role-not-allowed", lambda: cancel(desk, order, STATION))
    cancelled = cancel(desk, order)
    refused("state-order-cancelled", lambda: cancel(desk, cancelled))
    refused("stale", lambda: cancel(desk, order))


def test_a_policy_may_have_an_order_without_an_application(desk: Desk) -> None:
    new_blanks(desk)
    first = new_order(desk)
    with desk.reading() as work:
        policy = work.policies.get(REGION, first.policy_id)
    assert made(desk, order_for(desk, policy)).state == "personalized"


def test_the_card_that_a_holder_has_outlives_an_order_for_a_record_on_it(desk: Desk) -> None:
    new_blanks(desk)
    first = made(desk, new_order(desk))
    policy_id, card_id = order_now(desk, first.id).policy_id, first.made["card"]
    with desk.reading() as work:
        policy = work.policies.get(REGION, policy_id)
    update = order_for(desk, policy, card_id=UUID(card_id))
    leased = lease(desk, update)
    refused("order-is-update", lambda: personalized(desk, leased))
    spoiled = spoil(desk, leased, STATION)
    assert order_now(desk, update.id).card_id == UUID(card_id)
    assert cancel(desk, spoiled).state == "cancelled"
    assert card_now(desk, card_id).state == "personalized"
