"""The scheme ``simfeed:``: a reader and its feeder in one machine of this process.

``simfeed:FOLDER`` names a machine that was set up there; ``simfeed:FOLDER?cards=100&first=HEX&
time=real:fastest&faults=SEED/ONE-IN`` sets one up if there is none. Reader and feeder of one folder
are one machine, whichever is opened first.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from simulators.feeder.faults import FeederFaults
from simulators.feeder.hopper import (
    FIRST_SERIAL,
    USUAL_TIME,
    Hopper,
    HopperError,
    new_hopper,
    open_hopper,
)
from simulators.feeder.machine import FeederMachine
from simulators.reader.inprocess import InProcessLink, InProcessReader

_LOCK: Final = threading.Lock()


class SimulatedFeeder:
    """A machine with its own reader."""

    def __init__(self, folder: Path, *, closed: Callable[[], None] = lambda: None) -> None:
        self._reader = InProcessReader(f"Feeder {folder.name}")
        self._machine = FeederMachine(open_hopper(folder), self._reader)
        self._closed = closed
        self.get_card = self._machine.get_card
        self.done = self._machine.done
        self.error_bin = self._machine.error_bin

    def connect(self) -> InProcessLink:
        """Return the one link to the card in the reader; raises CardGoneError without a card."""
        return self._reader.connect()

    def close(self) -> None:
        """Let go of the folder; the card stays where it is. Harmless when repeated."""
        self._machine.close()
        self._closed()


_MACHINES: Final[dict[Path, SimulatedFeeder]] = {}


def open_feeder(address: str) -> SimulatedFeeder:
    """Return the machine of that address, new or the one that is open.

    Raises:
        HopperError: no machine is there and none is described, or it is in use elsewhere.
    """
    name, _, description = address.partition("?")
    folder = Path(name).resolve()
    with _LOCK:
        if folder not in _MACHINES:
            if description:
                _set_up(folder, dict(parse_qsl(description)))
            _MACHINES[folder] = SimulatedFeeder(folder, closed=lambda: _forget(folder))
        return _MACHINES[folder]


def open_reader(address: str) -> InProcessLink:
    """Return a link to the card in the machine's reader; raises as ``open_feeder``.

    Raises:
        CardGoneError: no card is in it.
    """
    return open_feeder(address).connect()


def _forget(folder: Path) -> None:
    with _LOCK:
        _MACHINES.pop(folder, None)


def _set_up(folder: Path, described: Mapping[str, str]) -> None:
    if (folder / "hopper.json").exists():
        return
    try:
        hopper = _described(**described)
    except (TypeError, ValueError):
        remedy = "describe it: cards=100&first=HEX&time=MODE:CHIP&faults=SEED/ONE-IN"
        raise HopperError("there is no such hopper", remedy=remedy) from None
    new_hopper(folder, hopper)


def _described(
    *, cards: str, first: str = f"{FIRST_SERIAL:X}", time: str = USUAL_TIME, faults: str = ""
) -> Hopper:
    return Hopper(
        cards=int(cards), first=int(first, 16), time=time, faults=_faults(faults, int(cards))
    )


def _faults(text: str, cards: int) -> FeederFaults:
    if not text:
        return FeederFaults()
    seed, _, one_in = text.partition("/")
    return FeederFaults.drawn(int(seed), cards=cards, one_in=max(1, int(one_in)))
