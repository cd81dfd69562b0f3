"""The operator's page, its events, its forms and the shift report."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from cardservice.web.at_once import at_once
from cardservice.web.context import RequestLanguage
from cardservice.web.live_pages import (
    FormText,
    back_in_language,
    chooses_language,
    event_stream,
    page_answer,
    verify_our_form,
)
from cardservice.web.station.actions import Action, act, needs_lane
from cardservice.web.station.context import ShiftReports, Station
from cardservice.web.station.hub import Follower
from cardservice.web.station.rendering import station_renderer
from cardservice.web.station.stream import StationMessages, station_events

router = APIRouter(tags=["station"])
ALL_LANES: Final = "all"
LaneText = Annotated[str, Form(pattern=r"^(all|[1-9][0-9]{0,2})$")]


@router.get("/", response_class=HTMLResponse)
def show_station(request: Request, context: Station, language: RequestLanguage) -> Response:
    """Show the station as it is now; with ``lang`` remember that language first."""
    if chooses_language(request):
        return back_in_language(request)
    page = station_renderer(language).page(context.hub.view, context)
    return page_answer(page, language)


@router.get("/codes", response_class=HTMLResponse)
def show_codes(language: RequestLanguage) -> Response:
    """List every code with its sentence and remedy."""
    return page_answer(station_renderer(language).codes(), language)


async def following(context: Station) -> AsyncIterator[Follower]:
    """Follow the station until the answer is over, however it ends."""
    with context.hub.follow() as follower:
        yield follower


@router.get("/events", response_class=StreamingResponse)
async def send_events(
    context: Station, language: RequestLanguage, follower: Annotated[Follower, Depends(following)]
) -> StreamingResponse:
    """Tell a page the whole station at once and every change after it (text/event-stream)."""
    renderer = station_renderer(language)
    messages = StationMessages(renderer, instance=context.instance, token=context.token)
    return event_stream(
        station_events(follower, messages, heartbeat_s=context.settings.heartbeat_s)
    )


def sent_by_our_page(request: Request, context: Station, token: FormText) -> None:
    """Return if the form is one of our own page; nothing else may move a lane."""
    verify_our_form(request, given=token, expected=context.token)


@router.post(
    "/act", status_code=HTTPStatus.SEE_OTHER, dependencies=[Depends(at_once(sent_by_our_page))]
)
def take_action(
    context: Station, action: Annotated[Action, Form()], lane: LaneText = ALL_LANES
) -> RedirectResponse:
    """Have an action done to one lane, or to all; what comes of it is told by the events."""
    number = None if lane == ALL_LANES else int(lane)
    if number is None and needs_lane(action):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    if number is not None and all(one.number != number for one in context.hub.view.lanes):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    act(context.control, action, number)
    place = "" if number is None else f"#lane-{number}"
    return RedirectResponse(f"/{place}", HTTPStatus.SEE_OTHER)


def reports_offered(context: Station) -> ShiftReports:
    """Return who makes reports; not found where nobody does."""
    if context.reports is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return context.reports


Reports = Annotated[ShiftReports, Depends(at_once(reports_offered))]


@router.get("/report.pdf", response_class=Response)
def send_pdf(reports: Reports, language: RequestLanguage) -> Response:
    """Send the report of the running shift as PDF/A."""
    return _file(reports.pdf(language), "application/pdf", "shift.pdf")


@router.get("/report.csv", response_class=Response)
def send_csv(reports: Reports) -> Response:
    """Send the report of the running shift as CSV."""
    return _file(reports.csv(), "text/csv; charset=utf-8", "shift.csv")


def _file(octets: bytes, media_type: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(octets, media_type=media_type, headers=disposition)


@router.get("/healthz")
def tell_health(context: Station) -> dict[str, str | int]:
    """Answer 200 whenever the page can answer at all; ``degraded``: the registry is away."""
    view = context.hub.view
    status = "degraded" if view.source_code else "ok"
    return {"status": status, "lanes": len(view.lanes), "reason": view.source_code}
