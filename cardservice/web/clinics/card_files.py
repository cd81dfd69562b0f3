"""Files that a clinic's own program has read of a card: what can be proved without the chip."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

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
_NAMES: Final = tuple(LIMITS)
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
    require_members(files, _NAMES, "files")
    return PostedFiles({name: _file(files, name) for name in _NAMES if _is_sent(files, name)})


def _is_sent(files: Mapping[str, Any], name: str) -> bool:
    if name not in files and name not in OPTIONAL:
        raise fault(MISSING, "files", name)
    return name in files


def _file(files: Mapping[str, Any], name: str) -> bytes | None:
    text = files[name]
    return None if text is None else base64_octets(text, LIMITS[name], "files", name)
