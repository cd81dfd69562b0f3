"""Reading that belongs to one row: a document, a certificate, one's own application."""

from uuid import UUID

from cardservice.errors import Refusal
from cardservice.registry.applications import KIND as APPLICATION
from cardservice.registry.applications import draft_of
from cardservice.registry.applications_documents import KIND as DOCUMENT
from cardservice.registry.applications_reading import ApplicationFile
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Act
from cardservice.registry.ports_applications import Document
from cardservice.registry.ports_policies import TemporaryCertificate
from cardservice.web.office.asking import Asking


def own_id(asking: Asking) -> UUID:
    """Return the id of the application that an applicant signed in to.

    Raises:
        Refusal: ``not-found``.
    """
    if asking.actor.account is None:
        raise not_found(APPLICATION)
    return asking.actor.account


def own_application(asking: Asking) -> ApplicationFile:
    """Return the application that an applicant signed in to; raises Refusal ``not-found``."""
    region, id_ = asking.region, own_id(asking)
    with asking.office.database.reading() as work:
        found = work.applications.get(region, id_)
        return ApplicationFile(
            application=found,
            draft=draft_of(found),
            documents=work.documents.of_application(region, id_),
            certificates=work.certificates.of_application(region, id_),
            orders=work.orders.of_application(region, id_),
        )


def own_document(asking: Asking, document_id: UUID) -> Document:
    """Return a document of one's own application; raises Refusal ``not-found``."""
    with asking.office.database.reading() as work:
        found = work.documents.get(asking.region, document_id)
    if found.application_id != own_id(asking):
        raise not_found(DOCUMENT)
    return found


def view_document(asking: Asking, document_id: UUID) -> Document:
    """Return a document; the look at its person is recorded.

    Raises:
        Refusal: ``not-found``.
    """

    def read(act: Act) -> Document:
        found = act.work.documents.get(act.region, document_id)
        reason = f"{DOCUMENT}/{document_id}"
        if found.person_id is not None:
            act.look(found.person_id, reason)
        elif found.application_id is not None:
            applied = act.work.applications.get(act.region, found.application_id)
            act.look_at_application(applied, reason)
        return found

    return asking.office.look(asking.actor, asking.region, read)


def view_certificate(asking: Asking, certificate_id: UUID) -> TemporaryCertificate:
    """Return a temporary certificate; the look at its person is recorded.

    Raises:
        Refusal: ``not-found``.
    """

    def read(act: Act) -> TemporaryCertificate:
        found = act.work.certificates.get(act.region, certificate_id)
        applied = act.work.applications.get(act.region, found.application_id)
        act.look_at_application(applied, f"temporary-certificate/{certificate_id}")
        return found

    return asking.office.look(asking.actor, asking.region, read)


def scan_of(asking: Asking, document: Document) -> bytes:
    """Return the scan of a document, every octet authenticated.

    It is read whole before any of it is sent: of a damaged one nobody gets half.

    Raises:
        Refusal: ``scan-unknown``: there is none, or it was erased.
        ScanDamagedError: it is not what was kept.
    """
    if document.content_hash is None:
        raise Refusal("scan-unknown", "There is no such scan, or it was erased.")
    return b"".join(asking.parts.vault.read(document.content_hash.hex()))
