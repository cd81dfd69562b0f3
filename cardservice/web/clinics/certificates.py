"""The next certificate of a desk's terminal: its present key vouches for the next one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from cardservice.accounts.rights import Right
from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.enrolment import bundle_object, request_in
from cardservice.web.clinics.parts import Client

router = APIRouter(tags=["desks"])
Service = Annotated[ClinicService, Depends(clinic_service)]
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]


class CertificateQuestion(Model):
    """The request for the next key of a terminal."""

    request: dict[str, Any] = Field(description="As `cardservice pki desk renew` writes it.")


class Certified(Model):
    """What the desk shows to cards from now on."""

    bundle: dict[str, Any]


@router.post("/terminal-certificates", responses=problems())
def clinic_renew_terminal(
    service: Service, client: Asking, question: CertificateQuestion
) -> Certified:
    """Certify the next key of the asking desk; the same request may be sent again."""
    desk = service.clients.desk(client)
    return Certified(bundle=bundle_object(service.desks.renew(desk, request_in(question.request))))
