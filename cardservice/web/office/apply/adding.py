"""Documents and the photo, one file at a time; what was typed beside a wrong file stays."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.findings import Finding
from cardservice.domain.lives import ApplicationState
from cardservice.errors import Refusal
from cardservice.registry.applications import draft_of
from cardservice.registry.applications_detaching import DetachDocument, detach_document
from cardservice.registry.applications_documents import AttachDocument, Scan, attach_document
from cardservice.registry.applications_photo import AttachPhoto, attach_photo
from cardservice.registry.errors import FindingsRefusal
from cardservice.web.office.apply.days import read_day
from cardservice.web.office.apply.entry import Entry, kept_of, row_of
from cardservice.web.office.apply.inputs import Step
from cardservice.web.office.apply.pages import Told, number_in, render, understood
from cardservice.web.office.apply.scanning import PICTURES, keep_scan
from cardservice.web.office.apply.showing import BESIDE_FILE, Offered, document_choices, values_for
from cardservice.web.office.forms import FormFields
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visit

_DAYS: Final = ("issued_on", "expires_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A form with a file as it was sent."""

    visit: Visit
    entry: Entry
    sent: FormFields
    files: tuple[UploadFile, ...]

    @property
    def file(self) -> UploadFile | None:
        """The file, if one was chosen."""
        return self.files[-1] if self.files else None

    @property
    def typed(self) -> dict[str, str]:
        """The texts beside the file."""
        return {name: self.sent.text(name) for name in BESIDE_FILE}


def add_document(upload: Upload) -> Response:
    """Keep a document and its scan; what is wrong with it is shown beside what was typed."""
    return _led(upload, lambda: _attach(upload))


def add_photo(upload: Upload) -> Response:
    """Keep the photo."""
    return _led(upload, lambda: _attach_photo(upload))


def take_off(visit: Visit, entry: Entry, sent: FormFields, document_id: UUID) -> Response:
    """Take a document off that was added to what is asked for."""
    asking = entry.asking
    try:
        command = DetachDocument(
            region=asking.region,
            key=sent.text("key"),
            application_id=entry.application_id,
            version=number_in(sent, "version"),
            document_id=document_id,
        )
        detach_document(asking.office, asking.actor, command)
    except Refusal as refusal:
        return more_page(visit, entry, refusal=understood(refusal))
    return RedirectResponse(f"{entry.base}/more", HTTPStatus.SEE_OTHER)


def more_page(
    visit: Visit,
    entry: Entry,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """Return the page on which documents are added to an application that was sent."""
    kept = kept_of(entry)
    seen = Offered(entry=entry, draft=draft_of(kept.application), language=visit.language)
    offered = values_for(Step.DOCUMENTS, seen)
    return show(
        "apply/more.html",
        visit,
        asking=entry.asking,
        refusal=refusal,
        entry=entry,
        kept=kept,
        can_remove=kept.application.state == ApplicationState.DOCUMENTS_NEEDED,
        **{**offered, **({"added": typed} if typed else {})},
    )


def _page(upload: Upload, refusal: Refusal) -> Response:
    """Return the page that the form stands on, with what was typed and what is wrong."""
    visit, entry, told = upload.visit, upload.entry, understood(refusal)
    if row_of(entry).state != ApplicationState.DRAFT:
        return more_page(visit, entry, typed=upload.typed, refusal=told)
    return render(
        Step.DOCUMENTS, visit, entry, told=Told(refusal=told, more={"added": upload.typed})
    )


def _led(upload: Upload, do: Callable[[], object]) -> Response:
    try:
        do()
    except Refusal as refusal:
        return _page(upload, refusal)
    entry = upload.entry
    is_draft = row_of(entry).state == ApplicationState.DRAFT
    there = entry.address(Step.DOCUMENTS) if is_draft else entry.base
    return RedirectResponse(f"{there}#documents", HTTPStatus.SEE_OTHER)


def _attach(upload: Upload) -> None:
    sent, entry = upload.sent, upload.entry
    whose, kind = _what(upload)
    days = _days(sent)
    asking, version = entry.asking, number_in(sent, "version")
    command = AttachDocument(
        region=asking.region,
        key=sent.text("key"),
        application_id=entry.application_id,
        version=version,
        kind=kind,
        whose=whose,
        number=sent.text("number").replace("\0", ""),
        issued_on=days["issued_on"],
        issuer=sent.text("issuer").replace("\0", ""),
        expires_on=days["expires_on"],
        scan=_kept_scan(upload),
    )
    attach_document(asking.office, asking.actor, command)


def _attach_photo(upload: Upload) -> None:
    asking, sent = upload.entry.asking, upload.sent
    try:
        scan = keep_scan(upload.file, asking.parts.vault, kinds=PICTURES)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.sentence, field="photo") from None
    command = AttachPhoto(
        region=asking.region,
        key=sent.text("key"),
        application_id=upload.entry.application_id,
        version=number_in(sent, "version"),
        scan=scan,
    )
    attach_photo(asking.office, asking.actor, command)


def _kept_scan(upload: Upload) -> Scan:
    return keep_scan(upload.file, upload.entry.asking.parts.vault)


def _what(upload: Upload) -> tuple[Whose, DocumentType]:
    draft, chosen = draft_of(row_of(upload.entry)), upload.sent.text("what")
    offered = {value for value, _ in document_choices(draft, upload.visit.language)}
    if chosen not in offered:
        raise Refusal("document-missing", "Choose which document it is.", field="what")
    whose, _, kind = chosen.partition("/")
    return Whose(whose), DocumentType(kind)


def _days(sent: FormFields) -> dict[str, date | None]:
    days = {name: read_day(sent.text(name)) for name in _DAYS}
    wrong = [name for name, day in days.items() if day is None and sent.text(name).strip()]
    if wrong:
        sentence = "This is no day written DD.MM.YYYY."
        raise FindingsRefusal(Finding(name, "day-impossible", sentence) for name in wrong)
    return days
