"""Two records of one person: found, proposed to be merged, merged."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.people_merging import (
    MergePersons,
    ProposeMerge,
    merge_people,
    propose_merge,
    similar_people,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model
from cardservice.web.api.people.models import SimilarPeople, similar_shown
from cardservice.web.api.people.proposing import ProposalKey, proposed
from cardservice.web.api.typed import Version
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/people", responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.PERSON_READ)]
Merging = Annotated[Asking, asking(Right.PERSON_MERGE)]


class MergeWish(Model):
    """Which record is to be kept, and which is a duplicate."""

    keep_id: UUID
    other_id: UUID


class Merge(Model):
    """Both records with the versions that were seen; who proposed it, and with which key.

    Two things change at once, so both versions stand here and none in If-Match.
    """

    keep_id: UUID
    keep_version: Version
    other_id: UUID
    other_version: Version
    proposed_by: UUID | None = None
    proposed_with: ProposalKey | None = None


@router.get("/{person_id:uuid}/similar", response_model=SimilarPeople, responses=SEEN)
def api_similar_people(who: Reading, person_id: UUID, known: Known = None) -> Response:
    """The records of the region that may be the same person; the looks are recorded."""
    found = similar_people(who.office, who.actor, region=who.region, person_id=person_id)
    return answered(similar_shown(found), known)


@router.post("/merge-proposals")
def api_propose_merge(who: Reading, sent: Sent, wish: MergeWish) -> Done:
    """Say that two records are one person, so that a second person can decide.

    They name this key, and ``proposed_by`` of the answer.
    """
    command = ProposeMerge(
        region=who.region, key=sent.key, keep_id=wish.keep_id, other_id=wish.other_id
    )
    return sent.done(proposed(propose_merge(who.office, who.actor, command), who))


@router.post("/merges")
def api_merge_people(who: Merging, sent: Sent, merge: Merge) -> Done:
    """Let one record take over another; nothing is deleted."""
    command = MergePersons(
        region=who.region,
        key=sent.key,
        keep_id=merge.keep_id,
        keep_version=merge.keep_version,
        other_id=merge.other_id,
        other_version=merge.other_version,
        proposed_by=merge.proposed_by,
        proposed_with=merge.proposed_with or "",
    )
    return sent.done(merge_people(who.office, who.actor, command))
