"""Page: a complaint about how an application was dealt with, and what became of one."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from cardservice.domain.roles import Role
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer
from cardservice.registry.complaints import (
    LETTER_LENGTH,
    Attachment,
    FileComplaint,
    file_complaint,
)
from cardservice.registry.complaints_open import FileOpenComplaint, file_open_complaint
from cardservice.registry.errors import not_found
from cardservice.registry.ports_exchange import Complaint
from cardservice.uploads.receiving import MEBIBYTE, SCAN_OCTETS
from cardservice.web.office.apply.beginning import present_applicant
from cardservice.web.office.apply.pages import understood
from cardservice.web.office.apply.scanning import Files, keep_scan
from cardservice.web.office.apply.visitor import COMPLAINING, visitor
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.office.rendering import show
from cardservice.web.office.visitors.knowing import known_application, names_nobody, typed
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

MOST_FILES: Final = 3  # of one page; a complaint may have more, brought to the office
MAX_COMPLAINT: Final = MOST_FILES * SCAN_OCTETS + 2 * MAX_TEXT
NUMBER_LENGTH: Final = 20  # characters of a complaint's number that are looked at

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
_EMPTY: Final = FormFields()


@router.get("/complaint")
def show_complaint_form(visit: Visiting) -> Response:
    """Show the form of a complaint."""
    return _page(visit)


@router.post("/complaint", dependencies=[OurForm], max_body_size=MAX_COMPLAINT)
def send_complaint_form(visit: Visiting, fields: Fields, files: Files) -> Response:
    """File a complaint, about one's own application or by somebody without; its number is shown."""
    try:
        filed = _file(visit, fields, files)
    except Refusal as refusal:
        return _page(visit, fields, refusal=understood(refusal))
    return _page(visit, fields, filed=filed)


@router.post("/complaint/number", dependencies=[OurForm])
def send_complaint_number(visit: Visiting, fields: Fields) -> Response:
    """Say whether a complaint was answered, by its number; what it says is nobody else's."""
    parts = office_parts(visit.request)
    number = fields.text("complaint").strip()[:NUMBER_LENGTH]
    try:
        return _page(visit, found=_found(parts, number), sought=number)
    except Refusal as refusal:
        return _page(visit, refusal=Refusal(refusal.code, refusal.sentence, field="complaint"))


def _page(visit: Visit, sent: FormFields = _EMPTY, **told: Any) -> Response:
    refusal: Refusal | None = told.pop("refusal", None)
    return show(
        "visitors/complaint.html",
        visit,
        asking=present_applicant(visit),
        refusal=refusal,
        values={**typed(sent), "text": sent.text("text"), "contact": sent.text("contact")},
        open_one=names_nobody(sent),
        **{"filed": None, "found": None, "sought": "", **told},
        length=LETTER_LENGTH,
        most_files=MOST_FILES,
        mebibytes=SCAN_OCTETS // MEBIBYTE,
    )


def _file(visit: Visit, fields: FormFields, files: Files) -> Answer:
    parts, asking = office_parts(visit.request), present_applicant(visit)
    if asking is None and names_nobody(fields):
        return _file_open(visit, parts, fields, files)
    region, application_id = _whose(parts, asking, fields)
    command = FileComplaint(
        region=region,
        key=fields.text("key"),
        text=fields.text("text"),
        contact=fields.text("contact"),
        application_id=application_id,
        attachments=_attachments(parts, files),
    )
    return file_complaint(parts.office, Actor(application_id, Role.APPLICANT), command)


def _file_open(visit: Visit, parts: OfficeParts, fields: FormFields, files: Files) -> Answer:
    if files:
        sentence = "Files go only with a complaint about an application: give its number."
        raise Refusal("attachments-unowned", sentence, field="attachments")
    key = fields.text("key")
    command = FileOpenComplaint(
        region=parts.region, key=key, text=fields.text("text"), contact=fields.text("contact")
    )
    return file_open_complaint(parts.office, visitor(visit, COMPLAINING, key), command)


def _whose(parts: OfficeParts, asking: Asking | None, fields: FormFields) -> tuple[str, UUID]:
    if asking is not None:
        return asking.region, asking.web.subject.id
    return known_application(parts.office, fields)


def _attachments(parts: OfficeParts, files: Files) -> tuple[Attachment, ...]:
    if len(files) > MOST_FILES:
        sentence = f"At most {MOST_FILES} files go with a complaint here."
        raise Refusal("attachments-many", sentence, field="attachments")
    try:
        scans = [keep_scan(one, parts.vault) for one in files]
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.sentence, field="attachments") from None
    return tuple(
        Attachment(
            content_hash=one.content_hash,
            wrapped_key=one.wrapped_key,
            media_type=one.media_type,
            size=one.size,
        )
        for one in scans
    )


def _found(parts: OfficeParts, number: str) -> Complaint:
    with parts.office.database.reading() as work:
        found = work.complaints.by_number(parts.region, number) if number.isdecimal() else None
    if found is None:
        raise not_found("complaint")
    return found
