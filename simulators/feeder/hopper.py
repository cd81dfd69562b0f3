"""A machine's cards on the disk: what was put into the hopper, and where each card is now.

A folder: ``hopper.json`` says what was put in, ``state.json`` how many were taken out of it;
``reader``, ``good`` and ``error`` hold the cards that were, as state files. A card becomes a file
when it is taken out of the hopper, so a million blanks take no room.

Everything is whole after its process was killed at any moment; after a power cut it need not be.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from simulators.card import NonVolatileMemory, StateFileError
from simulators.card.making import blank_cells
from simulators.card.state_form import encode_cells, load_cells
from simulators.feeder.faults import FeederFault, FeederFaults
from simulators.models.document import ModelError
from simulators.models.timing import Timing
from simulators.reader.errors import ReaderSetupError

SERIAL_OCTETS: Final = 8
FIRST_SERIAL: Final = 0x0100_0000_0000_0001
LAST_SERIAL: Final = (1 << 8 * SERIAL_OCTETS) - 1
USUAL_TIME: Final = "none"
_MODE_AND_CHIP: Final = ":"
_PRIVATE: Final = 0o700
_FORMAT: Final = 1
_BINS: Final = ("reader", "good", "error")
_CARD: Final = ".card"


class HopperError(ReaderSetupError):
    """The folder cannot be used; ``remedy`` is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopper:
    """What was put in.

    Attributes:
        cards: how many.
        first: chip serial of the first; the next ones count up.
        time: how the cards' time passes, ``MODE`` or ``MODE:CHIP`` as ``cardsim models`` has them.
    """

    cards: int
    first: int = FIRST_SERIAL
    time: str = USUAL_TIME
    faults: FeederFaults = field(default_factory=FeederFaults)

    def __post_init__(self) -> None:
        """Refuse numbers and models that cannot be; Raises: HopperError."""
        if self.cards < 0 or not 0 <= self.first <= LAST_SERIAL + 1 - self.cards:
            raise HopperError(
                "there are no such chip serials", remedy="count within 16 hexadecimal digits"
            )

        try:
            _ = self.timing
        except ModelError as error:
            raise HopperError(str(error), remedy="see: cardsim models") from None

    @property
    def timing(self) -> Timing:
        """How the cards' time passes."""
        mode, mark, chip = self.time.partition(_MODE_AND_CHIP)
        return Timing.named(mode=mode, chip=chip) if mark else Timing.named(mode=mode)

    def serial_of(self, place: int) -> bytes:
        """Return the chip serial, 8 octets, of the card at a place from 0."""
        is_twin = place > 0 and self.faults.of(place) is FeederFault.TWIN
        return (self.first + place - is_twin).to_bytes(SERIAL_OCTETS)


class HopperFolder:
    """The folder of one machine, this process's alone until ``close``.

    Made by ``open_hopper``.
    """

    def __init__(self, folder: Path, hopper: Hopper, lock: ExitStack) -> None:
        self.folder = folder
        self.hopper = hopper
        self._lock = lock
        state = _read(folder / "state.json") if (folder / "state.json").exists() else {}
        self.taken = int(state.get("taken", 0))
        self.cleared = int(state.get("cleared", -1))
        self._settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def left(self) -> int:
        """How many cards are in the hopper."""
        return self.hopper.cards - self.taken

    def cards_in(self, name: str) -> list[Path]:
        """Return the cards in ``reader``, ``good`` or ``error``, in the order they were put in."""
        return sorted((self.folder / name).glob(f"*{_CARD}"))

    def take_out(self, name: str) -> Path:
        """Return the file of the next card, new in that bin; the hopper must hold one."""
        place = self.taken
        serial = self.hopper.serial_of(place)
        path = self.folder / name / f"{place:07d}-{serial.hex().upper()}{_CARD}"
        _write(path, encode_cells(blank_cells(serial)))
        self.taken += 1
        self._save()
        return path

    def clear(self) -> None:
        """Remember that the jam of the next card was seen to."""
        self.cleared = self.taken
        self._save()

    def move(self, card: Path, name: str) -> Path:
        """Return where the card lies now, in ``good`` or ``error``."""
        return card.replace(self.folder / name / card.name)

    def close(self) -> None:
        """Let others have the machine. Harmless when repeated."""
        self._lock.close()

    def _settle(self) -> None:
        """Count a card that was made just before its process was killed."""
        places = [int(card.name[:7]) for name in _BINS for card in self.cards_in(name)]
        self.taken = max([self.taken, *(place + 1 for place in places)])

    def _save(self) -> None:
        state = {"taken": self.taken, "cleared": self.cleared}
        _write(self.folder / "state.json", json.dumps(state).encode())


def new_hopper(folder: Path, hopper: Hopper) -> None:
    """Put cards into a new machine.

    Raises:
        HopperError: there is one in the folder.
    """
    if (folder / "hopper.json").exists():
        raise HopperError(f"there is a hopper in {folder}", remedy="choose another folder")
    for name in _BINS:
        (folder / name).mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    document = {
        "format": _FORMAT,
        "cards": hopper.cards,
        "first": f"{hopper.first:016X}",
        "time": hopper.time,
        "faults": {str(place): fault.value for place, fault in hopper.faults.at.items()},
    }
    _write(folder / "hopper.json", json.dumps(document, indent=1).encode())


def open_hopper(folder: Path) -> HopperFolder:
    """Return the machine in the folder.

    Raises:
        HopperError: none is there, it is damaged, or another process has it.
    """
    try:
        document = _read(folder / "hopper.json")
    except OSError:
        raise HopperError(f"there is no hopper in {folder}", remedy="make one first") from None
    try:
        hopper = _hopper_of(document)
    except (KeyError, TypeError, ValueError):
        raise _damaged(folder) from None
    with ExitStack() as lock:
        file = lock.enter_context((folder / "lock").open("wb"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            remedy = "end the other program, or choose another folder"
            raise HopperError(f"the hopper in {folder} is in use", remedy=remedy) from None
        return HopperFolder(folder, hopper, lock.pop_all())


def open_memory(card: Path) -> NonVolatileMemory:
    """Return the memory of a card in a bin; every write is in the file before the card answers.

    Raises:
        HopperError: the file holds no card.
    """
    try:
        cells = load_cells(card)
    except StateFileError as error:
        raise HopperError(error.problem, remedy=error.remedy) from error
    return NonVolatileMemory(cells, persist=lambda kept: _write(card, encode_cells(kept)))


def _hopper_of(document: Mapping[str, Any]) -> Hopper:
    if document["format"] != _FORMAT:
        raise ValueError
    faults = {int(place): FeederFault(name) for place, name in document["faults"].items()}
    return Hopper(
        cards=int(document["cards"]),
        first=int(document["first"], 16),
        time=str(document["time"]),
        faults=FeederFaults(faults),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        raise _damaged(path.parent) from None
    if not isinstance(document, dict):
        raise _damaged(path.parent)
    return document


def _write(path: Path, octets: bytes) -> None:
    """Replace the file at once; nothing waits for the disk, which only a power cut would notice."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(octets)
    os.replace(fresh, path)  # noqa: PTH105 - one call a write of a card


def _damaged(folder: Path) -> HopperError:
    return HopperError(f"the hopper in {folder} is damaged", remedy="make a new one elsewhere")
