"""Complaints as programs send and see them."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import UploadFile
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from cardservice.domain.terms import Standing
from cardservice.domain.texts import is_showable
from cardservice.registry.complaints import LETTER_LENGTH, MOST_ATTACHMENTS, WaitingComplaint
from cardservice.registry.complaints_reading import ComplaintFile
from cardservice.web.api.common import Model
from cardservice.web.api.typed import Day, Line, ShortLine

VISITORS_FILES: Final = 3  # of one complaint from home; more are brought to the office


def _showable_lines(text: str) -> str:
    # Line by line: a line's end is the one hidden character that a letter may have.
    lines = text.replace("\r\n", "\n").split("\n")
    if all(is_showable(one.expandtabs()) for one in lines):
        return text
    sentence = "The text holds an invisible, control or unassigned character."
    raise PydanticCustomError("control-character", sentence)


Letter = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LETTER_LENGTH),
    AfterValidator(_showable_lines),
]


class OwnComplaint(Model):
    """What is complained about, where the answer goes, and at most three files.

    ``files``: JPEG, PNG or PDF, at most 10 MiB each.
    """

    text: Letter
    contact: Line = ""
    files: list[UploadFile] = Field(default=[], max_length=VISITORS_FILES)


class NewComplaint(OwnComplaint):
    """As one's own; number and birth date say whose application it is about."""

    number: ShortLine
    birth_date: Day


class LetterReceived(Model):
    """A complaint that came by letter or was said at the office; whose, or about what."""

    text: Letter
    contact: Line = ""
    application_id: UUID | None = None
    person_id: UUID | None = None
    files: list[UploadFile] = Field(default=[], max_length=MOST_ATTACHMENTS)


class AnswerGiven(Model):
    """What the office answers."""

    answer: Letter


class ComplaintLine(Model):
    """A line of the list: nothing of the person, nor of what they write."""

    id: UUID
    version: int
    number: str
    state: str
    application_id: UUID | None
    person_id: UUID | None
    received_at: datetime
    due_on: date


class WaitingLine(ComplaintLine):
    """A line, and whether the answer is late."""

    standing: Standing


class OwnComplaintLine(Model):
    """A complaint of one's own, and the answer once there is one."""

    id: UUID
    version: int
    number: str
    state: str
    text: str
    answer: str | None
    received_at: datetime
    due_on: date
    answered_at: datetime | None


class AttachmentLine(Model):
    """A file that came with a complaint; ``size`` in octets."""

    id: UUID
    media_type: str
    size: int
    uploaded_at: datetime
    erased_at: datetime | None


class ComplaintShown(WaitingLine):
    """A complaint, opened; ``contact`` is where the answer goes, as given."""

    text: str
    contact: str
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    attachments: list[AttachmentLine]


def waiting_line(one: WaitingComplaint) -> WaitingLine:
    """Return a complaint as lists show it."""
    return WaitingLine(
        **ComplaintLine.model_validate(one.complaint).model_dump(), standing=one.standing
    )


def complaint_shown(file: ComplaintFile) -> ComplaintShown:
    """Return a complaint, opened."""
    one = file.complaint
    return ComplaintShown(
        **ComplaintLine.model_validate(one).model_dump(),
        standing=file.standing,
        text=one.text,
        contact=file.contact,
        answer=one.answer,
        answered_by=one.answered_by,
        answered_at=one.answered_at,
        attachments=[AttachmentLine.model_validate(each) for each in file.attachments],
    )
