"""What stations do: lease an order, renew the lease, give it back, report what they made."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from cardservice.accounts.rights import Right
from cardservice.personalization.jobs import Work as CardWork
from cardservice.registry.stations import (
    LEASE_MINUTES,
    GiveBackOrder,
    LeaseOrder,
    RenewLease,
    give_back_order,
    lease_order,
    renew_lease,
)
from cardservice.registry.stations_orders import ReportPersonalized, report_personalized
from cardservice.registry.stations_photo import photo_of_order
from cardservice.registry.stations_service import ReportServed, report_served
from cardservice.registry.stations_updates import ReportUpdated, report_updated
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.applications.scans import SCAN_ANSWERS, send_scan
from cardservice.web.api.cards.making_data import (
    OrderToMake,
    order_to_make,
    order_to_make_if_leased,
)
from cardservice.web.api.cards.typed import CardNumber, ChipSerial, Minutes, Moment
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model
from cardservice.web.api.typed import Day
from cardservice.web.office.asking import Asking, asking

router = APIRouter(prefix="/orders", tags=["stations"], responses=NOT_FOUND)
Making = Annotated[Asking, asking(Right.ORDER_MAKE)]


class LeaseWish(Model):
    """Which order, null: the one that is due the soonest, of these works; for how many minutes."""

    order_id: UUID | None = None
    works: frozenset[CardWork] | None = Field(default=None, min_length=1)
    minutes: Minutes = LEASE_MINUTES


class Renewal(Model):
    """How many minutes from now."""

    minutes: Minutes = LEASE_MINUTES


class Leased(Done):
    """The order that is the station's; ``to_make`` is null once it is not any more."""

    to_make: OrderToMake | None


class Personalized(Model):
    """The card that was made; ``signed_at`` is the signingTime of its security object."""

    number: CardNumber
    chip_serial: ChipSerial
    signed_at: Moment
    valid_until: Day | None = None


class Served(Model):
    """The card that it was done to; ``signed_at`` null: its security object is as it was."""

    number: CardNumber
    signed_at: Moment | None = None


class Updated(Model):
    """The card that the record was written to, and when what is on it now was signed."""

    number: CardNumber
    signed_at: Moment


@router.post("/leases")
def api_lease_order(who: Making, sent: Sent, wish: LeaseWish) -> Leased:
    """Take an order to make, with what goes onto its card; the look at its person is recorded."""
    command = LeaseOrder(
        region=who.region,
        key=sent.key,
        order_id=wish.order_id,
        works=None if wish.works is None else tuple(sorted(wish.works)),
        minutes=wish.minutes,
    )
    done = sent.done(lease_order(who.office, who.actor, command))
    return Leased(**done.model_dump(), to_make=order_to_make_if_leased(who, done.id))


@router.get("/{order_id:uuid}/making", response_model=OrderToMake, responses=SEEN)
def api_show_order_to_make(who: Making, order_id: UUID, known: Known = None) -> Response:
    """What goes onto the card of an order that the station has leased; the look is recorded."""
    found = order_to_make(who, order_id)
    return answered(found, known, version=found.version)


@router.get("/{order_id:uuid}/photo", response_class=Response, responses=SCAN_ANSWERS)
def api_send_order_photo(who: Making, order_id: UUID, known: Known = None) -> Response:
    """The photo for the card of an order that the station has leased; the look is recorded."""
    found = photo_of_order(who.office, who.actor, region=who.region, order_id=order_id)
    return send_scan(who, found, known)


@router.post("/{order_id:uuid}/lease-renewal")
def api_renew_lease(who: Making, order_id: UUID, *, sent: Change, renewal: Renewal) -> Done:
    """Have the order for longer."""
    command = RenewLease(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        minutes=renewal.minutes,
    )
    return sent.done(renew_lease(who.office, who.actor, command))


@router.post("/{order_id:uuid}/return")
def api_give_back_order(who: Making, order_id: UUID, *, sent: Change) -> Done:
    """Give an order back that cannot be made now; no blank was begun for it."""
    command = GiveBackOrder(
        region=who.region, key=sent.key, order_id=order_id, version=sent.version
    )
    return sent.done(give_back_order(who.office, who.actor, command))


@router.post("/{order_id:uuid}/card", status_code=201)
def api_report_personalized(
    who: Making, order_id: UUID, *, sent: Change, made: Personalized
) -> Done:
    """Report the card that was made; ``made`` names it. It is not valid before its hand-over."""
    command = ReportPersonalized(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        number=made.number,
        chip_serial=bytes.fromhex(made.chip_serial),
        signed_at=made.signed_at,
        valid_until=made.valid_until,
    )
    answer = report_personalized(who.office, who.actor, command)
    return sent.created(answer, under="cards", id_=UUID(answer.made["card"]))


@router.post("/{order_id:uuid}/update")
def api_report_updated(who: Making, order_id: UUID, *, sent: Change, updated: Updated) -> Done:
    """Report that the insurer record was written to the card that its holder has."""
    command = ReportUpdated(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        number=updated.number,
        signed_at=updated.signed_at,
    )
    return sent.done(report_updated(who.office, who.actor, command))


@router.post("/{order_id:uuid}/service")
def api_report_served(who: Making, order_id: UUID, *, sent: Change, served: Served) -> Done:
    """Report that other work was done on the card that its holder has."""
    command = ReportServed(
        region=who.region,
        key=sent.key,
        order_id=order_id,
        version=sent.version,
        number=served.number,
        signed_at=served.signed_at,
    )
    return sent.done(report_served(who.office, who.actor, command))
