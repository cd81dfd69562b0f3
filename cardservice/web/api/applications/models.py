"""Applications as programs see them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from cardservice.domain.application import Application as Draft
from cardservice.domain.documents import DocumentType
from cardservice.domain.terms import Standing
from cardservice.registry.applications_reading import ApplicationFile
from cardservice.registry.ports_applications import Document
from cardservice.web.api.common import FoundFault, Model


class DocumentShown(Model):
    """What a document says of itself; ``size`` is octets, null without a scan."""

    id: UUID
    version: int
    application_id: UUID | None
    person_id: UUID | None
    kind: DocumentType | Literal["photo"]
    number: str | None
    issued_on: date | None
    issuer: str | None
    expires_on: date | None
    media_type: str | None
    size: int | None
    uploaded_at: datetime
    erased_at: datetime | None


class CertificateShown(Model):
    """A temporary certificate; its number has nine digits."""

    id: UUID
    version: int
    number: str
    application_id: UUID
    person_id: UUID | None
    state: str
    issued_on: date
    valid_until: date


class OrderLine(Model):
    """An order of the application."""

    id: UUID
    version: int
    state: str
    due_on: date | None


class ApplicationShown(Model):
    """An application as a whole; ``words`` say what is needed, or why it was refused."""

    id: UUID
    version: int
    number: str
    state: str
    due_on: date | None
    person_id: UUID | None
    words: str | None
    entered_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    form: Draft = Field(description="As it was typed; what can be sent is ApplicationForm.")
    documents: list[DocumentShown]
    certificates: list[CertificateShown]
    orders: list[OrderLine]


class QueueRow(Model):
    """A line of the queue: nothing of the person."""

    id: UUID
    number: str
    version: int
    state: str
    channel: str
    reason: str
    category: str | None
    due_on: date | None
    standing: Standing | None


class StatusShown(Model):
    """What who knows the number and the birth date may see; ``orders`` are states."""

    state: str
    due_on: date | None
    standing: Standing | None
    words: str | None
    orders: list[str]


class Findings(Model):
    """What would stand beside the fields if it were submitted now."""

    findings: list[FoundFault]


def shown(file: ApplicationFile) -> ApplicationShown:
    """Return an application as programs see it."""
    one = file.application
    return ApplicationShown(
        id=one.id,
        version=one.version,
        number=one.number,
        state=one.state,
        due_on=one.due_on,
        person_id=one.person_id,
        words=one.ground,
        entered_at=one.entered_at,
        submitted_at=one.submitted_at,
        decided_at=one.decided_at,
        form=file.draft,
        documents=[document_shown(document) for document in file.documents],
        certificates=[CertificateShown.model_validate(paper) for paper in file.certificates],
        orders=[OrderLine.model_validate(order) for order in file.orders],
    )


def document_shown(document: Document) -> DocumentShown:
    """Return a document as programs see it: its scan is asked for by itself."""
    return DocumentShown.model_validate(document)
