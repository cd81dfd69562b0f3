"""The desk page, its events, and its forms: a card's number, and the demonstration."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from cardservice.channel.pace_password import CAN_LEN
from cardservice.texts.languages import Language
from cardservice.web.at_once import at_once
from cardservice.web.context import Context, RequestLanguage, WebContext
from cardservice.web.desk.demonstration import Demonstration
from cardservice.web.desk.hub import Subscription
from cardservice.web.desk.rendering import Renderer, renderer
from cardservice.web.desk.stream import DeskMessages, desk_events
from cardservice.web.desk.typed import TypedNumber
from cardservice.web.live_pages import (
    FormText,
    back_in_language,
    chooses_language,
    event_stream,
    page_answer,
    verify_our_form,
)

router = APIRouter(tags=["desk"])
FormNumber = Annotated[int, Form(ge=1)]
CanText = Annotated[str, Form(pattern=f"^[0-9]{{{CAN_LEN}}}$")]


@router.get("/", response_class=HTMLResponse)
async def show_desk(request: Request, context: Context, language: RequestLanguage) -> Response:
    """Show the desk as it is now; with ``lang`` remember that language first."""
    if chooses_language(request):
        return back_in_language(request)
    page = _spoken(context, language).page(
        context.hub.state,
        instance=context.instance,
        token=context.token,
        heartbeat_s=context.settings.heartbeat_s,
        demonstration=context.demonstration,
        pairs=getattr(request.app.state, "pairs_systems", False),
    )
    return page_answer(page, language)


async def following(context: Context) -> AsyncIterator[Subscription]:
    """Follow the desk until the answer is over, however it ends."""
    with context.hub.subscribe() as subscription:
        yield subscription


@router.get("/events", response_class=StreamingResponse)
async def send_events(
    context: Context,
    language: RequestLanguage,
    subscription: Annotated[Subscription, Depends(following)],
) -> StreamingResponse:
    """Tell a page the whole state at once and every change after it (text/event-stream)."""
    spoken = _spoken(context, language)
    messages = DeskMessages(spoken, instance=context.instance, token=context.token)
    return event_stream(
        desk_events(subscription, messages, heartbeat_s=context.settings.heartbeat_s)
    )


def _spoken(context: WebContext, language: Language) -> Renderer:
    parts = context.parts
    asks = parts.substitutes is not None
    return renderer(language, parts.insurer_name, asks_register=asks)


def sent_by_our_page(request: Request, context: Context, token: FormText) -> None:
    """Return if the form is one of our own page; nothing else may change anything."""
    verify_our_form(request, given=token, expected=context.token)


OurForm = Depends(at_once(sent_by_our_page))


@router.post("/desk/can", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def take_number(
    context: Context, reader: FormText, presentation: FormNumber, can: CanText
) -> RedirectResponse:
    """Read the card on a reader with the number printed on it; the result comes by the events."""
    context.hub.hand_over(TypedNumber(reader=reader, presentation=presentation, can=can))
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


def demonstration_asked(_: Annotated[None, OurForm], context: Context) -> Demonstration:
    """Return the demonstration, to a form of our own page only."""
    if context.demonstration is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return context.demonstration


Asked = Annotated[Demonstration, Depends(at_once(demonstration_asked))]


@router.post("/demonstration/tap", status_code=HTTPStatus.SEE_OTHER)
def tap_card(demonstration: Asked, card: FormText, reader: FormText) -> RedirectResponse:
    """Put a simulated card on a simulated reader."""
    demonstration.tap(card, reader)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.post("/demonstration/lift", status_code=HTTPStatus.SEE_OTHER)
def lift_card(demonstration: Asked, reader: FormText) -> RedirectResponse:
    """Take the simulated card off a simulated reader."""
    demonstration.lift(reader)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)
