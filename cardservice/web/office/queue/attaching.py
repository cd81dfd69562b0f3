"""A document that came later: its facts and its scan, added to an application."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.documents import DocumentType, Whose
from cardservice.registry.applications_documents import AttachDocument, attach_document
from cardservice.registry.applications_reading import view_application
from cardservice.texts.office.labels import choices
from cardservice.uploads.receiving import MEBIBYTE, SCAN_OCTETS
from cardservice.web.office.apply.scanning import MAX_UPLOAD, Files, keep_scan
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import Fields
from cardservice.web.office.queue.application import ADDRESS
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import (
    FRESH,
    Sent,
    answered,
    choice_in,
    day_in,
    version_in,
)
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

router = APIRouter(include_in_schema=False, max_body_size=MAX_UPLOAD)
Enterer = Annotated[Asking, asking(Right.APPLICATION_ENTER)]


@router.get(ADDRESS + "/documents")
def show_attachment(visit: Visiting, asking: Enterer, application_id: UUID) -> Response:
    """Ask for a document and its scan."""
    return _page(visit, asking, application_id)


@router.post(ADDRESS + "/documents", dependencies=[OurForm])
def send_attachment(
    visit: Visiting,
    asking: Enterer,
    application_id: UUID,
    fields: Fields,
    files: Files,
) -> Response:
    """Attach a document."""

    def attach() -> object:
        command = AttachDocument(
            region=asking.region,
            key=fields.text("key"),
            application_id=application_id,
            version=version_in(fields),
            kind=choice_in(DocumentType, fields, "kind"),
            whose=choice_in(Whose, fields, "whose"),
            number=fields.text("number"),
            issued_on=day_in(fields, "issued_on"),
            issuer=fields.text("issuer"),
            expires_on=day_in(fields, "expires_on"),
            scan=keep_scan(next(iter(files), None), asking.parts.vault),
        )
        return attach_document(asking.office, asking.actor, command)

    return answered(
        attach,
        then=ADDRESS.format(application_id=application_id),
        again=lambda refusal: _page(visit, asking, application_id, Sent(refusal, fields)),
    )


def _page(
    visit: Visit,
    asking: Asking,
    application_id: UUID,
    sent: Sent = FRESH,
) -> Response:
    file = view_application(
        asking.office, asking.actor, region=asking.region, application_id=application_id
    )
    return show(
        "queue/attach.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        application=file.application,
        kinds=choices(DocumentType, visit.language),
        whose=choices(Whose, visit.language),
        most_mib=SCAN_OCTETS // MEBIBYTE,
    )
