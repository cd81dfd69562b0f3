"""The feeder that is a program: where cards are, after faults and after its process was killed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulators.feeder import (
    FeederFault,
    FeederFaultError,
    FeederFaults,
    FeederMachine,
    Hopper,
    HopperError,
    new_hopper,
    open_hopper,
)
from simulators.feeder.command import command
from simulators.feeder.entry import SimulatedFeeder, open_feeder, open_reader
from simulators.feeder.server import answer
from simulators.reader import InProcessReader
from simulators.reader.errors import CardGoneError

FIRST = 0x10


@dataclass
class Machines:
    """Machines of a test, switched off at its end."""

    folder: Path
    opened: list[FeederMachine] = field(default_factory=list)

    def new(self, **wishes: Any) -> FeederMachine:
        new_hopper(self.folder, Hopper(**{"cards": 3, "first": FIRST, **wishes}))
        return self.again()

    def again(self) -> FeederMachine:
        self.opened.append(FeederMachine(open_hopper(self.folder), InProcessReader("a reader")))
        return self.opened[-1]

    def close(self) -> None:
        for one in self.opened:
            one.close()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    made = Machines(tmp_path)
    yield made
    made.close()


def places(folder: Path) -> dict[str, list[str]]:
    return {
        name: sorted(card.name for card in (folder / name).glob("*.card"))
        for name in ("reader", "good", "error")
    }


def card(place: int, serial: int) -> str:
    return f"{place:07d}-{serial:016X}.card"


def test_cards_go_from_the_hopper_through_the_reader_into_the_bins(
    machines: Machines, tmp_path: Path
) -> None:
    feeder = machines.new()
    assert feeder.get_card()
    assert places(tmp_path)["reader"] == [card(0, FIRST)]
    feeder.done()
    assert feeder.get_card()
    feeder.error_bin()
    assert feeder.get_card()
    feeder.done()
    assert not feeder.get_card()
    assert places(tmp_path) == {
        "reader": [],
        "good": [card(0, FIRST), card(2, FIRST + 2)],
        "error": [card(1, FIRST + 1)],
    }


def test_asked_twice_the_same_card_stays(machines: Machines, tmp_path: Path) -> None:
    feeder = machines.new()
    feeder.error_bin()  # of a card that is not there
    assert feeder.get_card()
    assert feeder.get_card()
    assert places(tmp_path)["reader"] == [card(0, FIRST)]


def test_a_new_process_finds_the_card_where_the_old_one_left_it(
    machines: Machines, tmp_path: Path
) -> None:
    first = machines.new()
    first.get_card()
    with pytest.raises(HopperError, match="in use"):
        machines.again()
    first.close()
    (tmp_path / "state.json").unlink()  # killed before it was counted
    again = machines.again()
    assert again.get_card()
    again.done()
    assert again.get_card()
    assert places(tmp_path)["reader"] == [card(1, FIRST + 1)]


def test_a_double_feed_throws_two_cards_out_and_says_so(machines: Machines, tmp_path: Path) -> None:
    feeder = machines.new(faults=FeederFaults({0: FeederFault.DOUBLE_FEED}))
    with pytest.raises(FeederFaultError) as fault:
        feeder.get_card()
    assert fault.value.fault == "double-feed"
    assert feeder.get_card()
    assert places(tmp_path)["error"] == [card(0, FIRST), card(1, FIRST + 1)]


def test_a_skipped_card_lies_blank_among_the_good_ones(machines: Machines, tmp_path: Path) -> None:
    feeder = machines.new(faults=FeederFaults({1: FeederFault.SKIP, 2: FeederFault.SKIP}))
    assert feeder.get_card()
    feeder.done()
    assert not feeder.get_card()
    assert len(places(tmp_path)["good"]) == 3


def test_twins_have_one_serial(machines: Machines, tmp_path: Path) -> None:
    feeder = machines.new(faults=FeederFaults({1: FeederFault.TWIN}))
    for _ in range(2):
        feeder.get_card()
        feeder.done()
    assert places(tmp_path)["good"] == [card(0, FIRST), card(1, FIRST)]


def test_faults_are_drawn_the_same_from_the_same_seed() -> None:
    drawn = FeederFaults.drawn(7, cards=1000, one_in=10)
    assert drawn == FeederFaults.drawn(7, cards=1000, one_in=10)
    assert drawn != FeederFaults.drawn(8, cards=1000, one_in=10)
    assert set(drawn.at.values()) == set(FeederFault)
    assert 50 < len(drawn.at) < 200


def test_the_line_protocol_says_what_the_machine_does(machines: Machines) -> None:
    feeder = machines.new(cards=1, faults=FeederFaults({0: FeederFault.JAM}))
    commands = (b"GET", b"GET", b"DONE", b"ERROR", b"GET", b"get")
    assert [answer(feeder, command) for command in commands] == [
        b"FAULT jam",
        b"OK",
        b"OK",
        b"OK",
        b"EMPTY",
        b"FAULT unknown-command",
    ]


def test_reader_and_feeder_of_one_address_are_one_machine(tmp_path: Path) -> None:
    address = f"{tmp_path}/machine?cards=2&first=20&time=virtual:median&faults=1/1000"
    with pytest.raises(CardGoneError):
        open_reader(address)
    feeder = open_feeder(f"{tmp_path}/machine")
    assert isinstance(feeder, SimulatedFeeder)
    assert feeder.get_card()
    link = open_reader(address)
    assert link.exchange(bytes.fromhex("80CA9F7F00"))[-2:] != b""
    feeder.close()
    assert open_feeder(address) is not feeder
    open_feeder(address).close()


@pytest.mark.parametrize(
    "described", ["cards=x", "cards=-1", "cards=2&first=FFFFFFFFFFFFFFFF", "first=1", "cards=1&a=b"]
)
def test_a_hopper_that_cannot_be_is_refused(tmp_path: Path, described: str) -> None:
    with pytest.raises(HopperError):
        open_feeder(f"{tmp_path}?{described}")


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"format": 2}'])
def test_a_damaged_hopper_is_refused(machines: Machines, tmp_path: Path, damage: str) -> None:
    machines.new().close()
    (tmp_path / "hopper.json").write_text(damage)
    with pytest.raises(HopperError, match="damaged"):
        open_hopper(tmp_path)


def test_nothing_is_put_over_a_hopper_and_none_is_found_where_none_is(
    machines: Machines, tmp_path: Path
) -> None:
    machines.new().close()
    with pytest.raises(HopperError, match="there is a hopper"):
        new_hopper(tmp_path, Hopper(cards=1))
    with pytest.raises(HopperError, match="no hopper"):
        open_hopper(tmp_path / "none")


def test_a_model_of_time_that_is_none_is_refused() -> None:
    with pytest.raises(HopperError, match="quickest-ever"):
        Hopper(cards=1, time="real:quickest-ever")


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ((), 1, "there is no hopper"),
        (("--cards", "2", "--first", "xyz"), 2, "hexadecimal"),
        (("--cards", "2", "--timing", "real:quickest-ever"), 1, "quickest-ever"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path, options: tuple[str, ...], status: int, said: str
) -> None:
    given = [str(tmp_path / "machine"), "--reader", "127.0.0.1:35963", *options]
    result = CliRunner().invoke(command, given)
    assert (result.exit_code, said in result.output) == (status, True)
