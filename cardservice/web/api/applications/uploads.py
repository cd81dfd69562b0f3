"""Tables of people from employers: sent, and what became of each row."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile

from cardservice.accounts.rights import Right
from cardservice.domain.texts import NOTE_LENGTH
from cardservice.registry.ports_uploads import UploadRow
from cardservice.registry.uploads import (
    ReceiveTable,
    list_uploads,
    receive_table,
    refused_rows,
    upload_results,
    view_upload,
)
from cardservice.texts.languages import Language
from cardservice.uploads.receiving import TABLE_OCTETS
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import read_table
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Sent
from cardservice.web.api.common import NOT_FOUND, Done, FoundFault, Model, PageOf, problems
from cardservice.web.api.finding import fault_of
from cardservice.web.api.paging import Wish
from cardservice.web.office.asking import Asking, asking
from cardservice.web.problems import ProgramLanguage

TABLE_BODY: Final = TABLE_OCTETS + 64 * 1024  # the other fields and the borders between them
router = APIRouter(prefix="/uploads", tags=["uploads"])
Uploading = Annotated[Asking, asking(Right.APPLICATION_UPLOAD)]
OnlyRefused = Annotated[bool, Query(description="Only rows that became nothing.")]
_LIST: Final = "uploads"
_ROWS: Final = "upload-rows"


class NewTable(Model):
    """A table in CSV or XLSX, at most 10 MiB; ``consent``: each person in it agreed."""

    file: UploadFile
    consent: bool = False


class UploadShown(Model):
    """A table that was sent, and what its rows came to."""

    id: UUID
    version: int
    name: str
    state: str
    rows: int
    taken: int
    known: int
    refused: int
    received_at: datetime
    done_at: datetime | None


class RowShown(Model):
    """What became of a row; nothing of what stands in it. ``number`` as a person counts."""

    number: int
    application_id: UUID | None
    findings: list[FoundFault]


@router.post("", status_code=201, responses=problems(415), max_body_size=TABLE_BODY)
def api_receive_table(
    who: Uploading,
    sent: Sent,
    new: Annotated[NewTable, Form(media_type="multipart/form-data")],
) -> Done:
    """Take a table: each good row becomes a submitted application, once, however often it comes.

    ``made`` counts rows, taken, known and refused ones.
    """
    octets = new.file.file.read(TABLE_OCTETS + 1)
    rows = RowFingerprints(who.parts.row_secret, sender=who.actor.name)
    table = read_table(octets, today=who.office.today, fingerprints=rows)
    command = ReceiveTable(
        region=who.region,
        key=sent.key,
        name=(new.file.filename or "")[: NOTE_LENGTH + 1],
        content_hash=sha256(octets).digest(),
        rows=table.rows,
        consent=new.consent,
    )
    return sent.created(receive_table(who.office, who.actor, command), under=_LIST)


@router.get("", response_model=PageOf[UploadShown], responses=SEEN)
def api_list_uploads(who: Uploading, wish: Wish, known: Known = None) -> Response:
    """The tables sent, oldest first: an employer's own; for the office, all of the region."""
    page = list_uploads(who.office, who.actor, who.region, ask=wish.ask(_LIST))
    rows = [UploadShown.model_validate(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get("/{upload_id}", response_model=UploadShown, responses=SEEN | NOT_FOUND)
def api_show_upload(who: Uploading, upload_id: UUID, known: Known = None) -> Response:
    """One table."""
    found = view_upload(who.office, who.actor, region=who.region, upload_id=upload_id)
    return answered(UploadShown.model_validate(found), known, version=found.version)


@router.get("/{upload_id}/rows", response_model=PageOf[RowShown], responses=SEEN | NOT_FOUND)
def api_list_upload_rows(  # noqa: PLR0913 - what FastAPI fills in
    who: Uploading,
    upload_id: UUID,
    *,
    wish: Wish,
    language: ProgramLanguage,
    refused: OnlyRefused = False,
    known: Known = None,
) -> Response:
    """What became of the rows, in the order of the file."""
    read = refused_rows if refused else upload_results
    ask = wish.ask(_ROWS)
    page = read(who.office, who.actor, region=who.region, upload_id=upload_id, ask=ask)
    rows = [_row(one, language) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _ROWS)), known)


def _row(row: UploadRow, language: Language) -> RowShown:
    said = row.findings if isinstance(row.findings, list | tuple) else ()
    findings = [
        fault_of(str(one["field"]), str(one["code"]), "", language)
        for one in said
        if isinstance(one, dict)
    ]
    return RowShown(number=row.number, application_id=row.application_id, findings=findings)
