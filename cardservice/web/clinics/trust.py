"""Whom desks are to trust: roots, revocation lists, keys of statements, and where lists are."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cardservice.web.api.answers import SEEN, Known, has_tag
from cardservice.web.api.common import Model, problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service
from cardservice.web.clinics.limits import limited

router = APIRouter(tags=["freshness"], dependencies=[limited("signed")])
Service = Annotated[ClinicService, Depends(clinic_service)]
MAX_AGE_S = 60  # seconds for which whoever stands between may keep it


class SignedTrust(Model):
    """A JWS of type ``policycard-trust+jwt``."""

    trust: str


@router.get("/trust", response_model=SignedTrust, responses={**SEEN, **problems()})
def clinic_tell_trust(service: Service, known: Known = None) -> Response:
    """Tell whom to trust; a new statement is signed every ten minutes, and no time goes back."""
    current = service.trust.current()
    headers = {"ETag": current.etag, "Cache-Control": f"public, max-age={MAX_AGE_S}"}
    if has_tag(known, current.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = SignedTrust(trust=current.token).model_dump_json()
    return Response(body, media_type="application/json", headers=headers)
