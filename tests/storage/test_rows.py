"""Every kind of row comes back as it was stored, changes once, and is refused where it must be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cardservice.errors import UsageError
from cardservice.storage.engine import Database
from cardservice.storage.errors import DanglingError, DuplicateError, MissingError, StaleError
from cardservice.storage.repositories.base import VersionedRows
from cardservice.storage.work import Work
from tests.storage import samples as make

OF_EACH = (
    "people",
    "consents",
    "policies",
    "insurers",
    "certificates",
    "applications",
    "documents",
    "orders",
    "cards",
    "places",
    "slots",
    "bookings",
    "medical_organisations",
    "clinic_desks",
    "desk_terminals",
    "enrolment_codes",
    "abuse_signs",
    "complaints",
    "attachments",
    "uploads",
)


def store(database: Database, rows: dict[str, Any], *, region: str = make.REGION) -> None:
    def add(work: Work) -> None:
        for name, row in rows.items():
            getattr(work, name).add(row)

    database.transaction(add, region=region)


def store_one_of_each(work: Work) -> dict[str, Any]:
    person = make.person(snils="000-000-000 00", merged_into=None)
    policy, application = make.policy(person), make.application()
    place = make.place()
    slot = make.slot(place)
    order, card, complaint = make.order(policy), make.card(policy), make.complaint()
    upload, clinic = make.upload(), make.clinic("Клиника", "хирург")
    desk = make.clinic_desk(clinic)
    rows: dict[str, Any] = {
        "people": person,
        "policies": policy,
        "applications": application,
        "places": place,
        "slots": slot,
        "consents": make.consent(person),
        "insurers": make.insurer(policy),
        "certificates": make.certificate(application),
        "documents": make.document(application),
        "orders": order,
        "cards": card,
        "receipts": make.receipt(order, card, person, place),
        "bookings": make.booking(slot, application),
        "medical_organisations": clinic,
        "clinic_desks": desk,
        "desk_terminals": make.desk_terminal(desk),
        "enrolment_codes": make.enrolment_code(desk),
        "presentations": make.presentation(desk),
        "substitutes": make.substitute(desk),
        "abuse_signs": make.abuse_sign(desk),
        "complaints": complaint,
        "attachments": make.attachment(complaint),
        "uploads": upload,
        "upload_rows": make.upload_row(upload),
        "looks": make.look(person),
        "stock": make.movement("received", 10),
    }
    for name, row in rows.items():
        getattr(work, name).add(row)
    return rows


def stored(database: Database) -> dict[str, Any]:
    return database.transaction(store_one_of_each, region=make.REGION)


def test_every_kind_of_row_comes_back_as_it_was_stored(database: Database) -> None:
    rows = stored(database)
    with database.reading() as work:
        found = {name: getattr(work, name).get(row.region, row.id) for name, row in rows.items()}
    assert found == rows


def test_the_kinds_that_change_are_those_tested() -> None:
    names = [name for name in vars(Work) if not name.startswith("_")]
    changing = [name for name in names if isinstance(getattr(Work(None), name), VersionedRows)]  # type: ignore[arg-type]
    assert sorted(changing) == sorted(OF_EACH)


@pytest.mark.parametrize("name", OF_EACH)
def test_a_change_counts_the_version_and_a_second_from_the_same_reading_is_stale(
    database: Database, name: str
) -> None:
    row = stored(database)[name]
    changed = database.transaction(lambda work: getattr(work, name).change(row), region=row.region)
    assert changed == replace(row, version=2)
    with pytest.raises(StaleError) as refused:
        database.transaction(lambda work: getattr(work, name).change(row), region=row.region)
    assert refused.value.code == "stale"
    with database.reading() as work:
        assert getattr(work, name).get(row.region, row.id) == changed


def test_what_is_not_there_is_found_as_none_and_refused_when_demanded(database: Database) -> None:
    lost = make.person()
    with database.reading() as work:
        assert work.people.find(lost.region, lost.id) is None
        with pytest.raises(MissingError, match="person") as refused:
            work.people.get(lost.region, lost.id)
    assert refused.value.code == "not-found"
    with pytest.raises(MissingError):
        database.transaction(lambda work: work.people.change(lost), region=lost.region)


def test_a_row_of_another_region_is_not_found_under_this_one(database: Database) -> None:
    person = stored(database)["people"]
    with database.reading() as work:
        assert work.people.find(make.OTHER_REGION, person.id) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda work: work.people.add(make.person(region=make.OTHER_REGION)),
        lambda work: work.people.change(make.person(region=make.OTHER_REGION)),
        lambda work: work.audit.append(make.audit_entry(1, make.OTHER_REGION)),
        lambda work: work.counters.next(make.OTHER_REGION, "application"),
    ],
)
def test_a_transaction_writes_its_own_region_only(
    database: Database, write: Callable[[Work], object]
) -> None:
    with pytest.raises(UsageError, match="does not write region"):
        database.transaction(write, region=make.REGION)


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(UsageError), database.reading() as work:
        work.people.add(make.person())


def test_a_policy_number_is_unique_in_all_regions(database: Database) -> None:
    def issue(region: str) -> None:
        person = make.person(region=region)
        rows = {"people": person, "policies": make.policy(person)}
        store(database, rows, region=region)

    issue(make.REGION)
    with pytest.raises(DuplicateError) as refused:
        issue(make.OTHER_REGION)
    assert refused.value.table == "policy_numbers"
    assert refused.value.code == "duplicate"
    with database.reading() as work:
        assert work.people.search(birth_date=make.BORN, region=make.OTHER_REGION).rows == ()


def test_a_row_that_names_nobody_is_refused(database: Database) -> None:
    with pytest.raises(DanglingError):
        database.transaction(
            lambda work: work.policies.add(make.policy(make.person())), region=make.REGION
        )


def test_a_refusal_quotes_nothing_that_was_stored(database: Database) -> None:
    stored(database)
    with pytest.raises(DuplicateError) as refused:
        database.transaction(
            lambda work: work.applications.add(make.application("1")), region=make.REGION
        )
    assert refused.value.table == "applications"
    assert "submitted" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_the_queues_show_the_soonest_due_first_and_those_without_a_date_last(
    database: Database,
) -> None:
    last = make.application("1", due_on=None)
    first = make.application("2", due_on=make.TODAY)
    later = make.application("3", due_on=make.TODAY.replace(year=2031))
    other = make.application("4", state="approved", due_on=make.TODAY)
    database.transaction(
        lambda work: work.applications.add(last, later, other, first), region=make.REGION
    )
    with database.reading() as work:
        assert work.applications.queue(make.REGION, "submitted").rows == (first, later, last)


def test_the_status_page_needs_number_and_birth_date(database: Database) -> None:
    application = stored(database)["applications"]
    with database.reading() as work:
        assert work.applications.by_number("1", make.BORN) == (application,)
        assert work.applications.by_number("1", make.TODAY) == ()


def test_a_policy_is_found_by_its_number_with_its_person_and_a_card_by_its_own(
    database: Database,
) -> None:
    rows = stored(database)
    with database.reading() as work:
        found = work.policies.by_enp("0054910834000015")
        assert found is not None
        assert (found.policy, found.person) == (rows["policies"], rows["people"])
        assert work.policies.by_enp("0087599796000427") is None
        assert work.cards.by_number((1 << 48) - 1) == (rows["cards"],)
        assert work.insurers.of_policy(make.REGION, found.policy.id) == (rows["insurers"],)


def test_stock_is_summed_by_kind_of_movement_and_station(database: Database) -> None:
    moves = [
        make.movement("received", 10),
        make.movement("received", 5),
        make.movement("spoiled", 1, "a"),
        make.movement("spoiled", 2, "b"),
    ]
    database.transaction(lambda work: work.stock.add(*moves[:3]), region=make.REGION)
    database.transaction(lambda work: work.stock.add(*moves[3:]), region=make.REGION)
    with database.reading() as work:
        assert work.stock.sums(make.REGION) == {"received": 15, "spoiled": 3}
        totals = {("received", ""): 15, ("spoiled", "a"): 1, ("spoiled", "b"): 2}
        assert work.stock.totals(make.REGION) == work.stock.counted(make.REGION) == totals
        assert work.stock.totals(make.OTHER_REGION) == {}
        assert work.stock.regions() == (make.REGION,)


def test_a_movement_that_is_rolled_back_is_not_in_the_totals(database: Database) -> None:
    def move_and_fail(work: Work) -> None:
        work.stock.add(make.movement("received", 10))
        raise UsageError("no")

    with pytest.raises(UsageError):
        database.transaction(move_and_fail, region=make.REGION)
    with database.reading() as work:
        assert work.stock.totals(make.REGION) == {}


def test_what_hangs_on_persons_orders_and_complaints_is_found_by_them(database: Database) -> None:
    rows = stored(database)
    person, order = rows["people"], rows["orders"]
    complaint = make.complaint("2")
    theirs = replace(complaint, person_id=person.id, application_id=rows["applications"].id)
    store(database, {"complaints": theirs})
    with database.reading() as work:
        assert work.receipts.of_order(make.REGION, order.id) == (rows["receipts"],)
        assert work.receipts.of_person(make.REGION, person.id) == (rows["receipts"],)
        assert work.complaints.of_person(make.REGION, person.id) == (theirs,)
        assert work.complaints.of_application(make.REGION, rows["applications"].id) == (theirs,)
        of = rows["complaints"].id
        assert work.attachments.of_complaint(make.REGION, of) == (rows["attachments"],)
        assert work.attachments.of_complaint(make.REGION, theirs.id) == ()
        assert work.attachments.with_content(bytes(range(1, 33))) == (rows["attachments"],)


def test_messages_are_found_by_the_application_they_tell_of(database: Database) -> None:
    about, other = make.notification(about="A-1"), make.notification(about="A-2")
    store(database, {"notifications": about})
    store(database, {"notifications": other})
    with database.reading() as work:
        assert work.notifications.about(make.REGION, {"A-1", "A-3"}) == (about,)
        assert work.notifications.about(make.REGION, set()) == ()


def test_an_uploads_rows_come_in_the_order_of_the_file_and_bad_ones_apart(
    database: Database,
) -> None:
    upload, application = make.upload(), make.application(source="s-3")
    bad, good = make.upload_row(upload), make.upload_row(upload, 3, application_id=application.id)
    store(database, {"applications": application, "uploads": upload})
    database.transaction(lambda work: work.upload_rows.add(good, bad), region=make.REGION)
    with database.reading() as work:
        assert work.upload_rows.of_upload(make.REGION, upload.id).rows == (bad, good)
        assert work.upload_rows.refused_of(make.REGION, upload.id).rows == (bad,)
        assert work.upload_rows.numbers(make.REGION, upload.id) == {2, 3}
        assert work.upload_rows.made_of(make.REGION, ["s-3", "s-4"]) == {"s-3": application.id}
        assert work.uploads.of_sender(make.REGION, "employer").rows == (upload,)
        assert work.uploads.of_sender(make.REGION, "other").rows == ()
        assert work.uploads.of_region(make.REGION).rows == (upload,)
        assert work.uploads.with_content(make.REGION, "employer", bytes(range(32))) == (upload,)
        assert work.uploads.with_content(make.REGION, "employer", bytes(32)) == ()


def test_full_times_are_not_offered(database: Database) -> None:
    place = make.place()
    free, full = make.slot(place), make.slot(place, make.NOW.replace(hour=5), booked=1)
    store(database, {"places": place})
    store(database, {"slots": free})
    store(database, {"slots": full})
    with database.reading() as work:
        assert work.slots.free(make.REGION, place.id, from_=make.NOW).rows == (free,)


@pytest.mark.parametrize("text", ["ХИРУРГ", "клиника елочн", "проб хир", "КЛИ", "%"])
def test_clinics_are_searched_by_words_of_name_place_and_service(
    database: Database, text: str
) -> None:
    clinic, other = make.clinic("Клиника", "хирург 100%"), make.clinic("Приют", "уход")
    database.transaction(
        lambda work: work.medical_organisations.add(clinic, other), region=make.REGION
    )
    with database.reading() as work:
        assert work.medical_organisations.search(make.REGION, text).rows == (clinic,)


def test_numbers_are_given_out_without_a_gap_even_when_a_command_fails(database: Database) -> None:
    def take(work: Work) -> int:
        return work.counters.next(make.REGION, "application")

    def take_and_fail(work: Work) -> None:
        take(work)
        raise UsageError("no")

    assert database.transaction(take, region=make.REGION) == 1
    with pytest.raises(UsageError):
        database.transaction(take_and_fail, region=make.REGION)
    assert database.transaction(take, region=make.REGION) == 2
