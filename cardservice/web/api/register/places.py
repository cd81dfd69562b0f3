"""Points of issue: to be looked up by anybody, entered and closed by the office."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.accounts.rights import Right
from cardservice.registry.places import (
    AddPlace,
    ChangePlace,
    ClosePlace,
    OpenTimes,
    add_place,
    change_place,
    close_place,
    free_times,
    open_times,
    places,
)
from cardservice.registry.ports_places import Slot
from cardservice.web.api.answers import SEEN, Known, answered
from cardservice.web.api.commands import Change, Sent
from cardservice.web.api.common import NOT_FOUND, Done, Model, PageOf
from cardservice.web.api.paging import Wish
from cardservice.web.api.register.here import Asked
from cardservice.web.api.register.place_models import (
    PlaceShown,
    PlaceWish,
    TimeShown,
    place_shown,
)
from cardservice.web.api.typed import Day
from cardservice.web.office.asking import Asking, asking

UNDER: Final = "places"
router = APIRouter(prefix=f"/{UNDER}", tags=["places"], responses=NOT_FOUND)
Editing = Annotated[Asking, asking(Right.PLACE_EDIT)]
_LIST: Final = "places"
_TIMES: Final = "times"


class Closing(Model):
    """The first day on which it is closed."""

    on: Day


class Opening(Model):
    """The day whose times can be booked from now on."""

    day: Day


@router.get("", response_model=PageOf[PlaceShown], responses=SEEN)
def api_list_places(here: Asked, wish: Wish, known: Known = None) -> Response:
    """The places of a region by name, closed ones too. Open to all."""
    page = places(here.office, here.region, ask=wish.ask(_LIST))
    rows = [place_shown(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _LIST)), known)


@router.get("/{place_id:uuid}", response_model=PlaceShown, responses=SEEN)
def api_show_place(here: Asked, place_id: UUID, known: Known = None) -> Response:
    """One place with its hours. Open to all."""
    with here.office.database.reading() as work:
        found = work.places.get(here.region, place_id)
    return answered(place_shown(found), known, version=found.version)


@router.get("/{place_id:uuid}/times", response_model=PageOf[TimeShown], responses=SEEN)
def api_list_free_times(
    here: Asked, place_id: UUID, *, wish: Wish, known: Known = None
) -> Response:
    """The times that can still be booked at a place, the soonest first. Open to all."""
    page = free_times(here.office, here.region, place_id, ask=wish.ask(_TIMES))
    rows = [_time(one) for one in page.rows]
    return answered(PageOf(items=rows, next=wish.after(page.after, _TIMES)), known)


@router.post("", status_code=201)
def api_add_place(who: Editing, sent: Sent, wish: PlaceWish) -> Done:
    """Enter a new place."""
    command = AddPlace(region=who.region, key=sent.key, form=wish.form())
    return sent.created(add_place(who.office, who.actor, command), under=UNDER)


@router.put("/{place_id:uuid}")
def api_change_place(who: Editing, place_id: UUID, *, sent: Change, wish: PlaceWish) -> Done:
    """Change a place; times that were opened stay as they are."""
    command = ChangePlace(
        region=who.region,
        key=sent.key,
        place_id=place_id,
        version=sent.version,
        form=wish.form(),
    )
    return sent.done(change_place(who.office, who.actor, command))


@router.post("/{place_id:uuid}/closing")
def api_close_place(who: Editing, place_id: UUID, *, sent: Change, closing: Closing) -> Done:
    """Close a place for good."""
    command = ClosePlace(
        region=who.region,
        key=sent.key,
        place_id=place_id,
        version=sent.version,
        on=closing.on,
    )
    return sent.done(close_place(who.office, who.actor, command))


@router.post("/{place_id:uuid}/times")
def api_open_times(who: Editing, place_id: UUID, *, sent: Sent, opening: Opening) -> Done:
    """Open the times of a day; ``number`` is how many there are, perhaps 0."""
    command = OpenTimes(region=who.region, key=sent.key, place_id=place_id, day=opening.day)
    return sent.done(open_times(who.office, who.actor, command))


def _time(slot: Slot) -> TimeShown:
    return TimeShown(
        id=slot.id,
        place_id=slot.place_id,
        starts_at=slot.starts_at,
        minutes=slot.minutes,
        free=slot.capacity - slot.booked,
    )
