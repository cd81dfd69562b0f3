"""A reader as it is told over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.card import Interface
from simulators.faults import FaultPlan
from simulators.models.timing import Timing


@dataclass(frozen=True, slots=True)
class Faults:
    """The plan in force, and its name if it came with the package."""

    plan: FaultPlan
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """The timing in force, and the names it was made of."""

    timing: Timing
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader was told to do, as it was said."""

    faults: Faults | None = None
    times: Times | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRecord:
    """A reader and what is in it.

    Attributes:
        address: HOST:PORT where the driver of PC/SC listens; None for one of this process.
    """

    name: str
    interface: Interface
    address: str | None
    card: str | None
    wishes: Wishes = field(default_factory=Wishes)
