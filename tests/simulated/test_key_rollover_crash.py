"""Killed or cut anywhere around new keys: one key set on the card, and its work is done once."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from shutil import copyfile

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.personalization.after_issue_keys import KeyRenewal
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import ServiceDone
from cardservice.personalization.recovery_lives import Standing
from cardservice.storage.journal_file_reading import kept_entries
from simulators.card import SoftwareCard, image
from simulators.card.tampering import copy_of
from tests.simulated.rolled_keys import NEXT_VERSION, RolledWorld, answers_to
from tests.simulated.test_after_issue_world import HELD, a_job, held_card, is_good
from tests.simulated.test_key_rollover import killed_at
from tests.simulated.test_station_crash_world import (
    CALLS,
    ENTRIES,
    FIRST,
    WRITES,
    Fault,
    cell,
    state_of,
)

STAYING = [work for work in HELD if work is not Work.TERMINATE]
HAND_LIMIT = 3  # attempts after a fault; a card put back is done in one

Worlds = Callable[[], RolledWorld]


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    """Return a maker of worlds, each with a journal of its own."""
    numbers = iter(range(1_000_000))
    return lambda: RolledWorld(tmp_path / f"{next(numbers)}")


def faults(world: RolledWorld, writes: int) -> Iterator[Fault]:
    """Yield every fault that can strike what ``world`` did last."""
    for several, many in ((ENTRIES, world.entries), (WRITES, writes), (CALLS, world.calls)):
        yield from (Fault(kind, at + 1) for kind, at in product(several, range(many)))


def writes_of(card: SoftwareCard, act: Callable[[], str]) -> int:
    before = card.memory.writes
    assert act() == "done"
    return card.memory.writes - before


def until_done(act: Callable[[], str]) -> None:
    words: list[str] = []
    while not words or words[-1] != "done":
        words.append(act())
        assert len(words) <= HAND_LIMIT, words


@pytest.mark.parametrize("work", STAYING)
def test_a_held_card_has_one_key_set_whatever_strikes_and_its_work_is_done_once(
    work: Work, worlds: Worlds, capsys: pytest.CaptureFixture[str]
) -> None:
    world, card = worlds(), held_card()
    writes = writes_of(card, lambda: world.serve(card, a_job(work)))
    seen = Counter[str]()
    for fault in faults(world, writes):
        world, card = worlds(), held_card()
        word = world.serve(card, a_job(work), fault)
        assert len(answers_to(card)) == 1, fault
        assert is_good(card), fault
        if world.served is not None:
            # Torn out after the work was done: the work counts, and what it drew is printed.
            word = f"done, keys {world.served.keys}"
            assert world.served.keys is KeyRenewal.PUT_OFF
        seen[f"{word}: {answers_to(card)[0]:02X}"] += 1
        until_done(lambda world=world, card=card: world.serve(card, a_job(work)))  # type: ignore[misc]
        entries = [kept.entry for kept in kept_entries(world.path)]
        assert sum(isinstance(entry, ServiceDone) for entry in entries) == 1
        assert len(answers_to(card)) == 1
        assert is_good(card)
        assert world.serve(card, a_job(Work.NEW_PIN, order_id="next")) == "done"
        assert (answers_to(card), is_good(card)) == ([NEXT_VERSION], True)
    assert {"killed: 31", "killed: 32", "removed: 31"} <= set(seen)
    assert {"done, keys put-off: 31", "done, keys put-off: 32"} & set(seen)
    with capsys.disabled():
        sys.stderr.write(f"\n{work}: {dict(seen)}\n")


HALF_MADE = (Standing.KEYED, Standing.STORED, Standing.VERIFIED)


@pytest.mark.parametrize("standing", HALF_MADE)
def test_a_half_made_card_has_one_key_set_whatever_strikes_and_is_made_once(
    standing: Standing, worlds: Worlds, capsys: pytest.CaptureFixture[str]
) -> None:
    left = worlds()
    half_made = killed_at(left, standing)

    def again() -> tuple[RolledWorld, SoftwareCard]:
        world = worlds()
        copyfile(left.path, world.path)
        return world, copy_of(half_made)

    world, card = again()
    writes = writes_of(card, lambda: world.make(card, FIRST))
    seen = Counter[str]()
    for fault in faults(world, writes):
        world, card = again()
        word = world.make(card, FIRST, fault)
        assert len(answers_to(card)) == 1, fault
        seen[f"{word}: {answers_to(card)[0]:02X}"] += 1
        told = len(world.told.cards)
        if not told:
            until_done(lambda world=world, card=card: world.make(card, FIRST))  # type: ignore[misc]
        assert answers_to(card) == [NEXT_VERSION]
        assert state_of(card) == LifeCycle.PERSONALIZED
        assert {made.chip_serial for made in world.told.cards} == {cell(card, image.CHIP_SERIAL)}
    assert {"killed: 31", "killed: 32", "removed: 31", "removed: 32"} <= set(seen)
    with capsys.disabled():
        sys.stderr.write(f"\n{standing}: {dict(seen)}\n")
