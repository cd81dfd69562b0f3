"""When a desk asks again, and what it can tell of how fresh its knowledge is."""

from datetime import timedelta

from cardservice.desk.freshness import (
    LIST_MISSING,
    TIME_NOT_PROVED,
    TRUST_MISSING,
    Freshness,
    Schedule,
    Topic,
    freshness_of,
)
from cardservice.domain.proven_time import Moment, TimeGrade
from tests.unit.desk.world import HOUR, LIST, MINUTE, Desk, trust_token
from tests.unit.pki.office import NOW
from tests.unit.pki.status_lists import ISSUED, URI, signed

EVERYTHING = (Topic.TIME, Topic.TRUST, Topic.LISTS)
REFRESH_S = 1_800.0


def schedule(jitter: float = 0.0) -> Schedule:
    return Schedule(jitter=lambda: jitter)


def test_at_first_everything_is_due_in_the_order_in_which_it_helps() -> None:
    assert schedule().due(0.0) == EVERYTHING


def test_what_succeeded_is_due_after_half_an_hour_or_a_little_earlier() -> None:
    for jitter, due in ((0.0, REFRESH_S), (1.0, REFRESH_S * 0.9)):
        plan = schedule(jitter)
        plan.succeeded(Topic.TRUST, 0.0)
        assert Topic.TRUST not in plan.due(due - 1)
        assert Topic.TRUST in plan.due(due)


def test_what_fails_is_asked_for_after_10_seconds_and_later_each_time_up_to_5_minutes() -> None:
    plan, now, waits = schedule(), 0.0, []
    for topic in (Topic.TIME, Topic.TRUST):
        plan.succeeded(topic, 1e9)
    for _ in range(60):
        plan.failed(Topic.LISTS, now, "service-unreachable")
        waits.append(plan.next_at() - now)
        now = plan.next_at()
    assert waits[:6] == [10, 20, 40, 80, 160, 300]
    assert set(waits[6:]) == {300}


def test_a_success_ends_the_row_of_failures() -> None:
    plan = schedule()
    plan.failed(Topic.TIME, 0.0, "time-went-back")
    assert plan.codes() == {Topic.TIME: "time-went-back"}
    plan.succeeded(Topic.TIME, 10.0)
    assert plan.codes() == {}
    plan.failed(Topic.TIME, 20.0, "service-busy")
    assert Topic.TIME in plan.due(30.0)


def test_a_retry_is_never_later_than_the_interval_itself() -> None:
    plan = Schedule(every=timedelta(seconds=5), jitter=lambda: 0.0)
    for topic in EVERYTHING:
        plan.failed(topic, 0.0, "service-busy")
    assert plan.next_at() == 5.0


def test_hurry_brings_forward_what_waits_and_leaves_what_failed_to_its_retry() -> None:
    plan = schedule()
    plan.succeeded(Topic.TIME, 0.0)
    plan.failed(Topic.TRUST, 0.0, "service-unreachable")
    plan.succeeded(Topic.LISTS, 0.0)
    plan.hurry(1.0, Topic.TIME, Topic.TRUST)
    assert plan.due(1.0) == (Topic.TIME,)


def facts(desk: Desk, grade: TimeGrade = TimeGrade.PROVEN) -> Freshness:
    return freshness_of(desk.knowledge, Moment(at=NOW, grade=grade, since_proof=HOUR))


def test_a_new_desk_says_what_it_lacks() -> None:
    found = facts(Desk(), TimeGrade.UNKNOWN)
    assert found.missing == (TIME_NOT_PROVED, TRUST_MISSING, LIST_MISSING)
    assert (found.trust_age, found.list_age, found.lists) == (None, None, ())


def test_a_desk_that_has_everything_says_how_old_it_is() -> None:
    desk = Desk()
    desk.knowledge.take_trust(trust_token())
    assert facts(desk).missing == (LIST_MISSING,)
    desk.knowledge.take_list(LIST, signed())
    found = facts(desk)
    assert (found.trust_age, found.list_age) == (5 * MINUTE, NOW - ISSUED)
    assert (found.missing, found.since_proof) == ((), HOUR)


def test_a_missing_list_is_not_hidden_behind_the_age_of_another() -> None:
    desk = Desk()
    desk.knowledge.take_trust(trust_token(lists={LIST: URI, 2: URI + "0"}))
    desk.knowledge.take_list(LIST, signed())
    found = facts(desk)
    assert (found.list_age, found.missing) == (None, (LIST_MISSING,))
