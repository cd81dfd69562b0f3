"""The time, signed, for desks whose own clock proves nothing."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.limits import limited
from cardservice.web.clinics.signing import Nonce

router = APIRouter(tags=["freshness"], dependencies=[limited("signed")])
Service = Annotated[ClinicService, Depends(clinic_service)]


class TimeQuestion(Model):
    """Who asks with a nonce of its own knows that the answer is no older."""

    nonce: Nonce


class SignedTime(Model):
    """A JWS of type ``policycard-time+jwt`` with the nonce and ``now_ms``."""

    time: str


@router.post("/time", responses=problems())
def clinic_tell_time(service: Service, question: TimeQuestion) -> SignedTime:
    """Tell the time; a nonce may come again, since only who drew it believes the answer."""
    return SignedTime(time=service.signer.time_token(question.nonce))
