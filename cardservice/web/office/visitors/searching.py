"""Pages: points of issue and medical organisations, searched."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from cardservice.domain.places import Collectable, Hours, PlaceOfIssue, Service
from cardservice.domain.search_text import search_form
from cardservice.errors import Refusal
from cardservice.registry.medical_organisations import search_organisations
from cardservice.registry.places import places
from cardservice.registry.places_form import place_of_issue
from cardservice.registry.ports_base import FIRST, MAX_PAGE
from cardservice.registry.ports_places import Place
from cardservice.texts.office import choices, weekday
from cardservice.web.api.paging import CURSOR_MAX, PAGE_ROWS, ask_for, cursor_of
from cardservice.web.office.apply.beginning import present_applicant
from cardservice.web.office.parts import OfficeParts, office_parts
from cardservice.web.office.rendering import show
from cardservice.web.signin.context import Visiting

router = APIRouter(include_in_schema=False)
CLINICS: Final = "clinics"  # the name of the list, for its cursors
QUERY_MAX: Final = 100  # characters that are looked for
Sought = Annotated[str, Query(alias="q", max_length=QUERY_MAX)]
Cursor = Annotated[str, Query(max_length=CURSOR_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of issue as the page shows it; ``issue`` is None if its hours cannot be read."""

    place: Place
    issue: PlaceOfIssue | None

    @property
    def days(self) -> tuple[tuple[int, tuple[Hours, ...]], ...]:
        """Days of the week with their hours, in order; days without are left out."""
        hours = sorted(
            self.issue.hours if self.issue else (), key=lambda one: (one.weekday, one.opens)
        )
        return tuple((day, tuple(all_)) for day, all_ in groupby(hours, lambda one: one.weekday))


@router.get("/places")
def show_points(
    visit: Visiting, q: Sought = "", service: str = "", collectable: str = ""
) -> Response:
    """Show points of issue that are open, those that fit what is looked for."""
    parts = office_parts(visit.request)
    fitting = tuple(
        one
        for one in _points(parts)
        if _has_words(one.place, q) and _offers(one, service, collectable)
    )
    return show(
        "visitors/places.html",
        visit,
        asking=present_applicant(visit),
        q=q,
        service=service,
        collectable=collectable,
        services=choices(Service, visit.language),
        collectables=choices(Collectable, visit.language),
        points=fitting,
        day_name=lambda number: weekday(number, visit.language).capitalize(),
    )


@router.get("/organisations")
def show_clinics(visit: Visiting, q: Sought = "", cursor: Cursor = "") -> Response:
    """Show medical organisations with every word of what is looked for."""
    parts = office_parts(visit.request)
    ask = ask_for(cursor, PAGE_ROWS, key=parts.cursor_key, of=CLINICS)
    page = search_organisations(parts.office, parts.region, q, ask=ask)
    return show(
        "visitors/organisations.html",
        visit,
        asking=present_applicant(visit),
        q=q,
        cursor=cursor,
        organisations=page.rows,
        forward=cursor_of(page.after, key=parts.cursor_key, of=CLINICS),
    )


def _points(parts: OfficeParts) -> Iterator[Point]:
    today = parts.office.today
    for one in places(parts.office, parts.region, ask=replace(FIRST, limit=MAX_PAGE)).rows:
        if _is_open(one, today):
            yield Point(place=one, issue=_issue(one))


def _is_open(place: Place, today: date) -> bool:
    return place.closed_on is None or place.closed_on > today


def _issue(place: Place) -> PlaceOfIssue | None:
    try:
        return place_of_issue(place)
    except Refusal:
        return None


def _has_words(place: Place, sought: str) -> bool:
    text = search_form(f"{place.name} {place.address}")
    return all(word in text for word in search_form(sought).split())


def _offers(point: Point, service: str, collectable: str) -> bool:
    if not service and not collectable:
        return True
    if point.issue is None:
        return False
    does = not service or service in point.issue.services
    return does and (not collectable or collectable in point.issue.collectables)
