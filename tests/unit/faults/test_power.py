"""Power, presence and silence at the seam, with a blank card that keeps its memory."""

import pytest
from typing_extensions import override

from simulators.card import CardMuteError, PowerCut, blank_card
from simulators.card.field import FieldCard
from simulators.card.foreign import BankCard
from simulators.faults import (
    CutPower,
    Fault,
    FaultPlan,
    FaultRun,
    LoseInsertion,
    Moment,
    Mute,
    PullCard,
    RemoveReader,
    When,
)
from simulators.reader.errors import CardGoneError
from simulators.reader.inprocess import InProcessReader
from tests.unit.faults.stage import LIFE_CYCLE, OK, SELECT_ROOT, Bench, field_card, plan_of

INITIALIZE_UPDATE = bytes.fromhex("8050300008") + bytes(8)
BLANK = "079000"


def _counter(answer: str) -> int:
    """The sequence counter that an answer to INITIALIZE UPDATE ends with."""
    assert answer.endswith("9000"), answer
    return int(answer[-10:-4], 16)


def _counter_after(bench: Bench) -> int:
    bench.card.power_up()
    return _counter(bench.send(SELECT_ROOT, INITIALIZE_UPDATE)[1])


@pytest.mark.parametrize(
    ("moment", "counter"),
    [(Moment.BEFORE, 1), (Moment.DURING, 1), (Moment.UNANSWERED, 2)],
)
def test_a_cut_before_or_at_the_write_leaves_the_old_state_and_one_after_it_the_new(
    moment: Moment, counter: int
) -> None:
    bench = Bench(CutPower(moment=moment), when=When(header="8050****", times=1))
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE, LIFE_CYCLE) == ["9000", "cut", "mute"]
    assert bench.told == ["power-cut at command 2 (80503000)"]
    assert _counter_after(bench) == counter


def test_a_cut_after_the_command_lets_the_answer_out_and_then_there_is_no_power() -> None:
    bench = Bench(CutPower(moment=Moment.AFTER), when=When(nth=2))
    first, second, third = bench.send(SELECT_ROOT, INITIALIZE_UPDATE, LIFE_CYCLE)
    assert (first, _counter(second), third) == ("9000", 1, "mute")
    assert _counter_after(bench) == 2


def test_a_command_that_writes_nothing_is_done_but_not_answered_when_power_goes_during_it() -> None:
    bench = Bench(CutPower(), when=When(nth=1))
    assert bench.send(LIFE_CYCLE) == ["cut"]
    bench.card.power_up()
    assert bench.send(LIFE_CYCLE) == [BLANK]


def test_a_write_that_the_command_does_not_reach_leaves_no_trap_behind() -> None:
    bench = Bench(CutPower(write=40), when=When(header="8050****", times=1))
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    for counter in range(2, 60):
        assert _counter_after(bench) == counter


def test_power_goes_at_the_write_of_that_number_of_the_plan_or_of_the_power_up() -> None:
    bench = Bench(CutPower(), when=When(write=3))
    assert [_counter_after(bench) for _ in range(2)] == [1, 2]
    bench.card.power_up()
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    assert bench.told == ["power-cut at write 3"]
    assert _counter_after(bench) == 3


def test_of_two_losses_of_power_the_nearer_comes_and_the_other_is_saved() -> None:
    now = Fault(CutPower(), When(header="8050****", times=1))
    later = Fault(CutPower(), When(write=2, times=1))
    bench = Bench(FaultPlan((now, later)))
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    assert bench.told == ["power-cut at command 2 (80503000)"]
    bench.card.power_up()
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    assert bench.told[1:] == ["power-cut at write 2"]
    assert _counter_after(bench) == 1


def test_writes_are_counted_on_from_card_to_card_of_one_run() -> None:
    run = FaultRun(plan_of(CutPower(), When(write=2)))
    assert Bench(run).send(SELECT_ROOT, INITIALIZE_UPDATE)[1].endswith("9000")
    assert Bench(run).send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]


@pytest.mark.parametrize("what", [CutPower(), PullCard(moment=Moment.DURING)])
def test_power_can_go_again_while_the_card_recovers(what: CutPower | PullCard) -> None:
    card = blank_card()
    journal = {"one": b"1", "two": b"2"}
    card.memory.cut_power_at(card.memory.writes + 5)  # two cells, their mark, and one carried over
    with pytest.raises(PowerCut):
        card.memory.transaction(journal)
    bench = Bench(what, when=When(write=2), card=card)
    with pytest.raises(PowerCut):
        bench.card.power_up()
    assert bench.send(LIFE_CYCLE) == ["mute"]
    assert bench.told == [f"{what.kind} at write 2"]
    assert bench.pulled == isinstance(what, PullCard)
    bench.card.power_up()
    assert journal.items() <= card.memory.cells().items()


@pytest.mark.parametrize("moment", Moment)
def test_the_card_itself_has_no_power_after_a_cut(moment: Moment) -> None:
    bench = Bench(CutPower(moment=moment), when=When(nth=1), card=field_card())
    bench.send(SELECT_ROOT)
    with pytest.raises(CardMuteError):
        bench.sound.execute(SELECT_ROOT)


def test_a_cut_means_the_same_to_cards_that_keep_nothing_and_know_no_power() -> None:
    for card in (field_card(), BankCard()):
        bench = Bench(CutPower(), when=When(nth=1), card=card)
        assert bench.send(SELECT_ROOT, SELECT_ROOT) == ["cut", "mute"]
        bench.card.power_up()
        assert bench.send(SELECT_ROOT) != ["mute"]


@pytest.mark.parametrize("moment", Moment)
def test_a_hand_that_pulls_is_asked_once_and_only_after_lets_the_answer_out(
    moment: Moment,
) -> None:
    bench = Bench(PullCard(moment=moment), when=When(nth=2))
    answers = bench.send(LIFE_CYCLE, LIFE_CYCLE)
    assert answers == [BLANK, BLANK if moment is Moment.AFTER else "cut"]
    assert bench.pulled == 1


def test_a_hand_can_pull_at_a_write_and_a_loss_of_power_asks_no_hand() -> None:
    pulled = Bench(PullCard(moment=Moment.DURING), when=When(write=1))
    assert pulled.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    assert pulled.pulled == 1
    cut = Bench(CutPower(), when=When(write=1))
    assert cut.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "cut"]
    assert cut.pulled == 0


def test_a_mute_card_is_mute_for_so_many_commands_whatever_resets_come() -> None:
    bench = Bench(Mute(commands=3), when=When(nth=2))
    assert bench.send(LIFE_CYCLE, LIFE_CYCLE) == [BLANK, "mute"]
    bench.card.reset()
    assert bench.send(LIFE_CYCLE, LIFE_CYCLE, LIFE_CYCLE) == ["mute", "mute", BLANK]


def test_a_card_that_is_mute_until_reset_is_woken_by_a_reset_and_by_power() -> None:
    for wake in ("reset", "power_up"):
        bench = Bench(Mute(until_reset=True), when=When(nth=2))
        assert bench.send(*[LIFE_CYCLE] * 9) == [BLANK] + ["mute"] * 8
        getattr(bench.card, wake)()
        assert bench.send(LIFE_CYCLE) == [BLANK]


@pytest.mark.parametrize(("executed", "counter"), [(False, 1), (True, 2)])
def test_a_mute_card_acts_on_the_command_only_if_told_so(executed: bool, counter: int) -> None:
    bench = Bench(Mute(executed=executed), when=When(nth=2))
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE) == ["9000", "mute"]
    assert _counter_after(bench) == counter


def test_a_mute_card_keeps_its_state() -> None:
    bench = Bench(Mute(), when=When(nth=2), card=field_card())
    pointer = bytes.fromhex("00CA01B002")
    select = bytes.fromhex("00A4040C") + b"\x08FOMS_INS"
    assert bench.send(select, pointer, pointer) == ["9000", "mute", "03019000"]


@pytest.mark.parametrize(("executed", "counter"), [(False, 1), (True, 2)])
def test_a_reader_that_goes_takes_the_card_with_it_and_says_when_it_is_back(
    executed: bool, counter: int
) -> None:
    gone = RemoveReader(back_after_ms=2_000, executed=executed)
    bench = Bench(gone, when=When(nth=2, times=1))
    assert bench.send(SELECT_ROOT, INITIALIZE_UPDATE, LIFE_CYCLE) == ["9000", "cut", "mute"]
    assert bench.vanished == [2_000]
    assert _counter_after(bench) == counter


def test_insertions_are_lost_as_they_are_counted() -> None:
    run = FaultRun(plan_of(LoseInsertion(), When(nth=2, every=2, times=2)))
    assert [run.insertion_is_lost() for _ in range(8)] == [False, True, False, True] + [False] * 4


def test_faults_of_the_reader_are_told_apart_from_those_of_the_card() -> None:
    faults = tuple(map(Fault, (Mute(), LoseInsertion(), RemoveReader(), CutPower())))
    plan = FaultPlan(faults)
    assert plan.reader_faults == faults[1:3]
    assert plan.card_faults == (faults[0], faults[3])


def test_a_reader_takes_a_card_without_power_for_one_that_is_gone() -> None:
    reader = InProcessReader("bench")
    reader.insert(Bench(CutPower(moment=Moment.BEFORE), when=When(nth=2)).card)
    link = reader.connect()
    assert link.exchange(LIFE_CYCLE)[-2:] == OK
    for _ in range(2):
        with pytest.raises(CardGoneError):
            link.exchange(LIFE_CYCLE)


def test_without_power_nothing_reaches_the_card() -> None:
    class Counting(FieldCard):
        asked = 0

        @override
        def execute(self, command: bytes) -> bytes:
            self.asked += 1
            return super().execute(command)

    card = Counting(owner=b"", insurers={}, pointer=None)
    bench = Bench(CutPower(moment=Moment.BEFORE), when=When(nth=1), card=card)
    assert bench.send(*[LIFE_CYCLE] * 5) == ["cut"] + ["mute"] * 4
    assert card.asked == 0
