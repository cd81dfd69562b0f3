"""What became of the rows of a table, and its bad rows to be mended and sent again."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.ports_uploads import Upload
from cardservice.registry.uploads import UploadState, view_upload
from cardservice.registry.uploads_reading import REASONS, Findings, bad_rows, row_results
from cardservice.texts.languages import Language
from cardservice.texts.office import field_label, sentence
from cardservice.uploads.tables.cells import CELL_LENGTH
from cardservice.web.api.paging import Cursor, ask_for, cursor_of
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.rendering import show
from cardservice.web.office.uploads.sending import ADDRESS, Uploader
from cardservice.web.office.uploads.template import written
from cardservice.web.signin.context import Visiting

ONE: Final = ADDRESS + "/{upload_id}"
ROWS: Final = 100  # of a page
REFRESH_S: Final = 3  # a table that is being taken is shown anew so often
_LIST: Final = "office.upload-rows"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
OnlyRefused = Annotated[bool, Query(alias="refused")]


@router.get(ONE)
def show_upload(
    visit: Visiting,
    asking: Uploader,
    upload_id: UUID,
    *,
    refused: OnlyRefused = False,
    cursor: Cursor = "",
) -> Response:
    """Show what became of a table: counts, then row by row."""
    upload = _upload(asking, upload_id)
    key, name = asking.parts.cursor_key, f"{_LIST}.{upload_id}.{refused}"
    ask = ask_for(cursor, ROWS, key=key, of=name)
    page = row_results(asking.office, asking.actor, upload, only_refused=refused, ask=ask)
    done = upload.taken + upload.known + upload.refused
    return show(
        "uploads/upload.html",
        visit,
        asking=asking,
        upload=upload,
        done=done,
        is_done=upload.state == UploadState.DONE,
        refresh_s=REFRESH_S,
        results=page.rows,
        refused=refused,
        is_first=not cursor,
        forward=cursor_of(page.after, key=key, of=name),
        say_code=lambda code: sentence(code, "", visit.language),
        is_kept=_is_kept(asking, upload),
        may_read=asking.may(Right.APPLICATION_READ),
    )


@router.get(ONE + "/bad-rows")
def show_bad_rows(visit: Visiting, asking: Uploader, upload_id: UUID) -> Response:
    """Send the rows that became nothing as a table, with a column that says why."""
    upload = _upload(asking, upload_id)
    octets = b"".join(asking.parts.vault.read(upload.content_hash.hex()))
    found = bad_rows(asking.office, asking.actor, upload, octets)
    rows = ((*cells, _reasons(wrong, visit.language)) for cells, wrong in found.rows)
    text = written(((*found.header, REASONS), *rows), visit.language)
    headers = {"Content-Disposition": 'attachment; filename="bad-rows.csv"'}
    return Response(text, media_type="text/csv", headers=headers)


def _upload(asking: Asking, upload_id: UUID) -> Upload:
    return view_upload(asking.office, asking.actor, region=asking.region, upload_id=upload_id)


def _is_kept(asking: Asking, upload: Upload) -> bool:
    try:
        next(asking.parts.vault.read(upload.content_hash.hex()), None)
    except Refusal:
        return False
    return True


def _reasons(wrong: Findings, language: Language) -> str:
    said = (
        f"{field_label(field, language)}: {sentence(code, '', language)}"
        if field
        else sentence(code, "", language)
        for field, code in wrong
    )
    return " ".join(said)[:CELL_LENGTH]
