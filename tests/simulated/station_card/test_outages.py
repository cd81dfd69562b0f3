"""``station card do``, killed or cut off from its office: nothing is lost, nothing done twice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from typing_extensions import override

from cardservice.cli.exit_codes import Exit
from cardservice.domain.lives import OrderState
from cardservice.errors import SourceUnavailableError
from cardservice.officelink.link import OfficeLink
from cardservice.officelink.registry_jobs import RegistryJobs
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import ServiceBegun, ServiceDone, ServiceReported
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.recovery_services import ServiceStanding
from tests.simulated.station_card.counter import OfficeCounter
from tests.simulated.station_card.expecting import expect_done
from tests.simulated.test_after_issue_world import HELD
from tests.simulated.test_station_crash_world import Killed

ENTRIES = (ServiceBegun, ServiceDone, ServiceReported)
OFTEN = (Work.CHANGE_INSURER, Work.NEW_PIN)


@dataclass(frozen=True)
class Moment:
    """Around an entry of the journal."""

    entry: type[Any]
    is_after: bool

    @override
    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.entry.__name__}"


MOMENTS = [Moment(entry, is_after) for entry in ENTRIES for is_after in (False, True)]


def killed_at(moment: Moment, counter: OfficeCounter, order_id: str, work: Work) -> None:
    """Type the command and kill it; a dead process gives nothing back."""
    note = StationJournal.note

    def dying(journal: StationJournal, entry: Any) -> None:
        if moment.is_after or not isinstance(entry, moment.entry):
            note(journal, entry)
        if isinstance(entry, moment.entry):
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StationJournal, "note", dying)
        patch.setattr(RegistryJobs, "give_back", lambda *_: None)
        with pytest.raises(Killed):
            counter.do(order_id, counter.typed_for(work))


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("work", OFTEN)
def test_the_same_command_finishes_what_was_killed(
    work: Work, moment: Moment, counter: OfficeCounter
) -> None:
    order_id = counter.order(work)
    killed_at(moment, counter, order_id, work)
    result = counter.do(order_id, counter.typed_for(work))
    is_known = moment.entry is ServiceReported
    assert result.exit_code == (Exit.HOME if is_known else Exit.OK)
    assert ("done before" in result.stderr) is is_known
    expect_last_letter(counter, work)
    expect_done(counter, order_id, work)


def expect_last_letter(counter: OfficeCounter, work: Work) -> None:
    """Expect one letter that is good, whatever was printed before it was known to be."""
    for old in sorted(counter.letters.glob("*.pdf"), key=lambda one: one.stat().st_mtime_ns)[:-1]:
        old.unlink()
    assert len(list(counter.letters.glob("*.pdf"))) == (work is Work.NEW_PIN)


@pytest.mark.parametrize("work", HELD)
def test_what_was_begun_is_not_given_back_and_is_finished(
    work: Work, counter: OfficeCounter
) -> None:
    order_id = counter.order(work)
    killed_at(Moment(ServiceBegun, is_after=True), counter, order_id, work)
    service = counter.service(order_id)
    assert service is not None
    assert service.standing is ServiceStanding.BEGUN
    assert counter.order_now(order_id).state == OrderState.LEASED
    assert counter.do(order_id, counter.typed_for(work)).exit_code == Exit.OK
    expect_done(counter, order_id, work)


def cut_off(patch: pytest.MonkeyPatch, *, arrives: bool) -> None:
    """Let reports not reach the office, or let their answers not come back."""
    send = OfficeLink.send

    def cut(link: OfficeLink, path: str, *rest: Any, **more: Any) -> Any:
        is_report = path.rpartition("/")[2] in {"service", "update"}
        answer = send(link, path, *rest, **more) if arrives or not is_report else None
        if is_report:
            raise SourceUnavailableError("registry-late", "The registry did not answer in time.")
        return answer

    patch.setattr(OfficeLink, "send", cut)


@pytest.fixture(params=[False, True], ids=["not sent", "answer lost"])
def done_in_an_outage(
    request: pytest.FixtureRequest, counter: OfficeCounter
) -> Callable[[Work], str]:
    """Does an order of which the office is not told; returns its name."""

    def done(work: Work) -> str:
        order_id = counter.order(work)
        with pytest.MonkeyPatch.context() as patch:
            cut_off(patch, arrives=request.param)
            result = counter.do(order_id, counter.typed_for(work))
        assert (result.exit_code, "told by the next" in result.stderr) == (Exit.OK, True)
        service = counter.service(order_id)
        assert service is not None
        assert service.standing is ServiceStanding.DONE
        return order_id

    return done


@pytest.mark.parametrize("work", OFTEN)
def test_what_the_office_could_not_be_told_it_is_told_by_the_next_command(
    work: Work, done_in_an_outage: Callable[[Work], str], counter: OfficeCounter
) -> None:
    order_id = done_in_an_outage(work)
    other = "0190c6b2-0000-7000-8000-00000000dead"
    assert counter.do(other).exit_code == Exit.HOME
    expect_done(counter, order_id, work)


def test_the_same_command_tells_of_it_too(
    done_in_an_outage: Callable[[Work], str], counter: OfficeCounter
) -> None:
    order_id = done_in_an_outage(Work.CHANGE_INSURER)
    result = counter.do(order_id)
    assert "PIN" not in result.stderr
    expect_done(counter, order_id, Work.CHANGE_INSURER)


def test_without_the_office_no_order_is_begun(
    counter: OfficeCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = counter.order(Work.NEW_PIN)
    known = counter.codes()
    monkeypatch.setenv("CARDSERVICE_STATION_OFFICE", "http://127.0.0.1:9")
    result = counter.do(order_id)
    assert (result.exit_code, "cannot be reached" in result.stderr) == (Exit.READER, True)
    assert (counter.codes(), counter.service(order_id)) == (known, None)


def test_that_an_order_was_done_is_known_without_the_office(
    counter: OfficeCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = counter.order(Work.TERMINATE)
    assert counter.do(order_id).exit_code == Exit.OK
    monkeypatch.setenv("CARDSERVICE_STATION_OFFICE", "http://127.0.0.1:9")
    again = counter.do(order_id)
    assert (again.exit_code, "done before" in again.stderr) == (Exit.HOME, True)
