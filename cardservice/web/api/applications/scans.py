"""Documents as they are sent, with or without a scan; and scans as they are given."""

from typing import Any, Final
from uuid import UUID

from fastapi import Response, UploadFile

from cardservice.domain.documents import DocumentType, Whose
from cardservice.registry.applications_documents import AttachDocument, Scan
from cardservice.registry.ports_applications import Document
from cardservice.uploads.receiving import SCAN_OCTETS
from cardservice.uploads.scans import ScanKind
from cardservice.uploads.vault import ScanVault
from cardservice.web.api.answers import has_tag
from cardservice.web.api.applications.reading import scan_of
from cardservice.web.api.common import NOT_FOUND, Model, problems
from cardservice.web.api.typed import Day, Line, ShortLine
from cardservice.web.office.apply.scanning import kept_scan
from cardservice.web.office.asking import Asking

SCAN_BODY: Final = SCAN_OCTETS + 64 * 1024  # the other fields and the borders between them
# What a stranger sent is shown by itself: no script, no style, no frame, no form.
SCAN_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
SCAN_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The scan; its media type is what it was found to be.",
        "content": {kind.value: _FILE for kind in ScanKind},
    },
    304: {"description": "It is as you have it."},
    **NOT_FOUND,
}
TAKEN: Final = problems(404, 415)


class NewDocument(Model):
    """A document that is shown; ``file`` is its scan: JPEG, PNG or PDF, at most 10 MiB."""

    kind: DocumentType
    whose: Whose = Whose.PERSON
    number: ShortLine = ""
    issued_on: Day | None = None
    issuer: Line = ""
    expires_on: Day | None = None
    file: UploadFile | None = None


def attaching(
    who: Asking, new: NewDocument, *, application_id: UUID, key: str, version: int
) -> AttachDocument:
    """Return the command that attaches a document; its scan is examined and kept already.

    Raises:
        Refusal: what ``uploads.scans.examine_scan`` says.
    """
    scan = keep_scan(who.parts.vault, new.file) if new.file is not None else None
    return AttachDocument(
        region=who.region,
        key=key,
        application_id=application_id,
        version=version,
        kind=new.kind,
        whose=new.whose,
        number=new.number,
        issued_on=new.issued_on,
        issuer=new.issuer,
        expires_on=new.expires_on,
        scan=scan,
    )


def keep_scan(
    vault: ScanVault, file: UploadFile, *, kinds: frozenset[ScanKind] = frozenset(ScanKind)
) -> Scan:
    """Return where a scan lies, examined and sealed.

    Raises:
        Refusal: ``file-too-large``, ``scan-kind``, ``photo-kind``, ``picture-…``, ``pdf-…``.
    """
    return kept_scan(file.file.read(SCAN_OCTETS + 1), vault, kinds=kinds)


def send_scan(who: Asking, document: Document, known: str | None) -> Response:
    """Return the scan of a document, to be shown by itself; 304 if the sender has it.

    Raises:
        Refusal: ``scan-unknown``.
    """
    tag = f'"{document.content_hash.hex() if document.content_hash else ""}"'
    headers = SCAN_HEADERS | {"ETag": tag}
    if document.content_hash is not None and has_tag(known, tag):
        return Response(status_code=304, headers=headers)
    octets = scan_of(who, document)
    return Response(octets, media_type=ScanKind(document.media_type or "").value, headers=headers)
