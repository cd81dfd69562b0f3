"""The station on a terminal, and without one."""

import io
import os
import pty
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.console import Console

from cardservice.personalization.lanes import (
    LaneState,
    LaneView,
    Shares,
    StationView,
)
from cardservice.serving.station_terminal import EventLines, Keys, TerminalView, shown
from cardservice.texts.languages import Language
from cardservice.web.station.present import StationPresenter
from tests.simulated.station_floor.stations import until

AT = datetime(2026, 8, 1, 8, tzinfo=UTC)
ENGLISH = StationPresenter(Language.EN)


def a_lane(number: int = 1, state: LaneState = LaneState.WORKING, code: str = "") -> LaneView:
    shares = Shares(chip=71, line=22, host=1, hand=6)
    return LaneView(
        number=number, reader="sim:", state=state, code=code, label="row 7", shares=shares, since=AT
    )


class Control:
    """Remembers what it was asked for."""

    def __init__(self, *lanes: LaneView) -> None:
        self._view = StationView(started_at=AT, lanes=lanes or (a_lane(1), a_lane(2)))
        self.asked: list[tuple[str, int | None]] = []

    @property
    def view(self) -> StationView:
        return self._view

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        return lambda: None

    def pause(self, lane: int | None = None) -> None:
        self.asked.append(("pause", lane))

    def resume(self, lane: int | None = None) -> None:
        self.asked.append(("resume", lane))

    def skip(self, lane: int) -> None:
        self.asked.append(("skip", lane))

    def repeat(self, lane: int) -> None:
        self.asked.append(("repeat", lane))

    def finish(self) -> None:
        self.asked.append(("finish", None))


def drawn(view: StationView, *, colours: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=160, force_terminal=colours, no_color=not colours)
    console.print(TerminalView(Language.EN).drawn(view))
    return file.getvalue()


@pytest.mark.parametrize("state", LaneState)
def test_every_state_is_a_word_and_not_a_colour_alone(state: LaneState) -> None:
    view = StationView(started_at=AT, lanes=(a_lane(state=state),))
    word = ENGLISH.lane(view.lanes[0]).word
    assert word in drawn(view)
    assert word in drawn(view, colours=True)


def test_a_fault_is_shown_with_its_code_and_what_to_do() -> None:
    lane = a_lane(state=LaneState.STOPPED, code="chip-serial-twice")
    text = drawn(StationView(started_at=AT, lanes=(lane,)))
    said = ENGLISH.lane(lane)
    assert "chip-serial-twice" in text
    assert " ".join(said.next_step.split()[:4]) in " ".join(text.split())


def test_the_bottleneck_is_told_in_words() -> None:
    text = drawn(StationView(started_at=AT, lanes=(a_lane(),))).replace("\N{NO-BREAK SPACE}", " ")
    assert "chip 71 %, line 22 %, hands 6 %, host 1 %" in text


def test_an_outage_is_told_with_its_code() -> None:
    view = StationView(started_at=AT, lanes=(a_lane(),), source_code="registry-unreachable")
    assert "registry-unreachable" in drawn(view)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("p", [("pause", None)]),
        ("2p", [("pause", 2)]),
        ("2p0r", [("pause", 2), ("resume", None)]),
        ("1s", [("skip", 1)]),
        ("2A", [("repeat", 2)]),
        ("s", []),
        ("9s", []),
        ("q", [("finish", None)]),
        ("xyz\x1b", []),
    ],
)
def test_a_key_is_for_the_lane_that_was_chosen(
    typed: str, asked: list[tuple[str, int | None]]
) -> None:
    control = Control()
    keys = Keys(control, TerminalView(Language.EN))
    for key in typed:
        keys.press(key)
    assert control.asked == asked


def test_the_keys_are_named_in_the_operators_language() -> None:
    console = Console(file=io.StringIO(), width=160)
    console.print(TerminalView(Language.RU).drawn(StationView(started_at=AT)))
    assert isinstance(console.file, io.StringIO)
    assert "q закончить смену" in console.file.getvalue()


def test_the_only_lane_need_not_be_chosen() -> None:
    control = Control(a_lane())
    Keys(control, TerminalView(Language.EN)).press("s")
    assert control.asked == [("skip", 1)]


def test_without_a_terminal_an_event_is_one_line_and_is_told_once() -> None:
    said: list[str] = []
    lines = EventLines(TerminalView(Language.EN), said.append)
    stopped = a_lane(state=LaneState.STOPPED, code="blank-foreign")
    for lane in (a_lane(), stopped, stopped, a_lane(state=LaneState.DONE)):
        lines.show(StationView(started_at=AT, lanes=(lane,)))
    assert len(said) == 2
    assert "blank-foreign" in said[0]
    assert all("\n" not in line for line in said)


def test_an_outage_and_its_end_are_told_once_each() -> None:
    said: list[str] = []
    lines = EventLines(TerminalView(Language.EN), said.append)
    for code in ("", "registry-late", "registry-late", ""):
        lines.show(StationView(started_at=AT, source_code=code))
    assert said == ["! registry-late", "! ok"]


def test_keys_are_read_one_by_one_and_the_terminal_is_as_before_afterwards() -> None:
    control = Control()
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as keyboard:
        console = Console(file=io.StringIO(), force_terminal=True, width=120)
        with shown(control, Language.EN, console, keyboard):
            os.write(ours, b"2p")
            until(lambda: bool(control.asked))
        assert control.asked == [("pause", 2)]
    os.close(ours)
