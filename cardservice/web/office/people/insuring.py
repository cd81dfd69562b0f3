"""What moves a policy, and a change of insurer at the desk."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.insurer_change import ChangeGround
from cardservice.domain.lives import POLICY, PolicyState
from cardservice.domain.numbers import parse_ogrn, parse_okato
from cardservice.domain.suspension import PolicyChange, PolicyChangeReason
from cardservice.registry.policies import ChangeInsurer, MovePolicy, change_insurer, move_policy
from cardservice.registry.ports_policies import Policy
from cardservice.texts.office.labels import choices, label
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.opening import open_policy, page_of_policy
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import (
    FRESH,
    Sent,
    answered,
    choice_in,
    day_in,
    needed_day_in,
    version_in,
)
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

POLICY_ADDRESS: Final = "/office/policies/{policy_id}"
_HAPPENED: Final = {
    ChangeGround.OWN_WISH: None,
    ChangeGround.MOVE: "moved_on",
    ChangeGround.INSURER_LEFT: "insurer_left_on",
}
"""The field with the day that a ground rests on."""

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Changer = Annotated[Asking, asking(Right.POLICY_CHANGE)]


@router.get(POLICY_ADDRESS + "/insurer")
def show_insurer_change(visit: Visiting, asking: Changer, policy_id: UUID) -> Response:
    """Ask for the insurer that was chosen."""
    return _insurer_page(visit, asking, policy_id)


@router.post(POLICY_ADDRESS + "/insurer", dependencies=[OurForm])
def send_insurer_change(
    visit: Visiting, asking: Changer, policy_id: UUID, fields: Fields
) -> Response:
    """Insure with another insurer from today."""
    return answered(
        lambda: change_insurer(
            asking.office, asking.actor, _insurer_wish(asking, policy_id, fields)
        ),
        then=page_of_policy(asking, policy_id, otherwise="/"),
        again=lambda refusal: _insurer_page(visit, asking, policy_id, Sent(refusal, fields)),
    )


@router.get(POLICY_ADDRESS + "/change")
def show_policy_move(visit: Visiting, asking: Changer, policy_id: UUID) -> Response:
    """Ask what happened to the policy, when, and what it rests on."""
    return _move_page(visit, asking, policy_id)


@router.post(POLICY_ADDRESS + "/change", dependencies=[OurForm])
def send_policy_move(visit: Visiting, asking: Changer, policy_id: UUID, fields: Fields) -> Response:
    """Suspend a policy, let it go on, or close it."""

    def move() -> object:
        command = MovePolicy(
            region=asking.region,
            key=fields.text("key"),
            policy_id=policy_id,
            version=version_in(fields),
            reason=choice_in(PolicyChangeReason, fields, "reason"),
            happened_on=needed_day_in(fields, "happened_on"),
            words=fields.text("ground"),
        )
        return move_policy(asking.office, asking.actor, command)

    return answered(
        move,
        then=page_of_policy(asking, policy_id, otherwise="/"),
        again=lambda refusal: _move_page(visit, asking, policy_id, Sent(refusal, fields)),
    )


def _insurer_wish(asking: Asking, policy_id: UUID, fields: FormFields) -> ChangeInsurer:
    ground = choice_in(ChangeGround, fields, "change_ground")
    happened = _HAPPENED[ground]
    ogrn = parse_ogrn(fields.text("insurer_ogrn").strip(" "), field="insurer_ogrn")
    return ChangeInsurer(
        region=asking.region,
        key=fields.text("key"),
        policy_id=policy_id,
        version=version_in(fields),
        ogrn=ogrn,
        okato=parse_okato(fields.text("okato").strip(" ")),
        ground=ground,
        filed_on=needed_day_in(fields, "filed_on"),
        happened_on=day_in(fields, happened) if happened else None,
    )


def _insurer_page(visit: Visit, asking: Asking, policy_id: UUID, sent: Sent = FRESH) -> Response:
    return show(
        "people/insurer.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        opened=open_policy(asking, policy_id),
        grounds=choices(ChangeGround, visit.language),
    )


def _move_page(visit: Visit, asking: Asking, policy_id: UUID, sent: Sent = FRESH) -> Response:
    opened = open_policy(asking, policy_id)
    reasons = _reasons(opened.policy, asking)
    return show(
        "people/policy_change.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        opened=opened,
        reasons=[(one.value, label(one, visit.language)) for one in reasons],
    )


def _reasons(policy: Policy, asking: Asking) -> list[PolicyChangeReason]:
    """Return what can happen to the policy now; merging and its end are no act of the desk."""
    possible = POLICY.possible(PolicyState(policy.state), asking.actor.role)
    events = {row.event for row in possible}
    merged = PolicyChangeReason.MERGED_DUPLICATE
    return [
        one
        for one in PolicyChangeReason
        if one is not merged
        and PolicyChange(reason=one, happened_on=policy.opened_on).event in events
    ]
