"""Policies: looked at, moved, and insured with somebody else."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.suspension import PolicyChangeReason
from cardservice.registry.frame import Act
from cardservice.registry.policies import (
    ChangeInsurer,
    MovePolicy,
    change_insurer,
    move_policy,
)
from cardservice.registry.policies_insurers import KIND
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Change
from cardservice.web.api.common import (
    NOT_FOUND,
    Done,
    Model,
)
from cardservice.web.api.people.models import PolicyShown, policy_shown
from cardservice.web.api.typed import Day, ShortLine, Words
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/policies/{policy_id}", tags=["policies"], responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.POLICY_READ)]
Changing = Annotated[Asking, asking(Right.POLICY_CHANGE)]


class PolicyMove(Model):
    """Why and on which day; ``words`` as the paper says that was shown."""

    reason: PolicyChangeReason
    happened_on: Day
    words: Words


class InsurerChange(Model):
    """Whom with, in which region, why; when it was asked for and when it happened."""

    ogrn: ShortLine
    okato: ShortLine
    ground: ChangeGround
    filed_on: Day
    happened_on: Day | None = None


@router.get("", response_model=PolicyShown, responses=SEEN)
def api_show_policy(who: Reading, policy_id: UUID, known: Known = None) -> Response:
    """A policy with its insurers; the look at its person is recorded."""
    found = _view(who, policy_id)
    return answered(found, known, version=found.version)


@router.post("/changes")
def api_move_policy(
    who: Changing,
    policy_id: UUID,
    *,
    sent: Change,
    move: PolicyMove,
) -> Done:
    """Suspend it, let it go on, or close it; a closed one's open orders are cancelled."""
    command = MovePolicy(
        region=who.region,
        key=sent.key,
        policy_id=policy_id,
        version=sent.version,
        reason=move.reason,
        happened_on=move.happened_on,
        words=move.words,
    )
    return sent.done(move_policy(who.office, who.actor, command))


@router.post("/insurer-changes")
def api_change_insurer(
    who: Changing,
    policy_id: UUID,
    *,
    sent: Change,
    change: InsurerChange,
) -> Done:
    """Insure with somebody else; ``made`` names the period and the order for the card."""
    command = ChangeInsurer(
        region=who.region,
        key=sent.key,
        policy_id=policy_id,
        version=sent.version,
        ogrn=change.ogrn,
        okato=change.okato,
        ground=change.ground,
        filed_on=change.filed_on,
        happened_on=change.happened_on,
    )
    return sent.done(change_insurer(who.office, who.actor, command))


def _view(who: Asking, policy_id: UUID) -> PolicyShown:
    def read(act: Act) -> PolicyShown:
        found = act.work.policies.get(act.region, policy_id)
        act.look(found.person_id, f"{KIND}/{policy_id}")
        return policy_shown(found, act.work.insurers.of_policy(act.region, policy_id))

    return who.office.look(who.actor, who.region, read)
