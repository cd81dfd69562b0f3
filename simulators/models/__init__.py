"""Models of time: how long chips, lines and readers take, as data; see ``docs/time-models.md``."""

from simulators.models.chips import (
    ChipModel,
    ReaderModel,
    chip,
    load_chips,
    load_readers,
    reader,
)
from simulators.models.clock import ModelClock, Part, RealClock, Split, VirtualClock
from simulators.models.document import ModelError, Quantity
from simulators.models.lines import Line, contact_line_of, line, load_lines
from simulators.models.timed_card import CommandTime, TimedCard, Times, timed_copy
from simulators.models.timing import TimeMode, Timing, timed

__all__ = [
    "ChipModel",
    "CommandTime",
    "Line",
    "ModelClock",
    "ModelError",
    "Part",
    "Quantity",
    "ReaderModel",
    "RealClock",
    "Split",
    "TimeMode",
    "TimedCard",
    "Times",
    "Timing",
    "VirtualClock",
    "chip",
    "contact_line_of",
    "line",
    "load_chips",
    "load_lines",
    "load_readers",
    "reader",
    "timed",
    "timed_copy",
]
