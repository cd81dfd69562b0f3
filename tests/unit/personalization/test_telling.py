"""Outcomes that the journal holds and nobody was told of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from cardservice.errors import CardServiceError, Refusal, SourceUnavailableError
from cardservice.personalization.jobs import Job, Outcome, Work
from cardservice.personalization.journal import (
    CardMade,
    CardSeen,
    CardSpoiled,
    ServiceBegun,
    ServiceDone,
    SpoiledReason,
)
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.telling import Reporter

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@dataclass
class Source:
    """Takes what it is told; ``answers`` are raised, by order, once each."""

    told: list[Outcome] = field(default_factory=list)
    answers: dict[str, CardServiceError] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None

    def take(self, count: int) -> Sequence[Job]:
        return ()

    def again(self, order_id: str) -> Job | None:
        return None

    def renew(self) -> Sequence[str]:
        return ()

    def give_back(self, order_id: str) -> None:
        return

    def tell(self, outcome: Outcome) -> None:
        error = self.answers.pop(outcome.order_id, None)
        if error is not None:
            raise error
        self.told.append(outcome)
        self.meanwhile()


@pytest.fixture
def journal() -> StationJournal:
    return StationJournal(MemoryJournal(lambda: NOW))


def chip_of(serial: int) -> bytes:
    return serial.to_bytes(8)


def made(journal: StationJournal, order: str, serial: int) -> None:
    journal.note(CardMade(chip=chip_of(serial), order=order, number=serial, signed_at=NOW))


def served(journal: StationJournal, order: str, serial: int) -> None:
    begun = ServiceBegun(
        order=order, chip=chip_of(serial), number=serial, work="new-pin", signed_at=None
    )
    journal.note(begun)
    journal.note(ServiceDone(order=order))


UNREACHABLE = SourceUnavailableError("registry-unreachable", "The line is down.")
NOT_OURS = Refusal("lease-not-yours", "Another station has it.")


def test_everything_is_told_once_in_the_order_in_which_it_happened(
    journal: StationJournal,
) -> None:
    made(journal, "o-1", 1)
    served(journal, "o-2", 2)
    made(journal, "o-3", 3)
    source = Source()
    reporter = Reporter(journal, source)
    assert (reporter.untold, reporter.tell_all(), reporter.tell_all()) == (3, 3, 0)
    assert [one.order_id for one in source.told] == ["o-1", "o-2", "o-3"]
    assert source.told[0] == Outcome(
        order_id="o-1", work=Work.NEW_CARD, chip=chip_of(1), number=1, signed_at=NOW
    )
    assert source.told[1].work is Work.NEW_PIN
    assert not journal.unreported()
    assert not journal.unreported_services()


def test_a_card_spoiled_after_it_was_told_of_is_told_of_again_with_the_reason(
    journal: StationJournal,
) -> None:
    made(journal, "o-1", 1)
    source = Source()
    reporter = Reporter(journal, source)
    reporter.tell_all()
    journal.give_up(chip_of(1), SpoiledReason.LOST)
    assert reporter.tell_all() == 1
    assert [one.spoiled for one in source.told] == [None, "lost"]


def test_a_card_given_up_while_it_is_told_of_is_told_of_once_more(
    journal: StationJournal,
) -> None:
    made(journal, "o-1", 1)
    source = Source()
    reporter = Reporter(journal, source)

    def give_up() -> None:
        source.meanwhile = lambda: None
        journal.give_up(chip_of(1), SpoiledReason.LOST)

    source.meanwhile = give_up
    reporter.tell_all()
    assert reporter.untold == 1
    assert reporter.tell_all() == 1
    assert [one.spoiled for one in source.told] == [None, "lost"]


def test_a_blank_spoiled_before_it_was_anybodys_is_nothing_to_tell(
    journal: StationJournal,
) -> None:
    journal.note(CardSeen(chip=chip_of(1), order="o-1", lane=1))
    journal.note(CardSpoiled(chip=chip_of(1), reason=SpoiledReason.BROKEN))
    reporter = Reporter(journal, Source())
    assert (reporter.untold, reporter.tell_all()) == (0, 0)


def test_an_outage_stops_the_telling_and_it_goes_on_where_it_stopped(
    journal: StationJournal,
) -> None:
    for serial in (1, 2, 3):
        made(journal, f"o-{serial}", serial)
    source = Source(answers={"o-2": UNREACHABLE})
    reporter = Reporter(journal, source)
    with pytest.raises(SourceUnavailableError):
        reporter.tell_all()
    assert ([one.order_id for one in source.told], reporter.untold) == (["o-1"], 2)
    assert reporter.tell_all() == 2
    assert [one.order_id for one in source.told] == ["o-1", "o-2", "o-3"]


def test_what_is_refused_is_put_aside_with_its_code_and_blocks_nothing(
    journal: StationJournal,
) -> None:
    for serial in (1, 2, 3):
        made(journal, f"o-{serial}", serial)
    source = Source(answers={"o-1": NOT_OURS})
    reporter = Reporter(journal, source)
    assert (reporter.tell_all(), reporter.tell_all()) == (2, 0)
    (refused,) = reporter.refused
    assert (refused.outcome.order_id, refused.code) == ("o-1", "lease-not-yours")
    assert reporter.untold == 1


def test_what_was_refused_is_told_again_when_somebody_wishes_it(journal: StationJournal) -> None:
    made(journal, "o-1", 1)
    reporter = Reporter(journal, Source(answers={"o-1": NOT_OURS}))
    reporter.tell_all()
    reporter.try_refused_again()
    assert (reporter.tell_all(), reporter.refused, reporter.untold) == (1, (), 0)


def test_what_a_person_saw_to_is_not_told_any_more(journal: StationJournal) -> None:
    made(journal, "o-1", 1)
    reporter = Reporter(journal, Source(answers={"o-1": NOT_OURS}))
    reporter.tell_all()
    reporter.settle(reporter.refused[0].outcome)
    assert (reporter.refused, reporter.untold, reporter.tell_all()) == ((), 0, 0)


def test_nothing_is_settled_that_was_not_refused(journal: StationJournal) -> None:
    made(journal, "o-1", 1)
    reporter = Reporter(journal, Source())
    outcome = Outcome(order_id="o-1", work=Work.NEW_CARD, chip=chip_of(1), number=1, signed_at=NOW)
    with pytest.raises(Refusal) as caught:
        reporter.settle(outcome)
    assert (caught.value.code, reporter.untold) == ("not-refused", 1)
