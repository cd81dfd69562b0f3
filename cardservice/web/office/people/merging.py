"""Two records of one person: found, compared side by side, joined by a second person."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.four_eyes import Act as SecondPersonAct
from cardservice.accounts.rights import Right
from cardservice.domain.identity import compare
from cardservice.registry.applications_finding import Record
from cardservice.registry.people_merging import (
    MergePersons,
    ProposeMerge,
    merge_people,
    propose_merge,
    similar_people,
)
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.people.opening import PERSON, open_person
from cardservice.web.office.people.proposals import (
    Proposed,
    merge_key,
    proposals,
    second_of,
)
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

SIMILAR: Final = PERSON + "/similar"
PAIR: Final = SIMILAR + "/{other_id}"
_WHY: Final = "compare"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.PERSON_READ)]
Merger = Annotated[Asking, asking(Right.PERSON_MERGE)]


@router.get(SIMILAR)
def show_similar(visit: Visiting, asking: Reader, person_id: UUID) -> Response:
    """Show the records that may be the same person, with what speaks for it and against."""
    found = similar_people(asking.office, asking.actor, region=asking.region, person_id=person_id)
    return show("people/similar.html", visit, asking=asking, person_id=person_id, proposals=found)


@router.get(PAIR)
def show_comparison(visit: Visiting, asking: Reader, person_id: UUID, other_id: UUID) -> Response:
    """Show two records side by side."""
    return _page(visit, asking, person_id, other_id)


@router.post(PAIR + "/proposal", dependencies=[OurForm])
def send_merge_proposal(
    visit: Visiting, asking: Reader, person_id: UUID, other_id: UUID
) -> Response:
    """Propose that the record ``person_id`` takes over the other."""

    def propose() -> object:
        command = ProposeMerge(
            region=asking.region,
            key=merge_key(person_id, other_id),
            keep_id=person_id,
            other_id=other_id,
        )
        return propose_merge(asking.office, asking.actor, command)

    return answered(
        propose,
        then=PAIR.format(person_id=person_id, other_id=other_id),
        again=lambda refusal: _page(visit, asking, person_id, other_id, Sent(refusal)),
    )


@router.post(PAIR + "/merge", dependencies=[OurForm])
def send_merge(
    visit: Visiting, asking: Merger, person_id: UUID, other_id: UUID, fields: Fields
) -> Response:
    """Let the record ``person_id`` take over the other."""
    return answered(
        partial(_merge, asking, person_id, other_id, fields),
        then=PERSON.format(person_id=person_id),
        again=lambda refusal: _page(visit, asking, person_id, other_id, Sent(refusal)),
    )


def _merge(asking: Asking, keep_id: UUID, other_id: UUID, fields: FormFields) -> object:
    command = MergePersons(
        region=asking.region,
        key=fields.text("key"),
        keep_id=keep_id,
        keep_version=version_in(fields, "keep_version"),
        other_id=other_id,
        other_version=version_in(fields, "other_version"),
        proposed_by=second_of(_proposals(asking, keep_id, other_id)),
        proposed_with=merge_key(keep_id, other_id),
    )
    return merge_people(asking.office, asking.actor, command)


def _proposals(asking: Asking, keep_id: UUID, other_id: UUID) -> tuple[Proposed, ...]:
    return proposals(asking, "person.propose-merge", keep_id, other=str(other_id))


def _page(
    visit: Visit, asking: Asking, person_id: UUID, other_id: UUID, sent: Sent = FRESH
) -> Response:
    keep = open_person(asking, person_id, why=_WHY)
    other = open_person(asking, other_id, why=_WHY)
    one, two = (Record(file.person, file.policies).identity for file in (keep, other))
    wants_two = SecondPersonAct.MERGE_PERSONS in asking.office.settings.four_eyes.acts
    found = _proposals(asking, person_id, other_id)
    return show(
        "people/comparison.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        keep=keep,
        other=other,
        comparison=compare(one, two),
        proposed=found,
        wants_two=wants_two,
        may_merge=asking.may(Right.PERSON_MERGE) and (not wants_two or bool(second_of(found))),
    )
