"""An application approved, and a certificate that serves until the policy is made."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.applications_approving import ApproveApplication, approve
from cardservice.registry.certificates import IssueCertificate, issue_certificate
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.queue.application import ADDRESS, case_page
from cardservice.web.office.typed import Sent, answered, id_of, version_in
from cardservice.web.signin.context import Visiting
from cardservice.web.signin.forms import OurForm

NOBODY: Final = "nobody"
"""What the page sends for: it is none of the similar persons."""

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Enterer = Annotated[Asking, asking(Right.APPLICATION_ENTER)]
Decider = Annotated[Asking, asking(Right.APPLICATION_DECIDE)]


@router.post(ADDRESS + "/approval", dependencies=[OurForm])
def send_approval(
    visit: Visiting, asking: Decider, application_id: UUID, fields: Fields
) -> Response:
    """Approve; the page then shows policy, order and certificate."""
    return answered(
        partial(_approve, asking, application_id, fields),
        then=ADDRESS.format(application_id=application_id),
        again=lambda refusal: case_page(visit, asking, application_id, Sent(refusal, fields)),
    )


@router.post(ADDRESS + "/certificate", dependencies=[OurForm])
def send_certificate(
    visit: Visiting, asking: Enterer, application_id: UUID, fields: Fields
) -> Response:
    """Issue a temporary certificate."""

    def issue() -> object:
        command = IssueCertificate(
            region=asking.region,
            key=fields.text("key"),
            application_id=application_id,
            version=version_in(fields),
        )
        return issue_certificate(asking.office, asking.actor, command)

    return answered(
        issue,
        then=ADDRESS.format(application_id=application_id),
        again=lambda refusal: case_page(visit, asking, application_id, Sent(refusal, fields)),
    )


def _approve(asking: Asking, application_id: UUID, fields: FormFields) -> object:
    chosen = fields.text("person_id")
    command = ApproveApplication(
        region=asking.region,
        key=fields.text("key"),
        application_id=application_id,
        version=version_in(fields),
        enp=fields.text("enp"),
        person_id=id_of(chosen),
        new_person=chosen == NOBODY,
        place_id=id_of(fields.text("place_id")),
    )
    return approve(asking.office, asking.actor, command)
