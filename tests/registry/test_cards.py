"""Cards in people's hands: blocked, lost, stolen, terminated; by the office and by the holder."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from cardservice.domain.roles import Role
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.cards import (
    BlockCard,
    BlockReason,
    Loss,
    ReportCard,
    TerminateCard,
    TerminationReason,
    UnblockCard,
    UnblockReason,
    block_card,
    report_card,
    terminate_card,
    unblock_card,
)
from cardservice.registry.commands import Answer
from cardservice.registry.ports_making import Card
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import (
    STATION,
    at_once,
    card_now,
    keep,
    new_policy,
)


def new_card(desk: Desk, number: int = 1, state: str = "active") -> tuple[Card, Actor]:
    """Return a card, kept, and its holder as an applicant."""
    policy, application = new_policy(desk, number)
    card = Card(
        region=REGION,
        id=desk.office.new_id(),
        number=number,
        policy_id=policy.id,
        state=state,
        created_at=START,
        updated_at=START,
    )
    keep(desk, lambda work: work.cards.add(card))
    return card, Actor(application.id, Role.APPLICANT)


def block(desk: Desk, card: Any, actor: Actor) -> Answer:
    command = BlockCard(
        region=REGION,
        key=desk.key(),
        card_id=card.id,
        version=card.version,
        reason=BlockReason.MISLAID,
    )
    return block_card(desk.office, actor, command)


def unblock(desk: Desk, card: Any, actor: Actor) -> Answer:
    command = UnblockCard(
        region=REGION,
        key=desk.key(),
        card_id=card.id,
        version=card.version,
        reason=UnblockReason.FOUND,
    )
    return unblock_card(desk.office, actor, command)


def report(desk: Desk, card_id: UUID, actor: Actor, loss: Loss = Loss.LOST) -> Answer:
    command = ReportCard(region=REGION, key=desk.key(), card_id=card_id, loss=loss)
    return report_card(desk.office, actor, command)


def terminate(
    desk: Desk, card: Any, actor: Actor, reason: TerminationReason = TerminationReason.DAMAGED
) -> Answer:
    command = TerminateCard(
        region=REGION, key=desk.key(), card_id=card.id, version=card.version, reason=reason
    )
    return terminate_card(desk.office, actor, command)


def test_a_card_is_blocked_and_unblocked(desk: Desk) -> None:
    card, holder = new_card(desk)
    blocked = block(desk, card, holder)
    assert (blocked.state, card_now(desk, card.id).reason) == ("blocked", "mislaid")
    assert unblock(desk, blocked, desk.approver).state == "active"
    facts = [one.fact for one in desk.audit()]
    assert [(one.action, one.ground) for one in facts] == [
        ("card.block", "mislaid"),
        ("card.unblock", "found"),
    ]
    assert facts[0].actor == holder.name


def test_a_holder_does_not_unblock_their_card(desk: Desk) -> None:
    card, holder = new_card(desk, state="blocked")
    for actor in (holder, desk.clerk, STATION):
        refused("role-not-allowed", partial(unblock, desk, card, actor))
    assert card_now(desk, card.id).state == "blocked"


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("state", ["personalized", "active", "blocked"])
def test_a_lost_or_stolen_card_ends_at_once(desk: Desk, loss: Loss, state: str) -> None:
    card, holder = new_card(desk, state=state)
    answer = report(desk, card.id, holder, loss)
    kept = card_now(desk, card.id)
    assert (answer.state, kept.state, kept.reason) == ("terminated", "terminated", loss.value)
    assert kept.terminated_at == START
    assert desk.actions() == [f"card.report-{loss.value}"]


def test_a_report_does_not_fail_because_somebody_changed_the_card_meanwhile(desk: Desk) -> None:
    card, holder = new_card(desk)
    block(desk, card, desk.clerk)
    assert report(desk, card.id, holder).state == "terminated"


def test_nobody_reports_or_blocks_a_card_that_is_not_theirs(desk: Desk) -> None:
    card, _ = new_card(desk, 1)
    _, stranger = new_card(desk, 2)
    for actor in (stranger, desk.applicant):
        refused("not-found", partial(report, desk, card.id, actor))
        refused("not-found", partial(block, desk, card, actor))
        refused("not-found", partial(terminate, desk, card, actor, TerminationReason.LOST))
    refused("not-found", lambda: report(desk, UUID(int=1), stranger))
    assert card_now(desk, card.id).state == "active"
    assert desk.audit() == ()


def test_a_station_neither_blocks_nor_reports(desk: Desk) -> None:
    card, _ = new_card(desk)
    refused("role-not-allowed", lambda: block(desk, card, STATION))
    refused("role-not-allowed", lambda: report(desk, card.id, STATION))


@pytest.mark.parametrize("reason", TerminationReason)
def test_a_card_is_terminated_with_its_reason(desk: Desk, reason: TerminationReason) -> None:
    card, _ = new_card(desk)
    actor = SERVICE if reason is TerminationReason.EXPIRED else desk.clerk
    assert terminate(desk, card, actor, reason).state == "terminated"
    assert card_now(desk, card.id).reason == reason.value
    refused("state-card-terminated", lambda: report(desk, card.id, desk.clerk))


def test_who_only_makes_or_brings_cards_terminates_none_by_itself(desk: Desk) -> None:
    card, _ = new_card(desk)
    for actor in (STATION, Actor(UUID(int=0xC1), Role.COURIER)):
        for reason in (TerminationReason.DAMAGED, TerminationReason.REPLACED):
            refused("role-not-allowed", partial(terminate, desk, card, actor, reason))
    assert card_now(desk, card.id).state == "active"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.SECURITY_OFFICER])
def test_an_approver_and_a_security_officer_unblock(desk: Desk, role: Role) -> None:
    card, _ = new_card(desk, state="blocked")
    assert unblock(desk, card, Actor(UUID(int=0x5E), role)).state == "active"


def test_only_the_service_lets_a_card_expire(desk: Desk) -> None:
    card, _ = new_card(desk)
    refused(
        "role-not-allowed", lambda: terminate(desk, card, desk.clerk, TerminationReason.EXPIRED)
    )


def test_a_blocked_card_is_not_blocked_again_and_an_old_version_is_stale(desk: Desk) -> None:
    card, _ = new_card(desk)
    blocked = block(desk, card, desk.clerk)
    refused("state-card-blocked", lambda: block(desk, blocked, desk.clerk))
    refused("stale", lambda: unblock(desk, card, desk.approver))
    refused("stale", lambda: terminate(desk, card, desk.clerk))


def test_a_report_sent_twice_with_one_key_is_one(desk: Desk) -> None:
    card, holder = new_card(desk)
    command = ReportCard(region=REGION, key="once", card_id=card.id, loss=Loss.LOST)
    first = report_card(desk.office, holder, command)
    assert report_card(desk.office, holder, command) == first
    stolen = ReportCard(region=REGION, key="once", card_id=card.id, loss=Loss.STOLEN)
    refused("key-reused", lambda: report_card(desk.office, holder, stolen))
    assert desk.actions() == ["card.report-lost"]


def test_of_a_block_and_a_report_at_once_the_report_stands(either_desk: Desk) -> None:
    desk = either_desk
    card, holder = new_card(desk)
    at_once([lambda: block(desk, card, desk.clerk), lambda: report(desk, card.id, holder)])
    assert card_now(desk, card.id).state == "terminated"
