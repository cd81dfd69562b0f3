"""The card of an order as it will look, and the file that the card printer takes."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import StringConstraints

from cardservice.accounts.rights import Right
from cardservice.papers.card_back import back_marks
from cardservice.papers.card_face import CAN_DIGITS, Side, card_pdf
from cardservice.papers.card_frame import HEIGHT, WIDTH
from cardservice.papers.card_front import contact_marks, front_marks
from cardservice.papers.characters import check
from cardservice.papers.fonts import PaperFonts
from cardservice.papers.raster import write_png
from cardservice.papers.scene import Page
from cardservice.papers.values import CardFace
from cardservice.papers.wording import PaperLanguage
from cardservice.web.api.common import NOT_FOUND, Model
from cardservice.web.api.typed import Named
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.queue.card_faces import UNKNOWN
from cardservice.web.office.queue.card_values import card_face
from cardservice.web.office.queue.papers import papers_of
from cardservice.web.problems import ProgramLanguage

router = APIRouter(prefix="/orders/{order_id:uuid}", tags=["papers"], responses=NOT_FOUND)
Reading = Annotated[Asking, asking(Right.ORDER_READ)]
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}


def _sends(media_type: str, what: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": what, "content": {media_type: _FILE}}}


class PrintWish(Model):
    """What only the made card has, as the station read it: its number and its CAN."""

    card_number: Named
    can: Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{CAN_DIGITS}}}$")]


@router.get(
    "/card-face/{side}", response_class=Response, responses=_sends("image/png", "One side.")
)
def api_send_card_face(
    who: Reading, order_id: UUID, side: Side, language: ProgramLanguage
) -> Response:
    """A preview of one side, 1,011 × 638 pixels; the look at the person is recorded."""
    fonts = papers_of(who.parts).fonts
    face = card_face(who, order_id, number=UNKNOWN, can=UNKNOWN)
    check(face, fonts)
    page = _side(face, side, fonts, PaperLanguage(language.value))
    return Response(write_png(page, fonts), media_type="image/png")


@router.post(
    "/card-print-files",
    response_class=Response,
    responses=_sends("application/pdf", "Front and back, PDF/A-3b."),
)
def api_make_print_file(
    who: Reading, order_id: UUID, wish: PrintWish, language: ProgramLanguage
) -> Response:
    """What the card printer takes, front then back; nothing changes, the look is recorded."""
    octets = card_pdf(
        card_face(who, order_id, number=wish.card_number, can=wish.can),
        fonts=papers_of(who.parts).fonts,
        made=who.office.clock(),
        language=PaperLanguage(language.value),
    )
    named = {"Content-Disposition": f'attachment; filename="card-{order_id}.pdf"'}
    return Response(octets, media_type="application/pdf", headers=named)


def _side(face: CardFace, side: Side, fonts: PaperFonts, words: PaperLanguage) -> Page:
    # Not by ``card_face.card_png``: it wants the CAN, which no order has before its card is made.
    if side is Side.BACK:
        return Page(WIDTH, HEIGHT, tuple(back_marks(face, fonts, words)))
    return Page(WIDTH, HEIGHT, (*front_marks(face, fonts, words), *contact_marks()))
