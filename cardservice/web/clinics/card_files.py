"""Files that a clinic's own program has read of a card: what can be proved without the chip."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cardservice.accounts.rights import Right
from cardservice.verify.posted_files import LIMITS, OPTIONAL, PostedFiles, judge_files
from cardservice.web.api.common import problems
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.card_asking import (
    MISSING,
    OTHER,
    QuickRoute,
    Sent,
    base64_octets,
    fault,
    json_object,
    region_of,
    require_members,
    text_response,
)
from cardservice.web.clinics.card_forms import VERDICT, files_form
from cardservice.web.clinics.ops import metrics_of
from cardservice.web.clinics.parts import Client, clinic_parts
from cardservice.web.problems import language_of_program
from cardservice.web.verdicts import verdict_json

router = APIRouter(tags=["cards"], route_class=QuickRoute)
Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]
_MEMBERS: Final = ("files", "region")


@router.post(
    "/card-files",
    response_class=Response,
    responses={200: VERDICT, **problems()},
    openapi_extra=files_form(LIMITS, OPTIONAL),
)
def clinic_judge_card_files(request: Request, client: Asking, body: Sent) -> Response:
    """Return the verdict on files read elsewhere; never ``valid``, since no chip was asked.

    A file that is not on the card is null; ``iccid`` and ``photo`` are left out when they were
    not read.
    """
    sent = json_object(body)
    require_members(sent, _MEMBERS)
    judge = clinic_parts(request).judge(region_of(sent) or client.region)
    examination = judge_files(judge, _files(sent.get("files")))
    if (metrics := metrics_of(request)) is not None:
        metrics.examination(examination)
    language = language_of_program(request)
    return text_response(verdict_json(examination, language=language, holder=True))


def _files(files: object) -> PostedFiles:
    if not isinstance(files, dict):
        raise fault(MISSING if files is None else OTHER, "files")
    require_members(files, LIMITS, "files")
    octets: dict[str, bytes | None] = {}
    for name, most in LIMITS.items():
        if name in files:
            text = files[name]
            octets[name] = None if text is None else base64_octets(text, most, "files", name)
        elif name not in OPTIONAL:
            raise fault(MISSING, "files", name)
    return PostedFiles(octets)
