"""When a chip says nothing: the register is asked by policy number and birth date instead."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cardservice.accounts.rights import Right
from cardservice.desk.presentations import Substitute
from cardservice.domain.cover import Programme
from cardservice.domain.lives import PolicyState
from cardservice.registry.coverage import SubstituteAsk, record_substitute
from cardservice.web.api.common import Model, problems
from cardservice.web.api.typed import Day, ShortLine
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.parts import Client, clinic_parts
from cardservice.web.clinics.signing import Nonce, Signed, signed_answer

router = APIRouter(tags=["desks"])
Service = Annotated[ClinicService, Depends(clinic_service)]
ASKED: Final = "substitutes"
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]


class SubstituteQuestion(Model):
    """A policy's number, the birth date that the person states, and why no chip was asked.

    ``id`` is drawn at the desk: who asks again after a lost answer asks with the same one. Who
    sends a nonce gets the answer signed.
    """

    id: UUID
    enp: ShortLine
    birth_date: Day
    reason: Substitute
    nonce: Nonce | None = None


class InsurerToday(Model):
    """Who insures today: OGRN and the region of the policy."""

    ogrn: str
    okato: str


class SubstituteTold(Model):
    """Whether the policy is in force today, who insures, and which programmes pay at the desk."""

    in_force: bool
    state: PolicyState
    valid_until: date | None
    insurer: InsurerToday | None
    programmes: list[Programme]
    asked_on: date
    signed: Signed = None


@router.post("/substitutes", responses=problems(404), response_model_exclude_unset=True)
def clinic_ask_substitute(
    request: Request, service: Service, client: Asking, question: SubstituteQuestion
) -> SubstituteTold:
    """Tell what a policy covers where the desk is; a wrong number and a wrong date are one answer.

    The look at the person is recorded, and once for each id the desk's reason.
    """
    ask = SubstituteAsk(
        id=question.id,
        enp=question.enp,
        birth_date=question.birth_date,
        reason=question.reason,
    )
    office, desk = clinic_parts(request).office, service.clients.desk(client)
    told = SubstituteTold.model_validate(
        record_substitute(office, desk, ask, key=service.cards_key)
    )
    if question.nonce is None:
        return told
    signed = signed_answer(service, ASKED, question, told, nonce=question.nonce)
    return told.model_copy(update={"signed": signed})
