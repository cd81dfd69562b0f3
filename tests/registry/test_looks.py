"""Looks at a person whom the register does not know yet, and what becomes of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cardservice.errors import UsageError
from cardservice.registry.applications_approving import approve
from cardservice.registry.applications_reading import view_application
from cardservice.registry.complaints import FileComplaint, file_complaint
from cardservice.registry.complaints_reading import view_complaint
from cardservice.registry.people_exporting import export_person
from cardservice.registry.ports_base import Ask
from cardservice.registry.ports_people import Look
from tests.registry.forms import approved, approving, draft, made, person, snils, submitted
from tests.registry.offices import REGION, START, Desk


def look_at(desk: Desk, application_id: UUID) -> None:
    view_application(desk.office, desk.clerk, region=REGION, application_id=application_id)


def reasons(desk: Desk, person_id: UUID, ask: Ask | None = None) -> list[str]:
    with desk.reading() as work:
        rows = work.looks.at_person(REGION, person_id, ask or Ask()).rows
    return [one.reason for one in rows]


def test_a_look_at_somebody_who_is_not_in_the_register_names_the_application(
    either_desk: Desk,
) -> None:
    desk, filed = either_desk, submitted(either_desk)
    other = submitted(desk, draft(person=person(snils=snils(), surname="Другой")))
    look_at(desk, filed.id)
    look_at(desk, other.id)
    with desk.reading() as work:
        (found,) = work.looks.at_application(REGION, filed.id).rows
    assert (found.person_id, found.application_id) == (None, filed.id)
    assert (found.actor, found.reason) == (desk.clerk.name, f"application/{filed.id}")


def test_once_it_is_approved_its_looks_are_found_through_the_person(either_desk: Desk) -> None:
    desk, filed = either_desk, submitted(either_desk)
    stranger = submitted(desk, draft(person=person(snils=snils(), surname="Другой")))
    for one in (filed, stranger):
        look_at(desk, one.id)
    done = approve(desk.office, desk.approver, approving(desk, filed))
    desk.clock.now += timedelta(hours=1)
    person_id = made(done, "person")
    look_at(desk, filed.id)
    assert reasons(desk, person_id) == [f"application/{filed.id}"] * 2
    with desk.reading() as work:
        rows = work.looks.at_person(REGION, person_id).rows
        assert [one.person_id for one in rows] == [None, person_id]
        first = work.looks.at_person(REGION, person_id, Ask(limit=1))
        assert first.after is not None
        (second,) = work.looks.at_person(REGION, person_id, Ask(limit=1, after=first.after)).rows
    assert second == rows[1]


def test_a_complaint_about_an_application_that_waits_is_a_look_at_it(desk: Desk) -> None:
    filed = submitted(desk)
    command = FileComplaint(region=REGION, key="c", text="Долго.", application_id=filed.id)
    complaint = file_complaint(desk.office, desk.clerk, command)
    view_complaint(desk.office, desk.clerk, region=REGION, complaint_id=complaint.id)
    with desk.reading() as work:
        (found,) = work.looks.at_application(REGION, filed.id).rows
    assert found.reason == f"complaint/{complaint.id}"


def test_an_export_tells_of_looks_from_before_the_person_was_known(desk: Desk) -> None:
    filed = submitted(desk)
    look_at(desk, filed.id)
    done = approve(desk.office, desk.approver, approving(desk, filed))
    given = export_person(desk.office, desk.clerk, region=REGION, person_id=made(done, "person"))
    looks: Any = given["looks"]
    told = [(one["application_id"], one["person_id"]) for one in looks]
    assert told == [(str(filed.id), None)]


def test_nobodys_looks_are_not_anybodys(desk: Desk) -> None:
    look_at(desk, submitted(desk).id)
    other = approved(desk, draft(person=person(snils=snils(), surname="Другой")), new_person=True)
    assert reasons(desk, made(other, "person")) == []


@pytest.mark.parametrize("both", [True, False])
def test_a_look_is_at_a_person_or_at_an_application(both: bool) -> None:
    name = UUID(int=1) if both else None
    with pytest.raises(UsageError):
        Look(
            region=REGION,
            id=UUID(int=2),
            person_id=name,
            application_id=name,
            actor="a",
            role="clerk",
            reason="r",
            at=START,
        )
