"""Points of issue as programs see and enter them."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from cardservice.domain.places import DAYS_OF_WEEK, Collectable, Hours, Service
from cardservice.errors import Refusal
from cardservice.registry.places_form import (
    LONGEST_VISIT,
    MOST_DESKS,
    MOST_HOURS,
    PlaceForm,
    place_of_issue,
)
from cardservice.registry.ports_places import Place
from cardservice.web.api.common import Model
from cardservice.web.api.typed import ShortLine, Words

_MINUTE: Final = timedelta(minutes=1)
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Field(strict=True, ge=0, lt=DAYS_OF_WEEK)]


class OpenHours(Model):
    """Day of the week (0 Monday to 6 Sunday), from when to when, local time."""

    weekday: Weekday
    opens: Clock = Field(examples=["09:00"])
    closes: Clock = Field(examples=["18:00"])


class PlaceWish(Model):
    """A point of issue; ``desks`` visits of ``visit_minutes`` can be booked at a time."""

    name: Words
    address: Words
    phone: ShortLine = ""
    hours: list[OpenHours] = Field(max_length=MOST_HOURS)
    services: list[Service] = Field(max_length=len(Service))
    collectables: list[Collectable] = Field(max_length=len(Collectable))
    visit_minutes: int = Field(default=15, strict=True, ge=1, le=LONGEST_VISIT)
    desks: int = Field(default=1, strict=True, ge=1, le=MOST_DESKS)

    def form(self) -> PlaceForm:
        """Return it as the office's use cases take it."""
        return PlaceForm(
            name=self.name,
            address=self.address,
            phone=self.phone,
            hours=tuple((one.weekday, one.opens, one.closes) for one in self.hours),
            services=frozenset(self.services),
            collectables=frozenset(self.collectables),
            visit_minutes=self.visit_minutes,
            desks=self.desks,
        )


class Issuing(Model):
    """When a place is open, what it does, what can be collected there."""

    hours: list[OpenHours]
    services: list[Service]
    collectables: list[Collectable]
    visit_minutes: int
    desks: int


class PlaceShown(Model):
    """A point of issue; ``issuing`` is null while its hours cannot be read.

    ``collects``: cards are handed over there; ``closed_on``: the first day it is closed for good.
    """

    id: UUID
    version: int
    name: str
    address: str
    phone: str | None
    collects: bool
    closed_on: date | None
    issuing: Issuing | None = None


class TimeShown(Model):
    """A time that can be booked, and for how many more."""

    id: UUID
    place_id: UUID
    starts_at: datetime
    minutes: int
    free: int


def place_shown(place: Place) -> PlaceShown:
    """Return a place as programs see it."""
    return PlaceShown.model_validate(place).model_copy(update={"issuing": _issuing(place)})


def _issuing(place: Place) -> Issuing | None:
    try:
        issue = place_of_issue(place)
    except Refusal:
        return None
    return Issuing(
        hours=[_hours(one) for one in issue.hours],
        services=sorted(issue.services),
        collectables=sorted(issue.collectables),
        visit_minutes=issue.slot // _MINUTE,
        desks=issue.desks,
    )


def _hours(one: Hours) -> OpenHours:
    opens, closes = f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"
    return OpenHours(weekday=one.weekday, opens=opens, closes=closes)
