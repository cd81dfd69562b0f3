"""A lane beside its station says little to the journal, and the journal holds the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from typing_extensions import override

from cardservice.errors import CardRemovedError, Refusal, UsageError
from cardservice.personalization.journal import (
    CardMade,
    CardSeen,
    CardSpoiled,
    ChipKeyMade,
    Entry,
    Intent,
    KeysReplaced,
    OutcomeReported,
    SpoiledReason,
)
from cardservice.personalization.journal_brief import BriefJournal
from cardservice.personalization.journal_calls import LaneJournal, LaneShare, RemoteJournal
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.journal_turn import take_turn
from cardservice.personalization.recovery_lives import Standing
from cardservice.personalization.recovery_rules import Action, Found
from cardservice.personalization.station import Station
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard, blank_card
from tests.chain import SIGNED, StandingClock, an_order, desk, issuer, link_to

AT = datetime(2026, 11, 11, 9, 30, tzinfo=UTC)
CHIP, OTHER = b"\x01" * 8, b"\x02" * 8
POINT = b"\x04" + bytes(64)
INTENT = Intent(order="a", lane=1, number=1)


@dataclass
class Bench:
    """A station's journal, and one lane's way to it; ``events`` is what happened, in its order."""

    events: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    shown: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = MemoryJournal(lambda: AT)
        self.journal = Noting(self.file, self.events)
        self.share = LaneShare(self.journal, noted=self.shown.append)

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        self.calls.append(name)
        return self.share.answer(name, arguments)

    def brief(self) -> BriefJournal:
        return BriefJournal(self.call)

    def other_lane(self) -> BriefJournal:
        return BriefJournal(LaneShare(self.journal).answer)


class Noting(StationJournal):
    """A journal that says when an entry is kept."""

    def __init__(self, file: MemoryJournal, events: list[str]) -> None:
        self._events = events
        super().__init__(file)

    @override
    def note(self, entry: Entry) -> None:
        super().note(entry)
        self._events.append(type(entry).__name__)


class Watched:
    """A card that says when it is sent something."""

    def __init__(self, card: SoftwareCard, events: list[str]) -> None:
        self._link = link_to(card)
        self._events = events
        self.atr = self._link.atr

    def exchange(self, command: bytes) -> bytes:
        self._events.append(f"command {command[1]:02X}")
        return self._link.exchange(command)

    def reset(self) -> bytes:
        self._events.append("reset")
        return self._link.reset()


def make(journal: LaneJournal, card: PresentedCard) -> bytes:
    station = Station(
        issuer().keys,
        examiner=desk(None, now=SIGNED),
        issued=None,
        entropy=lambda count: bytes(range(count)),
        clock=StandingClock(),
        journal=journal,
    )
    return station.make(card, an_order(), order_id="a").chip_serial


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value.code


WAYS: dict[str, Callable[[Bench], LaneJournal]] = {
    "in few words": Bench.brief,
    "one by one": lambda bench: RemoteJournal(bench.call),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_entry_is_kept_before_the_same_command_as_by_a_station_at_its_journal(
    way: Callable[[Bench], LaneJournal],
) -> None:
    here, there = Bench(), Bench()
    make(here.journal, Watched(blank_card(), here.events))
    make(way(there), Watched(blank_card(), there.events))
    assert there.events == here.events
    assert here.events.index("Intent") < here.events.index("command A4")
    assert here.events.index("DataStored") < here.events.index("Finalized")


def test_a_card_takes_a_call_for_each_entry_and_no_other() -> None:
    bench = Bench()
    make(bench.brief(), link_to(blank_card()))
    assert bench.calls == ["begin", "meet", *["keep"] * 6]
    assert bench.shown == [one.entry for one in bench.file.entries()][1:]


@pytest.mark.parametrize("fault", range(1, 32, 3))
def test_a_card_torn_out_anywhere_is_made_when_it_is_put_back(fault: int) -> None:
    bench, card = Bench(), blank_card()
    count = 0

    class Torn(Watched):
        @override
        def exchange(self, command: bytes) -> bytes:
            nonlocal count
            count += 1
            if count == fault:
                raise CardRemovedError("pulled by a test")
            return super().exchange(command)

    journal = bench.brief()
    with pytest.raises(CardRemovedError):
        make(journal, Torn(card, bench.events))
    bench.share.close()
    card.power_up()
    chip = make(journal, link_to(card))
    life = bench.journal.life_of(chip)
    assert life is not None
    assert life.standing is Standing.MADE
    assert journal.life_of(chip) == life


def test_what_a_lane_has_in_hand_is_nobody_elses_until_its_share_is_closed() -> None:
    bench = Bench()
    lane = bench.brief()
    with take_turn(lane, INTENT, only_once=True) as turn:
        assert turn.meet(CHIP, Found.BLANK_TRANSPORT) is Action.MAKE
        _expect_in_hand(bench)
    _expect_in_hand(bench)
    bench.share.close()
    bench.journal.give_up(CHIP, SpoiledReason.LOST)
    bench.journal.give_back("a")


def _expect_in_hand(bench: Bench) -> None:
    """Nobody else takes the order or the chip, gives it up or gives it back."""
    other = bench.other_lane()
    journal, found = bench.journal, Found.BLANK_TRANSPORT
    another = Intent(order="b", lane=2, number=2)
    assert code_of(lambda: other.begin(INTENT, only_once=True)) == "in-hand"
    assert code_of(lambda: other.meet(CHIP, found, another, only_once=True)) == "in-hand"
    assert code_of(lambda: other.take_in_hand(CHIP)) == "in-hand"
    assert code_of(lambda: journal.give_up(CHIP, SpoiledReason.LOST)) == "in-hand"
    assert code_of(lambda: journal.spoil_blank(CHIP, SpoiledReason.BROKEN)) == "in-hand"
    assert code_of(lambda: journal.give_back("a")) == "in-hand"


def test_what_a_lane_remembers_of_its_chip_is_what_the_journal_says() -> None:
    bench = Bench()
    lane = bench.brief()
    with take_turn(lane, INTENT, only_once=True) as turn:
        turn.meet(CHIP, Found.BLANK_TRANSPORT)
        for step in (turn.keyed, lambda chip: turn.key_made(chip, POINT)):
            step(CHIP)
            asked = len(bench.calls)
            assert lane.life_of(CHIP) == bench.journal.life_of(CHIP)
            assert len(bench.calls) == asked


def test_what_is_not_in_hand_is_asked_for_each_time() -> None:
    bench = Bench()
    lane = bench.brief()
    assert lane.life_of(CHIP) is None
    bench.journal.note(CardSeen(chip=CHIP, order="a", lane=2))
    life = lane.life_of(CHIP)
    assert life is not None
    assert life.standing is Standing.SEEN


def test_after_a_turn_nothing_is_remembered_of_its_chip() -> None:
    bench = Bench()
    lane = bench.brief()
    with take_turn(lane, INTENT, only_once=True) as turn:
        turn.meet(CHIP, Found.BLANK_TRANSPORT)
    bench.share.close()
    for entry in (KeysReplaced(chip=CHIP), CardSpoiled(chip=CHIP, reason=SpoiledReason.LOST)):
        bench.journal.note(entry)
        assert lane.life_of(CHIP) == bench.journal.life_of(CHIP)


def test_after_a_refused_entry_the_life_is_asked_for_anew() -> None:
    bench = Bench()
    lane = bench.brief()
    with take_turn(lane, INTENT, only_once=True) as turn:
        turn.meet(CHIP, Found.BLANK_TRANSPORT)
        out_of_turn = lambda: lane.note(ChipKeyMade(chip=CHIP, point=POINT))  # noqa: E731
        assert code_of(out_of_turn) == "journal-contradicts"
        bench.calls.clear()
        assert lane.life_of(CHIP) == bench.journal.life_of(CHIP)
        assert bench.calls == ["life_of"]


def test_that_a_card_was_told_of_meanwhile_does_not_move_it() -> None:
    bench = Bench()
    bench.journal.note(CardMade(chip=CHIP, order="a", number=1, signed_at=AT))
    lane = bench.brief()
    with take_turn(lane, INTENT, only_once=True) as turn:
        assert turn.meet(CHIP, Found.PERSONALIZED) is Action.FINISH
        bench.journal.reported(CHIP)
        turn.finalized(CHIP)
        turn.made(CHIP, AT)
        lane.reported(CHIP)
        assert lane.life_of(CHIP) == bench.journal.life_of(CHIP)
    kinds = [type(one.entry) for one in bench.file.entries()]
    assert kinds.count(CardMade) == 1
    assert kinds.count(OutcomeReported) == 2


def test_an_order_that_is_refused_is_in_nobodys_hand() -> None:
    bench = Bench()
    bench.journal.note(CardMade(chip=CHIP, order="b", number=1, signed_at=AT))
    lane = bench.brief()
    assert code_of(lambda: lane.begin(INTENT, only_once=True)) == "card-number-used"
    assert bench.shown == []
    bench.journal.take_in_hand("a")


def test_a_card_that_is_refused_is_in_nobodys_hand() -> None:
    bench = Bench()
    with take_turn(bench.other_lane(), INTENT, only_once=True) as turn:
        turn.meet(OTHER, Found.BLANK_TRANSPORT)
        turn.keyed(OTHER)
        turn.key_made(OTHER, POINT)
        turn.stored(OTHER, AT)
    bench.journal.let_go(("a", OTHER))
    with take_turn(bench.brief(), INTENT, only_once=True) as turn:
        refused = lambda: turn.meet(CHIP, Found.BLANK_TRANSPORT)  # noqa: E731
        assert code_of(refused) == "order-on-another-card"
        bench.journal.take_in_hand(CHIP)
    assert bench.journal.life_of(CHIP) is None


def test_an_order_without_a_name_is_in_nobodys_hand() -> None:
    bench = Bench()
    with take_turn(bench.brief(), INTENT, only_once=False) as turn:
        assert turn.in_hand == set()
        bench.journal.take_in_hand("a")


def test_a_second_card_with_the_serial_in_hand_is_refused_without_a_word() -> None:
    bench = Bench()
    with take_turn(bench.brief(), INTENT, only_once=True) as turn:
        turn.meet(CHIP, Found.BLANK_TRANSPORT)
        turn.keyed(CHIP)
        bench.calls.clear()
        second = lambda: turn.meet(CHIP, Found.BLANK_TRANSPORT)  # noqa: E731
        assert code_of(second) == "chip-serial-twice"
        assert bench.calls == []


def test_what_was_kept_is_shown_when_the_lane_has_its_answer() -> None:
    bench = Bench()
    bench.share.ask("begin", (INTENT, True))
    bench.share.ask("meet", (CHIP, Found.BLANK_TRANSPORT, INTENT, True))
    assert bench.shown == []
    bench.share.show()
    assert bench.shown == [INTENT, CardSeen(chip=CHIP, order="a", lane=1)]
    bench.share.ask("keep", (KeysReplaced(chip=CHIP),))
    bench.share.close()
    assert bench.shown[2:] == [KeysReplaced(chip=CHIP)]


def test_a_refused_entry_is_not_shown() -> None:
    bench = Bench()
    entry = CardSpoiled(chip=CHIP, reason=SpoiledReason.BROKEN)
    bench.share.answer("keep", (entry,))
    assert code_of(lambda: bench.share.answer("keep", (entry,))) == "journal-contradicts"
    assert bench.shown == [entry]


@pytest.mark.parametrize("name", ["give_up", "close", "_meet", ""])
def test_a_lane_may_ask_for_nothing_else(name: str) -> None:
    with pytest.raises(UsageError):
        Bench().share.answer(name, ())
