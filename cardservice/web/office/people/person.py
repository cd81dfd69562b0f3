"""The page of one person: data, policies, cards, applications, and all that ever happened."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import POLICY, CardEvent, PolicyState
from cardservice.registry.people import PersonFile
from cardservice.registry.ports_policies import PolicyInsurer
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.people.card_changes import changes_of
from cardservice.web.office.people.opening import PERSON, open_person
from cardservice.web.office.people.timeline import timeline
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.PERSON_READ)]


@router.get(PERSON)
def show_person(visit: Visiting, asking: Reader, person_id: UUID) -> Response:
    """Show a person; the look is recorded."""
    file = open_person(asking, person_id)
    with asking.office.database.reading() as work:
        events = timeline(work, file)
    return show(
        "people/person.html",
        visit,
        asking=asking,
        file=file,
        events=events,
        insurers=_insurers(file),
        numbers={one.id: one.enp for one in file.policies},
        **_offers(asking, file),
    )


def _insurers(file: PersonFile) -> dict[UUID, tuple[PolicyInsurer, ...]]:
    """Return who insured under each policy, newest first."""
    return {
        policy.id: tuple(one for one in reversed(file.insurers) if one.policy_id == policy.id)
        for policy in file.policies
    }


def _offers(asking: Asking, file: PersonFile) -> dict[str, Any]:
    """Return what the page offers: the actions on each thing that is as yet alive."""
    is_gone = file.person.merged_into is not None or file.person.erased_at is not None
    may_change = asking.may(Right.POLICY_CHANGE) and not is_gone
    open_policies = {one.id for one in file.policies if PolicyState(one.state) not in POLICY.final}
    return {
        "is_gone": is_gone,
        "may_change": may_change,
        "may_apply": asking.may(Right.APPLICATION_ENTER) and not is_gone,
        "may_merge": asking.may(Right.PERSON_MERGE),
        "open_policies": open_policies if may_change else frozenset(),
        "card_changes": {one.id: changes_of(one, asking) for one in file.cards},
        "unblock": CardEvent.UNBLOCK.value,
    }
