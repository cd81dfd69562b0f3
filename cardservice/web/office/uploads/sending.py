"""Tables of people: those that were sent, a form for another, and the columns it has."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, File, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from cardservice.accounts.rights import Right
from cardservice.domain.texts import NOTE_LENGTH
from cardservice.errors import Refusal
from cardservice.registry.uploads import (
    ReceiveTable,
    latest_uploads,
    open_table,
    receive_table,
)
from cardservice.uploads.receiving import MEBIBYTE, TABLE_OCTETS
from cardservice.uploads.tables.cells import ROWS
from cardservice.uploads.tables.fingerprints import RowFingerprints
from cardservice.uploads.tables.reading import read_table
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent
from cardservice.web.office.uploads.bounded import UNLIMITED, TableRoute
from cardservice.web.office.uploads.template import COLUMNS, template_of
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/uploads"
FIELDS: Final = frozenset({"file", "consent"})
QUICK_ROWS: Final = 500  # are taken before the answer; it comes in two seconds or so
router = APIRouter(include_in_schema=False, max_body_size=UNLIMITED, route_class=TableRoute)
Uploader = Annotated[Asking, asking(Right.APPLICATION_UPLOAD)]
OneFile = Annotated[UploadFile | None, File()]


@router.get(ADDRESS)
def show_uploads(visit: Visiting, asking: Uploader) -> Response:
    """Show the newest tables and the form for another."""
    return _page(visit, asking)


@router.post(ADDRESS, dependencies=[OurForm])
def send_table(visit: Visiting, asking: Uploader, fields: Fields, file: OneFile = None) -> Response:
    """Take a table; a long one is taken after the answer, and its page says how far it is."""
    try:
        command = _command(asking, fields, file)
        opened = open_table(asking.office, asking.actor, command)
        rest = _rest(asking, command)
    except Refusal as refusal:
        return _page(visit, asking, Sent(_in_form(refusal), fields))
    return RedirectResponse(f"{ADDRESS}/{opened.id}", HTTPStatus.SEE_OTHER, background=rest)


@router.get(ADDRESS + "/template", dependencies=[asking(Right.APPLICATION_UPLOAD)])
def show_table_template(visit: Visiting) -> Response:
    """Send an empty table with one row as an example, which is refused if it is sent."""
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return Response(template_of(visit.language), media_type="text/csv", headers=headers)


def _command(asking: Asking, fields: FormFields, file: UploadFile | None) -> ReceiveTable:
    octets = file.file.read(TABLE_OCTETS + 1) if file is not None else b""
    if file is None or not octets:
        raise Refusal("file-missing", "Choose a file.", field="file")
    office, parts = asking.office, asking.parts
    rows = RowFingerprints(parts.row_secret, sender=asking.actor.name)
    table = read_table(octets, today=office.today, fingerprints=rows)
    # The table is kept sealed, for a day or so, so that its bad rows can be given back.
    address = parts.vault.keep(octets)
    return ReceiveTable(
        region=asking.region,
        key=fields.text("key"),
        name=(file.filename or "")[: NOTE_LENGTH + 1],
        content_hash=bytes.fromhex(address),
        rows=table.rows,
        consent=fields.has("consent"),
    )


def _rest(asking: Asking, command: ReceiveTable) -> BackgroundTask | None:
    if len(command.rows) > QUICK_ROWS:
        return BackgroundTask(receive_table, asking.office, asking.actor, command)
    receive_table(asking.office, asking.actor, command)
    return None


def _in_form(refusal: Refusal) -> Refusal:
    # What is said of a column or of the whole table stands beside the file on this page.
    field = refusal.field if refusal.field in FIELDS else "file"
    return Refusal(refusal.code, refusal.sentence, field=field)


def _page(visit: Visit, asking: Asking, sent: Sent = FRESH) -> Response:
    return show(
        "uploads/uploads.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        uploads=latest_uploads(asking.office, asking.actor, asking.region),
        columns=COLUMNS,
        most_rows=ROWS,
        most_mib=TABLE_OCTETS // MEBIBYTE,
        least=asking.office.settings.rules.employer_minimum.value,
    )
