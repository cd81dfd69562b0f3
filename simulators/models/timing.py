"""How a card's time passes: really, on a counting clock, or not at all; and by which models."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from simulators.card import CountedClock, Entropy, Interface
from simulators.models.chips import (
    CHIPS,
    READERS,
    ChipModel,
    ReaderModel,
    chips_in,
    load_chips,
    load_readers,
    readers_in,
)
from simulators.models.clock import ModelClock, RealClock, VirtualClock
from simulators.models.document import ModelError, Table, read_document
from simulators.models.lines import LINES, Line, contact_line_of, load_lines
from simulators.models.timed_card import CommandTime, Tally, TimedCard, Times
from simulators.reader import Card

if TYPE_CHECKING:  # a tray takes timings, and this module a card of a tray
    from simulators.tray.plastic import Plastic

USUAL_CHIP: Final = "median"
USUAL_CONTACTLESS: Final = "contactless-424k"
USUAL_READER: Final = "usual"
_NAMES: Final[tuple[str, ...]] = ("mode", "chip", "contact_line", "contactless_line", "reader")
_Model = TypeVar("_Model")


class TimeMode(StrEnum):
    """What becomes of the time that the models say."""

    REAL = "real"
    """It passes on the wall: the reader's thread sleeps."""
    VIRTUAL = "virtual"
    """It is added up on a clock of the card's own; nobody waits."""
    NONE = "none"
    """There is no model; the card answers as fast as it computes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A mode and the models of chip, lines and reader.

    Attributes:
        contact_line: None for the line that the card's answer to reset tells (TA1).
    """

    mode: TimeMode
    chip: ChipModel
    contact_line: Line | None
    contactless_line: Line
    reader: ReaderModel

    @classmethod
    def named(
        cls,
        mode: str = TimeMode.VIRTUAL,
        chip: str = USUAL_CHIP,
        *,
        contact_line: str | None = None,
        contactless_line: str = USUAL_CONTACTLESS,
        reader: str = USUAL_READER,
    ) -> "Timing":
        """Return the timing of these names, as ``cardsim models`` lists them.

        Raises:
            ModelError: there is no such name, or a line belongs to the other interface.
        """
        chosen = {
            "mode": mode,
            "chip": chip,
            "contactless_line": contactless_line,
            "reader": reader,
            **({"contact_line": contact_line} if contact_line else {}),
        }
        return _timing("timing", chosen, _Models(load_chips(), load_lines(), load_readers()))

    @classmethod
    def load(cls, path: Path | str) -> "Timing":
        """Return the timing of a TOML file.

        Each of ``mode``, ``chip``, ``contact_line``, ``contactless_line`` and ``reader`` may be
        absent and then is what ``named`` takes. The file may hold models of its own, written as
        in the package's files, which count before the package's of the same name.

        Raises:
            ModelError: the file cannot be used; the message says where and why.
        """
        place = Path(path)
        document = read_document(place, (), (*_NAMES, *LINES, CHIPS, READERS))
        given = [name for name in _NAMES if name in document.names]
        chosen = {name: document.text(name) for name in given}
        return _timing(place.name, chosen, _models_of(document))

    def line_of(self, interface: Interface, atr: bytes) -> Line:
        """Return the line to a card with this answer to reset, in a reader of this interface."""
        if interface is Interface.CONTACTLESS:
            return self.contactless_line
        return self.contact_line or contact_line_of(atr)


def timed(  # noqa: PLR0913 - three to choose the card's time by, and its ports by keyword
    plastic: "Plastic",
    interface: Interface,
    timing: Timing,
    *,
    clock: ModelClock | None = None,
    entropy: Entropy | None = None,
    observe: Callable[[CommandTime], None] | None = None,
) -> Card:
    """Return the card at ``interface``, its time passing as ``timing`` says; nothing is copied.

    ``clock`` is where it passes: one of the mode's own unless given, and then it decides alone
    whether anybody waits. ``observe`` is told of each command after its answer. In the mode
    ``none`` nothing is put around the card and ``observe`` is never told; the card's own waits
    after wrong CANs do not pass on the wall.
    """
    if timing.mode is TimeMode.NONE:
        return plastic.at(interface, entropy=entropy, clock=clock or CountedClock())
    passing = clock or (RealClock() if timing.mode is TimeMode.REAL else VirtualClock())
    tally = Tally(plastic.memory)
    card = plastic.at(interface, entropy=entropy, clock=passing, meter=tally)
    line = timing.line_of(interface, card.atr)
    times = Times(chip=timing.chip, line=line, reader=timing.reader)
    return TimedCard(card, tally, times=times, clock=passing, observe=observe)


@dataclass(frozen=True, slots=True)
class _Models:
    """Everything there is to choose from, by name."""

    chips: Mapping[str, ChipModel]
    lines: Mapping[str, Line]
    readers: Mapping[str, ReaderModel]


def _models_of(document: Table) -> _Models:
    chips, lines, readers = load_chips(), load_lines(), load_readers()
    if CHIPS in document.names:
        chips |= chips_in(document.table(CHIPS))
    if READERS in document.names:
        readers |= readers_in(document.table(READERS))
    for kind, lines_in in LINES.items():
        if kind in document.names:
            lines |= {one.name: one for one in lines_in(document.table(kind))}
    return _Models(chips, lines, readers)


def _timing(place: str, chosen: Mapping[str, str], models: _Models) -> Timing:
    """Return the timing of these names; ``place`` begins every complaint."""
    modes = {mode.value: mode for mode in TimeMode}
    contact, contactless = (
        {name: one for name, one in models.lines.items() if one.interface is interface}
        for interface in (Interface.CONTACT, Interface.CONTACTLESS)
    )

    def choose(kind: str, usual: str, known: Mapping[str, _Model]) -> _Model:
        name = chosen.get(kind, usual)
        if name not in known:
            raise ModelError(f"{place}: {kind} {name!r} is none of {', '.join(known)}")
        return known[name]

    return Timing(
        mode=choose("mode", TimeMode.VIRTUAL, modes),
        chip=choose("chip", USUAL_CHIP, models.chips),
        contact_line=choose("contact_line", "", contact) if "contact_line" in chosen else None,
        contactless_line=choose("contactless_line", USUAL_CONTACTLESS, contactless),
        reader=choose("reader", USUAL_READER, models.readers),
    )
