"""Temporary certificates: given, looked at, used up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.certificates import (
    IssueCertificate,
    UseUpCertificate,
    issue_certificate,
    use_up_certificate,
)
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.models import CertificateShown
from cardservice.web.api.applications.reading import view_certificate
from cardservice.web.api.commands import Change
from cardservice.web.api.common import (
    NOT_FOUND,
    Done,
    Model,
)
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/temporary-certificates", responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.APPLICATION_READ)]
Entering = Annotated[Asking, asking(Right.APPLICATION_ENTER)]


class NewCertificate(Model):
    """For which application; If-Match names the application's version."""

    application_id: UUID


@router.post("", status_code=201)
def api_issue_certificate(
    who: Entering,
    *,
    sent: Change,
    new: NewCertificate,
) -> Done:
    """Give one for an application that was filed."""
    command = IssueCertificate(
        region=who.region, key=sent.key, application_id=new.application_id, version=sent.version
    )
    given = issue_certificate(who.office, who.actor, command)
    return sent.created(given, under="temporary-certificates")


@router.get("/{certificate_id:uuid}", response_model=CertificateShown, responses=SEEN)
def api_show_certificate(who: Reading, certificate_id: UUID, known: Known = None) -> Response:
    """One certificate; the look at its person is recorded."""
    found = view_certificate(who, certificate_id)
    return answered(CertificateShown.model_validate(found), known, version=found.version)


@router.post("/{certificate_id:uuid}/use")
def api_use_up_certificate(
    who: Entering,
    certificate_id: UUID,
    *,
    sent: Change,
) -> Done:
    """Note that the policy is there and the certificate of no more use."""
    command = UseUpCertificate(
        region=who.region, key=sent.key, certificate_id=certificate_id, version=sent.version
    )
    return sent.done(use_up_certificate(who.office, who.actor, command))
