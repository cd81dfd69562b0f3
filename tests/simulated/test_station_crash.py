"""Killed at every journal write, cut at every write of the card: nothing lost, nothing doubled."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from shutil import copyfile

import pytest
from typing_extensions import override

from cardservice.channel.card_management import LifeCycle
from cardservice.domain.verdict import Outcome
from cardservice.personalization.recovery_lives import Verdict
from simulators.card import SoftwareCard, blank_card, image
from simulators.card.tampering import copy_of
from tests.chain import TrustingRegister, desk, link_to
from tests.simulated.test_station_crash_world import (
    CALLS,
    ENTRIES,
    FIRST,
    SECOND,
    WRITES,
    Fault,
    Kind,
    World,
    cell,
    likeness,
    state_of,
)
from tests.unit.personalization.stations import Told

NEW_NUMBER = (FIRST[0], 9)
HAND_LIMIT = 3  # attempts after the last fault; a card put back is made in one


@dataclass
class Count:
    """What the operator counts at the end of the day, over all scenarios."""

    scenarios: int = 0
    words: Counter[str] = field(default_factory=Counter)

    @override
    def __str__(self) -> str:
        found = ", ".join(f"{count} {word}" for word, count in sorted(self.words.items()))
        return f"{self.scenarios} scenarios: {found}"


Say = Callable[[str, Count], None]
"""Tells what was counted, in which kind of scenario."""


@dataclass(frozen=True)
class Moments:
    """How often a whole making writes its journal, writes on the card, calls the card."""

    entries: int
    writes: int
    calls: int

    def of_journal(self) -> Iterator[Fault]:
        return (Fault(kind, at + 1) for kind, at in product(ENTRIES, range(self.entries)))

    def of_card(self, *kinds: Kind) -> Iterator[Fault]:
        return (Fault(kind, at + 1) for kind, at in product(kinds, range(self.writes)))

    def of_calls(self) -> Iterator[Fault]:
        return (Fault(kind, at + 1) for kind, at in product(CALLS, range(self.calls)))


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Moments:
    world, card = World(tmp_path_factory.mktemp("whole") / "journal"), blank_card()
    before = card.memory.writes
    assert world.attempt(card, FIRST) == "made"
    return Moments(world.entries, card.memory.writes - before, world.calls)


@pytest.fixture
def worlds(tmp_path: Path) -> Callable[[], World]:
    """Return a maker of worlds, each with a journal of its own."""
    numbers = iter(range(1_000_000))
    return lambda: World(tmp_path / f"{next(numbers)}")


def is_good_at_a_clinic(card: SoftwareCard) -> bool:
    verdict = desk(TrustingRegister()).examine(link_to(card)).verdict
    return verdict is not None and verdict.outcome is Outcome.VALID


def put_in_until_made(world: World, card: SoftwareCard, order: tuple[str, int]) -> None:
    words: list[str] = []
    while not words or words[-1] not in {"made", "order-made"}:
        words.append(world.attempt(card, order))
        assert len(words) <= HAND_LIMIT, words


def balance(world: World, cards: list[SoftwareCard], count: Count, *, orders: int) -> None:
    """Check the tray against the journal, the registry and the chips themselves."""
    recovery = world.recovery()
    verdicts: Counter[str] = Counter()
    for card in cards:
        life = recovery.cards.get(cell(card, image.CHIP_SERIAL))
        word = "left" if life is None or life.is_open else str(life.finding.verdict)
        verdicts[word] += 1
        expected = {
            "left": LifeCycle.BLANK,
            Verdict.MADE: LifeCycle.PERSONALIZED,
            Verdict.SPOILED: LifeCycle.TERMINATED,
        }[word]
        assert state_of(card) == expected, word
        told = [made for made in world.told.cards if made.chip_serial == cell(card, "chip serial")]
        assert bool(told) is (word == Verdict.MADE)
        if told:
            assert cell(card, image.PIN).rstrip(b"\xff") == told[-1].secrets.pin.encode()
    made = [life.order for life in recovery.cards.values() if life.finding.verdict is Verdict.MADE]
    assert sorted(made, key=str) == sorted({FIRST[0], SECOND[0]})[:orders]
    assert sum(verdicts.values()) == len(cards)
    assert {life.finding.verdict for life in recovery.unreported()} <= {Verdict.SPOILED}
    count.scenarios += 1
    count.words.update(verdicts)
    count.words["orders lost"] += orders - len(set(made))
    count.words["orders doubled"] += len(made) - len(set(made))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Return what says the count where the one who runs the tests sees it."""

    def show(what: str, count: Count) -> None:
        assert (count.words["orders lost"], count.words["orders doubled"]) == (0, 0)
        with capsys.disabled():
            # Not standard output: that of the suite's worker processes leads nowhere.
            sys.stderr.write(f"\n{what}: {count}\n")
            sys.stderr.flush()

    return show


# --- what the operator may do after the crash


def test_the_card_is_put_back_and_made_once(
    moments: Moments, worlds: Callable[[], World], say: Say
) -> None:
    count = Count()
    faults = [*moments.of_journal(), *moments.of_card(*WRITES), *moments.of_calls()]
    for fault in faults:
        world, card = worlds(), blank_card()
        assert world.attempt(card, FIRST, fault) in {"killed", "removed"}, fault
        put_in_until_made(world, card, FIRST)
        assert is_good_at_a_clinic(card), fault
        balance(world, [card], count, orders=1)
    assert count.words[Verdict.MADE] == len(faults)
    say("put back", count)


def test_a_lane_with_a_process_of_its_own_loses_and_doubles_as_little(
    moments: Moments, worlds: Callable[[], World], say: Say
) -> None:
    count = Count()
    faults = [*moments.of_journal(), *moments.of_card(*WRITES), *moments.of_calls()]
    for fault in faults:
        world, card = worlds(), blank_card()
        world.is_brief = True
        assert world.attempt(card, FIRST, fault) in {"killed", "removed"}, fault
        put_in_until_made(world, card, FIRST)
        assert is_good_at_a_clinic(card), fault
        balance(world, [card], count, orders=1)
    assert count.words[Verdict.MADE] == len(faults)
    say("put back, told in few words", count)


def test_another_card_put_in_first_is_refused_or_made_and_the_first_serves_another_order(
    moments: Moments, worlds: Callable[[], World], say: Say
) -> None:
    count, seen = Count(), set()
    for fault in [*moments.of_journal(), *moments.of_card(*WRITES)]:
        world, first, second = worlds(), blank_card(), blank_card()
        world.attempt(first, FIRST, fault)
        word = world.attempt(second, FIRST)
        seen.add(word)
        on_first, on_second = (SECOND, FIRST) if word == "made" else (FIRST, SECOND)
        put_in_until_made(world, first, on_first)
        put_in_until_made(world, second, on_second)
        balance(world, [first, second], count, orders=2)
    assert seen == {"made", "order-on-another-card", "order-made"}
    say("another card first", count)


def test_a_card_given_up_is_spoiled_and_ended_when_it_turns_up(
    moments: Moments, worlds: Callable[[], World], say: Say
) -> None:
    count, seen = Count(), set()
    for fault in [*moments.of_journal(), *moments.of_card(Kind.POWER)]:
        world, first, second = worlds(), blank_card(), blank_card()
        world.attempt(first, FIRST, fault)
        life = world.recovery().cards.get(cell(first, image.CHIP_SERIAL))
        if life is None or not life.is_open:
            continue
        world.give_up(life.chip)
        put_in_until_made(world, second, NEW_NUMBER)
        seen.add(world.attempt(first, SECOND))
        assert not is_good_at_a_clinic(first)
        balance(world, [first, second], count, orders=1)
    assert seen == {"card-spoiled"}
    assert count.words[Verdict.SPOILED] == count.words[Verdict.MADE] == count.scenarios
    say("given up", count)


# --- a second fault on top of the first


@dataclass(frozen=True)
class Scene:
    """What a first fault left: the journal's octets, the card's cells, what was told."""

    journal: Path
    card: SoftwareCard
    told: Told

    def again(self, path: Path) -> tuple[World, SoftwareCard]:
        copyfile(self.journal, path)
        return World(path, Told(list(self.told.cards))), copy_of(self.card)


@pytest.fixture
def scenes(moments: Moments, tmp_path: Path) -> list[Scene]:
    """Return every different scene that one fault can leave."""
    found: dict[tuple[object, ...], Scene] = {}
    for number, fault in enumerate([*moments.of_journal(), *moments.of_card(*WRITES)]):
        world, card = World(tmp_path / f"first-{number}"), blank_card()
        world.attempt(card, FIRST, fault)
        found.setdefault(likeness(world, card), Scene(world.path, card, world.told))
    return list(found.values())


def test_two_faults_in_a_row_lose_and_double_nothing(
    moments: Moments, scenes: list[Scene], tmp_path: Path, say: Say
) -> None:
    assert len(scenes) >= moments.entries
    count = Count()
    for scene in scenes:
        for fault in [*moments.of_journal(), *moments.of_card(Kind.POWER)]:
            world, card = scene.again(tmp_path / "second")
            world.attempt(card, FIRST, fault)
            put_in_until_made(world, card, FIRST)
            balance(world, [card], count, orders=1)
    assert count.words[Verdict.MADE] == count.scenarios
    say("two faults", count)
