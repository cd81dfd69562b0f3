"""The check of who came, the hand-over itself, and its receipt."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.domain.applicants import Applicant
from cardservice.domain.documents import DocumentType
from cardservice.errors import Refusal
from cardservice.registry.delivery_finding import view_hand_over, view_receipt
from cardservice.registry.delivery_hand_over import IDENTITY, HandOver, OldCard, hand_over
from cardservice.web.office.asking import Asking
from cardservice.web.office.delivery import finding
from cardservice.web.office.delivery.finding import Hander
from cardservice.web.office.delivery.names import order_code
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import (
    FRESH,
    Sent,
    expect_chosen,
    id_in,
    needed,
    to_page,
    version_in,
)
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = finding.ADDRESS + "/{order_id}"
CAME: Final = tuple(Applicant)
OLD: Final = (OldCard.TAKEN_BACK, OldCard.LOST, OldCard.STOLEN, OldCard.DESTROYED)
# What is ticked one by one; who came for another person shows that they may as well.
BOXES: Final = ("is_person", "is_genuine", "card_right")
FOR_ANOTHER: Final = "may_take"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ADDRESS)
def show_hand_over_check(visit: Visiting, asking: Hander, order_id: UUID) -> Response:
    """Show the person, the card and what is to be checked; what was done, once it was."""
    return _page(visit, asking, order_id)


@router.post(ADDRESS, dependencies=[OurForm])
def send_hand_over(visit: Visiting, asking: Hander, order_id: UUID, fields: Fields) -> Response:
    """Hand the card over and show the receipt."""
    try:
        hand_over(asking.office, asking.actor, _command(asking, order_id, fields))
    except Refusal as refusal:
        return _page(visit, asking, order_id, Sent(refusal, fields))
    return to_page(f"{finding.ADDRESS}/{order_id}/receipt")


@router.get(ADDRESS + "/receipt")
def show_receipt(visit: Visiting, asking: Hander, order_id: UUID) -> Response:
    """Show the receipt, to be printed and signed."""
    file = view_receipt(asking.office, asking.actor, region=asking.region, order_id=order_id)
    return show(
        "delivery/receipt.html",
        visit,
        asking=asking,
        file=file,
        code=order_code,
        may_see_person=asking.may(Right.PERSON_READ),
    )


def everything_matched(fields: FormFields, came: Applicant) -> bool:
    """Return whether every box was ticked that who came makes necessary."""
    needed_boxes = BOXES if came is Applicant.SELF else (*BOXES, FOR_ANOTHER)
    return all(fields.has(one) for one in needed_boxes)


def _command(asking: Asking, order_id: UUID, fields: FormFields) -> HandOver:
    expect_chosen(fields, {"came": Applicant, "shown": DocumentType, "old_card": OldCard})
    came = needed(Applicant, fields, "came")
    return HandOver(
        region=asking.region,
        key=fields.text("key"),
        order_id=order_id,
        version=version_in(fields),
        place_id=id_in(fields, "place_id"),
        came=came,
        shown=needed(DocumentType, fields, "shown"),
        matched=everything_matched(fields, came),
        old_card=needed(OldCard, fields, "old_card"),
    )


def _page(visit: Visit, asking: Asking, order_id: UUID, sent: Sent = FRESH) -> Response:
    file = view_hand_over(asking.office, asking.actor, region=asking.region, order_id=order_id)
    return show(
        "delivery/check.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        file=file,
        code=order_code,
        came=CAME,
        shown=IDENTITY,
        old=OLD,
        no_old=OldCard.NONE,
        may_see_person=asking.may(Right.PERSON_READ),
        may_see_photo=asking.may(Right.DOCUMENT_READ),
        may_see_order=asking.may(Right.ORDER_READ),
    )
