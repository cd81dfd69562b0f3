"""/local/v1: what pages of paired clinic systems ask over HTTP."""

import asyncio
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from cardservice.channel.pace_password import CAN_LEN
from cardservice.errors import Refusal
from cardservice.home.desk_pairing import NAME_MAX, Pairing
from cardservice.web.at_once import at_once
from cardservice.web.desk.state import DeskState, ReaderState
from cardservice.web.desk.typed import TypedNumber
from cardservice.web.desk.views import key_of
from cardservice.web.local.answering import LocalRoute, preflight
from cardservice.web.local.desk import PREFIX, LocalDesk, local_of_request
from cardservice.web.local.documents import Document, reader_verdict, state_document
from cardservice.web.local.pairing import CODE_DIGITS
from cardservice.web.problems import ProgramLanguage

router = APIRouter(prefix=PREFIX, tags=["local"], route_class=LocalRoute)
METHODS: Final = "GET, POST"
_ID_MAX: Final = 64
_VERSION_MAX: Final = 2**53  # what JavaScript counts exactly

Local = Annotated[LocalDesk, Depends(at_once(local_of_request))]


def asker(request: Request, local: Local) -> Pairing:
    """Return who asks; raises Refusal as ``LocalDesk.asker``."""
    return local.asker(request.headers)


Paired = Depends(asker)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PairingForm(_Form):
    name: str = Field(min_length=1, max_length=NAME_MAX, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")


class CodeForm(_Form):
    code: str = Field(pattern=f"^[0-9]{{{CODE_DIGITS}}}$", repr=False)


class CanForm(_Form):
    presentation: int = Field(ge=1, le=_VERSION_MAX)
    can: str = Field(pattern=f"^[0-9]{{{CAN_LEN}}}$", repr=False)


@router.options("/{path:path}", include_in_schema=False)  # noqa: FAST003 - whichever it is
async def local_preflight(request: Request, local: Local) -> Response:
    """Tell a browser whether that page may ask."""
    return preflight(request, local, methods=METHODS)


@router.post("/pairings", status_code=HTTPStatus.CREATED)
async def local_begin_pairing(request: Request, local: Local, form: PairingForm) -> Document:
    """Begin: the desk shows a code at ``page``, and nobody else learns it."""
    notice = local.book.begin(form.name, request.headers["origin"])
    page = f"{request.url.scheme}://{request.headers['host']}/local/pairings"
    return {"pairing": notice.id, "expires_in": notice.seconds, "page": page}


@router.post("/pairings/{pairing}")
def local_confirm_pairing(
    request: Request, local: Local, pairing: str, form: CodeForm
) -> dict[str, str]:
    """Give a token for the code that the desk shows; it is good for this origin alone."""
    origin = request.headers["origin"]
    name = local.book.confirm(pairing[:_ID_MAX], origin, form.code)
    made, token = local.pairings.add(name, origin, at=local.now())
    return {"pairing": made.id, "token": token, "instance": local.instance}


@router.get("/readers", dependencies=[Paired])
async def local_readers(local: Local) -> Document:
    """Tell the state of every reader, without anything of a person."""
    return state_document(local, local.hub.state)


@router.get("/readers/{key}/verdict", dependencies=[Paired])
async def local_verdict(  # noqa: PLR0913, PLR0917 - what the framework hands over
    request: Request,
    local: Local,
    language: ProgramLanguage,
    key: str,
    after: Annotated[int | None, Query(ge=0, le=_VERSION_MAX)] = None,
    instance: Annotated[str | None, Query(max_length=_ID_MAX)] = None,
) -> Document:
    """Tell a reader with its verdict: at once, or when the desk is past version ``after``.

    A desk that was started anew, and one that changes nothing for 25 seconds, answers with what
    is.
    """
    desk = local.hub.state
    _reader(desk, key)
    if after is not None and after == desk.version and instance in {None, local.instance}:
        desk = await _changed(local, desk, _reader(desk, key))
        local.asker(request.headers)  # the pairing may have ended meanwhile
    return reader_verdict(local, desk.version, _reader(desk, key), language)


@router.post("/readers/{key}/can", status_code=HTTPStatus.ACCEPTED, dependencies=[Paired])
def local_number(local: Local, key: str, form: CanForm) -> dict[str, Any]:
    """Read the card on a reader with the number printed on it; the verdict comes as the others."""
    state = _reader(local.hub.state, key)
    typed = TypedNumber(reader=state.reader, presentation=form.presentation, can=form.can)
    local.hub.hand_over(typed)
    return {"presentation": form.presentation}


@router.get("/client.js", include_in_schema=False)
async def local_client() -> Response:
    """Send the client for pages: a module without dependencies."""
    return Response(client_file("policy-desk.js"), media_type="text/javascript")


@router.get("/client.d.ts", include_in_schema=False)
async def local_client_types() -> Response:
    """Send the types of the client."""
    return Response(client_file("policy-desk.d.ts"), media_type="text/plain; charset=utf-8")


@cache
def client_file(name: str) -> bytes:
    """Return a file of the client; read once."""
    return files("cardservice.web.local").joinpath("client", name).read_bytes()


def _reader(desk: DeskState, key: str) -> ReaderState:
    found = next((one for one in desk.readers if key_of(one.reader) == key), None)
    if found is None:
        raise Refusal("reader-unknown", "There is no such reader at this desk.")
    return found


async def _changed(local: LocalDesk, seen: DeskState, reader: ReaderState) -> DeskState:
    """Return the desk once ``reader`` is not what it was, or the time is up, or the desk closes."""
    with local.polls.one(), local.hub.subscribe() as subscription:
        try:
            async with asyncio.timeout(local.limits.poll_s):
                while (desk := await subscription.next()) is not None:
                    if desk.version != seen.version and desk.reader(reader.reader) != reader:
                        return desk
        except TimeoutError:
            pass
    return local.hub.state
