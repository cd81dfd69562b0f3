"""A person erased as far as the rules allow, by two where the office wants that."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from cardservice.accounts.rights import Right
from cardservice.registry.people_erasing import (
    ErasePerson,
    ProposeErase,
    erase_person,
    propose_erase,
)
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import (
    NOT_FOUND,
    Done,
    Model,
)
from cardservice.web.api.people.proposing import ProposalKey, proposed
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/people/{person_id:uuid}", responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.PERSON_READ)]
Erasing = Annotated[Asking, asking(Right.PERSON_ERASE)]


class Erasure(Model):
    """Who proposed it, and the key they did it with; where the office wants a second person."""

    proposed_by: UUID | None = None
    proposed_with: ProposalKey | None = None


@router.post("/erasure-proposals")
def api_propose_erasure(who: Reading, person_id: UUID, *, sent: Sent) -> Done:
    """Say that a person is to be erased; the answer has the version that the erasure names."""
    command = ProposeErase(region=who.region, key=sent.key, person_id=person_id)
    return sent.done(proposed(propose_erase(who.office, who.actor, command), who))


@router.post("/erasure")
def api_erase_person(
    who: Erasing,
    person_id: UUID,
    *,
    sent: Change,
    erasure: Erasure,
) -> Done:
    """Make a person unreadable; ``made`` says what was erased and what must be kept."""
    command = ErasePerson(
        region=who.region,
        key=sent.key,
        person_id=person_id,
        version=sent.version,
        proposed_by=erasure.proposed_by,
        proposed_with=erasure.proposed_with or "",
    )
    erased = erase_person(who.office, who.actor, command, scans=who.parts.vault)
    return sent.done(erased)
