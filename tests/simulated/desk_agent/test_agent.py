"""The agent: keeps a desk fresh by itself, says how it stands, stops in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from cardservice.desk.presentations import Presentation, Substitute
from cardservice.desk.substitutes import RegisterUnreachableError, SubstituteQuestion
from cardservice.desklink.desk_calls import ServiceSubstitutes
from cardservice.domain.numbers import Enp
from cardservice.domain.proven_time import TimeGrade
from cardservice.domain.register import AnswerSource, CardStatus
from cardservice.domain.verdict import Outcome
from cardservice.errors import Refusal
from cardservice.home import desk_refresh
from cardservice.home.desk_at_work import desk_at_work
from cardservice.home.enrolment import installed
from cardservice.home.folder import Folder
from cardservice.serving.desk_agent import DeskAgent
from cardservice.web.desk.standing import DeskStanding
from tests.simulated.desk_agent.conftest import AtWork, Place
from tests.simulated.desk_agent.service import BLOCKED, Handler, Reply, Service, serving

ENP = Enp("7750930842000015")
PATIENCE_S = 20.0


def presentation(number: int) -> Presentation:
    return Presentation(
        id=UUID(int=number),
        at=datetime.now(UTC),
        grade=TimeGrade.PROVEN,
        outcome=Outcome.VALID,
        reason="data-intact",
        card_number=1 << 32 | number,
    )


def until(true: Callable[[], bool]) -> bool:
    """Wait until it is; return whether it came to be."""
    end = time.monotonic() + PATIENCE_S
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@contextmanager
def working(place: Place) -> Iterator[tuple[DeskAgent, list[DeskStanding]]]:
    shown: list[DeskStanding] = []
    with desk_at_work(place.settings, place.keys, terms=place.terms) as desk:
        agent = DeskAgent(desk, show=shown.append, look_s=0.05)
        agent.start()
        try:
            yield agent, shown
        finally:
            agent.stop()
            assert not agent.alive


def test_a_desk_that_starts_becomes_fresh_and_says_so(place: Place) -> None:
    place.enrol()
    with working(place) as (_, shown):
        assert until(lambda: bool(shown) and shown[-1].online)
        last = shown[-1]
        assert last.grade is TimeGrade.PROVEN
        assert last.list_age is not None
        assert (last.queue, last.certificate_days, last.troubles) == (0, 6, ())


def test_a_desk_without_a_service_starts_says_what_is_the_matter_and_finds_it_when_it_is_back(
    place: Place, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.enrol()
    other = Service(service.premises)
    other.code_used_by, other.programs = service.code_used_by, service.programs
    with serving(other):
        port = int(other.address.rpartition(":")[2])
        other.trust_age = timedelta(0)
    place.service.address = other.address
    monkeypatch.setattr("cardservice.desk.freshness.FIRST_RETRY", timedelta(milliseconds=50))
    with working(place) as (_, shown):
        assert until(lambda: bool(shown))
        assert not shown[0].online
        assert [one.code for one in shown[0].troubles][:1] == ["service-unreachable"]
        with serving(other, port):
            assert until(lambda: shown[-1].online)
            assert until(lambda: not shown[-1].troubles)


def test_presentations_are_reported_in_order_and_once(place: Place, service: Service) -> None:
    place.enrol()
    with working(place) as (agent, shown):
        for one in range(250):
            agent.report(presentation(one))
        assert until(lambda: len(service.presentations) == 250 and shown[-1:] != [])
        assert until(lambda: shown[-1].queue == 0)
    ids = [UUID(one).int for one in service.presentations]
    assert all(first < second for first, second in pairwise(ids))


def test_what_could_not_be_reported_is_reported_by_the_next_run_and_marked_offline_stays_so(
    place: Place, service: Service
) -> None:
    place.enrol()
    service.lies["/api/v1/presentations"] = lambda _handler, _reply: Reply(503, {})
    with working(place) as (agent, shown):
        agent.report(presentation(1))
        assert until(lambda: bool(shown) and shown[-1].queue == 1)
    service.lies.clear()
    with working(place) as (_, shown):
        assert until(lambda: bool(shown) and shown[-1].queue == 0)
    assert UUID(int=1) in map(UUID, service.presentations)


def test_an_answer_to_a_report_that_was_lost_makes_it_told_twice_with_the_same_id(
    desk: AtWork, service: Service
) -> None:
    def lose(handler: Handler, _: Reply) -> None:
        handler.cut()

    desk.desk.queue.add(presentation(1))
    service.lies["/api/v1/presentations"] = lose
    with pytest.raises(Exception, match="reached"):
        desk.refresher.report()
    assert desk.desk.queue.state.waiting == 1
    del service.lies["/api/v1/presentations"]
    assert desk.refresher.report().taken == 1
    assert len(service.presentations) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"taken": [str(uuid4())]},
        {"taken": "all"},
        {"taken": [7]},
        {"taken": [str(UUID(int=1))], "refused": [{"id": str(UUID(int=1)), "code": "x"}]},
        {"refused": [str(UUID(int=1))]},
        {"taken": [str(UUID(int=1))] * 101},
        {"taken": []},
        {},
    ],
)
def test_an_answer_to_a_report_that_cannot_be_true_takes_nothing_off_the_queue(
    desk: AtWork, service: Service, said: dict[str, object]
) -> None:
    desk.desk.queue.add(presentation(1))
    service.lies["/api/v1/presentations"] = lambda _handler, _reply: Reply(200, said)
    with pytest.raises(Exception, match="service"):
        desk.refresher.report()
    assert desk.desk.queue.state.waiting == 1


def test_what_the_service_never_will_take_does_not_wait_for_ever(
    desk: AtWork, service: Service
) -> None:
    desk.desk.queue.add(presentation(1))
    refused = {"taken": [], "refused": [{"id": str(UUID(int=1)), "code": "too-old"}]}
    service.lies["/api/v1/presentations"] = lambda _handler, _reply: Reply(200, refused)
    assert desk.refresher.report().refused == 1
    assert desk.desk.queue.state.waiting == 0


def test_a_certificate_is_renewed_before_it_ends_and_the_examiner_has_the_new_one(
    desk: AtWork, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fetch_all()
    before = installed(Folder(place.path))
    assert before is not None
    assert not desk.refresher.renewal_is_due()
    monkeypatch.setattr(desk_refresh, "RENEW_BELOW_DAYS", 7)
    assert desk.refresher.renewal_is_due()
    renewed = desk.refresher.renew()
    assert renewed.reference.sequence > before.reference.sequence
    assert installed(Folder(place.path)) == renewed
    assert desk.desk.examiners.fault is None


def test_a_renewal_whose_answer_was_lost_is_asked_for_again_with_the_same_key(
    desk: AtWork, place: Place, service: Service
) -> None:
    path = "/api/v1/terminal-certificates"

    def lose(handler: Handler, _: Reply) -> None:
        handler.cut()

    service.lies[path] = lose
    with pytest.raises(Exception, match="reached"):
        desk.refresher.renew()
    names = place.keys.names()
    del service.lies[path]
    desk.refresher.renew()
    assert place.keys.names() == names


def test_a_desk_that_was_ended_is_told_and_still_reads(place: Place, service: Service) -> None:
    place.enrol()
    service.ended = True
    with working(place) as (agent, shown):
        agent.report(presentation(1))
        assert until(
            lambda: bool(shown) and "client-unknown" in [one.code for one in shown[-1].troubles]
        )
        assert shown[-1].queue == 1
        assert all(one.sentence and one.remedy for one in shown[-1].troubles)


def test_a_token_that_is_refused_is_replaced_once(desk: AtWork, service: Service) -> None:
    refused = []

    def refuse_first(_: Handler, reply: Reply) -> Reply:
        refused.append(1)
        return Reply(401, {}, "application/problem+json") if len(refused) == 1 else reply

    service.lies["/api/v1/presentations"] = refuse_first
    desk.desk.queue.add(presentation(1))
    assert desk.refresher.report().taken == 1
    assert service.asked.count("/api/v1/token") == 2


def test_a_card_is_asked_about_while_online_and_judged_by_the_list_otherwise(
    desk: AtWork, service: Service
) -> None:
    desk.fetch_all()
    known = desk.desk.knowledge
    answer = known.look_up(ENP, card_number=1 << 32 | BLOCKED)
    assert answer is not None
    assert answer.source is AnswerSource.REGISTER
    service.lies["/api/v1/status-questions"] = lambda _handler, _reply: Reply(500)
    answer = known.look_up(ENP, card_number=1 << 32 | BLOCKED)
    assert answer is not None
    assert (answer.source, answer.card) == (AnswerSource.STATUS_LIST, CardStatus.BLOCKED)
    assert not desk.desk.reach.online
    asked = len(service.asked)
    known.look_up(ENP, card_number=1 << 32 | BLOCKED)
    assert len(service.asked) == asked


def question(birth_date: str = "1980-05-15") -> SubstituteQuestion:
    return SubstituteQuestion(
        id=uuid4(),
        enp=ENP,
        birth_date=datetime.fromisoformat(birth_date).date(),
        reason=Substitute.CARD_FORGOTTEN,
    )


def test_the_register_is_asked_instead_of_a_chip(desk: AtWork, service: Service) -> None:
    register = ServiceSubstitutes(desk.desk.clerk_calls)
    assert register.ask(question()).in_force
    with pytest.raises(Refusal) as refused:
        register.ask(question("1981-01-01"))
    assert refused.value.code == "not-found"
    service.lies["/api/v1/substitutes"] = lambda _handler, _reply: Reply(200, {"in_force": 1})
    with pytest.raises(RegisterUnreachableError):
        register.ask(question())


def test_an_agent_stops_while_the_service_hangs(place: Place, service: Service) -> None:
    def hang(handler: Handler, _: Reply) -> None:
        handler.service.closed.wait(30)
        handler.cut()

    place.whole_s = 60.0
    place.enrol()
    service.lies["/api/v1/trust"] = hang
    with working(place):
        assert until(lambda: "/api/v1/trust" in service.asked)


def test_one_process_works_with_a_desks_folder(place: Place) -> None:
    place.enrol()
    with place.at_work(), pytest.raises(Refusal) as refused, place.at_work():
        pass
    assert refused.value.code == "desk-running"


def test_a_fault_nobody_foresaw_does_not_end_the_agent(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.enrol()
    failed = []

    def fail(_: object) -> None:
        failed.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr("cardservice.serving.desk_agent.standing_of", fail)
    with working(place) as (agent, _):
        assert until(lambda: len(failed) > 2)
        assert agent.alive
