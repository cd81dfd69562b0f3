"""Documents of an application: what they say of themselves, and where the scan is."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from cardservice.domain.application import Application as Draft
from cardservice.domain.documents import Document as DraftDocument
from cardservice.domain.documents import DocumentType, Whose
from cardservice.domain.lives import APPLICATION, ApplicationEvent, ApplicationState
from cardservice.domain.texts import tidy
from cardservice.domain.transitions import StateRefusal
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import answer, draft_of, get, with_draft
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application, Document

KIND: Final = "document"
MOST_ATTACHED: Final = 100
"""Documents and photos that one application may ever have, those that were taken off among them:
whoever attaches and takes off without end is stopped; this project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Where a scan lies; ``cardservice.uploads`` has checked and encrypted it.

    Attributes:
        content_hash: 32 octets, keyed by the installation.
        wrapped_key: what it is encrypted under, itself encrypted.
        size: octets in clear.
    """

    content_hash: bytes
    wrapped_key: bytes = field(repr=False)
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachDocument(OfficeCommand):
    """Add a document to an application that is not decided yet."""

    application_id: UUID
    version: int
    kind: DocumentType
    whose: Whose = Whose.PERSON
    number: str = field(default="", repr=False)
    issued_on: date | None = None
    issuer: str = field(default="", repr=False)
    expires_on: date | None = None
    scan: Scan | None = None


def attach_document(office: Office, actor: Actor, command: AttachDocument) -> Answer:
    """Return the application; ``made`` names the document.

    A document that the draft names already gets the scan; another one is added to the draft.

    Raises:
        Refusal: ``not-found``, ``stale``, ``role-not-allowed``, ``documents-too-many``,
            ``state-application-…``: it is decided.
    """
    return office.carry_out(actor, command, _attach)


def emptied(act: Act, one: Document) -> Document:
    """Return a document that says nothing any more and whose scan may go."""
    return replace(
        one,
        number=None,
        issued_on=None,
        issuer=None,
        expires_on=None,
        content_hash=None,
        wrapped_key=None,
        media_type=None,
        size=None,
        erased_at=act.now,
    )


def expect_undecided(found: Application) -> None:
    """Return if an application is not decided yet; raises Refusal ``state-application-…``."""
    state = ApplicationState(found.state)
    if state in APPLICATION.final:
        raise StateRefusal(APPLICATION.life, state, ApplicationEvent.BRING_DOCUMENTS)


def expect_room(act: Act, found: Application) -> None:
    """Return if an application may have one document more.

    Raises:
        Refusal: ``documents-too-many``.
    """
    if len(act.work.documents.of_application(act.region, found.id)) >= MOST_ATTACHED:
        sentence = f"An application has at most {MOST_ATTACHED} documents."
        raise Refusal("documents-too-many", sentence, field="documents")


def keep_documents(act: Act, found: Application, draft: Draft) -> Application:
    """Return the application, kept with the documents that its form names now."""
    return act.work.applications.change(replace(with_draft(found, draft), updated_at=act.now))


def _attach(act: Act, command: AttachDocument) -> Answer:
    found = get(act, command.application_id, command.version)
    expect_undecided(found)
    expect_room(act, found)
    document = _document(act, command)
    draft = _with_document(draft_of(found), command, document.id)
    most = act.settings.rules.documents_maximum.value
    if len(draft.documents) > most:
        sentence = f"An application has at most {most} documents."
        raise Refusal("documents-too-many", sentence, field="documents")
    act.work.documents.add(document)
    kept = keep_documents(act, found, draft)
    act.record("document.attach", KIND, document.id, application=str(kept.id))
    return replace(answer(kept), made={KIND: str(document.id)})


def _document(act: Act, command: AttachDocument) -> Document:
    scan = command.scan
    return Document(
        region=act.region,
        id=act.new_id(),
        application_id=command.application_id,
        kind=command.kind.value,
        number=tidy(command.number) or None,
        issued_on=command.issued_on,
        issuer=tidy(command.issuer) or None,
        expires_on=command.expires_on,
        content_hash=scan.content_hash if scan else None,
        wrapped_key=scan.wrapped_key if scan else None,
        media_type=scan.media_type if scan else None,
        size=scan.size if scan else None,
        uploaded_by=act.actor.name,
        uploaded_at=act.now,
    )


def _with_document(draft: Draft, command: AttachDocument, document_id: UUID) -> Draft:
    new = DraftDocument(
        kind=command.kind,
        whose=command.whose,
        number=command.number,
        issued_on=command.issued_on,
        issuer=command.issuer,
        expires_on=command.expires_on,
        scan=str(document_id),
    )
    documents = list(draft.documents)
    for index, one in enumerate(documents):
        is_it = one.kind is new.kind and one.whose is new.whose and one.scan is None
        if is_it and tidy(new.number) in ("", tidy(one.number)):
            documents[index] = replace(one, scan=new.scan)
            return replace(draft, documents=tuple(documents))
    return replace(draft, documents=(*documents, new))
