"""Stations and the queue: leases that are one station's, and end."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest

from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.commands import Answer
from cardservice.registry.stations import (
    LONGEST_LEASE_MINUTES,
    GiveBackOrder,
    LeaseOrder,
    RenewLease,
    give_back_order,
    lease_order,
    renew_lease,
    return_expired_leases,
)
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    at_once,
    lease,
    new_blanks,
    new_order,
    order_now,
    personalized,
)


def renew(desk: Desk, leased: Answer, minutes: int = 60) -> RenewLease:
    return RenewLease(
        region=REGION,
        key=desk.key(),
        order_id=leased.id,
        version=leased.version,
        minutes=minutes,
    )


def give_back(desk: Desk, leased: Answer) -> GiveBackOrder:
    return GiveBackOrder(region=REGION, key=desk.key(), order_id=leased.id, version=leased.version)


def test_a_station_gets_the_order_that_is_due_the_soonest(desk: Desk) -> None:
    new_order(desk, 1, due_on=date(2026, 7, 2))
    urgent = new_order(desk, 2, due_on=date(2026, 7, 1))
    answer = lease(desk)
    order = order_now(desk, urgent.id)
    assert (answer.id, answer.state) == (urgent.id, "leased")
    assert (order.station, order.leased_until) == (STATION.name, START + timedelta(minutes=30))
    assert desk.actions() == ["order.lease"]


def test_a_station_that_feeds_blanks_gets_no_other_work_however_urgent(desk: Desk) -> None:
    new_blanks(desk)
    holder_has = personalized(desk, lease(desk, new_order(desk, 1)))
    policy = order_now(desk, holder_has.id)
    change = new_order(
        desk,
        2,
        due_on=date(2026, 7, 1),
        card_id=policy.card_id,
        work=CardWork.CHANGE_INSURER.value,
    )
    blank = new_order(desk, 3, due_on=date(2026, 7, 2))
    feeder = LeaseOrder(region=REGION, key=desk.key(), works=(CardWork.NEW_CARD,))
    assert lease_order(desk.office, STATION, feeder).id == blank.id
    feeder = LeaseOrder(region=REGION, key=desk.key(), works=(CardWork.NEW_CARD,))
    refused("queue-empty", lambda: lease_order(desk.office, STATION, feeder))
    assert lease(desk).id == change.id


def test_an_empty_queue_says_so(desk: Desk) -> None:
    refused("queue-empty", lambda: lease(desk))
    assert desk.audit() == ()


def test_a_leased_order_is_nobody_elses(desk: Desk) -> None:
    order = new_order(desk)
    leased = lease(desk, order)
    refused("state-order-leased", lambda: lease(desk, order, OTHER_STATION))
    for do in (
        lambda: renew_lease(desk.office, OTHER_STATION, renew(desk, leased)),
        lambda: give_back_order(desk.office, OTHER_STATION, give_back(desk, leased)),
    ):
        refused("lease-not-yours", do)
    assert order_now(desk, order.id).station == STATION.name


def test_only_a_station_leases(desk: Desk) -> None:
    new_order(desk)
    for actor in (desk.clerk, desk.approver, desk.officer, desk.applicant):
        refused("role-not-allowed", partial(lease, desk, None, actor))


@pytest.mark.parametrize("minutes", [0, -1, LONGEST_LEASE_MINUTES + 1])
def test_a_lease_has_a_term_within_bounds(desk: Desk, minutes: int) -> None:
    order = new_order(desk)
    refused("lease-term-wrong", lambda: lease(desk, order, minutes=minutes))
    leased = lease(desk, order)
    command = renew(desk, leased, minutes)
    refused("lease-term-wrong", lambda: renew_lease(desk.office, STATION, command))


def test_a_renewed_lease_ends_later(desk: Desk) -> None:
    leased = lease(desk, new_order(desk))
    renewed = renew_lease(desk.office, STATION, renew(desk, leased))
    assert order_now(desk, leased.id).leased_until == START + timedelta(minutes=60)
    assert renewed.version == leased.version + 1
    stale = renew(desk, leased)
    refused("stale", lambda: renew_lease(desk.office, STATION, stale))
    assert desk.actions()[-1] == "order.renew-lease"


def test_an_order_given_back_is_in_the_queue(desk: Desk) -> None:
    leased = lease(desk, new_order(desk))
    assert give_back_order(desk.office, STATION, give_back(desk, leased)).state == "queued"
    order = order_now(desk, leased.id)
    assert (order.station, order.leased_until) == (None, None)
    assert lease(desk, order, OTHER_STATION).state == "leased"


def test_expired_leases_return_by_themselves_and_not_before(desk: Desk) -> None:
    leased = lease(desk, new_order(desk))
    desk.clock.now += timedelta(minutes=30)
    assert return_expired_leases(desk.office, REGION) == 0
    desk.clock.now += timedelta(seconds=1)
    assert return_expired_leases(desk.office, REGION) == 1
    assert return_expired_leases(desk.office, REGION) == 0
    assert order_now(desk, leased.id).state == "queued"
    last = desk.audit()[-1].fact
    assert (last.action, last.actor, last.ground) == ("order.give-back", "system", "lease-ended")
    refused("lease-not-yours", lambda: renew_lease(desk.office, STATION, renew(desk, leased)))


def test_an_expired_lease_does_not_keep_another_station_waiting(desk: Desk) -> None:
    order = new_order(desk)
    lease(desk, order)
    desk.clock.now += timedelta(minutes=31)
    assert lease(desk, None, OTHER_STATION).id == order.id
    assert order_now(desk, order.id).station == OTHER_STATION.name


def test_a_lease_asked_for_twice_with_one_key_is_one(desk: Desk) -> None:
    new_order(desk, 1)
    new_order(desk, 2)
    command = LeaseOrder(region=REGION, key="once")
    first = lease_order(desk.office, STATION, command)
    assert lease_order(desk.office, STATION, command) == first
    assert desk.actions() == ["order.lease"]
    other = LeaseOrder(region=REGION, key="once", minutes=5)
    refused("key-reused", lambda: lease_order(desk.office, STATION, other))


def test_an_order_that_is_not_there_is_not_found(desk: Desk) -> None:
    command = LeaseOrder(region=REGION, key="k", order_id=UUID(int=1))
    refused("not-found", lambda: lease_order(desk.office, STATION, command))


def test_two_stations_at_once_never_get_the_same_order(either_desk: Desk) -> None:
    desk = either_desk
    order = new_order(desk)
    came_to = at_once([partial(lease, desk, None, station) for station in (STATION, OTHER_STATION)])
    codes = [one for one in came_to if isinstance(one, str)]
    winners = [one for one in came_to if isinstance(one, Answer)]
    assert codes == ["queue-empty"]
    assert [one.id for one in winners] == [order.id]
    assert desk.actions() == ["order.lease"]
