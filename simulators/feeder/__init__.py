"""A feeder machine that is a program: hopper, reader, good stack and error bin, as folders.

``machine`` moves the cards, ``entry`` is the reader and feeder scheme ``simfeed:``, ``server``
the line protocol over TCP, ``command`` is ``cardsim feeder``.
"""

from simulators.feeder.faults import FeederFault, FeederFaultError, FeederFaults
from simulators.feeder.hopper import Hopper, HopperError, new_hopper, open_hopper
from simulators.feeder.machine import FeederMachine, Slot
from simulators.feeder.server import FeederServer

__all__ = [
    "FeederFault",
    "FeederFaultError",
    "FeederFaults",
    "FeederMachine",
    "FeederServer",
    "Hopper",
    "HopperError",
    "Slot",
    "new_hopper",
    "open_hopper",
]
