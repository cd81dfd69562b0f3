"""GET /events: what happens in the tray, as server-sent events."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse

from simulators.tray import EventKind, TrayEvent
from simulators.web.context import Context, Moved
from simulators.web.simulation import Batch, Follower, History

router = APIRouter(tags=["events"])

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT: Final = b"event: heartbeat\ndata: {}\n\n"
_ID_MAX: Final = 64

LastId = Annotated[
    str | None,
    Header(alias="last-event-id", max_length=_ID_MAX, description="Go on after this event."),
]
AfterId = Annotated[str | None, Query(max_length=_ID_MAX, description="The same, in the address.")]


async def following(moved: Moved) -> AsyncIterator[Follower]:
    """Follow the events until the answer is over, however it ends."""
    with moved.history.follow() as follower:
        yield follower


@router.get("/events", response_class=StreamingResponse)
async def send_events(
    context: Context,
    follower: Annotated[Follower, Depends(following)],
    last_event_id: LastId = None,
    after: AfterId = None,
) -> StreamingResponse:
    """Stream the events from now on, or after the one of the id given (text/event-stream).

    `hello` begins a stream from now; `tray` is an event; `gap` says how many are no longer kept
    (null: the id is of another run); `heartbeat` that the service is there.
    """
    history = context.simulation.history
    events = stream(
        history, follower, event_id=last_event_id or after, heartbeat_s=context.heartbeat_s
    )
    return StreamingResponse(events, media_type=MEDIA_TYPE)


async def stream(
    history: History, follower: Follower, *, event_id: str | None, heartbeat_s: float
) -> AsyncIterator[bytes]:
    """Yield the events of one follower until the history is closed."""
    if event_id is None:
        newest = history.newest
        yield encode("hello", {"newest": newest}, history.id_of(newest))
    else:
        batch = history.resume(event_id)
        newest = batch.newest
        for piece in _pieces(history, batch):
            yield piece
    while not history.closed:
        if not await follower.wait(heartbeat_s):
            yield HEARTBEAT
        batch = history.after(newest)
        newest = batch.newest
        for piece in _pieces(history, batch):
            yield piece


def encode(event: str, data: Mapping[str, object], event_id: str) -> bytes:
    """Return one event in the stream's format; JSON keeps the data on one line.

    Source: HTML Standard, section 9.2.6.
    """
    # In ASCII, so that no name, whatever is in it, can end a line or fail to be written.
    text = json.dumps(data, separators=(",", ":"))
    return f"id: {event_id}\nevent: {event}\ndata: {text}\n\n".encode()


def told(event: TrayEvent) -> dict[str, object]:
    """Return what is told of an event: names and kinds, no octet of any command or file."""
    return {
        "number": event.number,
        "at": datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds"),
        "kind": event.kind.value,
        "reader": event.reader,
        "card": event.card,
        "detail": event.detail,
    }


def _pieces(history: History, batch: Batch) -> list[bytes]:
    gap = []
    if batch.missed != 0:
        first = batch.events[0].number if batch.events else batch.newest + 1
        gap = [encode("gap", {"missed": batch.missed}, history.id_of(first - 1))]
    return [*gap, *(_piece(history, event) for event in batch.events)]


def _piece(history: History, event: TrayEvent) -> bytes:
    event_id = history.id_of(event.number)
    if event.kind is EventKind.EVENTS_LOST:
        return encode("gap", {"missed": int(event.detail)}, event_id)
    return encode("tray", told(event), event_id)
