"""Papers of the own application: the form to be signed, and the temporary certificate."""

from fastapi import APIRouter
from fastapi.responses import Response

from cardservice.domain.lives import ApplicationState
from cardservice.errors import Refusal
from cardservice.registry.errors import not_found
from cardservice.web.office.apply.entry import OWN
from cardservice.web.office.apply.own import Own
from cardservice.web.office.apply.owned import owned_by
from cardservice.web.office.queue.papers import certificate_paper, form_paper, pdf_answer
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False)


@router.get(f"{OWN}/form.pdf")
def show_own_application_paper(visit: Visiting, asking: Own) -> Response:
    """Send the application that was filed as a paper to be signed."""
    file = owned_by(asking).file
    if file.application.state == ApplicationState.DRAFT:
        raise Refusal("application-incomplete", "The application was not sent yet.")
    octets = form_paper(asking.parts, file, visit.language)
    return pdf_answer(octets, f"application-{file.application.number}")


@router.get(f"{OWN}/certificate.pdf")
def show_own_certificate_paper(visit: Visiting, asking: Own) -> Response:
    """Send the temporary certificate that serves now."""
    owned = owned_by(asking)
    if owned.certificate is None:
        raise not_found("certificate")
    octets = certificate_paper(asking.parts, owned.file, owned.certificate, visit.language)
    return pdf_answer(octets, f"certificate-{owned.file.application.number}")
