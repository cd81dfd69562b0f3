"""Scans of documents and photos out of the vault; each look is recorded."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from cardservice.accounts.rights import Right
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act
from cardservice.registry.ports_applications import Document
from cardservice.uploads.scans import ScanKind
from cardservice.uploads.vault import ScanVault
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT

KIND: Final = "document"
# Whatever a file holds, nothing of it runs, loads or is framed on our pages.
_SEALED: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
_PICTURES: Final = frozenset({ScanKind.JPEG, ScanKind.PNG})
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.DOCUMENT_READ)]


@router.get("/office/documents/{document_id}")
def show_scan(asking: Reader, document_id: UUID) -> Response:
    """Send a scan as what it is: a picture to look at, a PDF to open elsewhere."""
    document = asking.office.look(
        asking.actor, asking.region, lambda act: _looked_at(act, document_id)
    )
    kind = next((one for one in ScanKind if one.value == document.media_type), None)
    if document.content_hash is None or kind is None:
        raise not_found(KIND)
    chunks = opened(asking.parts.vault, document.content_hash.hex())
    return _answer(chunks, kind, name=document.kind)


def opened(vault: ScanVault, address: str) -> Iterator[bytes]:
    """Return the chunks of a scan, the first of them read: what is not there is refused now.

    Raises:
        Refusal: ``scan-unknown``.
    """
    chunks = vault.read(address)
    return chain((next(chunks, b""),), chunks)


def _looked_at(act: Act, document_id: UUID) -> Document:
    act.actor.require(Right.DOCUMENT_READ)
    found = act.work.documents.get(act.region, document_id)
    reason = f"{KIND}/{found.id}"
    if found.person_id is not None:
        act.look(found.person_id, reason)
    elif found.application_id is not None:
        application = act.work.applications.get(act.region, found.application_id)
        act.look_at_application(application, reason)
    return found


def _answer(chunks: Iterator[bytes], kind: ScanKind, *, name: str) -> Response:
    where = "inline" if kind in _PICTURES else "attachment"
    suffix = kind.value.rpartition("/")[2]
    headers = {
        "Content-Disposition": f'{where}; filename="{name}.{suffix}"',
        "Content-Security-Policy": _SEALED,
    }
    return StreamingResponse(chunks, media_type=kind.value, headers=headers)
