"""Timers: each job once a slot, whoever is there; one that fails stops no other."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cardservice.domain.lives import CertificateState
from cardservice.errors import Refusal
from cardservice.keystores.software_keys import generate_key
from cardservice.pki.suite import ECDSA_P256_SHA256
from cardservice.registry.applications import SaveDraft, draft_of, save_draft
from cardservice.registry.applications_deciding import RefuseApplication, refuse
from cardservice.registry.outbox import SENDING_FOR, Outbox
from cardservice.registry.outbox_values import (
    Attempt,
    Message,
    NoticeChannel,
    NoticeState,
    Outcome,
)
from cardservice.registry.timers import ROUNDS, Job, Ran, TimerParts, repeated, run_all, run_due
from cardservice.registry.timers_drafts import DRAFT_KEPT
from cardservice.registry.timers_jobs import AT_CLOSING, JOBS, KEYS_KEPT
from cardservice.storage.stores.outbox import DatabaseOutbox
from tests.registry.forms import approved, draft, made, started, submitted
from tests.registry.offices import REGION, Desk, words
from tests.registry.stations_world import STATION, lease, new_order, order_now

OTHER = "00001"
MINUTE = timedelta(minutes=1)


class Memory:
    """A store that notes what it was to forget."""

    def __init__(self) -> None:
        self.before: list[datetime] = []
        self.pruned = 0

    def forget(self, before: datetime) -> int:
        self.before.append(before)
        return 3

    def prune(self) -> int:
        self.pruned += 1
        return 2


class Mailbox:
    """A way out on which everything arrives."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message, *, timeout_s: float) -> Outcome:
        self.messages.append(message)
        return Outcome(Attempt.SENT)


def parts(desk: Desk, **changes: Any) -> TimerParts:
    office, key = desk.office, generate_key(ECDSA_P256_SHA256)
    outbox = Outbox(
        store=DatabaseOutbox(office.database),  # type: ignore[arg-type]
        sealer=office.sealer,
        clock=office.clock,
        dice=office.draw,
        new_id=office.new_id,
        render=words,
        senders=changes.pop("senders", {}),
    )
    memory = Memory()
    given: dict[str, Any] = {
        "office": office,
        "regions": (REGION,),
        "outbox": outbox,
        "head_key": lambda: ("audit-1", key),
        "attempts": memory,
        "challenges": memory,
        "sessions": memory,
        "sweep": lambda: 4,
    }
    return TimerParts(**(given | changes))


def counting(counts: list[str], *, everywhere: bool = False, name: str = "count") -> Job:
    def do(_: TimerParts, region: str) -> int:
        counts.append(region)
        return 1

    return Job(name=name, every=MINUTE, do=do, everywhere=everywhere)


def job(name: str) -> Job:
    return next(one for one in JOBS if one.name == name)


def ran(desk: Desk, name: str, **changes: Any) -> int:
    (one,) = run_all(parts(desk, **changes), (job(name),))
    assert one.fault is None
    return one.count


def test_a_job_is_done_once_a_slot_whoever_looks(either_desk: Desk) -> None:
    counts: list[str] = []
    first, second = parts(either_desk), parts(either_desk)
    assert run_due(first, (counting(counts),)) == (Ran("count", REGION, 1),)
    assert run_due(second, (counting(counts),)) == ()
    either_desk.clock.now += MINUTE
    assert run_due(second, (counting(counts),)) == (Ran("count", REGION, 1),)
    assert len(counts) == 2


def test_each_region_has_its_own_slots_and_a_common_job_only_one(desk: Desk) -> None:
    counts: list[str] = []
    both = parts(desk, regions=(REGION, OTHER))
    run_due(both, (counting(counts), counting(counts, everywhere=True, name="common")))
    assert counts == [REGION, OTHER, REGION]


def test_a_job_that_fails_is_logged_without_what_it_said_and_stops_no_other(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def breaking(error: Exception) -> Callable[[TimerParts, str], int]:
        def do(_: TimerParts, __: str) -> int:
            raise error

        return do

    bad = Job(name="bad", every=MINUTE, do=breaking(ValueError("Иванов Иван")))
    refused = Job(name="refused", every=MINUTE, do=breaking(Refusal("some-code", "Иванов Иван")))
    counts: list[str] = []
    with caplog.at_level(logging.INFO):
        found = run_due(parts(desk), (bad, refused, counting(counts)))
    assert [one.fault for one in found] == ["ValueError", "some-code", None]
    assert counts == [REGION]
    assert "bad" in caplog.text
    assert "Иванов" not in caplog.text


def test_what_finds_always_more_ends_after_some_rounds() -> None:
    assert repeated(lambda: 1) == ROUNDS
    left = iter((200, 7, 0, 9))
    assert repeated(lambda: next(left)) == 207


def test_the_names_of_the_jobs_are_their_own() -> None:
    names = [one.name for one in (*JOBS, *AT_CLOSING)]
    assert len(set(names)) == len(names)


def test_a_lease_that_ran_out_puts_its_order_back(desk: Desk) -> None:
    leased = lease(desk, new_order(desk), STATION, minutes=5)
    assert ran(desk, "leases") == 0
    desk.clock.now += timedelta(minutes=6)
    assert ran(desk, "leases") == 1
    assert order_now(desk, leased.id).state == "queued"


def test_a_certificate_ends_when_its_day_has_passed(desk: Desk) -> None:
    given = made(approved(desk), "certificate")
    assert ran(desk, "certificates") == 0
    desk.clock.pass_days(120)
    assert ran(desk, "certificates") == 1
    with desk.reading() as work:
        assert work.certificates.get(REGION, given).state == CertificateState.EXPIRED


def test_what_is_due_leaves_and_what_a_killed_process_began_becomes_unknown(desk: Desk) -> None:
    filed = submitted(desk)
    no = RefuseApplication(
        region=REGION, key="k", application_id=filed.id, version=filed.version, words="Нет права."
    )
    refuse(desk.office, desk.approver, no)
    store = DatabaseOutbox(desk.office.database)  # type: ignore[arg-type]
    (due,) = store.due(desk.clock(), 10)
    until = desk.clock() + SENDING_FOR
    store.replace(replace(due, state=NoticeState.SENDING, next_at=until, attempts=1))
    mailbox = Mailbox()
    desk.clock.now += SENDING_FOR + MINUTE
    assert ran(desk, "outbox", senders={NoticeChannel.EMAIL: mailbox}) == 0
    assert store.get(REGION, due.id).state is NoticeState.UNKNOWN
    assert mailbox.messages == []


def test_a_head_is_signed_once_for_what_was_recorded(desk: Desk) -> None:
    assert ran(desk, "audit-day") == 0
    started(desk)
    assert ran(desk, "audit-heads") == 0
    assert ran(desk, "audit-day") == 1
    assert ran(desk, "audit-day") == 0
    with desk.reading() as work:
        assert [head.number for head in work.audit.heads(REGION)] == [len(desk.audit())]


def test_old_keys_are_forgotten_and_young_ones_are_not(desk: Desk) -> None:
    started(desk)
    desk.clock.now += KEYS_KEPT - MINUTE
    started(desk)
    assert ran(desk, "keys") == 0
    desk.clock.now += 2 * MINUTE
    assert ran(desk, "keys") == 1


def test_counters_codes_and_sessions_are_forgotten(desk: Desk) -> None:
    memory = Memory()
    stores = {"attempts": memory, "challenges": memory, "sessions": memory}
    counts = [ran(desk, name, **stores) for name in ("tries", "codes", "sessions")]
    assert counts == [3, 3, 2]
    assert memory.before == [desk.clock() - timedelta(days=2), desk.clock()]


def test_scans_that_no_row_has_are_swept_once_for_all_regions(desk: Desk) -> None:
    found = run_all(parts(desk, regions=(REGION, OTHER)), (job("scans"),))
    assert found == (Ran("scans", REGION, 4),)


def test_a_draft_that_was_left_is_emptied_with_its_documents(desk: Desk) -> None:
    old = started(desk, draft())
    desk.clock.now += DRAFT_KEPT
    young = started(desk, draft())
    assert ran(desk, "drafts") == 1
    with desk.reading() as work:
        emptied = work.applications.get(REGION, old.id)
        assert draft_of(emptied).person.surname == ""
        assert emptied.birth_date is None
        assert draft_of(work.applications.get(REGION, young.id)).person.surname != ""
    assert desk.actions()[-1] == "application.lapse"
    assert ran(desk, "drafts") == 0


def test_a_draft_that_somebody_went_on_with_is_kept(desk: Desk) -> None:
    begun = started(desk, draft())
    desk.clock.now += DRAFT_KEPT - MINUTE
    with desk.reading() as work:
        form = work.applications.get(REGION, begun.id).draft
    saved = SaveDraft(
        region=REGION, key="later", application_id=begun.id, version=begun.version, form=form
    )
    save_draft(desk.office, desk.clerk, saved)
    desk.clock.now += 2 * MINUTE
    assert ran(desk, "drafts") == 0


def test_all_jobs_run_through_on_an_office_with_people(either_desk: Desk) -> None:
    approved(either_desk)
    either_desk.clock.pass_days(400)
    found = run_all(parts(either_desk), JOBS)
    assert [one.fault for one in found] == [None] * len(JOBS)
