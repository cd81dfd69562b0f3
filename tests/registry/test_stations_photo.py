"""The photo for a new card: for the station that has the order, and every look is recorded."""

from dataclasses import replace
from uuid import UUID

import pytest

from cardservice.registry.actor import Actor
from cardservice.registry.ports_applications import Document
from cardservice.registry.stations_photo import photo_of_order
from tests.registry import forms
from tests.registry.offices import REGION, START, Desk, refused
from tests.registry.stations_world import OTHER_STATION, STATION, keep, lease, new_order, order_now


def photo(desk: Desk, order_id: UUID, actor: Actor = STATION) -> Document:
    return photo_of_order(desk.office, actor, region=REGION, order_id=order_id)


def photographed(desk: Desk, content: bytes | None = b"1" * 32) -> tuple[UUID, str]:
    """Return an order that is leased, and the id of its photo; forms.scan is a kept document."""
    form = forms.draft()
    done = forms.approved(desk, form)
    order_id = UUID(done.made["order"])
    lease(desk, order_now(desk, order_id))
    assert form.photo is not None

    def give(work: object) -> None:
        row = work.documents.get(REGION, UUID(form.photo))  # type: ignore[attr-defined]
        changed = replace(row, content_hash=content, media_type="image/jpeg")
        work.documents.change(changed)  # type: ignore[attr-defined]

    keep(desk, give)
    return order_id, form.photo


def test_a_station_gets_the_photo_of_the_order_it_has_and_the_look_is_recorded(desk: Desk) -> None:
    order_id, name = photographed(desk)
    found = photo(desk, order_id)
    assert (str(found.id), found.content_hash, found.media_type) == (name, b"1" * 32, "image/jpeg")
    with desk.reading() as work:
        person = work.policies.get(REGION, order_now(desk, order_id).policy_id).person_id
        rows = work.looks.at_person(REGION, person).rows
        looks = [(one.actor, one.reason, one.at) for one in rows]
    assert (STATION.name, f"order/{order_id}", START) in looks


def test_nobody_else_gets_the_photo(desk: Desk) -> None:
    order_id, _ = photographed(desk)
    refused("lease-not-yours", lambda: photo(desk, order_id, OTHER_STATION))
    refused("role-not-allowed", lambda: photo(desk, order_id, desk.clerk))
    refused("not-found", lambda: photo(desk, desk.office.new_id()))


def test_a_photo_that_was_erased_is_none(desk: Desk) -> None:
    order_id, _ = photographed(desk, content=None)
    refused("no-photo", lambda: photo(desk, order_id))


@pytest.mark.parametrize("applied", [True, False])
def test_an_order_whose_application_has_no_photo_has_none(desk: Desk, applied: bool) -> None:
    order = new_order(desk) if applied else new_order(desk, application_id=None)
    lease(desk, order)
    refused("no-photo", lambda: photo(desk, order.id))
