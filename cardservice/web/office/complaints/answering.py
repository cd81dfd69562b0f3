"""One complaint: what it says, its attachments, the answer; only here the contact is shown."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from cardservice.accounts.rights import Right
from cardservice.domain.lives import ComplaintState
from cardservice.registry.complaints import (
    LETTER_LENGTH,
    AnswerComplaint,
    WithdrawComplaint,
    answer_complaint,
    withdraw_complaint,
)
from cardservice.registry.complaints_reading import view_attachment, view_complaint
from cardservice.registry.errors import not_found
from cardservice.uploads.scans import ScanKind
from cardservice.web.office.asking import Asking
from cardservice.web.office.complaints.listing import ADDRESS, Answerer
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.queue.scans import opened
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, answered, version_in
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ONE: Final = ADDRESS + "/{complaint_id}"
# Whatever a file holds, nothing of it runs, loads or is framed on our pages.
_SEALED: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ONE)
def show_complaint(visit: Visiting, asking: Answerer, complaint_id: UUID) -> Response:
    """Show a complaint."""
    return _page(visit, asking, complaint_id)


@router.post(ONE + "/answer", dependencies=[OurForm])
def send_complaint_answer(
    visit: Visiting, asking: Answerer, complaint_id: UUID, fields: Fields
) -> Response:
    """Answer it; who complained is told that there is an answer."""

    def answer() -> object:
        command = AnswerComplaint(
            region=asking.region,
            key=fields.text("key"),
            complaint_id=complaint_id,
            version=version_in(fields),
            answer=fields.text("answer"),
        )
        return answer_complaint(asking.office, asking.actor, command)

    return answered(
        answer,
        then=ONE.format(complaint_id=complaint_id),
        again=lambda refusal: _page(visit, asking, complaint_id, Sent(refusal, fields)),
    )


@router.post(ONE + "/withdrawal", dependencies=[OurForm])
def send_complaint_withdrawal(
    visit: Visiting, asking: Answerer, complaint_id: UUID, fields: Fields
) -> Response:
    """Note that who complained wants no answer any more."""

    def withdraw() -> object:
        command = WithdrawComplaint(
            region=asking.region,
            key=fields.text("key"),
            complaint_id=complaint_id,
            version=version_in(fields),
        )
        return withdraw_complaint(asking.office, asking.actor, command)

    return answered(
        withdraw,
        then=ADDRESS,
        again=lambda refusal: _page(visit, asking, complaint_id, Sent(refusal, fields)),
    )


@router.get(ONE + "/attachments/{attachment_id}")
def show_complaint_attachment(
    asking: Answerer, complaint_id: UUID, attachment_id: UUID
) -> Response:
    """Send a file that came with a complaint, to be kept and opened elsewhere."""
    found = view_attachment(
        asking.office,
        asking.actor,
        region=asking.region,
        complaint_id=complaint_id,
        attachment_id=attachment_id,
    )
    kind = next((one for one in ScanKind if one.value == found.media_type), None)
    if found.content_hash is None or kind is None:
        raise not_found("attachment")
    chunks = opened(asking.parts.vault, found.content_hash.hex())
    name = f"attachment.{kind.value.rpartition('/')[2]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": _SEALED,
    }
    return StreamingResponse(chunks, media_type=kind.value, headers=headers)


def _page(visit: Visit, asking: Asking, complaint_id: UUID, sent: Sent = FRESH) -> Response:
    file = view_complaint(
        asking.office, asking.actor, region=asking.region, complaint_id=complaint_id
    )
    return show(
        "complaints/complaint.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        file=file,
        waits=file.complaint.state == ComplaintState.RECEIVED,
        length=LETTER_LENGTH,
        may_see_application=asking.may(Right.APPLICATION_READ),
        may_see_person=asking.may(Right.PERSON_READ),
    )
