"""Cards on a clinic's reader, read by this service: the client carries octets, step by step."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cardservice.accounts.rights import Right
from cardservice.web.api.common import API, problems
from cardservice.web.clinics import card_sessions_stream
from cardservice.web.clinics.asking import needs
from cardservice.web.clinics.card_asking import QuickRoute, Sent, json_object, json_response
from cardservice.web.clinics.card_forms import STEP, answers_form, opening_form
from cardservice.web.clinics.card_sessions_relay import answers_of, opening_of, relay_of
from cardservice.web.clinics.parts import Client
from cardservice.web.problems import language_of_program

Asking = Annotated[Client, needs(Right.COVERAGE_ASK)]
router = APIRouter(prefix="/card-sessions", tags=["cards"], route_class=QuickRoute)
router.include_router(card_sessions_stream.router)


@router.post(
    "",
    status_code=201,
    response_class=Response,
    responses={201: STEP, **problems()},
    openapi_extra=opening_form(),
)
def clinic_open_card_session(request: Request, client: Asking, body: Sent) -> Response:
    """Begin to read a card just reset; return the first commands for it."""
    told = relay_of(request).open(client, opening_of(json_object(body or b"{}")))
    return json_response(told, 201, Location=f"{API}/card-sessions/{told['session']}")


@router.post(
    "/{session}/answers",
    response_class=Response,
    responses={200: STEP, **problems(404)},
    openapi_extra=answers_form(),
)
def clinic_answer_card_session(
    request: Request, client: Asking, body: Sent, session: str
) -> Response:
    """Take the card's answers of one step; return the next commands, or the verdict.

    Sent again with the same answers, a step gets the same reply.
    """
    sent, language = answers_of(json_object(body)), language_of_program(request)
    return json_response(relay_of(request).take(client, session, sent, language))


@router.delete("/{session}", status_code=204, responses=problems(404))
def clinic_end_card_session(
    request: Request,
    client: Asking,
    body: Sent,  # noqa: ARG001 - a route of its kind has one
    session: str,
) -> Response:
    """End a session; nothing of its card is kept."""
    relay_of(request).sessions.end(client.id, session)
    return Response(status_code=204)
