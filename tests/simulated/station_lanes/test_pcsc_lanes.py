"""Lanes at PC/SC readers: a machine over TCP at one, a hand at the other; pcscd is killed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cardservice.home.station_lane import ProcessLane
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.lane_worker import Bin, JobDone, LaneFaultError
from simulators.card import blank_card
from simulators.feeder import FeederMachine, FeederServer, open_hopper
from simulators.feeder.hopper import FIRST_SERIAL
from simulators.reader import VirtualReaderSlot
from simulators.reader.daemon import PrivatePcscd
from tests.simulated.station_lanes.lanes import Floor, a_job, make, never

pytestmark = pytest.mark.pcsc
CARDS = 2


@pytest.fixture
def slots(pcscd: PrivatePcscd) -> Iterator[list[VirtualReaderSlot]]:
    slots = [VirtualReaderSlot(slot.host, slot.port) for slot in pcscd.slots]
    yield slots
    for slot in slots:
        slot.remove()


@pytest.fixture
def by_hand(floor: Floor, pcscd: PrivatePcscd) -> ProcessLane:
    return floor.lane(f"pcsc:{pcscd.slots[1].name}", number=2)


def _make_all(lane: ProcessLane, journal: StationJournal, first: int) -> list[JobDone]:
    done = []
    for number in range(first, first + CARDS):
        done.append(make(lane, journal, a_job(number)))
        lane.release(Bin.GOOD, never)
    return done


def test_a_machine_and_a_hand_make_cards_at_two_readers_at_once(
    floor: Floor, pcscd: PrivatePcscd, slots: list[VirtualReaderSlot], by_hand: ProcessLane
) -> None:
    folder: Path = floor.hopper(cards=CARDS)
    with (
        open_hopper(folder) as place,
        FeederServer(FeederMachine(place, slots[0])) as server,
        floor.journal() as journal,
        ThreadPoolExecutor(1) as pool,
    ):
        fed = floor.lane(f"pcsc:{pcscd.slots[0].name}", server.url)
        making = pool.submit(_make_all, fed, journal, 1)
        slots[1].insert(blank_card())
        chip = make(by_hand, journal, a_job(100)).outcome.chip
        assert not _released(by_hand)
        slots[1].remove()
        by_hand.release(Bin.GOOD, never)
        chips = {done.outcome.chip for done in making.result()}
        with pytest.raises(LaneFaultError) as fault:
            fed.await_card(never)
    assert fault.value.code == "hopper-empty"
    assert chips == {(FIRST_SERIAL + place).to_bytes(8) for place in range(CARDS)}
    assert chip not in chips
    assert len(list((folder / "good").glob("*.card"))) == CARDS


def _released(lane: ProcessLane) -> bool:
    """Return whether the card is out after two looks."""
    looks = iter((False, False, True))
    over = False

    def stop() -> bool:
        nonlocal over
        over = next(looks)
        return over

    lane.release(Bin.GOOD, stop)
    return not over


def test_a_card_torn_out_is_finished_when_it_is_put_back(
    floor: Floor, slots: list[VirtualReaderSlot], by_hand: ProcessLane
) -> None:
    card = blank_card()
    card.memory.cut_power_at(card.memory.writes + 4)
    with floor.journal() as journal:
        slots[1].insert(card)
        with pytest.raises(LaneFaultError) as fault:
            make(by_hand, journal, a_job())
        assert fault.value.code == "card-removed"
        assert fault.value.chip is not None
        by_hand.release(Bin.ERROR, never)
        card.memory.cut_power_at(0)
        slots[1].insert(card)
        assert make(by_hand, journal, a_job()).outcome.chip == fault.value.chip


def test_a_lane_comes_back_after_pcscd_was_killed(
    floor: Floor,
    pcscd: PrivatePcscd,
    slots: list[VirtualReaderSlot],
    by_hand: ProcessLane,
) -> None:
    assert not by_hand.await_card(_after_one())
    pcscd.crash()
    with pytest.raises(LaneFaultError) as fault:
        by_hand.await_card(never)
    assert fault.value.code == "reader-unavailable"
    pcscd.start()
    slots[1].insert(blank_card())
    with floor.journal() as journal:
        make(by_hand, journal, a_job())


def test_a_restart_of_pcscd_that_is_over_soon_is_not_told_of(
    pcscd: PrivatePcscd, slots: list[VirtualReaderSlot], by_hand: ProcessLane
) -> None:
    assert not by_hand.await_card(_after_one())
    pcscd.crash()
    pcscd.start()
    slots[1].insert(blank_card())
    assert by_hand.await_card(never)


def _after_one() -> Callable[[], bool]:
    """Let a lane look once."""
    answers = iter((False, True))
    return lambda: next(answers)
