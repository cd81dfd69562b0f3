"""A document taken off an application: out of its form, and its row emptied."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from cardservice.domain.application import Application as Draft
from cardservice.domain.lives import APPLICATION, ApplicationEvent, ApplicationState
from cardservice.domain.transitions import StateRefusal
from cardservice.registry.actor import Actor
from cardservice.registry.applications import answer, draft_of, get
from cardservice.registry.applications_documents import KIND, emptied, keep_documents
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act, Office
from cardservice.registry.ports_applications import Application, Document

_CHANGEABLE: Final = frozenset({ApplicationState.DRAFT, ApplicationState.DOCUMENTS_NEEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachDocument(OfficeCommand):
    """Take a document or a photo off an application; ``document_id``: as attaching named it."""

    application_id: UUID
    version: int
    document_id: UUID


def detach_document(office: Office, actor: Actor, command: DetachDocument) -> Answer:
    """Return the application without the document, in its form and among its documents.

    Only that there was one is kept; the scan goes with the next sweep of the vault.

    Raises:
        Refusal: ``not-found``: there is no such application, or it has no such document;
            ``stale``, ``role-not-allowed``, ``state-application-…``: it is neither a draft nor
            waits for documents, so that somebody may be judging it by them.
    """
    return office.carry_out(actor, command, _detach)


def _detach(act: Act, command: DetachDocument) -> Answer:
    found = get(act, command.application_id, command.version)
    state = ApplicationState(found.state)
    if state not in _CHANGEABLE:
        raise StateRefusal(APPLICATION.life, state, ApplicationEvent.BRING_DOCUMENTS)
    row = _own(act, found, command.document_id)
    draft = draft_of(found)
    left = _without(draft, str(command.document_id))
    if row is not None:
        act.work.documents.change(emptied(act, row))
    elif left == draft:
        raise not_found(KIND)
    kept = keep_documents(act, found, left)
    act.record("document.detach", KIND, command.document_id, application=str(kept.id))
    return answer(kept)


def _own(act: Act, found: Application, document_id: UUID) -> Document | None:
    """Return the row of a document of ``found``; a form that a program sent may name any."""
    row = act.work.documents.find(act.region, document_id)
    is_its = row is not None and row.application_id == found.id and row.erased_at is None
    return row if is_its else None


def _without(draft: Draft, name: str) -> Draft:
    left = tuple(one for one in draft.documents if one.scan != name)
    photo = None if draft.photo == name else draft.photo
    return replace(draft, documents=left, photo=photo)
