"""The card of an order as it will look: a preview, and the file that the card printer takes."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.papers.card_back import back_marks
from cardservice.papers.card_face import Side, card_pdf
from cardservice.papers.card_frame import HEIGHT, WIDTH
from cardservice.papers.card_front import contact_marks, front_marks
from cardservice.papers.characters import check
from cardservice.papers.raster import write_png
from cardservice.papers.scene import Page
from cardservice.papers.values import CardFace
from cardservice.papers.wording import PaperLanguage
from cardservice.texts.languages import Language
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields
from cardservice.web.office.queue.card_values import card_face
from cardservice.web.office.queue.papers import papers_of, pdf_answer
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/orders/{order_id}/card"
UNKNOWN: Final = "— — —"
"""Stands for what only the made card has: its number and its CAN."""

router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Reader = Annotated[Asking, asking(Right.ORDER_READ)]


@router.get(ADDRESS)
def show_print_file(visit: Visiting, asking: Reader, order_id: UUID) -> Response:
    """Show both sides, and ask for what the station read from the card."""
    return _page(visit, asking, order_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_print_file(visit: Visiting, asking: Reader, order_id: UUID, fields: Fields) -> Response:
    """Send the print file."""
    number, can = fields.text("card_number").strip(), fields.text("can").strip()
    try:
        papers = papers_of(asking.parts)
        octets = card_pdf(
            card_face(asking, order_id, number=number, can=can),
            fonts=papers.fonts,
            made=asking.office.clock(),
            language=PaperLanguage(visit.language.value),
        )
    except Refusal as refusal:
        return _page(visit, asking, order_id, Sent(refusal, fields))
    return pdf_answer(octets, f"card-{order_id}")


@router.get(ADDRESS + "/{side}")
def show_card_face(visit: Visiting, asking: Reader, order_id: UUID, side: Side) -> Response:
    """Send a preview of one side."""
    papers = papers_of(asking.parts)
    face = card_face(asking, order_id, number=UNKNOWN, can=UNKNOWN)
    check(face, papers.fonts)
    page = _side(face, side, asking, visit.language)
    return Response(write_png(page, papers.fonts), media_type="image/png")


def _side(face: CardFace, side: Side, asking: Asking, language: Language) -> Page:
    # Not by ``card_face.card_png``: it wants the CAN, which no order has before its card is made.
    fonts, words = papers_of(asking.parts).fonts, PaperLanguage(language.value)
    if side is Side.BACK:
        return Page(WIDTH, HEIGHT, tuple(back_marks(face, fonts, words)))
    return Page(WIDTH, HEIGHT, (*front_marks(face, fonts, words), *contact_marks()))


def _page(
    visit: Visit,
    asking: Asking,
    order_id: UUID,
    sent: Sent = FRESH,
) -> Response:
    with asking.office.database.reading() as work:
        order = work.orders.get(asking.region, order_id)
    return show(
        "queue/card.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        order=order,
        sides=tuple(Side),
        prints=asking.parts.papers is not None,
    )
