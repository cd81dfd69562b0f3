"""The parts of one card that every command handler works on."""

from dataclasses import dataclass, field

from simulators.card.image import Image
from simulators.card.meter import UNMETERED, Meter
from simulators.card.ports import Clock, Entropy, Interface
from simulators.card.scp03_options import Scp03Options
from simulators.card.session import Session


@dataclass(slots=True)
class Chip:
    """Memory, ports, and the volatile session. ``image`` outlives a loss of power."""

    image: Image
    interface: Interface
    entropy: Entropy
    clock: Clock
    scp03: Scp03Options
    meter: Meter = UNMETERED
    session: Session = field(default_factory=Session)
