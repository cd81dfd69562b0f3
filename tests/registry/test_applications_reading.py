"""The queue's numbers: how many wait in each state, and one found by its number alone."""

import pytest

from cardservice.domain.lives import ApplicationState
from cardservice.registry.applications_reading import find_application, queue_counts
from cardservice.storage.repositories import applications as repository
from tests.registry import forms
from tests.registry.offices import REGION, Desk, refused


def test_every_state_is_counted_also_those_that_nothing_is_in(either_desk: Desk) -> None:
    desk = either_desk
    forms.started(desk)
    forms.submitted(desk)
    forms.submitted(desk, forms.draft(person=forms.person(snils=forms.snils())))
    counts = queue_counts(desk.office, desk.clerk, region=REGION)
    assert counts == dict.fromkeys(ApplicationState, 0) | {
        ApplicationState.DRAFT: 1,
        ApplicationState.SUBMITTED: 2,
    }
    other = queue_counts(desk.office, desk.clerk, region="77000")
    assert set(other.values()) == {0}


def test_counting_ends_where_nobody_could_look_through_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        forms.started(desk)
    monkeypatch.setattr(repository, "MOST_COUNTED", 2)
    monkeypatch.setattr(repository, "_COUNTS", repository._count(ApplicationState.DRAFT))
    with desk.reading() as work:
        assert work.applications.counts(REGION) == {"draft": 2}


def test_the_index_alone_is_read_for_the_counts(desk: Desk) -> None:
    asked = repository._COUNTS.params(home=REGION)
    with desk.reading() as work:
        connection = work.applications.scope.connection
        sql = asked.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
    steps = [one.detail for one in plan if "applications" in one.detail]
    assert len(steps) == len(ApplicationState)
    assert all("COVERING INDEX" in one for one in steps)


def test_the_office_finds_an_application_by_its_number_alone(either_desk: Desk) -> None:
    desk = either_desk
    filed = forms.submitted(desk)
    number = f" {(filed.number or '').lower()} "
    found = find_application(desk.office, desk.clerk, region=REGION, number=number)
    assert (found.id, found.state) == (filed.id, "submitted")
    wrong = {"region": REGION, "number": "AAAA"}
    refused("not-found", lambda: find_application(desk.office, desk.clerk, **wrong))
    elsewhere = {"region": "77000", "number": number}
    refused("not-found", lambda: find_application(desk.office, desk.clerk, **elsewhere))


@pytest.mark.parametrize("who", ["applicant", "officer"])
def test_only_who_reads_applications_counts_and_finds_them(desk: Desk, who: str) -> None:
    actor, number = getattr(desk, who), forms.submitted(desk).number or ""
    refused("role-not-allowed", lambda: queue_counts(desk.office, actor, region=REGION))
    refused(
        "role-not-allowed",
        lambda: find_application(desk.office, actor, region=REGION, number=number),
    )
