"""The software card, written from the standards and card.md on its own.

It shares nothing with the terminal side but octets: ATR, reset, command in, response out.
"""

from simulators.card.card import SoftwareCard
from simulators.card.making import (
    INSECURE_DEMONSTRATION_TRANSPORT_MASTER,
    blank_card,
    load_card,
    load_memory,
    new_state_file,
)
from simulators.card.memory import NonVolatileMemory, PowerCut
from simulators.card.meter import Meter, Operation
from simulators.card.ports import Clock, CountedClock, Entropy, Interface
from simulators.card.state_file import StateFileError
from simulators.card.status import CardMuteError

__all__ = [
    "INSECURE_DEMONSTRATION_TRANSPORT_MASTER",
    "CardMuteError",
    "Clock",
    "CountedClock",
    "Entropy",
    "Interface",
    "Meter",
    "NonVolatileMemory",
    "Operation",
    "PowerCut",
    "SoftwareCard",
    "StateFileError",
    "blank_card",
    "load_card",
    "load_memory",
    "new_state_file",
]
