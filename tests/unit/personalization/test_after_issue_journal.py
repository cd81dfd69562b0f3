"""An order for a held card in the journal: who may work on it, and what of it is kept for long."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardservice.errors import Refusal, UsageError
from cardservice.personalization.jobs import Job, Work
from cardservice.personalization.journal import (
    CardEnded,
    CardMade,
    CardSpoiled,
    Entry,
    Kept,
    ServiceBegun,
    ServiceDone,
    ServiceDropped,
    ServiceReported,
    SpoiledReason,
    StationStarted,
)
from cardservice.personalization.journal_compaction import compacted
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.journal_service import ServiceTurn, take_service
from cardservice.personalization.recovery import recover
from cardservice.personalization.recovery_services import ServiceStanding

AT = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
CHIP, OTHER = bytes(8), b"\x01" * 8
NUMBER = 7
JOB = Job(order_id="a", work=Work.NEW_PIN, card_number=NUMBER)


def begun(order: str = "a", chip: bytes = CHIP) -> ServiceBegun:
    return ServiceBegun(order=order, chip=chip, number=NUMBER, work="new-pin", signed_at=None)


def journal_of(*entries: Entry) -> StationJournal:
    journal = StationJournal(MemoryJournal(lambda: AT))
    for entry in entries:
        journal.note(entry)
    return journal


def made(chip: bytes = CHIP, number: int = NUMBER) -> CardMade:
    return CardMade(chip=chip, order="first", number=number, signed_at=AT)


def refused(journal: StationJournal, chip: bytes = CHIP, job: Job = JOB) -> str:
    with pytest.raises(Refusal) as refusal, take_service(journal, job) as turn:
        turn.meet(chip)
    return refusal.value.code


def test_a_turn_that_ends_lets_go_of_order_and_chip() -> None:
    journal = journal_of()
    with take_service(journal, JOB) as turn:
        turn.meet(CHIP)
        assert refused(journal) == "in-hand"
        other = Job(order_id="b", work=Work.NEW_CAN, card_number=NUMBER)
        assert refused(journal, job=other) == "in-hand"
    with take_service(journal, JOB) as turn:
        turn.meet(CHIP)
        assert turn.in_hand == {"a", CHIP}


def test_an_order_told_of_is_not_done_again() -> None:
    journal = journal_of(begun(), ServiceDone(order="a"), ServiceReported(order="a"))
    assert refused(journal) == "service-done"


def test_an_order_is_begun_again_for_the_same_work_and_card_only() -> None:
    journal = journal_of(begun())
    for job in (
        Job(order_id="a", work=Work.NEW_CAN, card_number=NUMBER),
        Job(order_id="a", work=Work.NEW_PIN, card_number=NUMBER + 1),
    ):
        with pytest.raises(UsageError), take_service(journal, job):
            pass
    assert refused(journal, OTHER) == "other-card"
    with take_service(journal, JOB) as turn:
        turn.meet(CHIP)
        assert turn.known_chip == CHIP


def test_an_order_that_came_to_nothing_may_be_begun_on_another_chip() -> None:
    journal = journal_of(begun(), ServiceDropped(order="a"))
    with take_service(journal, JOB) as turn:
        turn.meet(OTHER)
        turn.begin(OTHER)
        assert turn.touched is not None
        assert turn.touched.chip == OTHER


def test_a_job_without_a_card_number_is_nobodys() -> None:
    with (
        pytest.raises(UsageError, match="number"),
        take_service(journal_of(), Job(order_id="a", work=Work.NEW_PIN)),
    ):
        pass


SPOILED = CardSpoiled(chip=CHIP, reason=SpoiledReason.LOST)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([made(OTHER)], "held-card-twin"),
        ([made(number=NUMBER + 1)], "held-card-twin"),
        ([made(), SPOILED, CardEnded(chip=CHIP)], "held-card-twin"),
        ([made(), SPOILED], "held-card-spoiled"),
    ],
    ids=["number on another chip", "chip of another number", "ended chip", "spoiled card"],
)
def test_a_card_that_cannot_be_by_the_journal_is_left_alone(
    entries: list[Entry], code: str
) -> None:
    assert refused(journal_of(*entries)) == code


def test_a_spoiled_card_may_be_ended() -> None:
    job = Job(order_id="a", work=Work.TERMINATE, card_number=NUMBER)
    with take_service(journal_of(made(), SPOILED), job) as turn:
        turn.meet(CHIP)
        assert CHIP in turn.in_hand


def test_what_is_done_stays_done_whatever_is_noted_again() -> None:
    journal = journal_of(begun(), ServiceDone(order="a"))
    again: tuple[Callable[[ServiceTurn], None], ...] = (
        lambda turn: turn.begin(CHIP),
        lambda turn: turn.done(),
        lambda turn: turn.dropped(),
    )
    for note in again:
        with take_service(journal, JOB) as turn:
            note(turn)
            assert turn.is_done


# --- compaction

ATTEMPTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["begin", "drop", "done", "report"]),
    ),
    max_size=24,
)
Later = ServiceDropped | ServiceDone | ServiceReported
_ENTRIES: dict[str, type[Later]] = {
    "drop": ServiceDropped,
    "done": ServiceDone,
    "report": ServiceReported,
}


def a_story(attempts: list[tuple[str, str]]) -> list[Kept]:
    """Return the entries of what can happen; what cannot is left out."""
    sum_ = recover([])
    story: list[Kept] = []
    for order, what in attempts:
        entry: ServiceBegun | Later = (
            begun(order) if what == "begin" else _ENTRIES[what](order=order)
        )
        if sum_.services.may_follow(entry):
            story.append(Kept(len(story) + 2, AT, entry))
            sum_.apply(story[-1])
    return [Kept(1, AT, StationStarted()), *story]


@given(ATTEMPTS)
def test_a_compacted_journal_knows_the_same_services(attempts: list[tuple[str, str]]) -> None:
    entries = a_story(attempts)
    short = list(compacted(entries))
    lives = recover(entries).services.orders
    kept = {
        order: life for order, life in lives.items() if life.standing is not ServiceStanding.DROPPED
    }
    assert recover(short).services.orders == kept
    assert list(compacted(short)) == short
    assert len(short) <= 3 * len(kept)


def test_of_a_service_told_of_its_last_attempt_is_kept_and_nothing_else() -> None:
    first = [("a", "begin"), ("a", "drop"), ("a", "begin"), ("a", "begin"), ("b", "begin")]
    entries = a_story([*first, ("a", "done"), ("a", "report"), ("b", "drop")])
    assert [(one.sequence, type(one.entry)) for one in compacted(entries)] == [
        (5, ServiceBegun),
        (7, ServiceDone),
        (8, ServiceReported),
    ]
