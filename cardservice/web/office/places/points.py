"""The list of points of issue, and adding one."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from cardservice.accounts.rights import Right
from cardservice.domain.places import DAYS_OF_WEEK, Collectable, Service
from cardservice.domain.search_text import search_form
from cardservice.errors import Refusal
from cardservice.registry.places import AddPlace, add_place, places
from cardservice.registry.ports_base import MAX_PAGE, Ask
from cardservice.registry.ports_places import Place
from cardservice.texts.languages import Language
from cardservice.texts.office import choices, weekday
from cardservice.web.office.asking import Asking, asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.places.typed import day_field, place_form
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import FRESH, Sent, to_page
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ADDRESS: Final = "/office/places"
QUERY_MAX: Final = 100  # characters that are looked for
MOST_PAGES: Final = 10  # of 200 places; a region has some hundred
_NEW: Final = FormFields({"visit_minutes": ("15",), "desks": ("1",)})
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)
Editor = Annotated[Asking, asking(Right.PLACE_EDIT)]
Sought = Annotated[str, Query(alias="q", max_length=QUERY_MAX)]


@router.get(ADDRESS)
def show_points_edited(visit: Visiting, asking: Editor, q: Sought = "") -> Response:
    """Show the points of issue that have every word of what is looked for, closed ones too."""
    words = search_form(q).split()
    found = tuple(one for one in all_places(asking) if _has(one, words))
    return show("places/points.html", visit, asking=asking, q=q, places=found)


@router.get(ADDRESS + "/new")
def show_new_point(visit: Visiting, asking: Editor) -> Response:
    """Ask for a point of issue."""
    return _page(visit, asking, Sent(typed=_NEW))


@router.post(ADDRESS + "/new", dependencies=[OurForm])
def send_new_point(visit: Visiting, asking: Editor, fields: Fields) -> Response:
    """Add it."""
    try:
        form = place_form(fields)
        command = AddPlace(region=asking.region, key=fields.text("key"), form=form)
        answer = add_place(asking.office, asking.actor, command)
    except Refusal as refusal:
        return _page(visit, asking, Sent(refusal, fields))
    return to_page(f"{ADDRESS}/{answer.id}")


def all_places(asking: Asking) -> Iterator[Place]:
    """Yield the points of issue of the region by name, 2,000 at most."""
    after = None
    for _ in range(MOST_PAGES):
        page = places(asking.office, asking.region, ask=Ask(limit=MAX_PAGE, after=after))
        yield from page.rows
        after = page.after
        if after is None:
            return


def form_parts(language: Language) -> dict[str, Any]:
    """Return what the form of a point of issue offers."""
    days = range(DAYS_OF_WEEK)
    return {
        "services": choices(Service, language),
        "collectables": choices(Collectable, language),
        "days": [(day_field(one), weekday(one, language).capitalize()) for one in days],
    }


def _has(place: Place, words: list[str]) -> bool:
    text = search_form(f"{place.name} {place.address}")
    return all(one in text for one in words)


def _page(visit: Visit, asking: Asking, sent: Sent = FRESH) -> Response:
    return show(
        "places/new_point.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        typed=sent.typed,
        **form_parts(visit.language),
    )
