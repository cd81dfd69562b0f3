"""Updates: the insurer record goes onto the card that its holder has, and no blank is used."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cardservice.registry.cards import Loss, ReportCard, report_card
from cardservice.registry.commands import Answer
from cardservice.registry.ports_making import Card, Order
from cardservice.registry.ports_policies import TemporaryCertificate
from cardservice.registry.stations import (
    GiveBackOrder,
    give_back_order,
    return_expired_leases,
)
from cardservice.registry.stations_orders import (
    QueueOrderAgain,
    SpoilOrder,
    SpoilReason,
    queue_order_again,
    spoil_order,
)
from cardservice.registry.stations_updates import ReportUpdated, report_updated
from tests.registry.offices import REGION, START, TODAY, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    card_now,
    keep,
    lease,
    new_blanks,
    new_order,
    new_policy,
    order_for,
    order_now,
    personalized,
    stock,
)

NUMBER = 77
LATER = START + timedelta(minutes=5)


def new_update(desk: Desk, state: str = "active") -> tuple[Order, Card]:
    """Return an update that waits, and the card its holder has, both kept."""
    policy, application = new_policy(desk)
    card = Card(
        region=REGION,
        id=desk.office.new_id(),
        number=NUMBER,
        policy_id=policy.id,
        state=state,
        signed_at=START,
        created_at=START,
        updated_at=START,
    )
    keep(desk, lambda work: work.cards.add(card))
    return order_for(desk, policy, application_id=application.id, card_id=card.id), card


def reporting(desk: Desk, leased: Answer, **changes: Any) -> ReportUpdated:
    good = ReportUpdated(
        region=REGION,
        key=desk.key(),
        order_id=leased.id,
        version=leased.version,
        number=NUMBER,
        signed_at=LATER,
    )
    return replace(good, **changes)


def updated(desk: Desk, leased: Answer, **changes: Any) -> Answer:
    return report_updated(desk.office, STATION, reporting(desk, leased, **changes))


def spoil(desk: Desk, leased: Answer, *, again: bool = True) -> Answer:
    command = SpoilOrder(
        region=REGION,
        key=desk.key(),
        order_id=leased.id,
        version=leased.version,
        reason=SpoilReason.FAULTY,
        again=again,
    )
    return spoil_order(desk.office, STATION, command)


def give_back(desk: Desk, leased: Answer) -> Answer:
    command = GiveBackOrder(
        region=REGION, key=desk.key(), order_id=leased.id, version=leased.version
    )
    return give_back_order(desk.office, STATION, command)


def lose(desk: Desk, card: Card) -> None:
    command = ReportCard(region=REGION, key=desk.key(), card_id=card.id, loss=Loss.LOST)
    report_card(desk.office, desk.clerk, command)


@pytest.mark.parametrize("state", ["active", "blocked"])
def test_an_update_ends_with_its_record_on_the_card_that_stays_as_it_was(
    desk: Desk, state: str
) -> None:
    order, card = new_update(desk, state)
    answer = updated(desk, lease(desk, order))
    kept = card_now(desk, card.id)
    assert (answer.state, answer.made["card"]) == ("handed-over", str(card.id))
    assert (kept.state, kept.signed_at, kept.activated_at) == (state, LATER, None)
    assert order_now(desk, order.id).leased_until is None
    assert desk.actions() == ["order.lease", "card.update", "order.update"]


def test_an_update_is_leased_like_any_other_order_and_needs_no_blank(desk: Desk) -> None:
    order, _ = new_update(desk)
    leased = lease(desk)
    assert leased.id == order.id
    updated(desk, leased)
    assert stock(desk).issued == 0
    assert order_now(desk, order.id).attempts == 0


def test_the_temporary_certificate_serves_no_more_once_the_record_is_on_the_card(
    desk: Desk,
) -> None:
    order, _ = new_update(desk)
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
    keep(desk, lambda work: work.certificates.add(certificate))
    updated(desk, lease(desk, order))
    with desk.reading() as work:
        assert work.certificates.get(REGION, certificate.id).state == "used-up"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": NUMBER + 1}, "other-card"),
        ({"signed_at": START}, "record-not-newer"),
        ({"version": 1}, "stale"),
    ],
)
def test_a_wrong_report_of_an_update_changes_nothing(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    order, card = new_update(desk)
    leased = lease(desk, order)
    before = desk.audit()
    refused(code, lambda: updated(desk, leased, **changes))
    assert card_now(desk, card.id) == card
    assert desk.audit() == before


def test_only_the_station_with_the_lease_reports_an_update(desk: Desk) -> None:
    order, _ = new_update(desk)
    leased = lease(desk, order)
    command = reporting(desk, leased)
    refused("lease-not-yours", lambda: report_updated(desk.office, OTHER_STATION, command))
    refused("role-not-allowed", lambda: report_updated(desk.office, desk.clerk, command))


def test_an_order_for_a_new_card_is_no_update_and_an_update_makes_no_card(desk: Desk) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk, 2))
    refused("order-is-new-card", lambda: updated(desk, leased))
    order, _ = new_update(desk)
    update = lease(desk, order)
    refused("order-is-update", lambda: personalized(desk, update))


def test_an_update_reported_twice_with_one_key_is_one(desk: Desk) -> None:
    order, _ = new_update(desk)
    command = reporting(desk, lease(desk, order))
    first = report_updated(desk.office, STATION, command)
    assert report_updated(desk.office, STATION, command) == first
    assert desk.actions().count("card.update") == 1


def test_an_update_that_failed_costs_no_blank_and_waits_again(desk: Desk) -> None:
    new_blanks(desk, 2)
    order, card = new_update(desk)
    assert spoil(desk, lease(desk, order)).state == "queued"
    kept = order_now(desk, order.id)
    assert (kept.card_id, kept.attempts, kept.station) == (card.id, 0, None)
    assert (stock(desk).spoiled, stock(desk).at_station) == (0, 2)
    assert card_now(desk, card.id).state == "active"


@pytest.mark.parametrize("again", [True, False])
def test_an_update_of_a_card_that_ends_is_cancelled(desk: Desk, again: bool) -> None:
    order, card = new_update(desk)
    spoil(desk, lease(desk, order), again=again)
    lose(desk, card)
    assert order_now(desk, order.id).state == "cancelled"
    facts = [one.fact for one in desk.audit() if one.fact.action == "order.cancel"]
    assert [(one.actor, one.ground) for one in facts] == [("system", "card-ended")]


def test_an_update_whose_card_ended_at_the_station_comes_back_cancelled(desk: Desk) -> None:
    order, card = new_update(desk)
    leased = lease(desk, order)
    lose(desk, card)
    assert order_now(desk, order.id).state == "leased"
    refused("card-ended", lambda: updated(desk, leased))
    assert give_back(desk, leased).state == "cancelled"
    refused("queue-empty", lambda: lease(desk))


def test_an_order_whose_policy_was_closed_at_the_station_comes_back_cancelled(desk: Desk) -> None:
    orders = [new_order(desk, number) for number in (1, 2, 3)]
    given, lapsed, spoiled = (lease(desk, one) for one in orders)

    def close(policy_id: UUID) -> None:
        keep(
            desk,
            lambda work: work.policies.change(
                replace(work.policies.get(REGION, policy_id), state="closed")
            ),
        )

    new_blanks(desk)
    held = spoil(desk, spoiled, again=False)
    for one in orders:
        close(one.policy_id)
    assert give_back(desk, given).state == "cancelled"
    desk.clock.now += timedelta(minutes=31)
    assert return_expired_leases(desk.office, REGION) == 1
    again = QueueOrderAgain(region=REGION, key="again", order_id=held.id, version=held.version)
    assert queue_order_again(desk.office, desk.clerk, again).state == "cancelled"
    assert {order_now(desk, one.id).state for one in orders} == {"cancelled"}
    refused("lease-not-yours", lambda: give_back(desk, lapsed))
