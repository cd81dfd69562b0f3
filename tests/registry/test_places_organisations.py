"""Medical organisations: entered, found, and gone with their desks."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cardservice.registry.commands import Answer
from cardservice.registry.medical_organisations import (
    AddOrganisation,
    ChangeOrganisation,
    LeaveProgramme,
    OrganisationForm,
    add_organisation,
    change_organisation,
    leave_programme,
    participant_of,
    search_organisations,
    terminal_until,
)
from tests.registry.offices import REGION, TODAY, Desk, refused
from tests.registry.stations_world import STATION

CLINIC = OrganisationForm(
    name="Учебная поликлиника № 1",
    place="Пробноград",
    address="ул. Ёлочная, 5",
    services=("терапия", "хирургия", "терапия"),
)
OGRN = "1020000000008"
NEXT_YEAR = TODAY + timedelta(days=365)


def add(desk: Desk, ogrn: str = OGRN, **changes: Any) -> Answer:
    command = AddOrganisation(
        region=REGION,
        key=desk.key(),
        ogrn=ogrn,
        joined_on=TODAY,
        form=replace(CLINIC, **changes),
    )
    return add_organisation(desk.office, desk.clerk, command)


def change(desk: Desk, clinic: Answer, **changes: Any) -> Answer:
    command = ChangeOrganisation(
        region=REGION,
        key=desk.key(),
        organisation_id=clinic.id,
        version=clinic.version,
        form=replace(CLINIC, **changes),
    )
    return change_organisation(desk.office, desk.clerk, command)


def leave(desk: Desk, clinic: Answer, days: int) -> Answer:
    command = LeaveProgramme(
        region=REGION,
        key=desk.key(),
        organisation_id=clinic.id,
        version=clinic.version,
        last_day=TODAY + timedelta(days=days),
    )
    return leave_programme(desk.office, desk.clerk, command)


def found(desk: Desk, text: str) -> list[str]:
    return [one.name for one in search_organisations(desk.office, REGION, text).rows]


def test_an_organisation_is_found_by_name_place_and_service(desk: Desk) -> None:
    add(desk)
    add(desk, name="Другая больница", place="Иноград", services=("педиатрия",))
    for text in ("поликлиника", "пробноград", "елочная хирургия", ""):
        assert CLINIC.name in found(desk, text)
    assert found(desk, "педиатрия иноград") == ["Другая больница"]
    assert found(desk, "педиатрия пробноград") == []


def test_its_services_are_kept_each_once(desk: Desk) -> None:
    add(desk)
    row = search_organisations(desk.office, REGION).rows[0]
    assert row.services == ["терапия", "хирургия"]
    assert participant_of(row).services == {"терапия", "хирургия"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ogrn": "1020000000009"}, "ogrn-check-digit"),
        ({"ogrn": ""}, "ogrn-missing"),
        ({"name": ""}, "name-missing"),
        ({"place": ""}, "place-missing"),
        ({"address": "\u202e"}, "control-character"),
        ({"services": ("",)}, "services-missing"),
        ({"services": ("a" * 101,)}, "services-too-long"),
        ({"services": tuple(map(str, range(51)))}, "services-wrong"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    refused(code, lambda: add(desk, **changes))


def test_a_changed_organisation_is_found_by_what_it_is_now(desk: Desk) -> None:
    clinic = add(desk)
    changed = change(desk, clinic, name="Новое имя", services=("онкология",))
    assert found(desk, "онкология") == ["Новое имя"]
    assert found(desk, "хирургия") == []
    assert changed.version == 2
    refused("stale", lambda: change(desk, clinic))


def test_the_desks_of_an_organisation_end_with_it(desk: Desk) -> None:
    clinic = add(desk)
    ask = partial(terminal_until, desk.office, REGION, clinic.id, NEXT_YEAR)
    assert ask() == NEXT_YEAR
    leave(desk, clinic, 30)
    assert ask() == TODAY + timedelta(days=30)
    desk.clock.pass_days(30)
    assert ask() == TODAY + timedelta(days=30)
    desk.clock.pass_days(1)
    refused("left", ask)


def test_an_organisation_leaves_once_and_not_before_it_joined(desk: Desk) -> None:
    clinic = add(desk)
    refused("last-day-wrong", lambda: leave(desk, clinic, -1))
    left = leave(desk, clinic, 0)
    refused("left", lambda: leave(desk, left, 1))
    refused("left", lambda: change(desk, left))
    assert desk.actions() == ["organisation.add", "organisation.leave"]


def test_who_may_not_edit_places_enters_no_organisation(desk: Desk) -> None:
    for actor in (STATION, desk.applicant, desk.officer):
        command = AddOrganisation(
            region=REGION, key=desk.key(), ogrn=OGRN, joined_on=TODAY, form=CLINIC
        )
        refused("role-not-allowed", partial(add_organisation, desk.office, actor, command))


def test_an_organisation_entered_twice_with_one_key_is_one(desk: Desk) -> None:
    command = AddOrganisation(region=REGION, key="once", ogrn=OGRN, joined_on=TODAY, form=CLINIC)
    first = add_organisation(desk.office, desk.clerk, command)
    assert add_organisation(desk.office, desk.clerk, command) == first
    assert len(found(desk, "")) == 1
