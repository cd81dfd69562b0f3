"""What becomes of an application: documents asked for and brought, granted, refused, withdrawn."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from cardservice.accounts.rights import Right
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.applications_deciding import (
    AskForDocuments,
    BringDocuments,
    RefuseApplication,
    WithdrawApplication,
    ask_for_documents,
    bring_documents,
    refuse,
    withdraw,
)
from cardservice.web.api.commands import Change
from cardservice.web.api.common import (
    NOT_FOUND,
    Done,
    Model,
)
from cardservice.web.api.typed import Flag, ShortLine, Words
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/applications/{application_id}", responses=NOT_FOUND)
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Deciding = Annotated[Asking, asking(Right.APPLICATION_DECIDE)]


class Approval(Model):
    """What an approver decides besides.

    ``enp``: the number that the federal register gave; ``person_id`` or ``new_person``: who of
    the similar persons it is for, when the records leave that open; ``place_id``: where the card
    is to be handed over.
    """

    enp: ShortLine = ""
    person_id: UUID | None = None
    new_person: Flag = False
    place_id: UUID | None = None


class Said(Model):
    """What is needed, or why not; it stands on the application's page and nowhere else."""

    words: Words


@router.post("/approval")
def api_approve_application(
    who: Deciding,
    application_id: UUID,
    *,
    sent: Change,
    approval: Approval,
) -> Done:
    """Grant it; ``made`` names person, policy, order and certificate."""
    command = ApproveApplication(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        **approval.model_dump(),
    )
    return sent.done(approve(who.office, who.actor, command))


@router.post("/refusal")
def api_refuse_application(
    who: Deciding,
    application_id: UUID,
    *,
    sent: Change,
    said: Said,
) -> Done:
    """Say no for good; its applicant is told that there is a decision."""
    command = RefuseApplication(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        words=said.words,
    )
    return sent.done(refuse(who.office, who.actor, command))


@router.post("/document-requests")
def api_ask_for_documents(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
    said: Said,
) -> Done:
    """Send it back for documents; its applicant is told."""
    command = AskForDocuments(
        region=who.region,
        key=sent.key,
        application_id=application_id,
        version=sent.version,
        words=said.words,
    )
    return sent.done(ask_for_documents(who.office, who.actor, command))


@router.post("/resubmission")
def api_bring_documents(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
) -> Done:
    """Say that the documents asked for are there; they were attached before."""
    command = BringDocuments(
        region=who.region, key=sent.key, application_id=application_id, version=sent.version
    )
    return sent.done(bring_documents(who.office, who.actor, command))


@router.post("/withdrawal")
def api_withdraw_application(
    who: Entering,
    application_id: UUID,
    *,
    sent: Change,
) -> Done:
    """Take it back before it is decided."""
    command = WithdrawApplication(
        region=who.region, key=sent.key, application_id=application_id, version=sent.version
    )
    return sent.done(withdraw(who.office, who.actor, command))
