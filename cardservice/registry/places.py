"""Points of issue: entered, changed, closed, and the times one can book there."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from cardservice.accounts.rights import Right
from cardservice.errors import Refusal
from cardservice.registry.actor import Actor
from cardservice.registry.commands import Answer, OfficeCommand
from cardservice.registry.frame import Act, Office, expect_version
from cardservice.registry.places_form import PlaceForm, columns_of, expect_open, place_of_issue
from cardservice.registry.ports_base import FIRST, Ask, Page
from cardservice.registry.ports_places import Place, Slot

MOST_DAYS_AHEAD: Final = 180  # that times are opened for; this project's own
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPlace(OfficeCommand):
    """A new point of issue."""

    form: PlaceForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlace(OfficeCommand):
    """A point of issue is another one now; times that were opened stay as they are."""

    place_id: UUID
    version: int
    form: PlaceForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePlace(OfficeCommand):
    """A point of issue closes for good; ``on`` is the first day it is closed."""

    place_id: UUID
    version: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTimes(OfficeCommand):
    """The times of a day at a place can be booked from now on."""

    place_id: UUID
    day: date


def add_place(office: Office, actor: Actor, command: AddPlace) -> Answer:
    """Return the new place; raises Refusal as ``columns_of``, or ``role-not-allowed``."""
    return office.carry_out(actor, command, _add)


def change_place(office: Office, actor: Actor, command: ChangePlace) -> Answer:
    """Return the place; raises Refusal as ``add_place``, ``stale`` or ``not-found``."""
    return office.carry_out(actor, command, _change)


def close_place(office: Office, actor: Actor, command: ClosePlace) -> Answer:
    """Return the place.

    Raises:
        Refusal: ``place-closed`` already, ``stale``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _close)


def open_times(office: Office, actor: Actor, command: OpenTimes) -> Answer:
    """Return the place; ``number`` is how many times there are on that day, perhaps 0.

    Raises:
        Refusal: ``day-wrong``: past, or too far ahead; ``duplicate``: it was opened before;
            ``place-closed``, ``place-unreadable``, ``not-found`` or ``role-not-allowed``.
    """
    return office.carry_out(actor, command, _open_times)


def places(office: Office, region: str, *, ask: Ask = FIRST) -> Page[Place]:
    """Return the places of a region by name, closed ones too; anybody may know them."""
    with office.database.reading() as kept:
        return kept.places.of_region(region, ask)


def free_times(office: Office, region: str, place_id: UUID, *, ask: Ask = FIRST) -> Page[Slot]:
    """Return the times at a place that can still be booked, the soonest first."""
    with office.database.reading() as kept:
        return kept.slots.free(region, place_id, from_=office.clock(), ask=ask)


def _add(act: Act, command: AddPlace) -> Answer:
    act.actor.require(Right.PLACE_EDIT)
    place = Place(region=act.region, id=act.new_id(), **asdict(columns_of(command.form)))
    act.work.places.add(place)
    act.record("place.add", "place", place.id)
    return _answer(place)


def _change(act: Act, command: ChangePlace) -> Answer:
    place = _found(act, command.place_id, command.version)
    kept = act.work.places.change(replace(place, **asdict(columns_of(command.form))))
    act.record("place.change", "place", place.id)
    return _answer(kept)


def _close(act: Act, command: ClosePlace) -> Answer:
    place = _found(act, command.place_id, command.version)
    expect_open(place, act.today)
    kept = act.work.places.change(replace(place, closed_on=command.on))
    act.record("place.close", "place", place.id)
    return _answer(kept)


def _open_times(act: Act, command: OpenTimes) -> Answer:
    act.actor.require(Right.PLACE_EDIT)
    if not 0 <= (command.day - act.today).days <= MOST_DAYS_AHEAD:
        sentence = f"Times are opened from today to {MOST_DAYS_AHEAD} days ahead."
        raise Refusal("day-wrong", sentence, field="day")
    place = act.work.places.get(act.region, command.place_id)
    expect_open(place, command.day)
    slots = _slots(act, place, command.day)
    act.work.slots.add(*slots)
    act.record("place.open-times", "place", place.id, times=str(len(slots)))
    return Answer(id=place.id, version=place.version, number=str(len(slots)))


def _slots(act: Act, place: Place, day: date) -> list[Slot]:
    issue = place_of_issue(place)
    return [
        Slot(
            region=act.region,
            id=act.new_id(),
            place_id=place.id,
            starts_at=_instant(act, start),
            minutes=issue.slot // _MINUTE,
            capacity=issue.desks,
        )
        for start in issue.slots_on(day, act.settings.calendar)
    ]


def _instant(act: Act, local: datetime) -> datetime:
    return local.replace(tzinfo=act.settings.zone).astimezone(UTC)


def _found(act: Act, place_id: UUID, version: int) -> Place:
    act.actor.require(Right.PLACE_EDIT)
    place = act.work.places.get(act.region, place_id)
    expect_version(place, version)
    return place


def _answer(place: Place) -> Answer:
    return Answer(id=place.id, version=place.version)
