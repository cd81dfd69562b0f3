"""The time, signed, for desks whose own clock proves nothing."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.limits import limited

router = APIRouter(tags=["freshness"], dependencies=[limited("signed")])
Service = Annotated[ClinicService, Depends(clinic_service)]


class TimeQuestion(Model):
    """Base64url of 16 to 64 fresh random octets, without padding."""

    nonce: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9_-]{22,86}$"),
        Field(examples=["q83vEjRWeJCrze8SNFZ4kA"]),
    ]


class SignedTime(Model):
    """A JWS of type ``policycard-time+jwt`` with the nonce and ``now_ms``."""

    time: str


@router.post("/time", responses=problems())
def clinic_tell_time(service: Service, question: TimeQuestion) -> SignedTime:
    """Tell the time; a nonce may come again, since only who drew it believes the answer."""
    return SignedTime(time=service.signer.time_token(question.nonce))
