"""What the clerk sends from the page, and what belongs to one presentation: photo and sheet."""

from datetime import datetime
from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from cardservice.channel.pace_password import CAN_LEN
from cardservice.desk.presentations import Substitute
from cardservice.web.context import Context, RequestLanguage, WebContext
from cardservice.web.desk.pages import FormNumber, OurForm
from cardservice.web.desk.scanned import MOST_SCANNED
from cardservice.web.desk.sheet import sheet_of
from cardservice.web.desk.state import ReaderState
from cardservice.web.desk.typed import PhotoWish
from cardservice.web.live_pages import FormText

router = APIRouter(include_in_schema=False)  # for our own page alone
MaybeCan = Annotated[str, Form(pattern=f"^([0-9]{{{CAN_LEN}}})?$")]
MaybeNumber = Annotated[int, Form(ge=0)]
Scanned = Annotated[str, Form(min_length=1, max_length=MOST_SCANNED)]


def _back() -> RedirectResponse:
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


@router.post("/desk/photo", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def ask_photo(
    context: Context, reader: FormText, presentation: FormNumber, can: MaybeCan = ""
) -> RedirectResponse:
    """Read the card again with its photo; it comes by the events."""
    context.hub.ask_photo(PhotoWish(reader=reader, presentation=presentation, can=can or None))
    return _back()


@router.post("/desk/bearer/photo", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def confirm_photo(context: Context, reader: FormText, presentation: FormNumber) -> RedirectResponse:
    """Note that the bearer looks like the photo on the page."""
    context.clerk.confirm_photo(reader, presentation)
    return _back()


@router.post("/desk/bearer/birth-date", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def state_birth_date(
    context: Context, reader: FormText, presentation: FormNumber, birth_date: FormText
) -> RedirectResponse:
    """Compare the birth date that the bearer states with the card's."""
    context.clerk.state_birth_date(reader, presentation, birth_date)
    return _back()


@router.post("/desk/bearer/stranger", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def refuse_bearer(context: Context, reader: FormText, presentation: FormNumber) -> RedirectResponse:
    """Note that the bearer is not the holder."""
    context.clerk.refuse_bearer(reader, presentation)
    return _back()


@router.post("/desk/scan", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def take_scan(context: Context, scanned: Scanned) -> RedirectResponse:
    """Take what a scanner typed: a certificate's code, or the number of the card that asks."""
    context.clerk.scan(scanned)
    return _back()


@router.post("/desk/substitute", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def ask_register(  # noqa: PLR0913, PLR0917 - the fields of one form
    context: Context,
    reason: Annotated[Substitute, Form()],
    enp: FormText,
    birth_date: FormText,
    reader: FormText = "",
    presentation: MaybeNumber = 0,
) -> RedirectResponse:
    """Ask the register by policy number and birth date, because a chip said nothing."""
    card = (reader, presentation) if reader and presentation else None
    context.clerk.ask_register(reason, enp=enp, birth_date=birth_date, card=card)
    return _back()


@router.post("/desk/aside/away", status_code=HTTPStatus.SEE_OTHER, dependencies=[OurForm])
def put_away(context: Context) -> RedirectResponse:
    """Take the paper or the register's answer off the page."""
    context.clerk.put_away()
    return _back()


@router.get("/desk/photos/{ticket}.png")
def send_photo(context: Context, ticket: str) -> Response:
    """Send the photo of the card that lies there; gone with it, and kept nowhere."""
    image = _presented(context, ticket).photo.image
    if image is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(image, media_type="image/png", headers={"Cache-Control": "no-store"})


@router.get("/desk/sheets/{ticket}.pdf")
def send_sheet(context: Context, language: RequestLanguage, ticket: str) -> Response:
    """Send the verdict on the card that lies there as a paper to print or to keep."""
    state = _presented(context, ticket)
    sheet = sheet_of(state, language, context.parts)
    if sheet is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    name = f"policy-check-{datetime.now().astimezone():%Y%m%d-%H%M%S}.pdf"
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(sheet, media_type="application/pdf", headers=headers)


def _presented(context: WebContext, ticket: str) -> ReaderState:
    """Return the reader of that presentation; raises HTTPException (404) when it is over."""
    for state in context.hub.state.readers:
        if state.begun and compare_digest(state.begun.ticket.encode(), ticket.encode()):
            return state
    raise HTTPException(HTTPStatus.NOT_FOUND)
