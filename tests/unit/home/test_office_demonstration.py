"""The demonstration's office: people in every state, made by the office's own use cases."""

import json
from collections.abc import Iterator
from itertools import count

import pytest

from cardservice.accounts.roles import Role
from cardservice.domain.lives import ApplicationState, CardState, OrderState
from cardservice.domain.terms import Standing
from cardservice.errors import UsageError
from cardservice.home.folder import Folder
from cardservice.home.office_accounts import list_accounts
from cardservice.home.office_audit import DatabaseAuditLog
from cardservice.home.office_demonstration import (
    ROLES as ACCOUNTS,
)
from cardservice.home.office_demonstration import (
    TOLD,
    DemonstrationOffice,
    demonstration_office,
    fill_office,
)
from cardservice.home.office_demonstration_employer import ROWS
from cardservice.home.office_keys import head_keys
from cardservice.home.office_timers import timer_parts
from cardservice.registry.applications_reading import applications_due
from cardservice.registry.audit_verifying import verify_chain
from cardservice.registry.complaints import waiting_complaints
from cardservice.registry.medical_organisations import search_organisations
from cardservice.registry.outbox_values import Notice, NoticeChannel, Template
from cardservice.registry.places import free_times, places
from cardservice.registry.timers import run_all
from cardservice.registry.timers_jobs import AT_CLOSING, JOBS
from cardservice.registry.uploads import list_uploads
from cardservice.settings import Settings, load_settings
from tests.unit.home.offices import CHEAP_HASHES


def cheap_settings() -> Settings:
    return load_settings(region=None, **CHEAP_HASHES)


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[DemonstrationOffice, list[str]]]:
    shown: list[str] = []
    with demonstration_office(cheap_settings(), show=shown.append) as demonstration:
        assert fill_office(demonstration)
        yield demonstration, shown


Filled = tuple[DemonstrationOffice, list[str]]


def test_there_is_an_account_for_each_role_under_a_drawn_password(filled: Filled) -> None:
    demonstration, _ = filled
    office = demonstration.office
    assert {one.name for one in list_accounts(office.database)} == {role.value for role in ACCOUNTS}
    for name in demonstration.names:
        office.sign_in.sign_in.with_password(name, demonstration.password, address=None)
    with demonstration_office(cheap_settings(), show=print) as other:
        assert other.password != demonstration.password


def test_there_are_orders_in_every_state(filled: Filled) -> None:
    office = filled[0].office
    with office.database.reading() as work:
        counts = work.orders.counts(office.region)
    assert {state.value for state in OrderState} == set(counts)


def test_there_are_applications_in_every_state_and_overdue_ones(filled: Filled) -> None:
    demonstration, _ = filled
    office = demonstration.office
    with office.database.reading() as work:
        empty = [
            state
            for state in ApplicationState
            if not work.applications.queue(office.region, state.value).rows
        ]
    assert empty == []
    late = applications_due(
        office.office,
        demonstration.actors[Role.CLERK],
        region=office.region,
        state=ApplicationState.SUBMITTED,
    )
    assert Standing.OVERDUE in {one.standing for one in late.rows}


def test_there_are_good_blocked_and_lost_cards(filled: Filled) -> None:
    office = filled[0].office
    with office.database.reading() as work:
        orders = work.orders.queue(office.region, OrderState.HANDED_OVER.value).rows
        cards = [work.cards.get(office.region, one.card_id) for one in orders if one.card_id]
    states = {card.state for card in cards}
    assert {CardState.ACTIVE, CardState.BLOCKED, CardState.TERMINATED} <= states
    assert {"lost", "stolen"} <= {card.reason for card in cards}


def test_there_are_places_with_free_times_clinics_and_a_complaint(filled: Filled) -> None:
    demonstration, _ = filled
    office = demonstration.office
    listed = places(office.office, office.region).rows
    free = [free_times(office.office, office.region, one.id).rows for one in listed]
    assert len(listed) > 1
    assert any(free)
    assert search_organisations(office.office, office.region, "поликлиника").rows
    clerk = demonstration.actors[Role.CLERK]
    assert len(waiting_complaints(office.office, clerk, office.region).rows) == 1


def test_an_employer_has_sent_a_table_of_which_some_rows_are_wrong(filled: Filled) -> None:
    demonstration, _ = filled
    office = demonstration.office
    employer = demonstration.actors[Role.EMPLOYER]
    (upload,) = list_uploads(office.office, employer, office.region).rows
    assert upload.rows == ROWS
    assert upload.refused >= 2
    assert upload.taken == ROWS - upload.refused > 10


def test_scans_and_photos_can_be_read(filled: Filled) -> None:
    office = filled[0].office
    with office.database.reading() as work:
        one = work.applications.queue(office.region, ApplicationState.SUBMITTED.value).rows[0]
        documents = work.documents.of_application(office.region, one.id)
    assert {document.kind for document in documents} == {"photo", "passport_rf"}
    for document in documents:
        assert document.content_hash is not None
        octets = b"".join(office.vault.read(document.content_hash.hex()))
        assert octets.startswith(b"\xff\xd8")
        assert len(octets) == document.size


def test_what_is_told_from_now_on_is_shown_and_what_was_told_before_is_in_a_file(
    filled: Filled,
) -> None:
    demonstration, shown = filled
    office = demonstration.office
    told = (office.settings.home / TOLD).read_text().splitlines()
    assert len(told) > 10
    assert all("@example.org" in json.loads(line)["to"] for line in told)
    assert shown == []
    notice = Notice(
        channel=NoticeChannel.EMAIL,
        template=Template.REFUSED,
        language="ru",
        recipient="person7@example.org",
        parameters={"application": "ABCD"},
    )
    office.outbox.put(office.region, notice)
    office.outbox.deliver_due(budget_s=5)
    assert [line.partition(":")[0] for line in shown] == ["person7@example.org"]


def test_its_timers_run_through_and_its_log_is_whole(filled: Filled) -> None:
    demonstration, _ = filled
    office = demonstration.office
    ran = run_all(timer_parts(office), (*JOBS, *AT_CLOSING))
    assert [one.fault for one in ran if one.fault] == []
    log = DatabaseAuditLog(office.database)
    keys = head_keys(Folder(office.settings.home))
    found = verify_chain(
        log.entries(office.region), log.heads(office.region), keys, region=office.region
    )
    assert found.entries == found.signed > 100


@pytest.mark.parametrize("after", [0, 3, 30])
def test_it_stops_when_it_is_asked_to(after: int) -> None:
    looks = count()
    with demonstration_office(cheap_settings(), show=print) as demonstration:
        assert not fill_office(demonstration, stop=lambda: next(looks) >= after)
    assert next(looks) == after + 1


def test_production_refuses_it() -> None:
    production = cheap_settings().model_copy(update={"production": True})
    with (
        pytest.raises(UsageError, match="production refuses"),
        demonstration_office(production, show=print),
    ):
        pass
