"""Complaints at the office: the list, one opened with its files, answered, withdrawn."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ComplaintState
from cardservice.registry.complaints import (
    AnswerComplaint,
    WithdrawComplaint,
    answer_complaint,
    overdue_complaints,
    withdraw_complaint,
)
from cardservice.registry.complaints_reading import (
    complaints_in,
    view_attachment,
    view_complaint,
)
from cardservice.uploads.scans import ScanKind
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.scans import SCAN_ANSWERS, SCAN_HEADERS
from cardservice.web.api.commands import Change
from cardservice.web.api.common import NOT_FOUND, Done, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.api.register.complaint_models import (
    AnswerGiven,
    ComplaintShown,
    WaitingLine,
    complaint_shown,
    waiting_line,
)
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/complaints", tags=["complaints"], responses=NOT_FOUND)
Answering = Annotated[Asking, asking(Right.COMPLAINT_ANSWER)]
_LIST: Final = "complaints"
_FILES: Final = {status: said for status, said in SCAN_ANSWERS.items() if status != 304}


@router.get("", response_model=PageOf[WaitingLine], responses=SEEN)
def api_list_complaints(
    who: Answering,
    *,
    state: Annotated[ComplaintState, Query()] = ComplaintState.RECEIVED,
    overdue: Annotated[bool, Query(description="Only those that wait too long.")] = False,
    wish: Wish,
    known: Known = None,
) -> Response:
    """The complaints in a state, the soonest due first, so that late ones lead."""
    ask = wish.ask(_LIST)
    if overdue:
        page = overdue_complaints(who.office, who.actor, who.region, ask=ask)
    else:
        page = complaints_in(who.office, who.actor, region=who.region, state=state, ask=ask)
    rows = [waiting_line(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get("/{complaint_id:uuid}", response_model=ComplaintShown, responses=SEEN)
def api_show_complaint(who: Answering, complaint_id: UUID, known: Known = None) -> Response:
    """One complaint with all that belongs to it; the look at its person is recorded."""
    file = view_complaint(who.office, who.actor, region=who.region, complaint_id=complaint_id)
    return answered(complaint_shown(file), known, version=file.complaint.version)


@router.get(
    "/{complaint_id:uuid}/attachments/{attachment_id:uuid}",
    response_class=Response,
    responses=_FILES,
)
def api_send_attachment(who: Answering, complaint_id: UUID, attachment_id: UUID) -> Response:
    """A file that came with a complaint, as it was kept; the look at its person is recorded."""
    found = view_attachment(
        who.office,
        who.actor,
        region=who.region,
        complaint_id=complaint_id,
        attachment_id=attachment_id,
    )
    address = "" if found.content_hash is None else found.content_hash.hex()
    # It is read whole before any of it is sent: of a damaged one nobody gets half.
    octets = b"".join(who.parts.vault.read(address))
    kind = ScanKind(found.media_type)
    return Response(octets, media_type=kind.value, headers=SCAN_HEADERS)


@router.post("/{complaint_id:uuid}/answer")
def api_answer_complaint(
    who: Answering, complaint_id: UUID, *, sent: Change, given: AnswerGiven
) -> Done:
    """Answer it; who complained is told that there is an answer."""
    command = AnswerComplaint(
        region=who.region,
        key=sent.key,
        complaint_id=complaint_id,
        version=sent.version,
        answer=given.answer,
    )
    return sent.done(answer_complaint(who.office, who.actor, command))


@router.post("/{complaint_id:uuid}/withdrawal")
def api_withdraw_complaint(who: Answering, complaint_id: UUID, *, sent: Change) -> Done:
    """Note that who complained wants no answer any more."""
    command = WithdrawComplaint(
        region=who.region, key=sent.key, complaint_id=complaint_id, version=sent.version
    )
    return sent.done(withdraw_complaint(who.office, who.actor, command))
