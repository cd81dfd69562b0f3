"""One point of issue: changed, closed, and its times opened."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from cardservice.errors import Refusal
from cardservice.registry.places import (
    MOST_DAYS_AHEAD,
    ChangePlace,
    ClosePlace,
    OpenTimes,
    change_place,
    close_place,
    free_times,
    open_times,
)
from cardservice.registry.ports_base import Ask
from cardservice.registry.ports_places import Place
from cardservice.web.office.asking import Asking
from cardservice.web.office.forms import MAX_TEXT, Fields, FormFields
from cardservice.web.office.places.points import ADDRESS, Editor, form_parts
from cardservice.web.office.places.typed import place_form, shown_place
from cardservice.web.office.rendering import show
from cardservice.web.office.typed import (
    FRESH,
    Sent,
    answered,
    needed_day_in,
    version_in,
)
from cardservice.web.signin.context import Visit, Visiting
from cardservice.web.signin.forms import OurForm

ONE: Final = ADDRESS + "/{place_id}"
TIMES_SHOWN: Final = 20
MOST_OPENED: Final = 31  # days of one form
_KEY_LENGTH: Final = 90  # so that a number fits behind it
_OPENED_BEFORE: Final = "duplicate"
router = APIRouter(include_in_schema=False, max_body_size=MAX_TEXT)


@router.get(ONE)
def show_point(visit: Visiting, asking: Editor, place_id: UUID) -> Response:
    """Show a point of issue, to be changed."""
    return _page(visit, asking, place_id)


@router.post(ONE, dependencies=[OurForm])
def send_point(visit: Visiting, asking: Editor, place_id: UUID, fields: Fields) -> Response:
    """Change it."""

    def change() -> object:
        command = ChangePlace(
            region=asking.region,
            key=fields.text("key"),
            place_id=place_id,
            version=version_in(fields),
            form=place_form(fields),
        )
        return change_place(asking.office, asking.actor, command)

    return answered(
        change,
        then=ONE.format(place_id=place_id),
        again=lambda refusal: _page(visit, asking, place_id, Sent(refusal, fields)),
    )


@router.post(ONE + "/closing", dependencies=[OurForm])
def send_point_closing(visit: Visiting, asking: Editor, place_id: UUID, fields: Fields) -> Response:
    """Close it for good."""

    def close() -> object:
        command = ClosePlace(
            region=asking.region,
            key=fields.text("key"),
            place_id=place_id,
            version=version_in(fields),
            on=needed_day_in(fields, "closed_on"),
        )
        return close_place(asking.office, asking.actor, command)

    return answered(
        close,
        then=ONE.format(place_id=place_id),
        again=lambda refusal: _page(visit, asking, place_id, Sent(refusal, fields)),
    )


@router.post(ONE + "/times", dependencies=[OurForm])
def send_point_times(visit: Visiting, asking: Editor, place_id: UUID, fields: Fields) -> Response:
    """Open the times of some days; days that were opened before stay as they are."""
    return answered(
        lambda: _open_days(asking, place_id, fields),
        then=ONE.format(place_id=place_id) + "#times",
        again=lambda refusal: _page(visit, asking, place_id, Sent(refusal, fields)),
    )


def _open_days(asking: Asking, place_id: UUID, fields: FormFields) -> None:
    first, last = needed_day_in(fields, "first_day"), needed_day_in(fields, "last_day")
    count = (last - first).days + 1
    if not 1 <= count <= MOST_OPENED:
        sentence = f"The last day is the first one or at most {MOST_OPENED - 1} days later."
        raise Refusal("day-wrong", sentence, field="last_day")
    for number in range(count):
        # Each day is a command of its own: what was opened stays open if a later one is refused.
        command = OpenTimes(
            region=asking.region,
            key=f"{fields.text('key')[:_KEY_LENGTH]}.{number}",
            place_id=place_id,
            day=first + timedelta(days=number),
        )
        try:
            open_times(asking.office, asking.actor, command)
        except Refusal as refusal:
            if refusal.code != _OPENED_BEFORE:
                raise


def _page(visit: Visit, asking: Asking, place_id: UUID, sent: Sent = FRESH) -> Response:
    place = _place(asking, place_id)
    today = asking.office.today
    is_change = sent.refusal is not None and "name" in sent.typed.values
    times = free_times(asking.office, asking.region, place_id, ask=Ask(limit=TIMES_SHOWN))
    return show(
        "places/point.html",
        visit,
        asking=asking,
        refusal=sent.refusal,
        place=place,
        typed=sent.typed if is_change else _shown(place),
        sent=sent.typed,
        is_open=place.closed_on is None,
        times=times.rows,
        latest=today + timedelta(days=MOST_DAYS_AHEAD),
        **form_parts(visit.language),
    )


def _place(asking: Asking, place_id: UUID) -> Place:
    with asking.office.database.reading() as kept:
        return kept.places.get(asking.region, place_id)


def _shown(place: Place) -> FormFields:
    try:
        return shown_place(place)
    except Refusal:
        return FormFields({"name": (place.name,), "address": (place.address,)})
