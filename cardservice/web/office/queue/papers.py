"""Papers of an application: the form to be signed, and temporary certificates."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.documents import Whose
from cardservice.errors import Refusal
from cardservice.papers.application_form import application_pdf
from cardservice.papers.certificate import certificate_pdf
from cardservice.papers.values import ApplicationForm
from cardservice.papers.values import TemporaryCertificate as CertificatePaper
from cardservice.papers.wording import PaperLanguage
from cardservice.registry.applications_reading import ApplicationFile, view_application
from cardservice.registry.applications_submitting import day_of
from cardservice.registry.errors import not_found
from cardservice.registry.frame import Office
from cardservice.registry.ports_policies import TemporaryCertificate
from cardservice.texts.languages import Language
from cardservice.texts.office.labels import label
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT
from cardservice.web.office.parts import OfficeParts, PaperParts
from cardservice.web.office.queue.application import ADDRESS
from cardservice.web.office.queue.paper_values import (
    carrier,
    documents_shown,
    insurer_named,
    representative,
    said_person,
)
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.APPLICATION_READ)]


@router.get(ADDRESS + "/form.pdf")
def show_form_paper(visit: Visiting, asking: Reader, application_id: UUID) -> Response:
    """Send the application form, to be read over and signed."""
    file = _file(asking, application_id)
    octets = form_paper(asking.parts, file, visit.language)
    return pdf_answer(octets, f"application-{file.application.number}")


@router.get(ADDRESS + "/certificates/{certificate_id}.pdf")
def show_certificate_paper(
    visit: Visiting, asking: Reader, application_id: UUID, certificate_id: UUID
) -> Response:
    """Send a temporary certificate."""
    file = _file(asking, application_id)
    found = next((one for one in file.certificates if one.id == certificate_id), None)
    if found is None:
        raise not_found("certificate")
    octets = certificate_paper(asking.parts, file, found, visit.language)
    return pdf_answer(octets, f"certificate-{file.application.number}")


def form_paper(parts: OfficeParts, file: ApplicationFile, language: Language) -> bytes:
    """Return the application form as PDF.

    Raises:
        Refusal: ``papers-missing``, ``application-incomplete``; what the paper says.
    """
    papers = papers_of(parts)
    form = _form(parts.office, papers, file, language)
    made, words = parts.office.clock(), PaperLanguage(language.value)
    return application_pdf(form, fonts=papers.fonts, made=made, language=words)


def certificate_paper(
    parts: OfficeParts, file: ApplicationFile, one: TemporaryCertificate, language: Language
) -> bytes:
    """Return a temporary certificate as PDF, its statement signed.

    Raises:
        Refusal: ``papers-missing``, ``application-incomplete``; what the paper says.
    """
    papers = papers_of(parts)
    paper = _certificate(papers, file, one, language)
    return certificate_pdf(
        paper,
        papers.sign(paper),
        fonts=papers.fonts,
        made=parts.office.clock(),
        language=PaperLanguage(language.value),
    )


def papers_of(parts: OfficeParts) -> PaperParts:
    """Return what papers are made with; raises Refusal ``papers-missing``."""
    if parts.papers is None:
        sentence = "No paper can be made here: this service has no fonts to print with."
        raise Refusal("papers-missing", sentence)
    return parts.papers


def pdf_answer(octets: bytes, name: str) -> Response:
    """Return a PDF to be kept under a name that says nothing of a person."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(octets, media_type="application/pdf", headers=headers)


def _file(asking: Asking, application_id: UUID) -> ApplicationFile:
    return view_application(
        asking.office, asking.actor, region=asking.region, application_id=application_id
    )


def _form(
    office: Office, papers: PaperParts, file: ApplicationFile, language: Language
) -> ApplicationForm:
    row, draft = file.application, file.draft
    person, category = said_person(draft), draft.person.category
    if category is None or draft.reason is None or draft.channel is None:
        raise Refusal("application-incomplete", "Something a paper says is missing.")
    return ApplicationForm(
        number=row.number,
        filed=day_of(row.submitted_at or row.entered_at, office.settings),
        reason=label(draft.reason, language),
        channel=label(draft.channel, language),
        carrier=carrier(category, office.settings.rules, language),
        category=category,
        person=person,
        insurer=insurer_named(papers.insurer, draft.insurer_ogrn, draft.okato),
        documents=tuple(documents_shown(draft, Whose.PERSON, language)),
        address=draft.person.address.strip() or None,
        phone=draft.person.phone.strip() or None,
        email=draft.person.email.strip() or None,
        representative=representative(draft, language),
    )


def _certificate(
    papers: PaperParts, file: ApplicationFile, one: TemporaryCertificate, language: Language
) -> CertificatePaper:
    draft = file.draft
    person, category = said_person(draft), draft.person.category
    if category is None:
        raise Refusal("application-incomplete", "Something a paper says is missing.")
    return CertificatePaper(
        number=one.number,
        application_number=file.application.number,
        fund=papers.fund,
        category=category,
        person=person,
        insurer=insurer_named(papers.insurer, draft.insurer_ogrn, draft.okato),
        document=next(documents_shown(draft, Whose.PERSON, language), None),
        issued=one.issued_on,
        valid_until=one.valid_until,
    )
