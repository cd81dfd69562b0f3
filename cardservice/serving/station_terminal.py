"""The station on a terminal: live lanes and keys; without a terminal, one line an event."""

import os
import select
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cardservice.personalization.lanes import FloorControl, LaneState, LaneView, StationView
from cardservice.texts.languages import Language
from cardservice.texts.station import station_translations
from cardservice.texts.station.page import ACTIONS, LANE
from cardservice.web.station.actions import KEYS, Action, act, needs_lane
from cardservice.web.station.present import StationPresenter

FINISH_KEY: Final = "q"
CHOOSING_KEYS: Final = "0–9"
ACTION_OF: Final[Mapping[str, Action]] = {
    **{key: action for action, key in KEYS.items()},
    FINISH_KEY: Action.FINISH,
}
"""Key → what it asks for; the same as on the page."""

REDRAWS_A_SECOND: Final = 4
KEY_WAIT_S: Final = 0.2

COLOURS: Final[Mapping[LaneState, str]] = {
    LaneState.STARTING: "dim",
    LaneState.NO_ORDER: "dim",
    LaneState.NO_CARD: "cyan",
    LaneState.WORKING: "blue",
    LaneState.DONE: "green",
    LaneState.REJECT: "yellow",
    LaneState.PUT_BACK: "yellow",
    LaneState.PAUSED: "magenta",
    LaneState.STOPPED: "bold red",
    LaneState.CLOSED: "dim",
}
"""Colour and word: neither says it alone."""

TOLD: Final = frozenset(
    {LaneState.DONE, LaneState.REJECT, LaneState.PUT_BACK, LaneState.PAUSED, LaneState.STOPPED}
)
"""States that are an event where no terminal shows all of them."""


class TerminalView:
    """Draws a station's view; ``chosen`` is the lane that keys are for, None: all."""

    def __init__(self, language: Language) -> None:
        self._presenter = StationPresenter(language)
        say = station_translations(language).gettext
        named = (f"{key} {say(ACTIONS[action.value]).lower()}" for key, action in ACTION_OF.items())
        lane = say(LANE).format(number=CHOOSING_KEYS).lower()
        self._help = "   ".join((lane, *named))
        self.chosen: int | None = None

    def drawn(self, view: StationView) -> Group:
        """Return the station as it is, for one screen."""
        panel = self._presenter.station(view)
        facts = "   ".join(f"{fact.name}: {fact.value}" for fact in panel.facts)
        lines: list[Table | Text] = [self._lanes(view), Text(facts)]
        if panel.outage:
            lines.append(Text(f"! {panel.outage_sentence} [{panel.outage}]", "yellow"))
        return Group(*lines, Text(self._help, "dim"))

    def line_of(self, lane: LaneView) -> str:
        """Return what a lane has to say, on one line."""
        said = self._presenter.lane(lane)
        code = f" [{said.code}]" if said.code else ""
        parts = (f"{said.number}", f"{said.word}{code}", said.label, said.chip, said.next_step)
        return "  ".join(part for part in parts if part)

    def _lanes(self, view: StationView) -> Table:
        table = Table.grid(padding=(0, 2))
        for lane in view.lanes:
            said = self._presenter.lane(lane)
            step = next((one.name for one in said.steps if one.mark == "now"), "")
            mark = "→" if self.chosen == lane.number else " "
            table.add_row(
                f"{mark}{said.number}",
                Text(said.word, COLOURS[lane.state]),
                Text(step),
                Text(said.label),
                Text(f"{said.made} ✔ {said.spoiled} ✘"),
                Text(f"{said.per_hour}/h" if lane.per_hour else ""),
                Text(said.bottleneck),
            )
            if said.code:
                table.add_row("", Text(said.code, COLOURS[lane.state]))
                table.add_row("", "", "", Text(f"{said.sentence} {said.next_step}"))
        return table


class EventLines:
    """Prints a line whenever a lane comes to an event, and when the registry goes or comes."""

    def __init__(self, view: TerminalView, say: Callable[[str], None]) -> None:
        self._view = view
        self._say = say
        self._before: dict[int, tuple[LaneState, str, int]] = {}
        self._outage = ""

    def show(self, view: StationView) -> None:
        """Say what is new since the last time."""
        for lane in view.lanes:
            now = lane.state, lane.code, lane.made
            if lane.state in TOLD and self._before.get(lane.number) != now:
                self._say(self._view.line_of(lane))
            self._before[lane.number] = now
        if view.source_code != self._outage:
            self._outage = view.source_code
            self._say(f"! {view.source_code or 'ok'}")


class Keys:
    """What a key does; one digit chooses a lane for the keys after it, 0 all of them."""

    def __init__(self, control: FloorControl, view: TerminalView) -> None:
        self._control = control
        self._view = view

    def press(self, key: str) -> None:
        """Do what ``key`` is for; any other key does nothing."""
        if key.isdigit():
            number = int(key)
            lanes = len(self._control.view.lanes)
            self._view.chosen = number if 1 <= number <= lanes else None
            return
        action = ACTION_OF.get(key.lower())
        if action is not None:
            act(self._control, action, self._lane_for(action))

    def _lane_for(self, action: Action) -> int | None:
        """Return the chosen lane; the only one there is need not be chosen."""
        lanes = self._control.view.lanes
        is_alone = self._view.chosen is None and needs_lane(action) and len(lanes) == 1
        return lanes[0].number if is_alone else self._view.chosen


@contextmanager
def shown(
    control: FloorControl, language: Language, console: Console, keyboard: TextIO
) -> Iterator[None]:
    """Show the station while what is inside goes on, and listen to the keyboard if there is one."""
    view = TerminalView(language)
    if not console.is_terminal:
        with _told(control, EventLines(view, lambda line: console.print(Text(line)))):
            yield
        return
    with (
        Live(
            get_renderable=lambda: view.drawn(control.view),
            console=console,
            refresh_per_second=REDRAWS_A_SECOND,
        ),
        _listening(keyboard, Keys(control, view)),
    ):
        yield


@contextmanager
def _told(control: FloorControl, lines: EventLines) -> Iterator[None]:
    lock = threading.Lock()

    def changed() -> None:
        with lock:
            lines.show(control.view)

    end = control.subscribe(changed)
    try:
        yield
    finally:
        end()
        changed()


@contextmanager
def _listening(keyboard: TextIO, keys: Keys) -> Iterator[None]:
    if not keyboard.isatty():
        yield
        return
    descriptor = keyboard.fileno()
    before = termios.tcgetattr(descriptor)
    ended = threading.Event()
    thread = threading.Thread(target=_listen, args=(descriptor, keys, ended), daemon=True)
    # Keys come one by one, and Ctrl-C stays what it is.
    tty.setcbreak(descriptor)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _listen(descriptor: int, keys: Keys, ended: threading.Event) -> None:
    while not ended.is_set():
        readable, _, _ = select.select([descriptor], [], [], KEY_WAIT_S)
        if readable:
            for key in os.read(descriptor, 16).decode("ascii", "ignore"):
                keys.press(key)
