"""How a point of issue is kept, and what is wrong with one as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any, Final

from cardservice.domain.numbers import parse_okato
from cardservice.domain.places import DAYS_OF_WEEK, Collectable, Hours, PlaceOfIssue, Service
from cardservice.domain.texts import NOTE_LENGTH, parse_text
from cardservice.errors import Refusal, UsageError
from cardservice.registry.ports_base import Json
from cardservice.registry.ports_places import Place

MOST_HOURS: Final = 4 * DAYS_OF_WEEK  # openings of a week; this project's own
MOST_DESKS: Final = 200  # this project's own
LONGEST_VISIT: Final = 240  # minutes; this project's own


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """A point of issue as typed.

    Attributes:
        hours: day of the week (0 Monday to 6 Sunday), opens, closes as ``HH:MM``, local time.
        visit_minutes: how long one visit takes, for booking.
        desks: how many visits at a time.
    """

    name: str
    address: str
    hours: tuple[tuple[int, str, str], ...]
    services: frozenset[Service]
    collectables: frozenset[Collectable]
    phone: str = ""
    visit_minutes: int = 15
    desks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceColumns:
    """What the columns of a place hold."""

    name: str
    address: str
    hours: Json
    services: Json
    collects: bool
    phone: str | None


def columns_of(form: PlaceForm) -> PlaceColumns:
    """Return what is kept of ``form``.

    Raises:
        Refusal: ``name-missing``, ``address-missing``, ``…-too-long``, ``control-character``,
            ``hours-wrong``, ``hours-overlap``, ``visit-wrong`` or ``desks-wrong``.
    """
    _expect_hours(form)
    if not 1 <= form.visit_minutes <= LONGEST_VISIT:
        sentence = f"A visit takes 1 to {LONGEST_VISIT} minutes."
        raise Refusal("visit-wrong", sentence, field="visit_minutes")
    if not 1 <= form.desks <= MOST_DESKS:
        raise Refusal("desks-wrong", f"A place has 1 to {MOST_DESKS} desks.", field="desks")
    return PlaceColumns(
        name=needed_text(form.name, field="name"),
        address=needed_text(form.address, field="address"),
        hours={
            "days": [list(one) for one in sorted(form.hours)],
            "visit_minutes": form.visit_minutes,
            "desks": form.desks,
        },
        services={
            "does": sorted(one.value for one in form.services),
            "collects": sorted(one.value for one in form.collectables),
        },
        collects=Collectable.CARD in form.collectables,
        phone=parse_text(form.phone, field="phone", words="telephone", limit=NOTE_LENGTH) or None,
    )


def needed_text(raw: str, *, field: str, limit: int = NOTE_LENGTH) -> str:
    """Return ``raw`` tidied; raises Refusal ``…-missing`` and as ``parse_text``."""
    text = parse_text(raw, field=field, words=field, limit=limit)
    if not text:
        raise Refusal(f"{field}-missing", f"The {field} is missing.", field=field)
    return text


def place_of_issue(place: Place) -> PlaceOfIssue:
    """Return the point of issue that a row keeps.

    Raises:
        Refusal: ``place-unreadable``: the row was not written by ``columns_of``.
    """
    try:
        hours, services = _mapping(place.hours), _mapping(place.services)
        return PlaceOfIssue(
            name=place.name,
            address=place.address,
            okato=parse_okato(place.region),
            hours=tuple(_hours(one) for one in hours["days"]),
            services=frozenset(map(Service, services["does"])),
            collectables=frozenset(map(Collectable, services["collects"])),
            slot=timedelta(minutes=int(hours["visit_minutes"])),
            desks=int(hours["desks"]),
        )
    except (KeyError, TypeError, ValueError):
        sentence = "The hours or services of this place cannot be read; enter them again."
        raise Refusal("place-unreadable", sentence) from None


def expect_open(place: Place, on: date) -> None:
    """Return if the place is not closed for good on ``on``; raises Refusal ``place-closed``."""
    if place.closed_on is not None and place.closed_on <= on:
        raise Refusal("place-closed", "This place is closed for good.", field="place_id")


def _expect_hours(form: PlaceForm) -> None:
    if len(form.hours) > MOST_HOURS:
        raise Refusal("hours-wrong", "There are too many opening hours.", field="hours")
    try:
        hours = sorted(
            (_hours(one) for one in form.hours), key=lambda one: (one.weekday, one.opens)
        )
    except (TypeError, ValueError):
        sentence = "Opening hours are a day of the week, and two times of which one comes first."
        raise Refusal("hours-wrong", sentence, field="hours") from None
    for one, following in pairwise(hours):
        if one.weekday == following.weekday and following.opens < one.closes:
            raise Refusal("hours-overlap", "Two opening hours overlap.", field="hours")


def _hours(one: Sequence[Any]) -> Hours:
    weekday, opens, closes = one
    start, end = time.fromisoformat(opens), time.fromisoformat(closes)
    if start.tzinfo is not None or end.tzinfo is not None:
        raise UsageError("opening hours are local times")
    return Hours(int(weekday), start, end)


def _mapping(value: Json) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value
