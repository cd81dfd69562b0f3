"""Status lists as they are published; a web server or a CDN can send the same files."""

from datetime import timedelta
from enum import StrEnum, unique
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from cardservice.errors import Refusal
from cardservice.home.status_lists import PUBLISHED
from cardservice.web.api.answers import SEEN, Known, has_tag
from cardservice.web.api.common import problems
from cardservice.web.clinics.app_parts import ClinicService, clinic_service

router = APIRouter(prefix=f"/{PUBLISHED}", tags=["freshness"])
Service = Annotated[ClinicService, Depends(clinic_service)]
Number = Annotated[int, Path(ge=0, le=0xFFFF, description="EF.CardID names it: two octets.")]


@unique
class ListFile(StrEnum):
    """What is published of a list: two signed forms, and what a server's headers say."""

    CWT = "cwt"
    JWT = "jwt"
    JSON = "json"


@router.head("/{number}.{form}", include_in_schema=False)
@router.get("/{number}.{form}", response_class=Response, responses={**SEEN, **problems(404)})
def clinic_send_list(
    service: Service, number: Number, form: ListFile, known: Known = None
) -> Response:
    """Send a published list; it is signed, and nothing in it is secret."""
    found = service.lists.find(number, form.value)
    if found is None:
        raise Refusal("not-found", "No such list is published.")
    age_s = service.lists.max_age // timedelta(seconds=1)
    headers = {"ETag": found.etag, "Cache-Control": f"public, max-age={age_s}"}
    if has_tag(known, found.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(found.octets, media_type=found.media_type, headers=headers)
