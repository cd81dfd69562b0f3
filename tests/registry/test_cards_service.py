"""Work on a card that its holder has: ordered by a clerk, done by a station, told of once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest

from cardservice.domain.insurer_change import ChangeGround
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import Actor
from cardservice.registry.cards_service import (
    GROUNDS,
    SERVICES,
    OrderCardService,
    ServiceGround,
    order_card_service,
)
from cardservice.registry.commands import Answer
from cardservice.registry.policies import ChangeInsurer, change_insurer
from cardservice.registry.ports_making import Card
from cardservice.registry.stations_service import ReportServed, report_served
from tests.registry import forms
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    OTHER_STATION,
    STATION,
    card_now,
    lease,
    new_blanks,
    new_order,
    order_now,
    stock,
)
from tests.registry.test_cards import new_card
from tests.registry.test_stations_updates import give_back, lose, new_update, spoil

LATER = START + timedelta(minutes=5)
HOLDS: tuple[str, ...] = ("active", "blocked")


def ordered(desk: Desk, card: Card, actor: Actor | None = None, **changes: Any) -> Answer:
    wish = OrderCardService(
        region=REGION,
        key=desk.key(),
        card_id=card.id,
        version=card.version,
        work=CardWork.NEW_PIN,
        ground=ServiceGround.PIN_FORGOTTEN,
    )
    return order_card_service(desk.office, actor or desk.clerk, replace(wish, **changes))


def serve(desk: Desk, leased: Answer, card: Card, actor: Actor = STATION, **more: Any) -> Answer:
    values: dict[str, Any] = {"version": leased.version, "number": card.number}
    command = ReportServed(region=REGION, key=desk.key(), order_id=leased.id, **(values | more))
    return report_served(desk.office, actor, command)


@pytest.mark.parametrize(("state", "work"), [*product(HOLDS, GROUNDS)])
def test_work_is_ordered_for_the_card_a_holder_has_and_leased_with_its_card(
    desk: Desk, state: str, work: CardWork
) -> None:
    card, _ = new_card(desk, state=state)
    ground = GROUNDS[work][0]
    answer = ordered(desk, card, work=work, ground=ground)
    kept = order_now(desk, answer.id)
    assert (kept.card_id, kept.work, kept.ground) == (card.id, work.value, ground.value)
    assert kept.due_on is not None
    assert lease(desk).id == answer.id
    facts = [one.fact for one in desk.audit() if one.fact.action == "card.order-work"]
    assert [(one.ground, one.details["work"]) for one in facts] == [(ground.value, work.value)]


@pytest.mark.parametrize("state", ["personalized", "terminated"])
def test_a_card_that_no_holder_has_is_not_worked_on(desk: Desk, state: str) -> None:
    card, _ = new_card(desk, state=state)
    refused("card-not-held", lambda: ordered(desk, card))


@pytest.mark.parametrize(("work", "ground"), [*product(CardWork, ServiceGround)])
def test_each_work_has_grounds_of_its_own_and_two_follow_from_the_policy_alone(
    desk: Desk, work: CardWork, ground: ServiceGround
) -> None:
    card, _ = new_card(desk)
    if work not in GROUNDS:
        refused("work-wrong", lambda: ordered(desk, card, work=work, ground=ground))
    elif ground not in GROUNDS[work]:
        refused("ground-unfit", lambda: ordered(desk, card, work=work, ground=ground))
    else:
        assert ordered(desk, card, work=work, ground=ground).state == "queued"


def test_of_one_work_on_a_card_one_order_is_open(desk: Desk) -> None:
    card, _ = new_card(desk)
    first = ordered(desk, card)
    refused("order-open-already", lambda: ordered(desk, card))
    unblocked: dict[str, Any] = {"work": CardWork.UNBLOCK_PIN, "ground": ServiceGround.PIN_BLOCKED}
    assert ordered(desk, card, **unblocked).state == "queued"
    serve(desk, lease(desk, order_now(desk, first.id)), card)
    assert ordered(desk, card).state == "queued"


def test_only_who_serves_cards_orders_work_on_the_version_they_saw(desk: Desk) -> None:
    card, holder = new_card(desk)
    for actor in (holder, desk.officer, STATION):
        refused("role-not-allowed", partial(ordered, desk, card, actor))
    refused("stale", lambda: ordered(desk, card, version=9))
    refused("not-found", lambda: ordered(desk, replace(card, id=desk.office.new_id())))
    assert ordered(desk, card, desk.approver).state == "queued"


def test_work_done_ends_the_order_and_leaves_the_card_as_it_was(desk: Desk) -> None:
    card, _ = new_card(desk)
    leased = lease(desk, order_now(desk, ordered(desk, card).id))
    answer = serve(desk, leased, card)
    assert (answer.state, answer.made) == ("handed-over", {"card": str(card.id)})
    assert card_now(desk, card.id) == card
    assert stock(desk).issued == 0
    assert desk.actions()[-1] == "order.serve"


def test_what_the_work_signed_is_kept_with_the_card(desk: Desk) -> None:
    card, _ = new_card(desk)
    leased = lease(desk, order_now(desk, ordered(desk, card).id))
    serve(desk, leased, card, signed_at=LATER)
    assert card_now(desk, card.id).signed_at == LATER
    again = lease(desk, order_now(desk, ordered(desk, card_now(desk, card.id)).id))
    refused("record-not-newer", lambda: serve(desk, again, card, signed_at=LATER))


@pytest.mark.parametrize("ground", GROUNDS[CardWork.TERMINATE])
def test_a_card_that_was_terminated_ends_for_the_reason_of_its_order(
    desk: Desk, ground: ServiceGround
) -> None:
    card, _ = new_card(desk)
    order = ordered(desk, card, work=CardWork.TERMINATE, ground=ground)
    waiting = ordered(desk, card)
    serve(desk, lease(desk, order_now(desk, order.id)), card)
    kept = card_now(desk, card.id)
    assert (kept.state, kept.reason, kept.terminated_at) == ("terminated", ground.value, START)
    assert order_now(desk, waiting.id).state == "cancelled"
    assert order_now(desk, order.id).state == "handed-over"


def test_a_card_that_ended_meanwhile_is_terminated_still_but_gets_no_new_pin(desk: Desk) -> None:
    ending, living = new_card(desk, 1)[0], new_card(desk, 2)[0]
    why: dict[str, Any] = {"work": CardWork.TERMINATE, "ground": ServiceGround.FAULTY}
    end = lease(desk, order_now(desk, ordered(desk, ending, **why).id))
    pin = lease(desk, order_now(desk, ordered(desk, living).id))
    lose(desk, ending)
    lose(desk, living)
    assert serve(desk, end, ending).state == "handed-over"
    assert card_now(desk, ending.id).reason == "lost"
    refused("card-ended", lambda: serve(desk, pin, living))
    assert give_back(desk, pin).state == "cancelled"


def test_work_whose_card_ends_while_it_waits_is_cancelled(desk: Desk) -> None:
    card, _ = new_card(desk)
    order = ordered(desk, card)
    lose(desk, card)
    assert order_now(desk, order.id).state == "cancelled"


def test_work_that_failed_costs_no_blank_and_waits_again(desk: Desk) -> None:
    new_blanks(desk, 2)
    card, _ = new_card(desk)
    leased = lease(desk, order_now(desk, ordered(desk, card).id))
    assert spoil(desk, leased).state == "queued"
    kept = order_now(desk, leased.id)
    assert (kept.card_id, kept.attempts, kept.work) == (card.id, 0, "new-pin")
    assert stock(desk).spoiled == 0


def test_a_wrong_report_of_work_changes_nothing(desk: Desk) -> None:
    card, _ = new_card(desk)
    leased = lease(desk, order_now(desk, ordered(desk, card).id))
    before = desk.audit()
    refused("other-card", lambda: serve(desk, leased, card, number=card.number + 1))
    refused("stale", lambda: serve(desk, leased, card, version=1))
    refused("lease-not-yours", lambda: serve(desk, leased, card, OTHER_STATION))
    refused("role-not-allowed", lambda: serve(desk, leased, card, desk.clerk))
    assert desk.audit() == before
    assert order_now(desk, leased.id).state == "leased"


def test_each_kind_of_order_has_a_report_of_its_own(desk: Desk) -> None:
    order, card = new_update(desk)
    update = lease(desk, order)
    refused("order-is-other-work", lambda: serve(desk, update, card))
    new = lease(desk, new_order(desk, 2))
    refused("order-is-new-card", lambda: serve(desk, new, card))


@pytest.mark.parametrize("signed_at", [None, LATER])
def test_the_same_work_reported_again_is_answered_as_done(desk: Desk, signed_at: Any) -> None:
    card, _ = new_card(desk)
    leased = lease(desk, order_now(desk, ordered(desk, card).id))
    first = serve(desk, leased, card, signed_at=signed_at)
    before = desk.audit()
    assert serve(desk, leased, card, signed_at=signed_at) == first
    assert desk.audit() == before
    for wrong in ({"number": card.number + 1}, {"signed_at": LATER + timedelta(days=1)}):
        seen = {"signed_at": signed_at} | wrong
        refused("lease-not-yours", partial(serve, desk, leased, card, **seen))
    refused(
        "lease-not-yours", lambda: serve(desk, leased, card, OTHER_STATION, signed_at=signed_at)
    )


def test_a_change_of_insurer_is_ordered_beside_other_work_on_the_card(desk: Desk) -> None:
    card, _ = new_card(desk)
    ordered(desk, card)
    with desk.reading() as work:
        policy = work.policies.get(REGION, card.policy_id)
    command = ChangeInsurer(
        region=REGION,
        key=desk.key(),
        policy_id=policy.id,
        version=policy.version,
        ogrn=forms.OTHER_INSURER,
        okato=REGION,
        ground=ChangeGround.OWN_WISH,
        filed_on=START.date(),
    )
    made = change_insurer(desk.office, desk.clerk, command).made
    with desk.reading() as work:
        works = sorted(one.work for one in work.orders.of_policy(REGION, policy.id))
    assert "order" in made
    assert works == ["change-insurer", "new-pin"]


def test_what_a_clerk_orders_is_all_work_on_a_card_but_the_change_of_insurer() -> None:
    values = {one.value for one in CardWork}
    assert values - SERVICES == {"new-card", "change-insurer"}
