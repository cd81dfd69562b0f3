"""Policies: what moves one, and a change of insurer at the desk.

Source: domain.md, "Rules with teeth", 4 and 7, and "States": policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.domain.due_dates import policy_due
from cardservice.domain.insurer_change import (
    ChangeGround,
    InsurerChange,
    PastChange,
    expect_another,
    expect_change,
)
from cardservice.domain.lives import POLICY, PolicyEvent, PolicyState
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.domain.suspension import PolicyChange, PolicyChangeReason, expect_possible
from cardservice.domain.transitions import StateRefusal
from cardservice.errors import Refusal
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.actor import SERVICE, Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.policies_insurers import (
    KIND,
    insure,
    insurer_reason,
    newest,
    past_changes,
)
from cardservice.registry.policies_orders import (
    CardWish,
    block_cards,
    cancel_orders,
    card_in_use,
    end_cards,
    order_card,
    unblock_cards,
    will_have_record,
)
from cardservice.registry.ports_policies import Policy

_BETWEEN: Final = "/"  # reason of the last change, then its day
_TERM_ENDED: Final = PolicyChangeReason.TERM_ENDED
_OPEN: Final = frozenset(PolicyState) - POLICY.final


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePolicy(OfficeCommand):
    """Suspend a policy, let it go on, or close it.

    Attributes:
        reason: military service, its end, death, or the right lost.
        happened_on: the day it rests on.
        words: why, as the paper says that was shown; they are not kept in the audit log.
    """

    policy_id: UUID
    version: int
    reason: PolicyChangeReason
    happened_on: date
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInsurer(OfficeCommand):
    """Insure a person with somebody else, as they asked for at the desk.

    Attributes:
        ogrn, okato: the insurer chosen, and the region of the policy.
        ground: own wish, a move, or the insurer left.
        filed_on: the day it was asked for.
        happened_on: when the person moved, or the insurer left.
    """

    policy_id: UUID
    version: int
    ogrn: str
    okato: str
    ground: ChangeGround
    filed_on: date
    happened_on: date | None = None


def move_policy(office: Office, actor: Actor, command: MovePolicy) -> Answer:
    """Return the policy after the change, its cards with it.

    A closed one's orders are cancelled and its cards end; a suspended one's cards are blocked
    until it goes on.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``state-policy-…``,
            ``ground-missing``, ``policy-change-in-future``, ``policy-change-before-start``,
            ``policy-change-before-last``; ``policy-merge-only``: only merging two persons closes
            a policy as a duplicate.
    """
    return office.carry_out(actor, command, _move)


def change_insurer(office: Office, actor: Actor, command: ChangeInsurer) -> Answer:
    """Return the policy; ``made`` names the period, and the order that updates the card.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``insurer-same``,
            ``state-policy-closed``, ``change-filed-in-future``, and what ``expect_change`` says.
    """
    return office.carry_out(actor, command, _change_insurer)


def expire_policies(office: Office, region: str) -> int:
    """Close the policies of a region whose last day is past; return how many (200 at most)."""

    def do(act: Act) -> int:
        due = act.work.policies.run_out(region, _OPEN, act.today)
        for one in due:
            close(act, one, _end_of_term(one), words=_TERM_ENDED.value)
        return len(due)

    return office.run(SERVICE, region, do)


def close(act: Act, policy: Policy, change: PolicyChange, *, words: str) -> Policy:
    """Close or move a policy in this act, as ``move_policy`` does; return it as kept."""
    state = POLICY.after(PolicyState(policy.state), change.event, role=act.actor.role, ground=words)
    expect_possible(change, policy_start=policy.opened_on, last=last_change(policy), on=act.today)
    is_closed = state in POLICY.final
    reason = f"{change.reason.value}{_BETWEEN}{change.happened_on.isoformat()}"
    moved = replace(
        policy,
        state=state.value,
        reason=reason,
        closed_on=change.happened_on if is_closed else None,
    )
    kept = act.work.policies.change(moved)
    act.record(f"policy.{change.event.value}", KIND, kept.id, state=state.value)
    if is_closed:
        cancel_orders(act, kept, ground=change.reason.value)
        end_cards(act, kept, reason=change.reason.value)
    elif state is PolicyState.SUSPENDED:
        block_cards(act, kept)
    else:
        unblock_cards(act, kept)
    return kept


def last_change(policy: Policy) -> date | None:
    """Return the day of the policy's last change, None if nothing has moved it."""
    _, between, day = (policy.reason or "").partition(_BETWEEN)
    return date.fromisoformat(day) if between else None


def _end_of_term(policy: Policy) -> PolicyChange:
    # The last day, but not before what was recorded after it: a change is never before the last.
    known = (policy.valid_until, policy.opened_on, last_change(policy))
    happened_on = max(one for one in known if one is not None)
    return PolicyChange(reason=_TERM_ENDED, happened_on=happened_on)


def _move(act: Act, command: MovePolicy) -> Answer:
    act.actor.require(Right.POLICY_CHANGE)
    if command.reason is PolicyChangeReason.MERGED_DUPLICATE:
        sentence = "A policy is closed as a duplicate by merging two persons."
        raise Refusal("policy-merge-only", sentence, field="reason")
    found = act.work.policies.get(act.region, command.policy_id)
    expect_version(found, command.version)
    change = PolicyChange(reason=command.reason, happened_on=command.happened_on)
    return _answer(close(act, found, change, words=command.words))


def _change_insurer(act: Act, command: ChangeInsurer) -> Answer:
    act.actor.require(Right.POLICY_CHANGE)
    found = act.work.policies.get(act.region, command.policy_id)
    expect_version(found, command.version)
    if found.state == PolicyState.CLOSED.value:
        raise StateRefusal(POLICY.life, PolicyState.CLOSED, PolicyEvent.RESUME)
    _expect_change(act, command, found)
    reason = insurer_reason(command.ground, command.filed_on)
    ogrn, okato = parse_ogrn(command.ogrn), parse_okato(command.okato)
    period = insure(act, found, ogrn=ogrn, okato=okato, reason=reason)
    # So that of two changes at once one finds the policy changed.
    kept = act.work.policies.change(found)
    made = {"insurer": str(period)} | _update_order(act, kept)
    return replace(_answer(kept), made=made)


def _expect_change(act: Act, command: ChangeInsurer, policy: Policy) -> None:
    settings = act.settings
    if command.filed_on > act.today:
        sentence = "The day of filing is in the future."
        raise Refusal("change-filed-in-future", sentence, field="filed_on")
    history = act.work.insurers.of_policy(policy.region, policy.id)
    present = newest(history)
    expect_another(present.ogrn if present else "", command.ogrn)
    change = InsurerChange(
        ground=command.ground, filed_on=command.filed_on, happened_on=command.happened_on
    )
    past: Iterator[PastChange] = past_changes(history)
    expect_change(change, past, rules=settings.rules, calendar=settings.calendar)


def _update_order(act: Act, policy: Policy) -> dict[str, str]:
    # A card that is still being made gets the record of the day it is made.
    card = card_in_use(act, policy)
    if card is None or will_have_record(act, policy):
        return {}
    due_on = policy_due(act.today, act.settings.rules, act.settings.calendar)
    wish = CardWish(card_id=card.id, due_on=due_on, work=CardWork.CHANGE_INSURER)
    return {"order": str(order_card(act, policy, wish))}


def _answer(policy: Policy) -> Answer:
    return Answer(id=policy.id, version=policy.version, state=policy.state)
