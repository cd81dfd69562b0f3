"""Killed at every journal write, cut at every write of the card: done once, or not begun at all."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from shutil import copyfile

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.personalization.contents import HolderSecrets
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import ServiceBegun, ServiceDone
from cardservice.personalization.recovery_services import ServiceStanding
from simulators.card import SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.simulated.test_after_issue_world import (
    CHOSEN_PIN,
    HELD,
    OLD_ID,
    ServiceWorld,
    a_job,
    at_a_clinic,
    code_on,
    held_card,
    holder,
    insurer_cell,
    is_good,
    pointer_of,
)
from tests.simulated.test_station_crash_world import (
    CALLS,
    ENTRIES,
    WRITES,
    Fault,
    cell,
    state_of,
)

HAND_LIMIT = 3  # attempts after the last fault; a card put back is done in one
HISTORY = insurer_cell(held_card(), OLD_ID)

Worlds = Callable[[], ServiceWorld]


@dataclass(frozen=True)
class Moments:
    """How often a whole service writes its journal, writes on the card, calls the card."""

    entries: int
    writes: int
    calls: int

    def all(self, *, calls: bool = True) -> Iterator[Fault]:
        kinds = ((ENTRIES, self.entries), (WRITES, self.writes), (CALLS, self.calls * calls))
        for several, count in kinds:
            yield from (Fault(kind, at + 1) for kind, at in product(several, range(count)))


def moments_of(work: Work, path: Path) -> Moments:
    world, card = ServiceWorld(path), held_card()
    before = card.memory.writes
    assert world.attempt(card, a_job(work)) == "done"
    return Moments(world.entries, card.memory.writes - before, world.calls)


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    """Return a maker of worlds, each with a journal of its own."""
    numbers = iter(range(1_000_000))
    return lambda: ServiceWorld(tmp_path / f"{next(numbers)}")


def codes_on(card: SoftwareCard) -> HolderSecrets:
    return HolderSecrets(
        pin=code_on(card, image.PIN), puk=code_on(card, image.PUK), can=code_on(card, image.CAN)
    )


def was_written(card: SoftwareCard) -> bool:
    """Say whether anything that a service writes is on the card."""
    return (
        state_of(card) == LifeCycle.TERMINATED
        or pointer_of(card) != OLD_ID
        or codes_on(card) != holder()
    )


def expect_whole(world: ServiceWorld, card: SoftwareCard, work: Work) -> None:
    """The card is good wherever the fault struck, and nothing was written unannounced."""
    if state_of(card) != LifeCycle.TERMINATED:
        assert is_good(card)
        assert insurer_cell(card, OLD_ID) == HISTORY
    announced = any(isinstance(entry, ServiceBegun) for entry in world.services())
    assert announced or not was_written(card)
    assert work is Work.TERMINATE or state_of(card) == LifeCycle.PERSONALIZED


def put_in_until_done(world: ServiceWorld, card: SoftwareCard, work: Work) -> None:
    words: list[str] = []
    while not words or words[-1] != "done":
        words.append(world.attempt(card, a_job(work)))
        assert len(words) <= HAND_LIMIT, words


def expect_done(world: ServiceWorld, card: SoftwareCard, work: Work) -> None:
    """The journal, the letter and the chip say the same, and say it once."""
    life = world.recovery().services.orders["order-a"]
    assert (life.standing, life.chip) == (ServiceStanding.DONE, cell(card, image.CHIP_SERIAL))
    assert sum(isinstance(entry, ServiceDone) for entry in world.services()) == 1
    assert world.served is not None
    assert world.served.outcome.signed_at == life.signed_at
    _EXPECT[work](world, card)


def _expect_insurer(world: ServiceWorld, card: SoftwareCard) -> None:
    life = world.recovery().services.orders["order-a"]
    verdict = at_a_clinic(card).verdict
    assert verdict is not None
    assert (pointer_of(card), insurer_cell(card, OLD_ID + 2)) == (OLD_ID + 1, None)
    assert (insurer_cell(card, OLD_ID), codes_on(card)) == (HISTORY, holder())
    assert verdict.signed_at == life.signed_at
    assert is_good(card)


def _expect_pin(world: ServiceWorld, card: SoftwareCard) -> None:
    drawn, known = drawn_in(world), holder()
    assert codes_on(card) == HolderSecrets(pin=drawn.pin, puk=drawn.puk, can=known.can)
    assert (drawn.can, drawn.pin == known.pin) == ("", False)
    assert is_good(card)


def _expect_can(world: ServiceWorld, card: SoftwareCard) -> None:
    drawn, known = drawn_in(world), holder()
    assert codes_on(card) == HolderSecrets(pin=known.pin, puk=known.puk, can=drawn.can)
    assert (drawn.pin, drawn.puk) == ("", "")
    assert is_good(card)


def _expect_unblocked(_: ServiceWorld, card: SoftwareCard) -> None:
    known = holder()
    assert codes_on(card) == HolderSecrets(pin=CHOSEN_PIN, puk=known.puk, can=known.can)
    assert (cell(card, image.PIN_TRIES), cell(card, image.PUK_TRIES)) == (b"\x03", b"\x0a")
    assert is_good(card)


def _expect_ended(_: ServiceWorld, card: SoftwareCard) -> None:
    assert state_of(card) == LifeCycle.TERMINATED
    assert not is_good(card)


_EXPECT = {
    Work.CHANGE_INSURER: _expect_insurer,
    Work.NEW_PIN: _expect_pin,
    Work.NEW_CAN: _expect_can,
    Work.UNBLOCK_PIN: _expect_unblocked,
    Work.TERMINATE: _expect_ended,
}


def drawn_in(world: ServiceWorld) -> HolderSecrets:
    assert world.served is not None
    assert world.served.secrets is not None
    return world.served.secrets


@pytest.mark.parametrize("work", HELD)
def test_a_card_put_back_after_any_fault_is_served_once_and_was_good_meanwhile(
    work: Work, worlds: Worlds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moments, words = moments_of(work, tmp_path / "whole"), Counter[str]()
    for fault in moments.all():
        world, card = worlds(), held_card()
        word = world.attempt(card, a_job(work), fault)
        assert word in {"killed", "removed"}, fault
        expect_whole(world, card, work)
        words[_said(world)] += 1
        put_in_until_done(world, card, work)
        expect_done(world, card, work)
    assert {"nothing", ServiceStanding.BEGUN, ServiceStanding.DONE} <= set(words)
    with capsys.disabled():
        # Not standard output: that of the suite's worker processes leads nowhere.
        sys.stderr.write(f"\n{work}: {sum(words.values())} scenarios, {dict(words)}\n")


def _said(world: ServiceWorld) -> str:
    life = world.recovery().services.orders.get("order-a")
    return "nothing" if life is None else str(life.standing)


@pytest.mark.parametrize("work", HELD)
def test_two_faults_in_a_row_serve_the_card_once(
    work: Work, worlds: Worlds, tmp_path: Path
) -> None:
    moments = moments_of(work, tmp_path / "whole")
    scenes: dict[object, tuple[Path, SoftwareCard]] = {}
    for fault in moments.all(calls=False):
        world, card = worlds(), held_card()
        world.attempt(card, a_job(work), fault)
        scenes.setdefault((_said(world), was_written(card), state_of(card)), (world.path, card))
    assert len(scenes) >= len(ENTRIES)
    for (path, left), fault in product(scenes.values(), moments.all(calls=False)):
        world, card = worlds(), copy_of(left)
        copyfile(path, world.path)
        # Ten minutes later, as a clock that stands still would hide a doubled signing time.
        world.clock.now = world.clock.now.replace(minute=40)
        world.attempt(card, a_job(work), fault)
        expect_whole(world, card, work)
        put_in_until_done(world, card, work)
        expect_done(world, card, work)


@pytest.mark.parametrize("work", HELD)
def test_what_was_done_and_not_told_of_stays_done(work: Work, worlds: Worlds) -> None:
    world, card = worlds(), held_card()
    assert world.attempt(card, a_job(work)) == "done"
    assert world.attempt(card, a_job(work)) == "done"
    expect_done(world, card, work)
    assert (world.calls > 0) is (work in {Work.NEW_PIN, Work.NEW_CAN})
