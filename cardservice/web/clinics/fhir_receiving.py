"""What a client of FHIR sends: bounded bodies, forms of a search, and what it can take."""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from cardservice.fhir.capability import MEDIA_TYPE
from cardservice.fhir.eligibility_request import REQUEST
from cardservice.fhir.faults import Fault, refusal
from cardservice.fhir.json_text import BODY_OCTETS

FORM: Final = "application/x-www-form-urlencoded"
FORM_OCTETS: Final = 4096  # one identifier of 255 characters, each written as nine
_FIELDS: Final = 8
_TAKEN: Final = frozenset({MEDIA_TYPE, "application/json"})
_READ: Final = _TAKEN | {"*/*", "application/*"}
Parameters = tuple[tuple[str, str], ...]


def reads_json(request: Request) -> None:
    """Return if the client can take what is answered; else 406."""
    asked = request.headers.get("accept", "*/*")
    kinds = {one.partition(";")[0].strip().lower() for one in asked.split(",")}
    if not kinds & _READ:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE)


async def sent_json(request: Request) -> bytes:
    """Return the body, at most 64 KiB; 415 if it says that it is no JSON.

    Raises:
        Refusal: ``fhir-body-too-large``.
    """
    _expect_type(request, _TAKEN)
    return await _body(request, BODY_OCTETS, at=REQUEST)


async def sent_form(request: Request) -> Parameters:
    """Return the parameters of a search by POST: of the form, and of the address.

    Raises:
        Refusal: ``fhir-body-too-large`` or ``fhir-value-form``.
    """
    _expect_type(request, frozenset({FORM}))
    body = await _body(request, FORM_OCTETS, at="http")
    try:
        text = body.decode("utf-8")
        found = parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        sentence = "This is not a form in UTF-8 of a few fields."
        raise refusal(Fault.VALUE_FORM, sentence, at="http") from None
    return (*found, *request.query_params.multi_items())


SentJson = Annotated[bytes, Depends(sent_json)]
SentForm = Annotated[Parameters, Depends(sent_form)]


def _expect_type(request: Request, taken: frozenset[str]) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in taken:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


async def _body(request: Request, most: int, *, at: str) -> bytes:
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise refusal(Fault.BODY_TOO_LARGE, f"More than {most} octets were sent.", at=at)
    return bytes(found)
