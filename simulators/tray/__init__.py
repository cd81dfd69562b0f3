"""Trays: many cards and readers in one process, and what can be done to them."""

from simulators.tray.errors import TrayClosedError, TrayError, UnknownNameError
from simulators.tray.events import EventKind, EventSink, TrayEvent
from simulators.tray.places import TrayCard, TrayReader
from simulators.tray.plastic import PlainPlastic, Plastic, SoftwarePlastic
from simulators.tray.slots import Address
from simulators.tray.tray import Tray

__all__ = [
    "Address",
    "EventKind",
    "EventSink",
    "PlainPlastic",
    "Plastic",
    "SoftwarePlastic",
    "Tray",
    "TrayCard",
    "TrayClosedError",
    "TrayError",
    "TrayEvent",
    "TrayReader",
    "UnknownNameError",
]
