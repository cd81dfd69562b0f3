"""What is over: a policy and a card after their last day, and what hangs on a closed policy."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from cardservice.domain.suspension import PolicyChangeReason
from cardservice.registry.cards import expire_cards
from cardservice.registry.policies import MovePolicy, expire_policies, move_policy
from cardservice.registry.ports_making import Card
from cardservice.registry.ports_policies import Policy
from cardservice.storage.paging import MAX_PAGE
from tests.registry import forms
from tests.registry.offices import REGION, START, TODAY, Desk, refused
from tests.registry.stations_world import (
    card_now,
    keep,
    lease,
    made,
    new_blanks,
    new_order,
    new_policy,
    order_now,
    personalized,
)
from tests.registry.test_policies import moving

YESTERDAY = TODAY - timedelta(days=1)


def policy_until(desk: Desk, until: date | None, number: int = 1, **changes: Any) -> Policy:
    """Return a policy with a last day, kept."""
    policy, _ = new_policy(desk, number)
    opened_on = TODAY - timedelta(days=400)
    wanted = replace(policy, valid_until=until, opened_on=opened_on, **changes)
    kept: list[Policy] = []
    keep(desk, lambda work: kept.append(work.policies.change(wanted)))
    return kept[0]


def add_card(desk: Desk, card: Card) -> None:
    keep(desk, lambda work: work.cards.add(card))


def card_until(desk: Desk, until: date | None, number: int, **changes: Any) -> Card:
    """Return a card with a last day, kept."""
    policy, _ = new_policy(desk, number)
    row: dict[str, Any] = {"state": "active", "created_at": START, "updated_at": START}
    card = Card(
        region=REGION,
        id=desk.office.new_id(),
        number=number,
        policy_id=policy.id,
        valid_until=until,
        **(row | changes),
    )
    add_card(desk, card)
    return card


def policy_now(desk: Desk, policy_id: UUID) -> Policy:
    with desk.reading() as work:
        found: Policy = work.policies.get(REGION, policy_id)
    return found


def closing(desk: Desk, policy_id: UUID, **changes: Any) -> MovePolicy:
    return moving(desk, policy_id, PolicyChangeReason.DEATH, **changes)


def test_a_policy_is_closed_by_itself_the_day_after_its_last(either_desk: Desk) -> None:
    desk = either_desk
    over = policy_until(desk, YESTERDAY, 1)
    suspended = policy_until(desk, YESTERDAY, 2, state="suspended")
    last_day, unlimited = policy_until(desk, TODAY, 3), policy_until(desk, None, 4)
    assert expire_policies(desk.office, REGION) == 2
    for one in (over, suspended):
        kept = policy_now(desk, one.id)
        assert (kept.state, kept.closed_on) == ("closed", YESTERDAY)
        assert kept.reason == f"term-ended/{YESTERDAY}"
    assert {policy_now(desk, one.id).state for one in (last_day, unlimited)} == {"active"}
    assert expire_policies(desk.office, REGION) == 0
    desk.clock.pass_days(1)
    assert expire_policies(desk.office, REGION) == 1
    assert {one.fact.actor for one in desk.audit()} == {"system"}


def test_a_change_recorded_after_the_last_day_does_not_stand_in_the_way(desk: Desk) -> None:
    late = policy_until(
        desk, TODAY - timedelta(days=9), state="suspended", reason=f"military-service/{YESTERDAY}"
    )
    assert expire_policies(desk.office, REGION) == 1
    assert policy_now(desk, late.id).closed_on == YESTERDAY


def test_only_this_program_says_that_a_term_ended(desk: Desk) -> None:
    policy = policy_until(desk, YESTERDAY)
    for actor in (desk.clerk, desk.approver):
        by_hand = moving(desk, policy.id, PolicyChangeReason.TERM_ENDED)
        refused("role-not-allowed", partial(move_policy, desk.office, actor, by_hand))
    assert policy_now(desk, policy.id).state == "active"


def test_a_card_expires_the_day_after_its_last(either_desk: Desk) -> None:
    desk = either_desk
    over = [
        card_until(desk, YESTERDAY, number, state=state)
        for number, state in enumerate(("personalized", "active", "blocked"), 1)
    ]
    others = [
        card_until(desk, TODAY, 4),
        card_until(desk, None, 5),
        card_until(desk, YESTERDAY, 6, state="terminated", reason="lost"),
    ]
    assert expire_cards(desk.office, REGION) == 3
    for one in over:
        kept = card_now(desk, one.id)
        assert (kept.state, kept.reason, kept.terminated_at) == ("terminated", "expired", START)
    assert [card_now(desk, one.id) for one in others] == others
    assert expire_cards(desk.office, REGION) == 0


def test_no_more_is_closed_at_once_than_a_page_holds(desk: Desk) -> None:
    for number in range(1, MAX_PAGE + 2):
        policy_until(desk, YESTERDAY, number)
    assert [expire_policies(desk.office, REGION) for _ in range(3)] == [MAX_PAGE, 1, 0]


def test_the_cards_of_a_closed_policy_end(desk: Desk) -> None:
    policy = policy_until(desk, None)
    for number, state in enumerate(("active", "blocked", "personalized"), 1):
        card = Card(
            region=REGION,
            id=desk.office.new_id(),
            number=number,
            policy_id=policy.id,
            state=state,
            created_at=START,
            updated_at=START,
        )
        add_card(desk, card)
    move_policy(desk.office, desk.clerk, closing(desk, policy.id))
    with desk.reading() as work:
        cards = work.cards.of_policy(REGION, policy.id)
    assert {(one.state, one.reason) for one in cards} == {("terminated", "death")}
    assert desk.actions().count("card.withdraw") == 3


def test_a_card_made_for_an_order_of_a_closed_policy_ends_and_the_order_is_cancelled(
    desk: Desk,
) -> None:
    new_blanks(desk)
    done = made(desk, new_order(desk))
    policy_id = order_now(desk, done.id).policy_id
    move_policy(desk.office, desk.clerk, closing(desk, policy_id))
    card = card_now(desk, done.made["card"])
    assert order_now(desk, done.id).state == "cancelled"
    assert (card.state, card.reason) == ("terminated", "death")
    assert desk.actions()[-2:] == ["order.cancel", "card.withdraw"]


def test_a_card_that_a_station_is_making_when_the_policy_closes_is_not_handed_over(
    desk: Desk,
) -> None:
    new_blanks(desk)
    leased = lease(desk, new_order(desk))
    policy_id = order_now(desk, leased.id).policy_id
    move_policy(desk.office, desk.clerk, closing(desk, policy_id))
    assert order_now(desk, leased.id).state == "leased"
    done = personalized(desk, leased)
    assert (done.state, card_now(desk, done.made["card"]).state) == (
        "personalized",
        "personalized",
    )


def test_a_suspended_policy_keeps_its_orders(desk: Desk) -> None:
    done = forms.approved(desk)
    policy = forms.made(done, "policy")
    move_policy(desk.office, desk.clerk, moving(desk, policy, PolicyChangeReason.MILITARY_SERVICE))
    assert order_now(desk, forms.made(done, "order")).state == "queued"
