"""Faults at a PC/SC reader with a person before it: pulled, wrong, foreign; unplugged, killed."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from cardservice.home.station import LaneWish
from cardservice.personalization.lanes import LaneState, Step
from simulators.card import SoftwareCard, blank_card
from simulators.card.foreign import BankCard
from simulators.reader import VirtualReaderSlot
from simulators.reader.daemon import PrivatePcscd
from tests.simulated.station_faults.person import LANE, Appointment, Leaving, Person, serial_of
from tests.simulated.station_faults.stage import Stage

PULLED: Final = (Step.INSERT, Step.OPEN, Step.KEYS, Step.DATA, Step.VERIFY)
"""A card is pulled at each of them; at ``Step.BIN`` one is taken out too early."""


def pulled_at_each_step(stage: Stage) -> None:
    """Each card of the batch is pulled out at another step, and put back."""
    with _person(stage) as (person, blanks):
        *pulled, last = blanks
        cards = [Leaving(card, at, person.step) for card, at in zip(pulled, PULLED, strict=True)]
        person.pile = deque([*cards, last])

        def take_out_early() -> None:
            if person.in_hand is last and person.step() is Step.BIN:
                person.slot.remove()

        with stage.running() as floor:
            person.floor = floor
            floor.subscribe(take_out_early)
            person.work(floor)
        assert [card.at for card in cards] == [None] * len(PULLED)
        assert stage.shown == {(LaneState.PUT_BACK, "card-removed")}


def wrong_card(stage: Stage) -> None:
    """A blank is put in instead of the personalized card that is to be put back."""
    with _person(stage, more=1) as (person, blanks):
        torn, wrong = blanks
        person.pile = deque([Leaving(torn, Step.VERIFY, person.step)])
        person.wrong = wrong
        person.remedies = {"order-on-another-card": _put_the_shown_one_in}
        with stage.running() as floor:
            person.work(floor)
        assert person.wrong is None


def _put_the_shown_one_in(person: Person) -> None:
    assert person.floor is not None
    card = person.pile.popleft()
    assert isinstance(card, Leaving)
    assert person.lane.chip == card.serial.hex().upper()
    person.put_in(card)
    person.floor.repeat(LANE)


def bank_card(stage: Stage) -> None:
    """Somebody's payment card lies among the blanks."""
    with _person(stage) as (person, blanks):
        person.pile = deque([BankCard(), *blanks])
        with stage.running() as floor:
            person.work(floor)


def reader_unplugged(stage: Stage) -> None:
    """The reader goes in the middle of a write to the card, and is plugged in again."""

    def unplug(daemon: PrivatePcscd) -> None:
        daemon.restart_without([daemon.slots[0].name])

    _service_trouble(stage, unplug, lambda daemon: daemon.restart_without(()))


def pcscd_killed(stage: Stage) -> None:
    """The PC/SC service is killed in the middle of a write to the card, and started again."""
    _service_trouble(stage, lambda daemon: daemon.crash(), lambda daemon: daemon.start())


def _service_trouble(
    stage: Stage,
    trouble: Callable[[PrivatePcscd], None],
    end: Callable[[PrivatePcscd], None],
) -> None:
    daemon, meeting = _daemon(stage), Appointment()

    def see_to_it(person: Person) -> None:
        assert person.floor is not None
        end(daemon)
        person.floor.resume(LANE)

    def strike_when_it_is_time(_: Person) -> None:
        if meeting.is_struck:
            trouble(daemon)
            meeting.done()

    with _person(stage) as (person, blanks):
        person.pile = deque([Leaving(blanks[0], Step.DATA, person.step, meeting.meet), *blanks[1:]])
        person.remedies = {"reader-unavailable": see_to_it}
        person.meanwhile = strike_when_it_is_time
        with stage.running() as floor:
            person.work(floor)


def _daemon(stage: Stage) -> PrivatePcscd:
    assert stage.daemon is not None
    return stage.daemon


@contextmanager
def _person(stage: Stage, *, more: int = 0) -> Iterator[tuple[Person, list[SoftwareCard]]]:
    """Lend a person at the lane's reader, and the blanks that the station received."""
    place = _daemon(stage).slots[0]
    stage.lanes.append(LaneWish(reader=f"pcsc:{place.name}"))
    blanks = [blank_card((LANE << 56 | one).to_bytes(8)) for one in range(1, stage.rows + more + 1)]
    stage.cards += [card.memory.cells for card in blanks]
    stage.receive(serial_of(card) for card in blanks)
    with VirtualReaderSlot(place.host, place.port) as slot:
        yield Person(slot, deque()), blanks
