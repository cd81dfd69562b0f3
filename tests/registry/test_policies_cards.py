"""Cards follow their policy: desks without network judge by the status list alone."""

from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest

from cardservice.domain.roles import Role
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.pki.status_list import StatusType
from cardservice.registry.actor import Actor
from cardservice.registry.cards import BlockReason, UnblockReason
from cardservice.registry.policies import move_policy
from cardservice.registry.status_lists import status_of
from tests.registry import forms
from tests.registry.offices import REGION, Desk, refused
from tests.registry.stations_world import card_now, keep
from tests.registry.test_cards import block, unblock
from tests.registry.test_delivery_hand_over import arrived, handed
from tests.registry.test_policies import moving, with_card

REASONS = PolicyChangeReason


def held(desk: Desk) -> tuple[UUID, UUID]:
    """Return a policy and its active card."""
    done = forms.approved(desk)
    return forms.made(done, "policy"), with_card(desk, done)


def move(desk: Desk, policy: UUID, reason: REASONS, actor: Actor | None = None) -> None:
    move_policy(desk.office, actor or desk.clerk, moving(desk, policy, reason))


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (REASONS.MILITARY_SERVICE, StatusType.SUSPENDED),
        (REASONS.DEATH, StatusType.INVALID),
        (REASONS.RIGHT_LOST, StatusType.INVALID),
    ],
)
def test_no_card_of_a_policy_that_is_not_in_force_is_valid_on_the_list(
    desk: Desk, reason: REASONS, status: StatusType
) -> None:
    policy, card = held(desk)
    assert status_of(card_now(desk, card).state) is StatusType.VALID
    move(desk, policy, reason)
    assert status_of(card_now(desk, card).state) is status


def test_a_clerk_lets_policy_and_card_go_on_and_the_service_unblocks_the_card(desk: Desk) -> None:
    policy, card = held(desk)
    move(desk, policy, REASONS.MILITARY_SERVICE)
    blocked = card_now(desk, card)
    assert (blocked.state, blocked.reason) == ("blocked", "policy-suspended")
    move(desk, policy, REASONS.MILITARY_SERVICE_ENDED)
    good = card_now(desk, card)
    assert (good.state, good.reason) == ("active", "policy-resumed")
    facts = [one.fact for one in desk.audit()][-4:]
    assert [(one.action, one.role) for one in facts] == [
        ("policy.suspend", "clerk"),
        ("card.block", "clerk"),
        ("policy.resume", "clerk"),
        ("card.unblock", "service"),
    ]


def test_a_card_blocked_for_another_reason_stays_so_when_the_policy_goes_on(desk: Desk) -> None:
    policy, card = held(desk)
    block(desk, card_now(desk, card), desk.officer)
    why = card_now(desk, card).reason
    assert why != BlockReason.POLICY_SUSPENDED
    move(desk, policy, REASONS.MILITARY_SERVICE)
    move(desk, policy, REASONS.MILITARY_SERVICE_ENDED)
    found = card_now(desk, card)
    assert (found.state, found.reason) == ("blocked", why)


def test_nobody_unblocks_a_card_while_its_policy_is_suspended(desk: Desk) -> None:
    policy, card = held(desk)
    move(desk, policy, REASONS.MILITARY_SERVICE)
    for role in (Role.APPROVER, Role.SECURITY_OFFICER):
        actor = Actor(desk.office.new_id(), role)
        refused("policy-suspended", partial(unblock, desk, card_now(desk, card), actor))
    assert card_now(desk, card).reason != UnblockReason.POLICY_RESUMED


def test_a_card_of_a_suspended_policy_is_not_handed_over(desk: Desk) -> None:
    order = arrived(desk)

    def suspend(state: str) -> None:
        keep(
            desk,
            lambda kept: kept.policies.change(
                replace(kept.policies.get(REGION, order.policy_id), state=state)
            ),
        )

    suspend("suspended")
    refused("policy-suspended", lambda: handed(desk, order))
    suspend("active")
    assert handed(desk, order).state == "handed-over"
