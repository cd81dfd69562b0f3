"""Cards, links and hands that lie to a station at work on a held card: nothing false is done."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from cardservice.channel.card_management import LifeCycle
from cardservice.errors import LinkError, Refusal
from cardservice.personalization.jobs import Work
from cardservice.personalization.journal import Entry, ServiceDone, ServiceDropped
from cardservice.personalization.journal_keeper import StationJournal
from cardservice.personalization.journal_memory import MemoryJournal
from cardservice.personalization.lane_faults import REACTIONS, Reaction
from cardservice.transport.inprocess import open_seam
from cardservice.verify.ports import PresentedCard
from simulators.card import SoftwareCard, image
from simulators.card.files import EF_CARD_ACCESS, EF_SOD, insurer_file
from simulators.card.foreign import RandomCard
from simulators.card.tampering import clone_without_chip_key, copy_of
from simulators.reader import InProcessReader
from tests.adversarial.verify.hostile import Alter, Meddler, Says, within_bounds
from tests.chain import NOW, an_order, issued_card, link_to, make_card
from tests.simulated.pulling import PulledOut
from tests.simulated.test_after_issue_world import (
    HELD,
    OLD_ID,
    ServiceWorld,
    a_job,
    after_issue,
    code_on,
    held_card,
    holder,
    insurer_cell,
    is_good,
    pointer_of,
    typed,
)
from tests.simulated.test_station_crash_world import cell, state_of

CHANGE = a_job(Work.CHANGE_INSURER)
LIFE_CYCLE_TOLD = bytes.fromhex("00CADF01")
CODE_COMMANDS = {0x20, 0x24, 0x2C}  # VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER
WORDS = [bytes.fromhex(word) for word in ("9000", "6982", "6985", "6A80", "6F00", "6300", "63C0")]


class Bench:
    """A station in memory with one card; counts what it noted."""

    def __init__(self, card: SoftwareCard) -> None:
        self.card = card
        self.kept = MemoryJournal(lambda: NOW)
        self.ours = after_issue(StationJournal(self.kept))

    def word(self, link: PresentedCard, work: Work = Work.CHANGE_INSURER) -> str:
        """Return what came of the job: ``done``, a code a lane knows, or how the way failed."""
        try:
            self.ours.do(link, a_job(work), secrets=typed())
        except Refusal as refusal:
            return refusal.code if refusal.code in REACTIONS else f"unknown: {refusal.code}"
        except LinkError:
            return "link"
        return "done"

    def code(self, link: PresentedCard, work: Work = Work.CHANGE_INSURER) -> str:
        """Return the code of the refusal that the job comes to."""
        code = self.word(link, work)
        assert code in REACTIONS, code
        return code

    def entries(self) -> list[Entry]:
        return [one.entry for one in self.kept.entries()]

    @property
    def says_done(self) -> bool:
        return any(isinstance(entry, ServiceDone) for entry in self.entries())


def commands_of(work: Work) -> int:
    """Return how many commands and resets a whole job takes."""
    link = PulledOut(link_to(card := held_card()), lambda: None, at=0)
    Bench(card).ours.do(link, a_job(work), secrets=typed())
    return link.calls


def was_done(card: SoftwareCard, work: Work) -> bool:
    """Say whether the chip itself holds what the work writes."""
    if work is Work.TERMINATE:
        return state_of(card) == LifeCycle.TERMINATED
    if work is Work.CHANGE_INSURER:
        return pointer_of(card) == OLD_ID + 1
    known = {
        Work.NEW_PIN: (image.PIN, holder().pin),
        Work.NEW_CAN: (image.CAN, holder().can),
        Work.UNBLOCK_PIN: (image.PIN, holder().pin),
    }
    name, old = known[work]
    return code_on(card, name) != old


# --- torn out, changed on the way


@pytest.mark.parametrize("late", [False, True], ids=["before it acts", "after it acted"])
@pytest.mark.parametrize("work", HELD)
def test_a_card_pulled_at_any_command_is_served_once_when_it_is_put_back(
    work: Work, late: bool, tmp_path: Path
) -> None:
    for at in range(1, commands_of(work) + 1):
        card, world = held_card(), ServiceWorld(tmp_path / f"{at}")
        reader = InProcessReader("of a hand")
        reader.insert(card)
        pulled = PulledOut(open_seam(reader.connect), reader.remove, at=at, late=late)
        world.meddle = lambda _, pulled=pulled: pulled  # type: ignore[misc]
        assert world.attempt(card, a_job(work)) == "removed", at
        world.meddle = lambda link: link
        assert world.attempt(card, a_job(work)) == "done", at
        assert sum(isinstance(entry, ServiceDone) for entry in world.services()) == 1
        assert was_done(card, work)
        assert (work is Work.TERMINATE) is not is_good(card)


def altered_at(number: int, new: bytes) -> Alter:
    return lambda n, _, answer: new if n == number else answer


def flipped_at(number: int) -> Alter:
    """Return what flips a bit in the middle of one answer; a status word alone becomes another."""

    def alter(n: int, _: bytes, answer: bytes) -> bytes:
        if n != number:
            return answer
        middle = len(answer) // 2
        return answer[:middle] + bytes((answer[middle] ^ 1,)) + answer[middle + 1 :]

    return alter


def lies(number: int) -> Iterator[Alter]:
    yield flipped_at(number)
    yield altered_at(number, b"")
    yield lambda n, _, answer: answer[:-3] + answer[-2:] if n == number else answer
    yield from (altered_at(number, word) for word in WORDS)


@pytest.mark.parametrize("work", HELD)
def test_an_answer_changed_anywhere_never_makes_done_what_was_not(work: Work) -> None:
    survived = 0
    for number in range(1, commands_of(work) + 1):
        for alter in lies(number):
            bench = Bench(held_card())
            link = within_bounds(Meddler(bench.card, alter))
            word = bench.word(link, work)
            assert word in {"done", "link", *REACTIONS}, (number, word)
            survived += word == "done"
            assert not bench.says_done or was_done(bench.card, work), number
            bench.card.power_up()
            assert state_of(bench.card) == LifeCycle.TERMINATED or is_good(bench.card), number
            assert insurer_cell(bench.card, OLD_ID) in (insurer_cell(held_card(), OLD_ID), None)
    assert survived < commands_of(work) * len(WORDS)


@pytest.mark.parametrize("work", HELD)
def test_after_a_lie_the_honest_card_is_served(work: Work) -> None:
    for number in range(1, commands_of(work) + 1):
        bench = Bench(held_card())
        bench.word(within_bounds(Meddler(bench.card, altered_at(number, b"\x6f\x00"))), work)
        bench.card.power_up()
        bench.ours.do(link_to(bench.card), a_job(work), secrets=typed())
        assert was_done(bench.card, work)


def test_random_answers_are_refused_and_soon_left() -> None:
    for seed in range(100):
        bench = Bench(held_card())
        assert bench.word(within_bounds(link_to(RandomCard(seed)))) in {"link", *REACTIONS}
        assert not bench.says_done


@pytest.mark.parametrize(
    "answer", [b"\x90\x00", b"\x61\x00", b"\x6c\x01", b"\x69\x82", b"\x0f\x90\x00"]
)
@pytest.mark.parametrize("work", HELD)
def test_a_card_that_always_says_the_same_is_refused(work: Work, answer: bytes) -> None:
    bench = Bench(held_card())
    assert bench.word(within_bounds(Says(answer)), work) in {"link", *REACTIONS}
    assert not bench.says_done


# --- the old record, the pointer


class Reverting:
    """A link whose card gets some cells back at the reset number ``at``."""

    def __init__(self, card: SoftwareCard, cells: dict[str, bytes | None], *, at: int) -> None:
        self._link, self._card, self._cells, self._left = link_to(card), card, cells, at
        self.atr = self._link.atr

    def exchange(self, command: bytes) -> bytes:
        return self._link.exchange(command)

    def reset(self) -> bytes:
        self._left -= 1
        if self._left == 0:
            self._card.memory.transaction(self._cells)
        return self._link.reset()


LAST_RESET = 4  # of a change: to be read, for the PIN, for the keys, to be read back
RECORD = insurer_file(OLD_ID + 1)


def old_cells(*names: str) -> dict[str, bytes | None]:
    card = held_card()
    return {name: card.memory.get(name) for name in names}


def test_a_card_that_says_done_and_shows_the_old_record_came_to_nothing() -> None:
    assert RECORD is not None
    bench = Bench(held_card())
    cells = old_cells(EF_SOD.cell, image.POINTER, RECORD.cell)
    assert bench.code(Reverting(bench.card, cells, at=LAST_RESET)) == "held-card-refused"
    assert not bench.says_done
    assert isinstance(bench.entries()[-1], ServiceDropped)


def test_an_old_security_object_over_the_new_record_is_no_change() -> None:
    bench = Bench(held_card())
    link = Reverting(bench.card, old_cells(EF_SOD.cell), at=LAST_RESET)
    assert bench.code(link) == "held-card-altered"
    assert not bench.says_done


def test_an_old_pointer_under_the_new_security_object_is_no_change() -> None:
    bench = Bench(held_card())
    link = Reverting(bench.card, old_cells(image.POINTER), at=LAST_RESET)
    assert bench.code(link) == "held-card-altered"
    assert not bench.says_done


@pytest.mark.parametrize(("work", "name"), [(Work.NEW_PIN, image.PIN), (Work.NEW_CAN, image.CAN)])
def test_a_card_that_takes_new_numbers_and_keeps_the_old_ones_is_not_done(
    work: Work, name: str
) -> None:
    bench = Bench(held_card())
    link = Reverting(bench.card, old_cells(name), at=3)
    assert bench.code(link, work) == "held-card-not-as-ordered"
    assert not bench.says_done


def without_pace(card: SoftwareCard) -> SoftwareCard:
    card.memory.transaction({EF_CARD_ACCESS.cell: None})
    return card


def test_a_card_that_runs_no_pace_gets_a_new_can_and_is_known_by_its_files_then() -> None:
    bench = Bench(without_pace(held_card()))
    assert bench.word(link_to(bench.card), Work.NEW_CAN) == "done"
    bench = Bench(without_pace(held_card()))
    other = without_pace(make_card(an_order(index=8)).card)
    assert bench.code(SlippedIn(bench.card, other, at=4), Work.NEW_CAN) == "other-card"
    assert not bench.says_done


def test_recorded_answers_of_the_card_as_it_was_are_not_taken_for_it() -> None:
    bench, recorded = Bench(held_card()), list[bytes]()

    def record(_: int, __: bytes, answer: bytes) -> bytes:
        recorded.append(answer)
        return answer

    bench.ours.do(Meddler(bench.card, record), a_job(Work.NEW_CAN, order_id="b"), secrets=typed())
    replay = Bench(held_card())
    assert replay.code(Says(lambda _: recorded.pop(0) if recorded else b"\x6f\x00")) in REACTIONS
    assert not replay.says_done


def test_a_pointer_that_leads_to_another_record_than_the_proved_one_is_not_followed() -> None:
    """A chip whose pointer goes astray between two looks at it."""
    bench = Bench(copy_of(held_card(), changes=spare_record()))
    astray = Reverting(bench.card, {image.POINTER: (OLD_ID + 1).to_bytes(2)}, at=2)
    assert bench.code(astray) == "held-card-broken"
    assert cell(bench.card, image.PIN_TRIES) == b"\x03"
    assert len(bench.entries()) == 1


def spare_record() -> dict[str, bytes]:
    other = make_card(an_order(index=9, insurer="insurer-ended")).card
    record = insurer_cell(other, OLD_ID)
    assert RECORD is not None
    assert record is not None
    return {RECORD.cell: record}


# --- hands that change cards


class SlippedIn:
    """Shows another card from the reset number ``at`` on."""

    def __init__(self, card: SoftwareCard, other: SoftwareCard, *, at: int) -> None:
        self._current, self._other, self._left = link_to(card), link_to(other), at
        self.atr = self._current.atr

    def exchange(self, command: bytes) -> bytes:
        return self._current.exchange(command)

    def reset(self) -> bytes:
        self._left -= 1
        if self._left == 0:
            self._current = self._other
        return self._current.reset()


def with_the_same_number() -> SoftwareCard:
    return make_card(an_order()).card


OTHERS: dict[str, Callable[[], SoftwareCard]] = {
    "another holder's": lambda: make_card(an_order(index=8)).card,
    "of the same number": with_the_same_number,
}
FIRST_PROOF = {Work.TERMINATE: 2}  # the reset after which a card shows itself; else the first


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("work", HELD)
def test_a_card_put_in_on_the_way_is_never_written_to(work: Work, name: str) -> None:
    proof = FIRST_PROOF.get(work, 1)
    for at in count(proof + 1):
        bench, other = Bench(held_card()), OTHERS[name]()
        cells = written_cells(other)
        link = SlippedIn(bench.card, other, at=at)
        word = bench.word(link, work)
        if link._left > 0:
            break
        assert (word in REACTIONS, bench.says_done) == (True, False), (at, word)
        assert written_cells(other) == cells, at
    assert at > proof + 1


def written_cells(card: SoftwareCard) -> dict[str, bytes]:
    """Return all cells but those that reading and opening a session count in."""
    counted = {image.SEQUENCE_COUNTER, image.PACE_FAILURES}
    return {name: octets for name, octets in card.memory.cells().items() if name not in counted}


@pytest.mark.parametrize("at", [2, 3], ids=["before the PIN", "before the write"])
def test_a_card_of_another_chip_between_check_and_write_is_named_another_card(at: int) -> None:
    bench, other = Bench(held_card()), with_the_same_number()
    assert bench.code(SlippedIn(bench.card, other, at=at)) == "other-card"
    assert len(bench.entries()) == 1
    assert cell(other, image.PIN_TRIES) == b"\x03"


# --- the PIN


class Listener:
    """Somebody on the line who remembers every command."""

    def __init__(self) -> None:
        self.commands: list[bytes] = []

    def __call__(self, _: int, command: bytes, answer: bytes) -> bytes:
        self.commands.append(command)
        return answer


@pytest.mark.parametrize("work", HELD)
def test_no_pin_and_no_puk_goes_over_the_line_in_the_clear(work: Work) -> None:
    listener, bench = Listener(), Bench(held_card())
    assert bench.word(Meddler(bench.card, listener), work) == "done"
    line = b"".join(listener.commands)
    for code in (typed().pin, typed().puk, typed().new_pin):
        assert code is not None
        assert code.encode() not in line
    assert not any(one[0] == 0x00 and one[1] in CODE_COMMANDS for one in listener.commands)


def test_a_copy_is_shown_no_pin() -> None:
    listener, copy = Listener(), clone_without_chip_key(issued_card().card)
    assert Bench(copy).code(Meddler(copy, listener)) == "held-card-not-genuine"
    assert not any(one[1] in CODE_COMMANDS for one in listener.commands)


def test_a_card_its_holder_has_is_never_thrown_into_the_error_bin() -> None:
    started = list(REACTIONS).index("other-card")
    codes = [code for code in list(REACTIONS)[started:] if code.startswith(("held-", "other-card"))]
    assert len(codes) > 10
    thrown = {Reaction.REJECT, Reaction.SPOIL, Reaction.OTHER_JOB}
    assert thrown.isdisjoint(REACTIONS[code] for code in codes)


def test_a_life_cycle_that_is_lied_about_ends_no_job_that_was_not_begun() -> None:
    def terminated(_: int, command: bytes, answer: bytes) -> bytes:
        return b"\xff\x90\x00" if command[:4] == LIFE_CYCLE_TOLD else answer

    bench = Bench(held_card())
    link = Meddler(bench.card, terminated)
    assert bench.code(link, Work.TERMINATE) == "held-card-terminated"
    assert state_of(bench.card) == LifeCycle.PERSONALIZED


def test_a_card_that_takes_its_end_and_lives_on_is_not_done() -> None:
    asked = count(1)

    def alive(_: int, command: bytes, answer: bytes) -> bytes:
        told = command[:4] == LIFE_CYCLE_TOLD and next(asked) > 1
        return b"\x0f\x90\x00" if told else answer

    bench = Bench(held_card())
    assert bench.code(Meddler(bench.card, alive), Work.TERMINATE) == "held-card-not-as-ordered"
    assert not bench.says_done
